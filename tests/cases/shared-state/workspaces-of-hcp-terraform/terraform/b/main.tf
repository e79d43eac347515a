terraform {
  backend "remote" {
    hostname = "app.terraform.io"
    organization = "shop"
    workspaces {
      name = "network"
    }
  }
}
