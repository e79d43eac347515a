resource "helm_release" "flux" {
  chart = "flux-instance"
  values = [yamlencode({
    instance = { sync = { url = "https://git.example.com/shop/fleet.git", path = "clusters/prod" } }
  })]
}
