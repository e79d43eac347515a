resource "argocd_application" "root" {
  spec {
    source {
      repo_url = "https://git.example.com/shop/fleet.git"
      path = "bootstrap/other"
      target_revision = "HEAD"
    }
  }
}
