"""The modules of a folder: its own .tf files, and those of the local modules that it calls."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from costplan.messages.errors import Fault, InputError, SourceLocation
from costplan.messages.reason import Reason
from costplan.messages.text import visible
from costplan.source.guard import Source, decode, read_file
from costplan.terraform.folder.blocks import Attribute, Block, blocks_of
from costplan.terraform.folder.tokens import UnreadableError

ENDING = ".tf"
MOST_FILES = 2000
"""Most .tf files of a folder with all its modules."""
MOST_BYTES = 4 * 2**20
"""Of one file."""
MOST_NESTED = 20
"""Deepest nesting of modules."""
PLAN_INSTEAD = Reason("let Terraform read it: `terraform plan -out F`, `terraform show -json F > plan.json`")
Key = tuple[str, str, str]
"""`resource` or `data`, type and name."""


@dataclass
class Module:
    """One module as it is written; its instances share it."""

    path: tuple[str, ...]
    folder: Path
    files: list[Block]
    parent: Module | None = None
    call: Block | None = None
    given: dict[str, Attribute | None] = field(default_factory=dict)
    """Variables that a file of values states; None where their text is not at hand."""
    calls: dict[str, Module] = field(default_factory=dict)
    number: int = 0
    """Of its folder: modules of one folder share it."""

    def blocks(self, kind: str) -> Iterator[Block]:
        """Give the blocks of a kind."""
        for file in self.files:
            yield from (one for one in file.blocks if one.type == kind)

    @cached_property
    def resources(self) -> dict[Key, Block]:
        """What it manages and looks up."""
        return {
            (kind, *one.labels): one
            for kind in ("resource", "data")
            for one in self.blocks(kind)
            if len(one.labels) == 2
        }

    @cached_property
    def variables(self) -> dict[str, Block]:
        """Its variables."""
        return {one.labels[0]: one for one in self.blocks("variable") if one.labels}

    @cached_property
    def outputs(self) -> dict[str, Block]:
        """What it hands out."""
        return {one.labels[0]: one for one in self.blocks("output") if one.labels}

    @cached_property
    def locals(self) -> dict[str, Attribute]:
        """Its local values."""
        return {name: one for block in self.blocks("locals") for name, one in block.attributes.items()}


def place_of(part: Block | Attribute) -> SourceLocation:
    """Return where something is written."""
    return part.source.mark_at(part.start)


def opened(folder: Path, shown: str) -> list[Module]:
    """Read a folder and the modules that it calls, the root first.

    Args:
        folder: The folder.
        shown: As messages call it.

    Raises:
        InputError: It holds no .tf file, or something that is not read.
    """
    return _Opener(folder, shown).modules()


class _Opener:
    def __init__(self, folder: Path, shown: str) -> None:
        self.folder = folder
        self.shown = shown.rstrip("/") or "/"
        self.root = folder.resolve()
        self.read_files: dict[Path, list[Block]] = {}
        self.count = 0
        self.found: list[Module] = []
        self.faults: list[Fault] = []

    def modules(self) -> list[Module]:
        root = Module((), self.root, self._files(self.root))
        root.given = self._values()
        self._add(root)
        if self.faults:
            raise InputError(self.faults)
        return self.found

    def _add(self, module: Module) -> None:
        folders = list(dict.fromkeys([*(one.folder for one in self.found), module.folder]))
        module.number = folders.index(module.folder)
        self.found.append(module)
        if len(self.found) > MOST_FILES:
            raise InputError(Reason("{file}: calls more than {most} modules", self.shown, MOST_FILES))
        for call in module.blocks("module"):
            if call.labels and "source" in call.attributes:
                self._call(module, call)

    def _call(self, module: Module, call: Block) -> None:
        name, source = call.labels[0], call.attributes["source"]
        text = source.expression[0].text
        folder = self._local(module, name, text)
        if folder is None:
            message = Reason(
                "module `{name}` comes from elsewhere ({source}) and is not in the folder",
                visible(name), visible(text[:80]),
            )  # fmt: skip
            hint = Reason("`terraform init` brings it into the folder")
            self.faults.append(Fault(message, place_of(source), hint=hint))
            return
        if len(module.path) >= MOST_NESTED:
            message = Reason("modules are nested deeper than {most}", MOST_NESTED)
            raise InputError(Fault(message, place_of(call)))
        child = Module((*module.path, name), folder, self._files(folder, source), module, call)
        module.calls[name] = child
        self._add(child)

    def _local(self, module: Module, name: str, text: str) -> Path | None:
        if text.startswith(("./", "../")):
            return Path(os.path.normpath(module.folder / text))
        folder = self._brought.get(".".join((*module.path, name)))
        return None if folder is None else Path(os.path.normpath(self.root / folder))

    @cached_property
    def _brought(self) -> dict[str, str]:
        """What `terraform init` has brought here: path of a module -> its folder."""
        path = self.root / ".terraform" / "modules" / "modules.json"
        try:
            rows = json.loads(read_file(path, "modules.json", MOST_BYTES))["Modules"]
            return {str(row["Key"]): str(row["Dir"]) for row in rows}
        except (InputError, ValueError, KeyError, TypeError, RecursionError):
            return {}

    def _files(self, folder: Path, called: Attribute | None = None) -> list[Block]:
        if folder in self.read_files:
            return self.read_files[folder]
        shown = self._shown(folder)
        try:
            names = sorted(os.listdir(folder))  # noqa: PTH208
        except OSError:
            message = Reason("there is no folder `{path}`", visible(shown))
            raise InputError(Fault(message, place_of(called) if called else None)) from None
        self._refuse_others(folder, names, shown)
        found = [self._file(folder, name, shown) for name in names if _is_read(name)]
        if not found:
            message = Reason("`{path}` holds no .tf file", visible(shown))
            hint = Reason("name the folder with the root module, or a plan: `terraform show -json F`")
            raise InputError(Fault(message, place_of(called) if called else None, hint=hint))
        self.read_files[folder] = found
        return found

    def _shown(self, folder: Path) -> str:
        inside = os.path.relpath(folder, self.root)
        return self.shown if inside == "." else os.path.normpath(f"{self.shown}/{inside}")

    def _refuse_others(self, folder: Path, names: list[str], shown: str) -> None:
        for name in names:
            file = f"{shown}/{name}"
            if name.endswith(".tf.json") and not name.startswith("."):
                self._refuse(Reason("{file}: the JSON form is not read", visible(file)))
            elif name == "override.tf" or name.endswith("_override.tf"):
                self._refuse(Reason("{file}: files that override others are not read", visible(file)))

    def _refuse(self, message: Reason) -> None:
        self.faults.append(Fault(message, hint=PLAN_INSTEAD))

    def _file(self, folder: Path, name: str, shown: str) -> Block:
        self.count += 1
        if self.count > MOST_FILES:
            raise InputError(Reason("{file}: holds more than {most} .tf files", self.shown, MOST_FILES))
        path, file = folder / name, f"{shown}/{name}"
        if path.is_symlink() and not path.resolve().is_relative_to(self.root):
            raise InputError(Reason("{file}: is a link that leaves the folder", visible(file)))
        source = _source(path, file)
        try:
            return blocks_of(source)
        except UnreadableError as error:
            raise NotUnderstoodError(source, error.offset) from None

    def _values(self) -> dict[str, Attribute | None]:
        """Return what the files of values state, as Terraform reads them by itself."""
        found: dict[str, Attribute | None] = {}
        for name in files_of_values(self.root):
            source = _source(self.root / name, f"{self.shown}/{name}")
            if name.endswith(".json"):
                found |= dict.fromkeys(_keys(source))
                continue
            try:
                found |= blocks_of(source).attributes
            except UnreadableError as error:
                raise NotUnderstoodError(source, error.offset) from None
        return found


class NotUnderstoodError(Exception):
    """A file is not understood at a place: the evaluator says why, if it does not understand it either."""

    def __init__(self, source: Source, offset: int) -> None:
        super().__init__(offset)
        self.mark = source.mark_at(offset)


def _source(path: Path, file: str) -> Source:
    return decode(read_file(path, file, MOST_BYTES), file, is_yaml=False)


def _keys(source: Source) -> list[str]:
    try:
        found = json.loads(source.text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise InputError(Reason("{file}: is not a JSON object", visible(source.file)))
    return list(map(str, found))


def _is_read(name: str) -> bool:
    return name.endswith(ENDING) and not name.startswith((".", "#")) and not name.endswith("~")


def workspace_of(folder: Path) -> str:
    """Return the workspace that `terraform workspace select` has chosen for a folder."""
    try:
        data = read_file(folder / ".terraform" / "environment", "environment", 1000)
        name = data.decode().strip()
    except (InputError, UnicodeDecodeError):
        name = ""
    return name if name.isprintable() and name else "default"


def files_of_values(folder: Path) -> list[str]:
    """Return the files that state variables, in the order of Terraform: what comes later holds."""
    names = sorted(os.listdir(folder))  # noqa: PTH208
    first = [name for name in ("terraform.tfvars", "terraform.tfvars.json") if name in names]
    return first + [name for name in names if name.endswith((".auto.tfvars", ".auto.tfvars.json"))]
