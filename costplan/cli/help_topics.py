"""The pages of the docs, which come with costplan."""

from __future__ import annotations

from pathlib import Path

from costplan.datafiles import data_folder


def pages() -> dict[str, Path]:
    """Return the pages of the docs by their names, the recipes last."""
    docs = data_folder("docs")
    found = [*sorted(docs.glob("*.md")), *sorted((docs / "recipes").glob("*.md"))]
    return {path.stem: path for path in found}


def heading(page: Path) -> str:
    """Return what a page is about: its first line."""
    with page.open(encoding="utf-8") as file:
        return file.readline().lstrip("# ").strip()
