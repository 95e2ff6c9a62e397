"""Ask git: no network, no hooks, nothing written, and whatever it says against it in words."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from costplan.messages.errors import InputError, did_you_mean, reason_of
from costplan.messages.reason import Reason
from costplan.messages.text import visible

SECONDS = 60
"""Longest that a question may take."""
_QUIET = (
    "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "protocol.allow=never",
    "-c", "core.quotePath=false",
)  # fmt: skip
_SHOWN = 80
OPTION = "--from"


@dataclass(frozen=True, slots=True)
class Repository:
    """A work tree, and what is asked of its history."""

    folder: Path
    """Its top."""

    @classmethod
    def around(cls, path: Path) -> Repository:
        """Find the repository that a file or folder lies in.

        Raises:
            InputError: There is none, or git is not installed or refuses to look.
        """
        if shutil.which("git") is None:
            raise InputError(
                Reason("{option}: git is not installed", OPTION),
                hint="save the old estimate: costplan diff base.json shop.yaml",
            )
        folder = next(one for one in (path, *path.parents) if one.is_dir())
        asked = _run(folder, ["rev-parse", "--show-toplevel"])
        if asked.returncode:
            raise refused(asked, folder)
        top = asked.stdout.decode("utf-8", "surrogateescape").rstrip("\n")
        if not top:
            raise InputError(Reason("{option}: `{folder}` is in no work tree", OPTION, visible(str(folder))))
        return cls(Path(top).resolve())

    def commit_of(self, revision: str) -> str:
        """Return the name of the commit that a revision is.

        Raises:
            InputError: There is no such revision; the nearest one is named.
        """
        if not revision or revision.startswith("-") or not revision.isprintable():
            raise InputError(
                Reason("{option}: `{revision}` is no revision", OPTION, visible(revision[:_SHOWN])),
                hint="name a branch, a tag or a commit",
            )
        asked = self.ask("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        if asked is None:
            raise InputError(
                Reason("{option}: there is no revision `{revision}`", OPTION, visible(revision[:_SHOWN])),
                hint=self._meant(revision),
            )
        return asked.decode("ascii", "replace").strip()

    def ask(self, *words: str) -> bytes | None:
        """Return what git answers; None where it answers no."""
        asked = _run(self.folder, words)
        return None if asked.returncode else asked.stdout

    def files_at(self, commit: str) -> Iterator[tuple[str, str, str, int]]:
        """Give mode, object, path and size of all that a commit holds; a submodule has no size."""
        listed = self.ask("ls-tree", "-r", "-z", "-l", "--full-tree", commit)
        if listed is None:
            raise InputError(
                Reason("{option}: the files of {commit} are not all here", OPTION, commit[:12]),
                hint="the clone is partial: fetch that commit first",
            )
        for row in listed.split(b"\0"):
            if row:
                head, _, path = row.partition(b"\t")
                mode, _, name, size = head.decode("ascii").split()
                yield mode, name, os.fsdecode(path), int(size) if size.isdigit() else 0

    def _meant(self, revision: str) -> str | None:
        """Say what may have been meant, or why a right name is not known here."""
        if self.ask("rev-parse", "--is-shallow-repository") == b"true\n":
            return Reason("the clone is shallow: get that revision with `git fetch origin REVISION`")
        said = self.ask(
            "for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/remotes", "refs/tags"
        )
        names = (said or b"").decode("utf-8", "replace").split()
        near = did_you_mean(revision, names)
        if near is None and self.ask("rev-parse", "--show-superproject-working-tree") not in (None, b""):
            return Reason("this is a submodule: its revisions are its own")
        return near or "name a branch, a tag or a commit; `git branch -a` lists the branches"


def _line(folder: Path, words: Sequence[str]) -> list[str]:
    return [shutil.which("git") or "git", *_QUIET, "-C", str(folder), *words]


@contextmanager
def open_objects(repository: Repository, names: Iterable[str]) -> Iterator[IO[bytes]]:
    """Start what gives objects, each behind a line with its name, its type and its size."""
    with TemporaryFile() as asked:
        asked.write("".join(f"{name}\n" for name in names).encode("ascii"))
        asked.seek(0)
        process = subprocess.Popen(  # noqa: S603
            _line(repository.folder, ["cat-file", "--batch", "--buffer"]),
            stdin=asked, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=_environment(),
        )  # fmt: skip
        assert process.stdout is not None
        try:
            yield process.stdout
        finally:
            process.stdout.close()
            process.wait()


def _run(folder: Path, words: Sequence[str]) -> subprocess.CompletedProcess[bytes]:
    line = _line(folder, words)
    try:
        return subprocess.run(  # noqa: S603
            line, capture_output=True, check=False, timeout=SECONDS, env=_environment()
        )
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise InputError(Reason("{option}: git does not answer: {why}", OPTION, reason_of(error))) from None


def _environment() -> dict[str, str]:
    """Return what git runs with: no repository but the one that is named, no prompt, no fetch, no lock."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_") or name.startswith("GIT_CONFIG")
    }
    return kept | {
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "LC_ALL": "C",
    }


def refused(asked: subprocess.CompletedProcess[bytes], folder: Path) -> InputError:
    """Say why git does not look into a folder."""
    said = asked.stderr.decode("utf-8", "replace").strip()
    if "not a git repository" in said:
        return InputError(
            Reason("{option}: `{folder}` is in no repository of git", OPTION, visible(str(folder))),
            hint="save the old estimate: costplan diff base.json shop.yaml",
        )
    first = said.splitlines()[0] if said else ""
    hint = "tell git that the folder is safe: safe.directory in its settings" if "ownership" in said else None
    return InputError(Reason("{option}: git refuses: {why}", OPTION, visible(first[:200])), hint=hint)
