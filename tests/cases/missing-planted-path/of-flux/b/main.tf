resource "kubectl_manifest" "a" {
  yaml_body = yamlencode({
    apiVersion = "fluxcd.controlplane.io/v1"
    kind       = "FluxInstance"
    metadata = {
      name = "flux"
    }
    spec = {
      sync = {
        url  = "https://git.example.com/shop/fleet.git"
        ref  = "refs/heads/main"
        path = "clusters/prod"
      }
    }
  })
}
resource "kubectl_manifest" "b" {
  yaml_body = yamlencode({
    apiVersion = "fluxcd.controlplane.io/v1"
    kind       = "FluxInstance"
    metadata = {
      name = "flux"
    }
    spec = {
      sync = {
        url  = "https://git.example.com/shop/fleet.git"
        ref  = "refs/tags/v1"
        path = "clusters/prod"
      }
    }
  })
}
