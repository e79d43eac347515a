terraform {
  backend "s3" {
    bucket = "shop-states"
    key    = "cluster.tfstate"
    region = "eu-central-1"
  }
}
