terraform {
  backend "s3" {
    bucket = "other-states"
    key    = "b/cluster.tfstate"
    region = "eu-central-1"
  }
}
