terraform {
  backend "s3" {
    bucket = "shop-states"
    key    = "d/cluster.tfstate"
    region = "eu-central-1"
  }
}
