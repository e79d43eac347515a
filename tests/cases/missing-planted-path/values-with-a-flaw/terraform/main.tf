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
        path           = "bootstrap/${var.environment}"
      }
    }
  }
}
variable "environment" {}
