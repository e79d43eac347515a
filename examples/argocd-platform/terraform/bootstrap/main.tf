# Argo CD, from the chart and the values that it keeps itself in step with afterwards. Terraform installs it and lets go.
resource "helm_release" "argocd" {
  name              = "argocd"
  namespace         = "argocd"
  create_namespace  = true
  chart             = "${local.root}/platform/argocd/overlays/${local.cluster}"
  dependency_update = true
  timeout           = 600

  values = [
    file("${local.root}/platform/argocd/base/values.yaml"),
    file("${local.root}/platform/argocd/overlays/${local.cluster}/values.yaml"),
    file("${local.root}/platform/argocd/overlays/${local.cluster}/route.yaml"),
  ]

  lifecycle {
    ignore_changes  = all
    prevent_destroy = true

    precondition {
      condition     = local.workspace == local.cluster
      error_message = "Workspace ${terraform.workspace} is of no cluster that runs Argo CD, which are ${join(", ", local.clusters)}."
    }
  }
}

# The entry point, in the order of README.md: projects that close the built-in one, then the application that brings the rest.
resource "helm_release" "root" {
  name           = "gitops-root"
  namespace      = "argocd"
  chart          = "${path.module}/manifests"
  take_ownership = true

  values = [yamlencode({
    manifests = [for name in ["projects.yaml", "root.yaml"] : file("${local.root}/control-plane/${local.cluster}/${name}")]
  })]

  depends_on = [helm_release.argocd]

  lifecycle {
    ignore_changes  = all
    prevent_destroy = true

    precondition {
      condition     = local.workspace == local.cluster
      error_message = "Workspace ${terraform.workspace} is of no cluster that runs Argo CD, which are ${join(", ", local.clusters)}."
    }
  }
}
