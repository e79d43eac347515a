resource "helm_release" "root" {
  chart = "argocd-apps"
  set {
    name  = "applications.root.source.path"
    value = "bootstrap/production"
  }
  values = [yamlencode({
    applications = { root = { source = { repoURL = "https://git.example.com/shop/fleet.git", path = "bootstrap/prod" } } }
  })]
}
