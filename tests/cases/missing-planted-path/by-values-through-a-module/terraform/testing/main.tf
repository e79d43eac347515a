module "root" {
  source      = "../module"
  environment = "production"
}
