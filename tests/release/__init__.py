"""How a version of the template and the command is released, and what has to be known before: `make release`."""
