"""Where scenario documents come from: shipped ones by name, files by path, standard input as `-`."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable
from contextlib import suppress
from itertools import islice
from pathlib import Path

from costplan.checked.records import dataclass
from costplan.datafiles import data_folder
from costplan.messages.errors import Fault, InputError, SourceLocation, did_you_mean, reason_of
from costplan.messages.reason import Reason
from costplan.messages.text import listed, nearest, visible
from costplan.source.guard import read_file, too_large
from costplan.source.parse_cache import read_tree
from costplan.source.reader import SCENARIO_LIMIT_BYTES, Mapping, Scalar, parse_yaml
from costplan.terraform.plan_file import PLAN_LIMIT_BYTES, is_plan
from costplan.terraform.usage import Usage

MAX_EXTENDS = 8
"""Longest chain of documents that extend each other."""
PROJECT_MARKS = ("costplan.toml", "pyproject.toml", ".git")
"""What marks the folder of a project."""
PLAN_ENDINGS = (".json", ".tfplan")
ENDINGS = (".yaml", ".yml", *PLAN_ENDINGS)
"""Of scenarios, and of plans and states of Terraform."""
_MOST_LOOKED_AT = 1000
"""Most names of the working folder that are looked through for the file that was meant."""


@dataclass(frozen=True, slots=True)
class Document:
    """One parsed file."""

    node: Mapping
    path: Path | None
    """None for standard input."""
    shown_as: str
    is_plan: bool = False
    """Whether it is a plan or a state of Terraform."""


def shipped_scenarios() -> dict[str, Path]:
    """Return the scenarios that come with costplan, by name."""
    return {path.stem: path for path in sorted(data_folder("scenarios").glob("*.yaml"))}


def is_path(reference: str) -> bool:
    """Say whether a reference names a file and not a shipped scenario."""
    return reference.endswith(ENDINGS) or "/" in reference or "\\" in reference


def is_terraform_folder(reference: str) -> bool:
    """Say whether a reference names a folder of Terraform: one that is there, and no shipped scenario."""
    if not reference or reference.endswith(ENDINGS) or reference in shipped_scenarios():
        return False
    try:
        return Path(reference).is_dir()
    except (OSError, ValueError):  # a name that is too long, or holds a NUL
        return False


def open_document(reference: str, usage: Usage | None = None) -> Document:
    """Read the document that a command line names.

    Args:
        reference: A shipped scenario's name, a path, or `-`.
        usage: What is known besides, where it is a plan of Terraform.

    Raises:
        InputError: There is no such scenario, or it cannot be read.
    """
    if reference == "-":
        if sys.stdin is None:
            raise InputError("standard input is closed", hint="pipe a scenario in, or name a file")
        data = sys.stdin.buffer.read(SCENARIO_LIMIT_BYTES + 1)
        if is_plan(data):
            return Document(_piped_plan(data, usage), None, "<stdin>", is_plan=True)
        return Document(_no_answer(parse_yaml(data, "<stdin>"), "<stdin>"), None, "<stdin>")
    if is_terraform_folder(reference):
        return Document(_folder(Path(reference), reference, usage), Path(reference), reference, is_plan=True)
    if is_path(reference):
        path = Path(reference)
        plan = _plan(path, usage) if reference.endswith(PLAN_ENDINGS) else None
        return Document(
            plan or _no_answer(read_tree(path), reference), path, reference, is_plan=plan is not None
        )
    shipped = shipped_scenarios()
    if reference not in shipped:
        hint = _meant_scenario(reference, shipped) or Reason(
            "shipped: {shipped}; or name a file: ./{name}.yaml", listed(shipped), Path(reference).stem
        )
        raise InputError(Reason("there is no scenario `{name}`", name=visible(reference[:80])), hint=hint)
    return _shipped_document(reference, shipped[reference])


def _folder(path: Path, shown: str, usage: Usage | None) -> Mapping:
    from costplan.terraform.document import folder_document

    return folder_document(path, shown, usage)


def _no_answer(node: Mapping, shown: str) -> Mapping:
    """Refuse a document that costplan itself has written, in one error and not in one for each key."""
    schema = node.entries.get("schema")
    if isinstance(schema, Scalar) and (schema.value or "").startswith("costplan/"):
        message = Reason("is an answer of costplan, not a design")
        mark = SourceLocation(visible(shown), 0, 0)
        raise InputError(Fault(message, mark, hint="`costplan diff` compares saved estimates"))
    return node


def _piped_plan(data: bytes, usage: Usage | None) -> Mapping:
    from costplan.terraform.document import plan_document  # few designs come from Terraform

    return plan_document(_piped(data), "<stdin>", usage)


def _piped(begun: bytes) -> bytes:
    """Return what standard input holds, begun with what was read of it."""
    data = begun + sys.stdin.buffer.read(PLAN_LIMIT_BYTES + 1 - len(begun))
    if len(data) > PLAN_LIMIT_BYTES:
        raise too_large("<stdin>", Reason("{size} bytes or more", len(data)), PLAN_LIMIT_BYTES)
    return data


def plan_bytes(reference: str) -> bytes:
    """Read a plan or a state as it is.

    Raises:
        InputError: It cannot be read.
    """
    if reference == "-":
        return _piped(b"")
    return read_file(Path(reference), reference, PLAN_LIMIT_BYTES)


def _plan(path: Path, usage: Usage | None) -> Mapping | None:
    """Read a plan or a state of Terraform; None for a scenario that is written as JSON."""
    from costplan.terraform.document import plan_document

    data = plan_bytes(str(path))
    if is_plan(data) or str(path).endswith(PLAN_ENDINGS[1]):
        return plan_document(data, str(path), usage)
    return None


def _meant_scenario(reference: str, shipped: Iterable[str]) -> str | None:
    """Return the hint that names the file `NAME.yaml` of the working folder, else the nearest of all."""
    files = list[str]()
    with suppress(OSError):
        files = [name for name in islice(os.listdir(), _MOST_LOOKED_AT) if is_path(name)]  # noqa: PTH208
    found = next((name for name in sorted(files) if Path(name).stem == reference), None)
    found = found or nearest(reference, [*shipped, *files])
    if found is None:
        return None
    return Reason("did you mean `{name}`?", name=visible(f"./{found}" if found in files else found))


def _shipped_document(name: str, path: Path) -> Document:
    shown = f"scenarios/{path.name}"
    return Document(read_tree(path, shown_as=shown), path, shown)


def extended_document(child: Document, reference: Scalar, root: Path) -> Document:
    """Read the document that another one extends.

    Args:
        child: The document with `extends`.
        reference: The scalar that names the other: a shipped scenario, or a path relative to the child.
        root: Folder that paths must not leave, links followed.

    Raises:
        InputError: There is no such scenario, or its path leaves the root.
    """
    text, mark = reference.value or "", reference.mark
    if not is_path(text):
        shipped = shipped_scenarios()
        if text not in shipped:
            hint = did_you_mean(text, shipped) or Reason(
                "shipped: {shipped}; or a path such as ./base.yaml", listed(shipped)
            )
            raise InputError(
                Fault(Reason("there is no scenario `{name}`", name=visible(text[:80])), mark, "extends", hint)
            )
        return _shipped_document(text, shipped[text])
    is_folder = False if text.endswith(ENDINGS) else None
    path = safe_path(text, (child.path or root / "-").parent, root, mark, is_folder=is_folder)
    try:
        shown = shown_path(path)
        if path.is_dir():
            return Document(_folder(path, shown, None), path, shown)
        plan = _plan(path, None) if text.endswith(PLAN_ENDINGS) else None
        return Document(plan or read_tree(path, shown_as=shown), path, shown)
    except InputError as error:
        if all(fault.mark for fault in error.faults):
            raise
        raise InputError(Fault(one.message, mark, "extends", one.hint) for one in error.faults) from None


def safe_path(
    text: str,
    folder: Path,
    root: Path,
    mark: SourceLocation,
    *,
    at: str = "extends",
    is_folder: bool | None = False,
) -> Path:
    """Resolve a path from a file so that it cannot leave the root.

    Args:
        at: Path of the key that names it, for the fault.
        is_folder: Whether a folder is wanted instead of a file; None where either will do.

    Raises:
        InputError: It is absolute, leaves the root (also through a link), or is not what is wanted.
    """
    refused = Path(text).is_absolute() or text.startswith("\\") or ":" in text[:3] or "\0" in text
    try:
        path = folder if refused else (folder / text).resolve()
    except (OSError, RuntimeError):  # RuntimeError: links in a circle, up to Python 3.12
        raise InputError(
            Fault(Reason("cannot read `{path}`: links in a circle", visible(text[:120])), mark, at)
        ) from None
    if refused or not path.is_relative_to(root.resolve()):
        why = Reason("must be a path inside the project")
        raise InputError(
            Fault(
                Reason("{why}, got `{text}`", why, visible(text[:120])),
                mark,
                at,
                Reason(
                    "the project is `{root}`; {marks} in a folder above makes that the project",
                    shown_path(root),
                    " or ".join(PROJECT_MARKS),
                ),
            )
        )
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise InputError(
            Fault(Reason("cannot read `{path}`: {why}", visible(text[:120]), reason_of(error)), mark, at)
        ) from None
    if is_folder and not stat.S_ISDIR(mode):
        raise InputError(Fault(Reason("`{path}` is not a folder", visible(text[:120])), mark, at))
    if not is_folder and not (stat.S_ISREG(mode) or (is_folder is None and stat.S_ISDIR(mode))):
        raise InputError(Fault(Reason("`{path}` is not a regular file", visible(text[:120])), mark, at))
    return path


def project_root(path: Path | None) -> Path:
    """Return the folder that paths in a scenario may not leave.

    The working folder, or the file's own outside of it; where a folder above is marked as a project, that
    one: what a scenario may name then does not depend on the folder that costplan runs in.
    """
    here = Path.cwd().resolve()
    folder = here if path is None else path.resolve().parent
    root = here if folder.is_relative_to(here) else folder
    marked = next((above for above in (folder, *folder.parents) if _is_project(above)), root)
    return marked if root.is_relative_to(marked) else root


def _is_project(folder: Path) -> bool:
    """Say whether a folder is marked as a project; a home folder is none, whatever lies in it."""
    with suppress(OSError, RuntimeError):  # it may not be looked into, or there is no home
        return any((folder / mark).exists() for mark in PROJECT_MARKS) and folder != Path.home().resolve()
    return False


def shown_path(path: Path) -> str:
    """Write a path as the reader types it: from the working folder, where it lies below it."""
    try:
        return str(path.resolve().relative_to(Path.cwd().resolve())) or "."
    except ValueError:
        return str(path)
