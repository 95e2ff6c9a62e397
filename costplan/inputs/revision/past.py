"""The past of a work tree: where a path of now lies in a snapshot, and how its faults are named."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from costplan.inputs.bundles import Changes, Layers
from costplan.inputs.revision.git import OPTION, Repository
from costplan.inputs.revision.snapshot import Snapshot
from costplan.messages.errors import Fault, InputError
from costplan.messages.reason import Reason
from costplan.messages.text import visible

SETTINGS = {"costplan.toml": b"", "pyproject.toml": b"tool.costplan"}
"""Files with settings -> what they hold where they have some."""


class AbsentError(InputError):
    """A revision does not have a design: it is new since."""


@dataclass(frozen=True, slots=True)
class Past:
    """A repository at a revision."""

    repository: Repository
    revision: str
    """As it was asked for."""
    snapshot: Snapshot

    def place_of_design(self, design: str) -> str:
        """Return where a design lies in the snapshot.

        Raises:
            AbsentError: It was not there at that revision.
            InputError: It lies in a submodule.
        """
        if self.snapshot.has(design):
            return str(self.snapshot.folder / design)
        submodule = self.snapshot.submodule_of(design)
        if submodule is not None:
            raise InputError(
                Reason(
                    "{option}: `{path}` is in the submodule `{submodule}`, another repository",
                    OPTION, visible(design[:120]), visible(submodule[:120]),
                ),
                hint="run it in the submodule, with a revision of its own",
            )  # fmt: skip
        near = self.snapshot.nearest_to(design)
        raise AbsentError(
            Reason(
                "{option}: there is no `{path}` at {revision}", OPTION, visible(design[:120]), self.revision
            ),
            hint=Reason("there is `{path}`; `costplan diff OLD NEW` takes two paths", visible(near))
            if near
            else None,
        )

    def layers(self, layers: Layers, notes: list[str]) -> Layers:
        """Return the prices of then, as far as they lie in the repository."""
        return Layers(
            None if layers.catalog is None else self._path(layers.catalog, notes),
            [self._path(one, notes) for one in layers.overlay or ()] or None,
        )

    def changes(self, changes: Changes, notes: list[str]) -> Changes:
        """Return the files of then that options name, as far as they lie in the repository."""
        return Changes(
            changes.changes,
            changes.requests,
            [self._path(one, notes) for one in changes.quotas or ()] or None,
            None if changes.workload is None else self._path(changes.workload, notes),
        )

    def _path(self, path: Path, notes: list[str]) -> Path:
        """Return where a path lay at the revision; the present one is taken where it did not."""
        try:
            inside = path.resolve().relative_to(self.repository.folder).as_posix()
        except (OSError, ValueError, RuntimeError):
            return path
        if self.snapshot.has(inside):
            return self.snapshot.folder / inside
        if path.exists():  # a shipped scenario's name is no path
            notes.append(
                Reason(
                    "`{path}` is not in {revision}: the present one counts on both sides",
                    visible(str(path)), self.revision,
                )
            )  # fmt: skip
        return path

    def notes_on_settings(self) -> Iterator[str]:
        """Say where settings were others: those of now hold on both sides."""
        here = Path.cwd().resolve()
        if not here.is_relative_to(self.repository.folder):
            return
        for folder in (here, *here.parents):
            for name, mark in SETTINGS.items():
                inside = (folder / name).relative_to(self.repository.folder)
                texts = [_text(folder / name), _text(self.snapshot.folder / inside)]
                if texts[0] != texts[1] and any(mark in text for text in texts):
                    yield Reason(
                        "the settings in `{file}` were others at {revision}: those of now hold on both sides",
                        visible(str(inside)), self.revision,
                    )  # fmt: skip
            if folder == self.repository.folder:
                return

    @contextmanager
    def naming(self) -> Iterator[None]:
        """Call files of the snapshot as they are called in the repository, with the revision."""
        try:
            yield
        except InputError as error:
            raise type(error)([self._named(fault) for fault in error.faults]) from None

    def _named(self, fault: Fault) -> Fault:
        folder = f"{self.snapshot.folder}/"
        mark = fault.mark
        if mark is not None and mark.file.startswith(folder):
            mark = replace(mark, file=f"{mark.file.removeprefix(folder)} ({self.revision})")
        message = fault.message
        if folder in message:
            message = Reason.of(message.replace(folder, f"{self.revision}:"))
        hint = fault.hint.replace(folder, "") if fault.hint and folder in fault.hint else fault.hint
        return replace(fault, mark=mark, message=message, hint=hint)


def _text(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
