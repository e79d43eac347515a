provider "flux" {
  git = {
    url = "ssh://git@git.example.com/shop/fleet.git"
  }
}

resource "flux_bootstrap_git" "this" {
  path = "clusters/prodution"
}
