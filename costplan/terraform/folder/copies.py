"""A copy of the modules for the evaluator, with questions in it that it answers with the rest.

An evaluator gives nothing both for `null` and for what it could not work out, leaves resources out whose
number it does not know, and loses `dynamic` blocks. So each copy asks: is it null, how many are there, what
does a `dynamic` block build, as a list that is worked out like any other value. What `for_each` goes through
is handed on as text, because it is not gone through where a value in it is null. Modules lie side by side.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from costplan.terraform.folder.blocks import Attribute, Block
from costplan.terraform.folder.expressions import as_choice, bare
from costplan.terraform.folder.modules import ENDING, Module, files_of_values
from costplan.terraform.folder.origins import KEYS, Origins, Scope
from costplan.terraform.folder.tokens import Tokens

IS_NULL = "costplan_is_null_"
"""Begins the name of the attribute that asks whether another one is null."""
CHOSEN = "costplan_chosen_"
"""Begins the name of the attribute with the answer to a condition; its offset follows."""
BUILT = "costplan_built_"
"""Begins the name of the list of what a `dynamic` block builds; its offset follows."""
REPEATED = "costplan_repeated_"
"""Begins the name of the local value with the keys, or the number, of what is repeated."""
MOST_INSTANCES = 1_000
"""Most instances of one block: the evaluator takes four times as long for twice as many."""
META = frozenset(("count", "for_each", "provider", "depends_on", "lifecycle"))
"""Attributes and blocks that Terraform itself reads."""
META_OF_MODULE = META | {"providers", "source", "version"}
"""Those of a module; a resource may have a `version` of its own."""
META_BLOCKS = frozenset(("lifecycle", "provisioner", "connection", "timeouts"))
Edit = tuple[int, int, str]


def repeats_of(block: Block) -> Attribute | None:
    """Return `count` or `for_each` of a block."""
    return block.attributes.get("for_each") or block.attributes.get("count")


def repeated_name(block: Block, module: Module) -> str:
    """Return the local value with how often a block is repeated."""
    number = next(n for n, file in enumerate(module.files) if file.source is block.source)
    return f"{REPEATED}{number}_{block.start}"


def built_name(block: Block) -> str:
    """Return the list of what a `dynamic` block builds."""
    return f"{BUILT}{block.start}"


def write_copies(modules: Sequence[Module], folder: Path, origins: Origins) -> Path:
    """Write the copies, and return the folder of the root module's."""
    by_number: dict[int, list[Module]] = {}
    for module in modules:
        by_number.setdefault(module.number, []).append(module)
    for alike in by_number.values():
        _write(alike[0], folder, _Known(alike, origins))
    return folder / _folder_name(modules[0])


class _Known:
    """Says which `for_each` can be worked out wherever its module is called."""

    def __init__(self, modules: Sequence[Module], origins: Origins) -> None:
        self.modules = modules
        self.origins = origins

    def is_through_text(self, block: Block) -> bool:
        """Say whether what a block goes through is all known, and so can be handed on as text."""
        through = block.attributes.get("for_each")
        return through is not None and self._is_known(through, ())

    def is_number_known(self, block: Block) -> bool:
        """Say whether it is known how often a block is repeated."""
        repeats = repeats_of(block)
        return repeats is None or self._is_known(repeats, (KEYS,) if repeats.name == "for_each" else ())

    def _is_known(self, attribute: Attribute, path: tuple[str, ...]) -> bool:
        expression = attribute.expression
        return not any(self.origins.of(Scope(module), expression, path) for module in self.modules)


def _folder_name(module: Module) -> str:
    return f"m{module.number}"


def _write(module: Module, folder: Path, known: _Known) -> None:
    target = folder / _folder_name(module)
    target.mkdir()
    asked = []
    for number, file in enumerate(module.files):
        edits = sorted(_edits(module, file, known), key=lambda edit: edit[0])
        (target / f"{number}{ENDING}").write_text(_edited(file.source.text, edits), encoding="utf-8")
        asked += [
            _repeated(one, module, known) for one in file.blocks if _may_repeat(one) and repeats_of(one)
        ]
    if asked:
        lines = "\n".join(asked)
        (target / "costplan_asked.tf").write_text(f"locals {{\n{lines}\n}}\n", encoding="utf-8")
    for name in os.listdir(module.folder):  # noqa: PTH208
        _link(module, name, target, is_value=module.parent is None and name in files_of_values(module.folder))


def _link(module: Module, name: str, target: Path, *, is_value: bool) -> None:
    """Let files that the module may read lie beside it; none that leaves its folder."""
    path = module.folder / name
    if name.endswith((ENDING, ".tf.json", ".tfvars", ".tfvars.json")) and not is_value:
        return
    if name.startswith("."):
        return
    with suppress(OSError):
        if path.resolve().is_relative_to(module.folder.resolve()):
            (target / name).symlink_to(path.resolve())


def _may_repeat(block: Block) -> bool:
    return block.type in ("resource", "module")


def _repeated(block: Block, module: Module, known: _Known) -> str:
    attribute = repeats_of(block)
    assert attribute is not None
    name = repeated_name(block, module)
    if attribute.name == "count":
        return f"{name} = {attribute.text}"
    if known.is_through_text(block):
        each = f"for costplan_k, costplan_v in {attribute.text}"
        return f"{name} = {{ {each} : costplan_k => jsonencode(costplan_v) }}"
    return f"{name} = [for costplan_k, costplan_v in {attribute.text} : costplan_k]"


def _edits(module: Module, file: Block, known: _Known) -> Iterator[Edit]:
    for block in file.blocks:
        if block.type not in ("resource", "module"):
            continue
        is_text = known.is_through_text(block)
        repeats = repeats_of(block)
        if repeats is not None:
            yield repeats.expression[0].start, repeats.stop, _repeated_as(block, module, known)
        if block.type == "resource":
            yield from _Copy(is_text).resource(block)
        elif block.labels and block.labels[0] in module.calls:
            yield from _call(block, module.calls[block.labels[0]], _Copy(is_text))


def _repeated_as(block: Block, module: Module, known: _Known) -> str:
    """Return how often a block is repeated: never, where that is not known and the block is refused."""
    attribute = repeats_of(block)
    assert attribute is not None
    if not known.is_number_known(block):
        return "0" if attribute.name == "count" else "{}"
    name = f"local.{repeated_name(block, module)}"
    if attribute.name == "count":
        return f"{name} > {MOST_INSTANCES} ? 0 : {name}"  # too many are refused
    return name if known.is_through_text(block) else attribute.text


def _call(block: Block, child: Module, copy: _Copy) -> Iterator[Edit]:
    source = block.attributes["source"]
    yield source.expression[0].start, source.stop, f'"../{_folder_name(child)}"'
    version = block.attributes.get("version")
    if version is not None:
        yield version.start, version.stop, ""
    for one in own_attributes(block):
        default = _never_null(child, one.name)
        if default is None:
            yield from copy.values(one)
        else:
            text = copy.text(one)
            yield one.expression[0].start, one.stop, f"({text}) == null ? {default.text} : ({text})"


def _never_null(module: Module, name: str) -> Attribute | None:
    """Return the default of a variable that stands for null, too; the evaluator hands null on."""
    block = module.variables.get(name)
    nullable = block.attributes.get("nullable") if block is not None else None
    if block is None or nullable is None or nullable.text != "false":
        return None
    return block.attributes.get("default")


def _edited(text: str, edits: Sequence[Edit]) -> str:
    found, at = [], 0
    for start, stop, new in edits:
        found += [text[at:start], new]
        at = stop
    return "".join([*found, text[at:]])


def own_attributes(block: Block) -> Iterator[Attribute]:
    """Give the attributes of a block that Terraform does not read itself."""
    meta = META_OF_MODULE if block.type == "module" else META
    yield from (one for name, one in block.attributes.items() if name not in meta)


def iterator_of(block: Block) -> str:
    """Return by which name a `dynamic` block goes through something."""
    named = block.attributes.get("iterator")
    return named.text if named is not None else block.labels[0]


class _Copy:
    """What becomes of one resource, or of a call of a module."""

    def __init__(self, is_through_text: bool) -> None:
        self.is_through_text = is_through_text

    def resource(self, block: Block) -> Iterator[Edit]:
        """Ask about each attribute of a block, and turn its `dynamic` blocks into lists."""
        for attribute in own_attributes(block):
            yield from self.values(attribute)
            for asked in self._asked(attribute):
                yield attribute.stop, attribute.stop, f"\n{asked}"
        for inner in block.blocks:
            if inner.dynamic is not None:
                yield inner.start, inner.stop, f"{built_name(inner)} = {self._built(inner)}"
            elif inner.type not in META_BLOCKS:
                yield from self.resource(inner)
        if block.is_on_one_line and block.attributes:
            yield block.body_start, block.body_start, "\n"
            yield block.stop - 1, block.stop - 1, "\n"

    def values(self, attribute: Attribute) -> Iterator[Edit]:
        """Read `each.value` out of its text."""
        if self.is_through_text:
            yield from (
                (start, stop, "jsondecode(each.value)") for start, stop in _each_values(attribute.expression)
            )

    def text(self, attribute: Attribute) -> str:
        """Return the expression of an attribute as the copy has it."""
        start = attribute.expression[0].start
        edits = [(a - start, b - start, new) for a, b, new in self.values(attribute)]
        return _edited(attribute.text, edits)

    def _asked(self, attribute: Attribute) -> Iterator[str]:
        """Give what is asked about an attribute: whether it is null, and what its conditions say."""
        if not _may_be_null(attribute):
            return
        yield f"{IS_NULL}{attribute.name} = ({self.text(attribute)}) == null"
        for condition in conditions_of(attribute):
            yield f"{chosen_name(condition)} = ({self.text(condition)})"

    def _built(self, block: Block) -> str:
        """Return what a `dynamic` block builds, as a list of objects."""
        through = block.attributes.get("for_each")
        each = self.text(through) if through is not None else "null"
        rows = f"[for costplan_k, costplan_v in {each} : {{ key = costplan_k, value = costplan_v }}]"
        return f"[for {iterator_of(block)} in {rows} : {self._object(block.content())}]"

    def _object(self, block: Block) -> str:
        rows = []
        for attribute in own_attributes(block):
            rows.append(f"{attribute.name} = {self.text(attribute)}")
            rows += self._asked(attribute)
        static: dict[str, list[str]] = {}
        for inner in block.blocks:
            if inner.dynamic is not None:
                rows.append(f"{built_name(inner)} = {self._built(inner)}")
            elif inner.type not in META_BLOCKS:
                static.setdefault(inner.type, []).append(self._object(inner))
        rows += [f"{label} = [{', '.join(objects)}]" for label, objects in static.items()]
        return "{\n" + "\n".join(rows) + "\n}"


def conditions_of(attribute: Attribute) -> Iterator[Attribute]:
    """Give the conditions that choose what an attribute is: `a ? b : c`, and those within `b` and `c`."""
    choice = as_choice(bare(attribute.expression))
    if choice is not None and all(choice):
        yield replace(attribute, expression=bare(choice[0]))
        for branch in choice[1:]:
            yield from conditions_of(replace(attribute, expression=branch))


def chosen_name(condition: Attribute) -> str:
    """Return the attribute with the answer to a condition."""
    return f"{CHOSEN}{condition.expression[0].start}"


def _each_values(expression: Tokens) -> Iterator[tuple[int, int]]:
    """Give where `each.value` stands."""
    for at, token in enumerate(expression):
        for part in token.parts:
            yield from _each_values(part)
        three = expression[at : at + 3]
        if [one.text for one in three] == ["each", ".", "value"] and not _is_step(expression, at):
            yield token.start, three[2].stop


def _is_step(expression: Tokens, at: int) -> bool:
    return at > 0 and expression[at - 1].is_mark(".")


def _may_be_null(attribute: Attribute) -> bool:
    """Say whether an attribute is anything but a plain value, and can stand in parentheses."""
    return not _is_plain(attribute.expression) and not _holds_heredoc(attribute.expression)


def _is_plain(expression: Tokens) -> bool:
    inner = bare(expression)
    return len(inner) == 1 and (inner[0].kind != "name" or inner[0].text in ("true", "false", "null"))


def _holds_heredoc(expression: Tokens) -> bool:
    return any(token.kind == "text" and "\n" in token.text for token in expression)
