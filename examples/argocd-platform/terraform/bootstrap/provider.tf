locals {
  clusters = ["hub"]

  # A workspace is called like its cluster. In another one nothing can be planned, but it can be validated.
  workspace = terraform.workspace
  cluster   = contains(local.clusters, local.workspace) ? local.workspace : local.clusters[0]

  root = "${path.module}/../.."
}

provider "helm" {
  kubernetes = {
    host                   = var.cluster_endpoint
    cluster_ca_certificate = var.cluster_ca_certificate
    token                  = var.cluster_token
    config_path            = var.kubeconfig_path
    config_context         = var.kubeconfig_path == null ? null : coalesce(var.kubeconfig_context, local.cluster)
  }
}
