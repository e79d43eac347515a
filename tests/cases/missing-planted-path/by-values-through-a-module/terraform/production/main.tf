variable "environment" {}
module "root" {
  source      = "../module"
  environment = var.environment
}
