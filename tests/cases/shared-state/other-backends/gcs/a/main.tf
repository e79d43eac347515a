terraform {
  backend "gcs" {
    bucket = "shop-states"
    prefix = "network/"
  }
}
