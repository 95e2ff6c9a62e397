"""Paths as a repository knows them: from its top, with `/` in them."""

from __future__ import annotations

import os
from pathlib import Path

MARK = ".git"


def top_folder() -> Path:
    """Return the top of the repository that the working folder is in; that folder itself outside of one."""
    here = Path.cwd()
    for folder in (here, *here.parents):
        if os.path.lexists(folder / MARK):  # a file in a work tree, a folder elsewhere
            return folder
    return here


def in_repository(file: str) -> str:
    """Return the path of a file from the top of the repository; as it was named where it lies elsewhere.

    Links are not followed: the path is that under which the file was named.
    """
    if not file or file.startswith(("<", "--")):
        return file
    absolute = Path(os.path.abspath(file))  # noqa: PTH100 - `resolve` follows links
    try:
        return absolute.relative_to(top_folder()).as_posix()
    except ValueError:
        return file
