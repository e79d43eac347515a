terraform {
  backend "s3" {
    bucket = "shop-states"
    key    = "b/cluster.tfstate"
    region = "eu-central-1"
  }
}
