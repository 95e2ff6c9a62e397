"""Load the designs of an account, each from its own file and at its own workload."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from costplan.catalog.store import Catalog
from costplan.messages.errors import FAULTS_SHOWN, Fault, InputError, SourceLocation
from costplan.messages.reason import Reason
from costplan.messages.text import visible
from costplan.scenario.account.model import DESIGNS, Account, Design
from costplan.scenario.document.files import is_path, safe_path, shown_path
from costplan.scenario.document.overrides import Override, split_path
from costplan.scenario.document.usage_file import open_with_usage
from costplan.scenario.document.variants import split_reference
from costplan.scenario.load import apply_changes, is_account
from costplan.scenario.loaded import LoadedScenario
from costplan.source.reader import Mapping, locate


def load_designs(
    account: Account, document: Mapping, open_catalog: Callable[[str], Catalog], root: Path
) -> dict[str, LoadedScenario]:
    """Load every design of an account.

    Raises:
        InputError: With the faults of all of them.
    """
    found: dict[str, LoadedScenario] = {}
    faults: list[Fault] = []
    for name, design in account.designs.items():
        mark, path = locate(document, [DESIGNS, name])
        try:
            found[name] = _load(name, design, document, open_catalog, root)
        except InputError as error:
            faults += [_placed(fault, mark, path) for fault in error.faults]
        if len(faults) > FAULTS_SHOWN:
            break
    if faults:
        raise InputError(faults)
    return found


def folder_of(mark: SourceLocation) -> Path:
    """Return the folder that paths at a place are relative to: its file's, else the working folder."""
    return Path(mark.file).parent if Path(mark.file).is_file() else Path()


def _placed(fault: Fault, mark: SourceLocation, path: str) -> Fault:
    """Name the design where no file says which: a fault of a file names itself."""
    if fault.mark is not None and fault.mark.line and not fault.mark.file.startswith("--"):
        return fault
    return replace(fault, mark=mark, path=path)


def _load(
    name: str, design: Design, document: Mapping, open_catalog: Callable[[str], Catalog], root: Path
) -> LoadedScenario:
    reference, variants = _reference(name, design, document, root)
    workload = None
    if design.workload is not None:
        workload = Path(_file(design.workload, document, [DESIGNS, name, "workload"], root))
    _, whole = open_with_usage(reference, workload, design.requests)
    if is_account(whole):
        mark, path = locate(document, [DESIGNS, name])
        raise InputError(
            Fault("is an account itself; a design is a scenario, or a plan of Terraform", mark, path,
                  "name the designs of that account here")
        )  # fmt: skip
    changes = _changes(name, design, document)
    return apply_changes(whole, open_catalog, variants, requests=design.requests, overrides=changes)


def _reference(name: str, design: Design, document: Mapping, root: Path) -> tuple[str, tuple[str, ...]]:
    written, variants = split_reference(design.scenario)
    if written == "-":
        mark, path = locate(document, [DESIGNS, name])
        raise InputError(Fault("must name a file or a shipped scenario, not standard input", mark, path))
    return _file(written, document, [DESIGNS, name], root), variants


def _file(text: str, document: Mapping, at: list[str], root: Path) -> str:
    """Return the path of a file that the account names; the name of a shipped scenario as it is."""
    if not is_path(text):
        return text
    mark, path = locate(document, at)
    folder = folder_of(mark)
    is_folder = _is_folder(folder / text)
    return shown_path(safe_path(text, folder, root, mark, at=path, is_folder=is_folder))


def _is_folder(path: Path) -> bool:
    """Say whether a design is a folder of .tf files."""
    with suppress(OSError, ValueError):  # a name that is none
        return path.is_dir()
    return False


def _changes(name: str, design: Design, document: Mapping) -> list[Override]:
    """Return what the account sets in a design.

    Raises:
        InputError: Something is no path.
    """
    at = [DESIGNS, name, "set"]
    node = document
    found = []
    for step in at:
        below = node.entries.get(step)
        if not isinstance(below, Mapping):
            return []
        node = below
    for text, value in node.entries.items():
        mark, path = locate(document, [*at, text], at_key=True)
        try:
            found.append(Override(split_path(text), value, ".".join(at)))
        except ValueError as error:
            raise InputError(Fault(Reason("`{path}` {why}", visible(text[:80]), error), mark, path)) from None
    return found
