terraform {
  cloud {
    organization = "shop"
    workspaces {
      name = "network"
    }
  }
}
