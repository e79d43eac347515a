resource "kubernetes_manifest" "root" {
  manifest = {
    apiVersion = "argoproj.io/v1alpha1"
    kind       = "Application"
    metadata = {
      name = "root"
    }
    spec = {
      source = {
        repoURL        = var.repository
        targetRevision = "main"
        path           = "bootstrap/prod"
      }
    }
  }
}
