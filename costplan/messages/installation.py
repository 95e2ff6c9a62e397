"""The command line that installs an optional part, true for how costplan is installed here."""

from __future__ import annotations

import os
import re
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from costplan.messages.reason import Reason

_EXTRA = re.compile(r"""\s*(?:and\s+)?extra\s*==\s*["']([\w-]+)["']""")


def install_line(extra: str | None = None) -> str:
    """Return the line that installs the libraries of an extra; of costplan itself for None.

    A checkout is installed over itself. Else the libraries are named one by one, as costplan is on no index.
    """
    checkout = Path(__file__).resolve().parents[2]
    python = _shown(Path(sys.executable))
    if (checkout / "pyproject.toml").is_file():
        wanted = _shown(checkout) + (f"[{extra}]" if extra else "")
        return shlex.join([python, "-m", "pip", "install", "-e"]) + f" '{wanted}'"
    from importlib import metadata  # slow to import, and needed only here

    try:
        requirements = metadata.requires("costplan") or ()
    except metadata.PackageNotFoundError:
        return Reason(
            "install the libraries that costplan's pyproject.toml names under `{extra}`",
            extra or "dependencies",
        )
    libraries = " ".join(f"'{text}'" for text in libraries_of(extra, requirements))
    return f"{shlex.join([python, '-m', 'pip', 'install'])} {libraries}"


def libraries_of(extra: str | None, requirements: Sequence[str]) -> list[str]:
    """Return the requirements of an extra, as pip reads them; those that are always needed for None.

    Example: `libraries_of("plan", ['scipy>=1.14; extra == "plan"'])` -> `["scipy>=1.14"]`.
    """
    found = []
    for text in requirements:
        named = _EXTRA.search(text)
        if (named[1] if named else None) == extra:
            found.append(_EXTRA.sub("", text).strip().removesuffix(";").strip().replace("'", '"'))
    return found


def _shown(path: Path) -> str:
    """Write a path as seen from the working folder where it is below it."""
    here = os.path.abspath(os.curdir)  # noqa: PTH100 - the interpreter of an environment is a link
    return os.path.relpath(path, here) if path.is_relative_to(here) else str(path)
