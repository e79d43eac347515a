"""Text of Terraform to blocks and expressions; what this does not know of the language becomes UNREAD."""

from scaffold.parse.hcl.reading import is_readable, read
from scaffold.parse.hcl.values import UNREAD, Attribute, Block, Call, Name, Template

__all__ = ["UNREAD", "Attribute", "Block", "Call", "Name", "Template", "is_readable", "read"]
