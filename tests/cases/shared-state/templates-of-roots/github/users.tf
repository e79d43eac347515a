locals {
  owner = "<GITHUB_USER>"
}
