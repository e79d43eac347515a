locals {
  owner = "<GITLAB_OWNER>"
}
