resource "kubernetes_manifest" "source" {
  manifest = {
    apiVersion = "source.toolkit.fluxcd.io/v1"
    kind       = "GitRepository"
    metadata = {
      name = "fleet"
    }
    spec = {
      url = "https://git.example.com/shop/fleet.git"
      ref = {
        tag = "main"
      }
    }
  }
}

resource "kubernetes_manifest" "sync" {
  manifest = {
    apiVersion = "kustomize.toolkit.fluxcd.io/v1"
    kind       = "Kustomization"
    metadata = {
      name = "fleet"
    }
    spec = {
      path = "./clusters/prod"
      sourceRef = {
        kind = "GitRepository"
        name = "fleet"
      }
    }
  }
}
