terraform {
  backend "s3" {
    bucket = "REPLACE_ME"
    key    = "cluster.tfstate"
    region = "eu-central-1"
  }
}
