resource "argocd_application" "root" {
  spec {
    source {
      repo_url = "https://git.example.com/shop/fleet.git"
      path = "deep"
      directory {
        recurse = var.deep
      }
    }
  }
}

resource "argocd_application" "flat" {
  spec {
    source {
      repo_url = "https://git.example.com/shop/fleet.git"
      path = "deep"
    }
  }
}
