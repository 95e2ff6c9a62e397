"""The sides of a diff with the past: a design at a revision of git, and as it lies in the work tree."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from costplan.inputs.bundles import Changes, Layers
from costplan.inputs.diff.sides import Side, read_sides
from costplan.inputs.revision.git import OPTION, Repository
from costplan.inputs.revision.past import Past
from costplan.inputs.revision.snapshot import write_snapshot
from costplan.messages.errors import InputError
from costplan.messages.reason import Reason
from costplan.messages.text import visible
from costplan.scenario.document.files import shipped_scenarios
from costplan.scenario.document.variants import split_reference
from costplan.source.temporary import temporary_folder


@dataclass(frozen=True, slots=True)
class SidesOfRevision:
    """Both sides, and what goes with them."""

    sides: tuple[Side, Side]
    notes: tuple[str, ...]


@contextmanager
def sides_of_revision(
    revision: str, reference: str, layers: Layers, changes: Changes
) -> Iterator[SidesOfRevision]:
    """Read a design at a revision and in the work tree; prices of the past are there until the end only.

    Raises:
        InputError: There is no such revision or no such design at it, or one of the two is wrong.
    """
    path = _path_of(reference)
    repository = Repository.around(path)
    commit = repository.commit_of(revision)
    design = path.relative_to(repository.folder).as_posix()
    new, _ = read_sides([reference], layers, changes)
    with temporary_folder() as folder:
        # Called as the repository is: a design in its top folder may take its name from there.
        top = folder / (repository.folder.name or "top")
        past = Past(repository, visible(revision), write_snapshot(repository, commit, top, design))
        notes = list(past.notes_on_settings())
        at = past.place_of_design(design), *_variants(reference)
        own_layers, own_changes = past.layers(layers, notes), past.changes(changes, notes)
        with past.naming():
            old, _ = read_sides([":".join(at)], own_layers, own_changes)
            shown = visible(reference)
            yield SidesOfRevision(
                (
                    replace(old, source=f"{shown} ({past.revision})", folder=f"{top}/"),
                    replace(new, source=Reason("{design} (work tree)", shown)),
                ),
                tuple(notes),
            )


def _path_of(reference: str) -> Path:
    """Return where a design lies, links followed.

    Raises:
        InputError: It is in no repository: standard input, or a shipped scenario.
    """
    name, _ = split_reference(reference)
    if name == "-" or (name in shipped_scenarios() and not Path(name).exists()):
        what = Reason("standard input") if name == "-" else Reason("the shipped scenario `{name}`", name)
        raise InputError(
            Reason("{option}: {what} is in no repository", OPTION, what),
            hint="costplan diff --from main shop.yaml",
        )
    try:
        return Path(name).resolve()
    except (OSError, ValueError, RuntimeError):
        raise InputError(Reason("{file}: there is no such file", file=visible(name[:120]))) from None


def _variants(reference: str) -> list[str]:
    _, variants = split_reference(reference)
    return ["+".join(variants)] if variants else []
