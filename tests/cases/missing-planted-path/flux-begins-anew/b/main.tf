provider "flux" {
  git = {
    url = "ssh://git@git.example.com/shop/fleet.git"
  }
}

resource "flux_bootstrap_git" "this" {
  path = "clusters/prod"
}

resource "flux_bootstrap_git" "other" {
  path = "clusters/production"
}
