terraform {
  backend "consul" {
    address = "consul.example.com"
    path = "network"
  }
}
