terraform {
  backend "kubernetes" {
    secret_suffix = "network"
  }
}
