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


def model_file(given: Path | None) -> Path:
    """Return a model's file: as given, or a shipped one by its bare name; `digits` when none is given."""
    name = "digits" if given is None else str(given)
    shipped = {path.stem: path for path in data_folder("models").glob("*.onnx")}
    if name not in shipped or (given is not None and given.exists()):
        return Path(name)
    return shipped[name]
