resource "kubernetes_manifest" "root" {
  manifest = {
    apiVersion = "argoproj.io/v1alpha1"
    kind       = "Application"
    metadata = {
      name = "root"
    }
    spec = {
      source = {
        repoURL        = "https://git.example.com/shop/fleet.git"
        targetRevision = "main"
        path           = "bootstrap/prod"
      }
    }
  }
}

resource "github_repository_file" "config" {
  file = "bootstrap/prod/config.yaml"
}
