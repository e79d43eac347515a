resource "kubernetes_manifest" "root" {
  manifest = yamldecode(<<E
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: other
spec:
  source:
    repoURL: https://git.example.com/shop/fleet.git
    path: bootstrap/other
E
  )
}
