resource "kubectl_manifest" "root" {
  yaml_body = <<-YAML
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: root
      labels:
        team: ${local.team}${local.none}${var.more}
    spec:
      sources:
        - repoURL: https://git.example.com/shop/fleet.git
          targetRevision: HEAD
          path: bootstrap/${local.environment}
        - repoURL: https://charts.example.com
          chart: web
          path: nowhere
  YAML
}

locals {
  environment = "prod"
  team        = "shop"
  none        = ""
}
