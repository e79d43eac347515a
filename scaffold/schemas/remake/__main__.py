"""Run as `python -m scaffold.schemas.remake`: writes every data file anew, or those of the packages that are named."""

from __future__ import annotations

import sys

from scaffold.schemas.remake.write import remake

if __name__ == "__main__":
    remake(sys.argv[1:])
