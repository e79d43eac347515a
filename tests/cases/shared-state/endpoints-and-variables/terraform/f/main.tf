terraform {
  backend "s3" {
    bucket = "shop-states"
    key    = "${var.environment}.tfstate"
    region = "eu-central-1"
  }
}
