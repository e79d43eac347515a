terraform {
  backend "s3" {
    bucket = "shop-states"
    key    = "c"
    region = "eu-central-1"
  }
}
