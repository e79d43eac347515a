terraform {
  backend "kubernetes" {
    config_context = "hub"
    secret_suffix = "network"
  }
}
