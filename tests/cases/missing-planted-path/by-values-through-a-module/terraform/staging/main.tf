module "root" {
  source      = "../module"
  environment = "stage"
}
