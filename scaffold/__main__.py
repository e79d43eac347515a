"""`python -m scaffold` is `gitops-scaffold`."""

from __future__ import annotations

from scaffold.cli import program

if __name__ == "__main__":
    program()
