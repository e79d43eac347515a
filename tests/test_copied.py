"""The copy of a part of a repository."""

from __future__ import annotations

from pathlib import Path

import pytest

from scaffold.render import NotRenderedError, parts


def test_a_file_that_cannot_be_copied_is_named_by_its_path_in_the_repository(tmp_path: Path) -> None:
    (tmp_path / "web").write_text("kind: Service\n")
    copied = parts.copied(tmp_path, ["web", "web/service.yaml"], {"web/service.yaml": ""})
    with pytest.raises(NotRenderedError, match=r"^'web/service.yaml' cannot be copied, "), copied:
        pass
