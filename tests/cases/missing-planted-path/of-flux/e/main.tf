resource "helm_release" "sync" {
  chart = "flux2-sync"
  values = [yamlencode({
    gitRepository = { spec = { url = "https://git.example.com/shop/fleet.git" } }
    kustomization = { spec = { path = "clusters/prod" } }
  })]
}
