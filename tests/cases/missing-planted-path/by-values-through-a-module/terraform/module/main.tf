variable "environment" {
  type = string
}

variable "repository" {
  default = "https://git.example.com/shop/fleet.git"
}

locals {
  source = {
    path = "bootstrap/${var.environment}"
  }
}

resource "helm_release" "root" {
  chart = "argocd-apps"
  values = [
    yamlencode({
      applications = {
        root = {
          source = {
            repoURL = var.repository
            path    = local.source.path
          }
        }
      }
    })
  ]
}
