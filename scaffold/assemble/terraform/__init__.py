"""What Terraform is to make, as far as its files tell it: which is read when a rule first asks."""

from scaffold.assemble.terraform.files import block, directories, of_directory, texts, unread

__all__ = ["block", "directories", "of_directory", "texts", "unread"]
