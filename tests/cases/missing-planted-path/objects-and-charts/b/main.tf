resource "helm_release" "argocd" {
  chart  = "oci://charts.example.com/argo-cd"
  values = [yamlencode({ extraObjects = [{
    apiVersion = "argoproj.io/v1alpha1"
    kind       = "Application"
    metadata = {
      name = "root"
    }
    spec = {
      source = {
        repoURL        = "https://git.example.com/shop/fleet.git"
        targetRevision = "main"
        path           = "./bootstrap/produktion/"
      }
    }
  }] })]
}
