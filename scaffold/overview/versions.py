"""What of an overlay can be promoted: its images, or the version of its chart."""

from __future__ import annotations

from scaffold.model import Overlay, Repository, mapping, sequence
from scaffold.report.page.nouns import Version

_SHORT = 12  # characters of a digest that are shown


def versions(overlay: Overlay, repository: Repository) -> tuple[Version, ...]:
    """Charts before images, each once, by name; an umbrella chart's own version says nothing, its dependencies' do."""
    chart = repository.files.get(f"{overlay.path}/Chart.yaml")
    charts = [
        Version(str(item.get("name")), str(item.get("version", "")))
        for document in (chart.documents or () if chart else ())
        for item in map(mapping, sequence(mapping(document).get("dependencies")))
    ]
    images = {image for item in overlay.objects for image in item.images}
    return tuple(charts) or tuple(sorted({_image(image) for image in images}))


def _image(image: str) -> Version:
    name, at, digest = image.partition("@")
    head, colon, tag = name.rpartition(":")
    if not colon or "/" in tag:
        head, tag = name, ""
    short = digest.removeprefix("sha256:")[:_SHORT] if at else ""
    return Version(head.rpartition("/")[2] or name, tag or short or "latest")
