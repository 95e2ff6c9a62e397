"""The pictures of the README are there, small, and all shown."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "gallery"
SIGNATURES = {".png": b"\x89PNG\r\n", ".svg": b"<?xml"}


def test_every_picture_that_the_readme_shows_is_there() -> None:
    shown = re.findall(
        r"!\[[^]]+\]\((docs/gallery/[^)]+)\)", (ROOT / "README.md").read_text(encoding="utf-8")
    )
    assert 3 <= len(shown) <= 4
    for name in shown:
        assert (ROOT / name).is_file(), name


def test_pictures_are_what_they_are_called_and_small() -> None:
    pictures = sorted(FOLDER.iterdir())
    for path in pictures:
        data = path.read_bytes()
        assert data.startswith(SIGNATURES[path.suffix]), path.name
        assert len(data) < 300_000, path.name
    assert sum(path.stat().st_size for path in pictures) < 1_500_000
