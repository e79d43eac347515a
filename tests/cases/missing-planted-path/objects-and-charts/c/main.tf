resource "helm_release" "argocd" {
  chart = "argocd-apps"
  values = [<<E
applications:
  - name: root
    source:
      repoURL: https://git.example.com/shop/fleet.git
      path: bootstrap/other
E
  ]
}
