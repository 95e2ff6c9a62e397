"""Files for pipelines, written besides the answer: all of them with it, or none."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from costplan.cli.language import translator
from costplan.cli.options import Artefacts
from costplan.cli.paths import shown_path
from costplan.cli.places import SCREEN, refuse_file, unwritable
from costplan.cli.streams import say
from costplan.cli.whole_file import write_whole
from costplan.messages.errors import InputError
from costplan.messages.reason import Reason
from costplan.output.artefacts import ARTEFACTS, artefact
from costplan.output.artefacts.reported import Reported


def check_artefacts(asked: Artefacts, output: Path | None, *, force: bool) -> None:
    """Refuse before the work what could not be written after it.

    Raises:
        InputError: A file is in the way, has another ending, is the screen, or is named twice.
    """
    taken = [] if output is None else [output.absolute()]
    for kind in ARTEFACTS:
        path = getattr(asked, kind.module)
        if path is None:
            continue
        if str(path) == SCREEN:
            raise InputError(
                Reason("{option}: needs a file, as the answer goes to standard output", kind.option),
                hint=Reason("write it like {option} checks{ending}", kind.option, kind.endings[0]),
            )
        refuse_file(path, kind.endings, force=force)
        if path.absolute() in taken:
            raise InputError(Reason("{option}: `{path}` is named twice", kind.option, shown_path(path)))
        taken.append(path.absolute())


@contextlib.contextmanager
def with_artefacts(asked: Artefacts, reported: Sequence[Reported]) -> Iterator[None]:
    """Write the files, and take them back where what is done beside them fails.

    Raises:
        InputError: One cannot be written; then none is.
    """
    files = {
        path: artefact(kind.module, reported).encode("utf-8")
        for kind in ARTEFACTS
        if (path := getattr(asked, kind.module)) is not None
    }
    before = {path: path.read_bytes() if path.exists() else None for path in files}
    written: list[Path] = []
    try:
        for path, data in files.items():
            try:
                write_whole(data, path)
            except (OSError, ValueError) as error:
                raise unwritable(path, error) from None
            written.append(path)
        yield
    except BaseException:
        for path in written:
            _take_back(path, before[path])
        raise
    words = translator()
    for path in files:
        say(words("wrote {path}", path=shown_path(path)) + "\n")


def _take_back(path: Path, before: bytes | None) -> None:
    with contextlib.suppress(OSError):
        if before is None:
            path.unlink()
        else:
            write_whole(before, path)
