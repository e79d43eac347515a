provider "flux" {
  git = {
    url = "ssh://git@git.example.com/shop/other.git"
  }
}

resource "flux_bootstrap_git" "this" {
  path = "clusters/prod"
}
