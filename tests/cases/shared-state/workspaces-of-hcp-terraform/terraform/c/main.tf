terraform {
  cloud {
    organization = "shop"
    workspaces {
      name = "cluster"
    }
  }
}
