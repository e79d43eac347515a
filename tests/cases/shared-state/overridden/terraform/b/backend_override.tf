terraform {
  backend "s3" {
    bucket = "shop-states"
    key    = "b"
    region = "eu-central-1"
  }
}
