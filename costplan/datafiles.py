"""Where the shipped data lies: inside the installed package, or at the top of a checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent


def data_folder(name: str) -> Path:
    """Return the folder of shipped data called `name`: `catalogs`, `scenarios`, `templates`, `models`.

    A wheel carries them in `costplan/data/`; a checkout, and so an editable install, has them at its top.
    """
    installed = _PACKAGE / "data" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name
