"""The name of an image, taken apart."""

from __future__ import annotations

from typing import NamedTuple

_HUB = "docker.io"


class Image(NamedTuple):
    """What a container runs: a name with its registry, a tag, a digest (`sha256:…`); a registry's port is no tag."""

    name: str
    tag: str = ""
    digest: str = ""

    @classmethod
    def of(cls, text: str) -> Image:
        rest, _, digest = text.partition("@")
        name, colon, tag = rest.rpartition(":")
        return cls(name, tag, digest) if colon and "/" not in tag else cls(rest, "", digest)

    @property
    def version(self) -> str:
        """Tag and digest as they follow a name, without what stands before them."""
        return "@".join(part for part in (self.tag, self.digest) if part)

    def __str__(self) -> str:
        return self.name + (f":{self.tag}" if self.tag else "") + (f"@{self.digest}" if self.digest else "")

    def is_same(self, name: str) -> bool:
        """Tell whether another name is that of the same image; Docker Hub's may leave parts out."""
        return _full(name) == _full(self.name)


def _full(name: str) -> str:
    """The name with its registry, and with the `library/` of the images that Docker Hub keeps itself."""
    first, slash, rest = name.partition("/")
    if slash and ("." in first or ":" in first or first == "localhost"):
        return f"{_HUB}/library/{rest}" if first == _HUB and "/" not in rest else name
    return f"{_HUB}/{name}" if slash else f"{_HUB}/library/{name}"
