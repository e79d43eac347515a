terraform {
  backend "s3" {
    bucket = "<bucket>"
    key    = "cluster.tfstate"
    region = "eu-central-1"
  }
}
