"""The files of a revision that a design may be made of, written to a folder of their own.

Objects are read as they are in the history: no work tree is added to the repository, no hook and no filter
runs, no attribute leaves a file out, and links are not made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from costplan.inputs.revision.git import OPTION, Repository, open_objects
from costplan.messages.errors import InputError, reason_of
from costplan.messages.reason import Reason
from costplan.messages.text import nearest, visible

ENDINGS = frozenset(
    (
        ".yaml", ".yml", ".json", ".jsonl", ".csv", ".toml", ".tf", ".tfvars", ".tfplan", ".hcl",
        ".tftpl", ".tpl", ".tmpl",
    )
)  # fmt: skip
"""Of what designs, prices and modules are made of, wherever they lie in the repository."""
BESIDE_BYTES = 2**20
"""Largest other file that is taken from the folder of the design: a template, a key."""
MOST_COMPARED = 2000
"""Most paths that are looked through for the one that was meant."""
TOTAL_BYTES = 512 * 2**20
_REGULAR, _SUBMODULE = ("100644", "100755", "100664"), "160000"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a commit holds, and where it was written."""

    folder: Path
    """Stands for the top of the repository."""
    paths: frozenset[str]
    """All files of the commit, from its top, written or not."""
    submodules: tuple[str, ...]

    def has(self, path: str) -> bool:
        """Say whether the commit has a file or a folder."""
        return path == "." or path in self.paths or any(one.startswith(f"{path}/") for one in self.paths)

    def submodule_of(self, path: str) -> str | None:
        """Return the submodule that a path lies in."""
        inside = (one for one in self.submodules if path == one or path.startswith(f"{one}/"))
        return next(inside, None)

    def nearest_to(self, path: str) -> str | None:
        """Return the path that is most like one that is not there."""
        name = PurePosixPath(path).name
        same_name = [one for one in sorted(self.paths) if PurePosixPath(one).name == name]
        alike = [one for one in sorted(self.paths) if PurePosixPath(one).suffix == PurePosixPath(path).suffix]
        return same_name[0] if same_name else nearest(path, alike[:MOST_COMPARED])


def write_snapshot(repository: Repository, commit: str, folder: Path, design: str) -> Snapshot:
    """Write the files of a commit.

    Args:
        repository: Whose commit it is.
        commit: Its name.
        folder: An empty one, which stands for the top of the repository.
        design: Path of the design, from the top: what lies beside it is taken whatever it is.

    Raises:
        InputError: An object is not here, it is too much, or it cannot be written.
    """
    rows = list(repository.files_at(commit))
    beside = f"{design}/" if design != "." else ""
    around = str(PurePosixPath(design).parent)
    folders = (beside, "" if around == "." else f"{around}/") if design != "." else ("",)
    wanted = [
        (name, path)
        for mode, name, path, size in rows
        if mode in _REGULAR
        and (
            PurePosixPath(path).suffix.lower() in ENDINGS
            or (size <= BESIDE_BYTES and any(path.startswith(one) for one in folders))
        )
    ]
    sizes = {path: size for _, _, path, size in rows}
    if sum(sizes[path] for _, path in wanted) > TOTAL_BYTES:
        raise InputError(
            Reason(
                "{option}: the revision holds more than {most} MB of files to read", OPTION, TOTAL_BYTES >> 20
            ),
            hint="save the old estimate: costplan diff base.json shop.yaml",
        )
    try:
        (folder / ".git").mkdir(parents=True)  # marks the top of the project, as in the repository
        for path, data in _contents(repository, wanted):
            place = folder / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
    except (OSError, ValueError) as error:
        raise InputError(
            Reason("{option}: cannot write the files of the revision: {why}", OPTION, reason_of(error)),
            hint="TMPDIR names a folder with room",
        ) from None
    return Snapshot(
        folder,
        frozenset(path for mode, _, path, _ in rows if mode != _SUBMODULE),
        tuple(path for mode, _, path, _ in rows if mode == _SUBMODULE),
    )


def _contents(repository: Repository, wanted: Iterable[tuple[str, str]]) -> Iterator[tuple[str, bytes]]:
    """Give paths with what is in them."""
    safe = [(name, path) for name, path in wanted if _is_safe(path)]
    with open_objects(repository, [name for name, _ in safe]) as objects:
        for _, path in safe:
            head = objects.readline().split()
            if len(head) != 3:
                raise InputError(
                    Reason("{option}: `{path}` of that revision is not here", OPTION, visible(path[:120])),
                    hint="the clone is partial: fetch that commit first",
                )
            yield path, objects.read(int(head[2]) + 1)[:-1]


def _is_safe(path: str) -> bool:
    """Say whether a path stays below the folder: git refuses others, and so may nobody who made objects."""
    parts = PurePosixPath(path).parts
    return bool(parts) and not path.startswith("/") and not {"..", ".git"} & set(parts) and "\0" not in path
