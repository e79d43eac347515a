"""Text of Terraform to blocks and expressions; what this does not know of the language becomes UNREAD."""

from scaffold.parse.hcl.reading import read
from scaffold.parse.hcl.values import UNREAD, Attribute, Block, Call, Name, Template

__all__ = ["UNREAD", "Attribute", "Block", "Call", "Name", "Template", "read"]
