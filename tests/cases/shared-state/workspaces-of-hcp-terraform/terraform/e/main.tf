terraform {
  cloud {
    organization = "shop"
    workspaces {
      tags = ["network"]
    }
  }
}
