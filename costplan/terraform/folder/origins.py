"""What an expression hangs on that nobody knows before Terraform runs; nothing where it can be worked out.

`size = local.disks[each.key].size` is followed through locals, variables, calls of modules and outputs to
what is written there, and only along the keys that are asked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal

from costplan.terraform.folder.blocks import Block
from costplan.terraform.folder.expressions import (
    ANY,
    Loop,
    Reference,
    as_call,
    as_choice,
    as_list,
    as_loop,
    as_object,
    as_reference,
    as_template,
    bare,
    functions_in,
    is_arithmetic,
    references_in,
)
from costplan.terraform.folder.functions import unlike
from costplan.terraform.folder.modules import Module
from costplan.terraform.folder.schema import is_filled_in
from costplan.terraform.folder.tokens import Tokens
from costplan.terraform.planned import PROVIDER
from costplan.terraform.reading import IMAGE

KEYS = "#keys"
"""The last step of a path that asks for the keys of something, not for what it holds."""
_DEEPEST = 60
_SAME_KEYS = ("merge", "tomap", "nonsensitive")
_SUMS = frozenset(
    ("tonumber", "tostring", "tobool", "max", "min", "floor", "ceil", "abs", "format", "join", "parseint",
     "lower", "upper", "trimspace")
)  # fmt: skip
"""Functions whose answer is unknown as soon as one of their arguments is."""
_AT_APPLY = frozenset(("timestamp", "uuid", "bcrypt", "plantimestamp"))
_KNOWN_ROOTS = frozenset(("count", "path", "terraform", "self"))

Kind = Literal["variable", "data", "default", "untold", "apply", "image", "sensitive"]


@dataclass(frozen=True, slots=True)
class Origin:
    """Something that is not known."""

    kind: Kind
    """`variable`: has no value. `data`: is looked up when Terraform runs. `default`: is filled in by the
    provider. `apply`: known after apply. `image`: one that nobody looks up. `sensitive`: not shown."""
    name: str
    is_exact: bool = True
    """Whether what hangs on it is sure to be unknown too: a sum, and no choice."""


@dataclass(frozen=True)
class Scope:
    """Where an expression stands."""

    module: Module
    block: Block | None = None
    """The resource or call whose `each` is meant."""
    iterators: dict[str, tuple[Tokens, Scope]] = field(default_factory=dict, hash=False, compare=False)
    """Names that `dynamic` blocks go through something by."""
    names: dict[str, tuple[Tokens, Scope, bool]] = field(default_factory=dict, hash=False, compare=False)
    """Names of loops: what each goes through, where that stands, and whether it is the key."""

    @property
    def key(self) -> tuple[object, ...]:
        """Tell it apart."""
        named = [(name, through[0].start) for name, (through, _) in self.iterators.items()]
        looped = [(name, through[0].start) for name, (through, _, _) in self.names.items() if through]
        return id(self.module), id(self.block), *named, *looped


Path = tuple[str, ...]
Found = frozenset[Origin]
NOTHING: Found = frozenset()


class Origins:
    """Follows expressions; each part of one is followed once."""

    def __init__(self) -> None:
        self._known: dict[object, Found] = {}
        self._depth = 0

    def of(self, scope: Scope, expression: Tokens, path: Path = ()) -> Found:
        """Return what an expression, or what it holds at a path, hangs on."""
        expression = bare(expression)
        if not expression:
            return NOTHING
        key = (scope.key, expression[0].start, expression[-1].stop, path)
        if key not in self._known:
            if self._depth > _DEEPEST:
                return frozenset((Origin("untold", "..."),))
            self._known[key] = NOTHING  # what goes in a circle adds nothing
            self._depth += 1
            try:
                self._known[key] = self._followed(scope, expression, path)
            finally:
                self._depth -= 1
        return self._known[key]

    def _followed(self, scope: Scope, expression: Tokens, path: Path) -> Found:
        if inner := as_template(expression):
            return self.of(scope, inner, path)
        if reference := as_reference(expression):
            return self._keys(scope, reference) | self._referred(scope, reference, path)
        if (entries := as_object(expression)) is not None:
            return self._object(scope, entries, path)
        if (rows := as_list(expression)) is not None:
            return self._list(scope, rows, path)
        if loop := as_loop(expression):
            return self._loop(scope, loop, path)
        if choice := as_choice(expression):
            return _inexact(self._all(scope, choice[:1])) | _inexact(self._all(scope, choice[1:], path))
        if call := as_call(expression):
            return self._call(scope, expression, *call, path)
        return self._any(scope, expression)

    def _all(self, scope: Scope, expressions: Iterable[Tokens], path: Path = ()) -> Found:
        return frozenset(origin for one in expressions for origin in self.of(scope, one, path))

    def _any(self, scope: Scope, expression: Tokens) -> Found:
        """Return what anything in an expression hangs on."""
        found = {origin for one in references_in(expression) for origin in self._referred(scope, one, ())}
        functions = set(functions_in(expression))
        found |= {Origin("apply", name) for name in functions & _AT_APPLY}
        others = set(unlike(scope.module, expression)) - _AT_APPLY
        found |= {Origin("untold", name) for name in others}
        if "sensitive" in functions:
            found.add(Origin("sensitive", "sensitive"))
        is_sum = functions <= _SUMS | _AT_APPLY and is_arithmetic(expression)
        return frozenset(found) if is_sum else _inexact(frozenset(found))

    def _object(self, scope: Scope, entries: list[tuple[Tokens, Tokens]], path: Path) -> Found:
        if path == (KEYS,):
            return self._all(scope, (key for key, _ in entries))
        if not path:
            return self._all(scope, (part for entry in entries for part in entry))
        named = {_name(key): value for key, value in entries}
        if path[0] in named:
            return self.of(scope, named[path[0]], path[1:])
        if path[0] == ANY or None in named:
            return self._all(scope, (value for _, value in entries), path[1:])
        return NOTHING

    def _loop(self, scope: Scope, loop: Loop, path: Path) -> Found:
        """Follow what a loop makes: which keys there are, or what stands behind them."""
        names = {
            name: (loop.through, scope, n == 0 < len(loop.names) - 1) for n, name in enumerate(loop.names)
        }
        inner = replace(scope, names=scope.names | names)
        keys = self._all(inner, (loop.key, loop.condition)) | self.of(scope, loop.through, (KEYS,))
        if path == (KEYS,):
            return _inexact(keys)
        return _inexact(keys) | self.of(inner, loop.value, path[1:])

    def _list(self, scope: Scope, rows: list[Tokens], path: Path) -> Found:
        if path == (KEYS,):
            return NOTHING
        if path and path[0].isdigit():
            rows = rows[int(path[0]) : int(path[0]) + 1] if len(path[0]) < 10 else []
        return self._all(scope, rows, path[1:])

    def _call(
        self, scope: Scope, expression: Tokens, name: str, arguments: list[Tokens], path: Path
    ) -> Found:
        if name in _SAME_KEYS:
            return self._all(scope, arguments, path)
        if name == "lookup" and len(arguments) > 1:
            step = _name(bare(arguments[1]))
            asked = self.of(scope, arguments[0], (step or ANY, *path)) | self._all(scope, arguments[2:], path)
            return _inexact(asked | self._all(scope, arguments[1:2]))
        if name == "toset" and path and path[0] == ANY:
            return self._all(scope, arguments)
        return self._any(scope, expression)

    def _keys(self, scope: Scope, reference: Reference) -> Found:
        return self._all(scope, reference.keys)

    def _referred(self, scope: Scope, reference: Reference, path: Path) -> Found:
        root, steps = reference.root, reference.steps
        module = scope.module
        if root == "path" and steps[:1] == ("cwd",):
            return frozenset((Origin("untold", "path.cwd"),))
        if root in _KNOWN_ROOTS:
            return NOTHING
        if root in scope.names:
            expression, outer, is_key = scope.names[root]
            return self.of(outer, expression, (KEYS,) if is_key else (ANY, *steps, *path))
        if root in scope.iterators:
            expression, outer = scope.iterators[root]
            return self._iterated(outer, expression, (*steps, *path))
        if not steps:
            return NOTHING  # `true`, or the name of a function
        if root == "each":
            return self._each(scope, (*steps, *path))
        if root == "var":
            return self._variable(module, steps[0], (*steps[1:], *path))
        if root == "local":
            one = module.locals.get(steps[0])
            return NOTHING if one is None else self.of(Scope(module), one.expression, (*steps[1:], *path))
        if root == "module":
            return self._output(module, steps, path)
        if root == "data":
            return self._data(module, steps)
        block = module.resources.get(("resource", root, steps[0]))
        return NOTHING if block is None else self._resource(module, block, (*steps[1:], *path))

    def _iterated(self, scope: Scope, expression: Tokens, path: Path) -> Found:
        if path and path[0] == "key":
            return self.of(scope, expression, (KEYS,))
        return self.of(scope, expression, (ANY, *path[1:]))

    def _each(self, scope: Scope, path: Path) -> Found:
        attribute = scope.block.attributes.get("for_each") if scope.block is not None else None
        if attribute is None:
            return NOTHING
        return self._iterated(replace(scope, block=None, iterators={}, names={}), attribute.expression, path)

    def _variable(self, module: Module, name: str, path: Path) -> Found:
        block = module.variables.get(name)
        if block is None:
            return frozenset((Origin("variable", name),))
        secret = block.attributes.get("sensitive")
        hidden = (
            frozenset((Origin("sensitive", f"var.{name}"),)) if secret and secret.text == "true" else NOTHING
        )
        if name in module.given:
            return hidden
        argument = module.call.attributes.get(name) if module.call is not None else None
        if argument is not None and module.parent is not None:
            return hidden | self.of(Scope(module.parent, module.call), argument.expression, path)
        default = block.attributes.get("default")
        if default is None:
            return frozenset((Origin("variable", name),))
        return hidden | self.of(Scope(module), default.expression, path)

    def _output(self, module: Module, steps: Path, path: Path) -> Found:
        child = module.calls.get(steps[0])
        if child is None:
            return frozenset((Origin("untold", f"module.{steps[0]}"),))
        rest = _behind_key(steps[1:], child.call)
        output = child.outputs.get(rest[0]) if rest else None
        if output is None or "value" not in output.attributes:
            whole = [one.attributes["value"] for one in child.outputs.values() if "value" in one.attributes]
            return _inexact(self._all(Scope(child), (one.expression for one in whole)))
        return self.of(Scope(child), output.attributes["value"].expression, (*rest[1:], *path))

    @staticmethod
    def _data(module: Module, steps: Path) -> Found:
        name = f"data.{'.'.join(steps[:2])}"
        if ("data", *steps[:2]) not in module.resources:
            return NOTHING
        return frozenset((Origin("image" if steps[0] == IMAGE else "data", name),))

    def _resource(self, module: Module, block: Block, path: Path) -> Found:
        address = ".".join(block.labels)
        repeats = block.attributes.get("for_each") or block.attributes.get("count")
        scope = Scope(module, block)
        if path == (KEYS,):
            steps = (KEYS,) if repeats is not None and repeats.name == "for_each" else ()
            return NOTHING if repeats is None else self.of(scope, repeats.expression, steps)
        inner, rest = [block], _behind_key(path, block)
        walked: list[str] = []
        while rest and inner:
            if rest[0].isdigit() or rest[0] == ANY:
                rest = rest[1:]
                continue
            walked.append(rest[0])
            stated = [one.attributes[rest[0]] for one in inner if rest[0] in one.attributes]
            if stated:
                return frozenset(
                    origin for one in stated for origin in self.of(scope, one.expression, rest[1:])
                )
            inner = [below for one in inner for below in one.blocks if below.type == rest[0]]
            rest = rest[1:]
        name = ".".join((address, *walked))
        if walked and address.startswith(PROVIDER) and is_filled_in(block.labels[0], ".".join(walked)):
            return frozenset((Origin("default", name),))
        return frozenset((Origin("apply", name),))


def _inexact(found: Found) -> Found:
    return frozenset(replace(one, is_exact=False) for one in found)


def _behind_key(steps: Path, block: Block | None) -> Path:
    """Return steps without the key of an instance."""
    is_many = block is not None and ("count" in block.attributes or "for_each" in block.attributes)
    return steps[1:] if is_many and steps else steps


def _name(key: Tokens) -> str | None:
    """Return what a key of an object says; None for one that is worked out."""
    key = bare(key)
    if len(key) == 1 and key[0].kind in ("name", "text", "number") and not key[0].parts:
        return key[0].text
    return None
