terraform {
  required_version = ">= 1.11, < 2.0"

  required_providers {
    helm = {
      source  = "hashicorp/helm"
      version = "3.1.2"
    }
  }

  # One workspace for each cluster. The lock is an object beside the state (Terraform 1.10 and newer).
  backend "s3" {
    bucket       = "example-org-terraform-state"
    key          = "fleet/bootstrap.tfstate"
    region       = "eu-west-1"
    encrypt      = true
    use_lockfile = true
  }
}
