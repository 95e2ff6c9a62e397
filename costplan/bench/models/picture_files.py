"""A folder of pictures that are sent as they are, for the service to decode."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Final, NamedTuple

from costplan.bench.models.samples import MOST_REQUESTS, list_files

BEGINNINGS: Final = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
"""How a file of a kind begins -> its media type."""


class PictureFile(NamedTuple):
    """One picture, as it is sent."""

    content: bytes
    name: str = ""

    @property
    def media_type(self) -> str | None:
        """Return what its first bytes say that it is."""
        kinds = (kind for beginning, kind in BEGINNINGS.items() if self.content.startswith(beginning))
        return next(kinds, None)


def read_pictures(folder: Path, seed: int) -> list[PictureFile] | None:
    """Return pictures of a folder, drawn and ordered by the seed; None where it holds something else too.

    Raises:
        InputError: The folder cannot be read, or holds links, too many files or too large ones.
    """
    found = list_files(folder)
    chosen = random.Random(seed).sample(found, min(len(found), MOST_REQUESTS))  # noqa: S311
    read = [PictureFile(file.read_bytes(), file.name) for file in chosen]
    return read if all(one.media_type for one in read) else None
