"""How the tree of a YAML input is built from libyaml's events, under limits."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import Any, NoReturn

import yaml
from yaml.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)

from costplan.messages.errors import Fault, InputError, did_you_mean
from costplan.messages.reason import Reason
from costplan.source.guard import FAULT_LIMIT, UNSAFE, Place, Source, describe
from costplan.source.syntax import syntax_fault
from costplan.source.tree import Mapping, Node, Scalar, Sequence, mark_of

_Parser: Any
try:
    from yaml._yaml import CParser as _Parser
except ImportError:  # PyYAML without libyaml: the same answers, ten times slower
    _Parser = yaml.SafeLoader

DEPTH_LIMIT = 64
"""Deepest nesting, aliases written out; code that walks the tree may recurse."""

ALIAS_LIMIT = 10_000
"""Most keys and values that all aliases of a file may stand for; also the most anchors."""

ALIAS_LETTER_LIMIT = 1_000_000
"""Most characters that all aliases of a file may stand for: 5 MiB repeated 9,000 times would fill a disk."""

NODE_LIMIT = 200_000
"""Most keys and values in a file, so that 5 MiB of `[],` ends in a second; 1,000 resources hold 30,000."""

_NULLS = frozenset(("", "~", "null", "Null", "NULL"))


class Composer:
    """Builds the tree from the parser's events and collects what is wrong on the way.

    Recursion is safe: a collection below `DEPTH_LIMIT` ends the reading.
    """

    def __init__(self, source: Source) -> None:
        self.faults: list[Fault] = []
        self.root_is_block = False
        """Whether the root is a list or mapping without brackets."""
        self._source = source
        self._next = _Parser(source.text).get_event
        self._anchors: dict[str, _Anchor | None] = {}
        """None while the node is still open."""
        self._nodes = 0
        """Keys and values so far, aliases written out."""
        self._aliased = 0
        """Keys and values that the aliases so far stand for."""
        self._letters = 0
        """Characters of keys and values so far, aliases written out."""
        self._aliased_letters = 0
        """Characters that the aliases so far stand for."""
        self._deepest = 0
        """Deepest level so far, or since the innermost open anchor."""

    def compose(self) -> Node | None:
        """Return the only document's root, or None when there is none; faults are in `faults`.

        Raises:
            InputError: A fault after which reading cannot go on, with those before it.
        """
        try:
            self._next()  # stream start
            if self._next().__class__ is StreamEndEvent:
                return None
            root = self._next()
            self.root_is_block = getattr(root, "flow_style", None) is False
            node = self._value(root, 1)
            self._next()  # document end
            event = self._next()
        except yaml.YAMLError as error:
            self.faults.append(syntax_fault(error, self._source))
            raise self.error() from None
        if event.__class__ is not StreamEndEvent:
            self.end("a second document begins here", event, "keep one document in a file")
        return node

    def error(self) -> InputError:
        """Return the error that carries the faults so far, in file order."""
        places = [(fault.mark.line, fault.mark.column) if fault.mark else (0, 0) for fault in self.faults]
        order = sorted(range(len(places)), key=places.__getitem__)
        return InputError(self.faults[index] for index in order)

    def refuse(self, message: str, place: Place, hint: str | None = None) -> None:
        """Note a fault; reading goes on unless there are too many."""
        self.faults.append(Fault(message, mark_of(place), hint=hint))
        if len(self.faults) >= FAULT_LIMIT:
            self.faults.append(
                Fault(Reason("reading ends here, after {most} faults", FAULT_LIMIT), mark_of(place))
            )
            raise self.error()

    def end(self, message: str, event: Any, hint: str) -> NoReturn:
        self.faults.append(Fault(message, mark_of(self._start(event)), hint=hint))
        raise self.error()

    def _start(self, event: Any, length: int = 1) -> Place:
        mark = event.start_mark
        return self._source, mark.line, mark.column, length

    def _value(self, event: Any, depth: int) -> Node:
        kind = event.__class__
        if kind is AliasEvent:
            return self._alias(event, depth)
        if event.tag is not None:
            self._refuse_tag(event)
        if event.anchor is not None:
            return self._anchored(event, depth)
        if kind is ScalarEvent:
            return self._scalar(event)
        return self._mapping(event, depth) if kind is MappingStartEvent else self._sequence(event, depth)

    def _scalar(self, event: Any) -> Scalar:
        value = event.value
        style = event.style
        start = event.start_mark
        stop = event.end_mark
        line = start.line
        column = start.column
        place = (self._source, line, column, stop.column - column if stop.line == line else -1)
        self._letters += len(value)
        if not style:
            if value in _NULLS:
                value = None
        elif style == '"' and not value.isprintable():
            self._check_escapes(value, place)
        return Scalar(value, place)

    def _mapping(self, begin: Any, depth: int) -> Mapping:
        self._enter(begin, depth)
        entries: dict[str, Node] = {}
        places: dict[str, Place] = {}
        next_event = self._next
        while (event := next_event()).__class__ is not MappingEndEvent:
            self._nodes += 2
            if self._nodes > NODE_LIMIT:
                self._refuse_more(event)
            key = self._key(event, depth)
            if key and key[0] in entries:
                self._refuse_duplicate(key[0], places[key[0]], key[1])
                key = None
            value = self._value(next_event(), depth + 1)
            if key:
                entries[key[0]] = value
                places[key[0]] = key[1]
        return Mapping(entries, places, self._start(begin))

    def _sequence(self, begin: Any, depth: int) -> Sequence:
        self._enter(begin, depth)
        items: list[Node] = []
        next_event = self._next
        while (event := next_event()).__class__ is not SequenceEndEvent:
            self._nodes += 1
            if self._nodes > NODE_LIMIT:
                self._refuse_more(event)
            items.append(self._value(event, depth + 1))
        return Sequence(items, self._start(begin))

    def _enter(self, event: Any, depth: int) -> None:
        if depth > self._deepest:
            if depth > DEPTH_LIMIT:
                hint = "is a bracket never closed?"
                self.end(Reason("nested deeper than {most} levels", DEPTH_LIMIT), event, hint)
            self._deepest = depth

    def _refuse_more(self, event: Any) -> NoReturn:
        self.end(Reason("more than {most} keys and values", NODE_LIMIT), event, "split the file")

    def _key(self, event: Any, depth: int) -> tuple[str, Place] | None:
        """Return a key and its place, or None for one that is refused."""
        if event.__class__ is not ScalarEvent:
            if event.__class__ is AliasEvent:
                self.refuse("an alias is used as a key", self._start(event), "write the key out")
            else:
                self.refuse("a key is a list or a mapping", self._start(event), "write a text as the key")
                self._value(event, depth + 1)
            return None
        node = self._value(event, depth)
        text = node.value if isinstance(node, Scalar) else None
        if text is None:
            if event.value:
                self.refuse(
                    Reason("a key is `{value}`", event.value),
                    node.place,
                    Reason('put it in quotes: "{value}"', event.value),
                )
            else:
                self.refuse("a key is empty", node.place, "write the key before the `:`")
            return None
        if text == "<<" and not event.style:
            hint = "write the keys out; a scenario builds on another with `extends`"
            self.refuse("merge keys (`<<`) are not read", node.place, hint)
            return None
        return text, node.place

    def _refuse_duplicate(self, key: str, first: Place, place: Place) -> None:
        said = Reason("first at line {line}, column {column}", str(first[1] + 1), str(first[2] + 1))
        self.refuse(Reason("duplicate key `{key}`, {said}", _short(key), said), place, "keep one of the two")

    def _refuse_tag(self, event: Any) -> None:
        tag = event.tag.replace("tag:yaml.org,2002:", "!!", 1)
        hint = "remove the tag: values are read as text, and each key's type is known"
        self.refuse(Reason("the tag `{tag}` is not read", _short(tag)), self._start(event, len(tag)), hint)

    def _check_escapes(self, value: str, place: Place) -> None:
        found = UNSAFE.search(value)
        if found:
            self.refuse(
                Reason("{found}, written as an escape, is not allowed", describe(found.group())),
                place,
                "delete it",
            )

    def _anchored(self, event: Any, depth: int) -> Node:
        """Build a node that aliases may repeat, and note how much each of them will stand for."""
        name, event.anchor, event.tag = event.anchor, None, None
        if name in self._anchors:
            hint = "give each anchor its own name"
            self.refuse(Reason("duplicate anchor `&{name}`", _short(name)), self._start(event), hint)
        if len(self._anchors) >= ALIAS_LIMIT:
            self.end(Reason("more than {most} anchors", ALIAS_LIMIT), event, "write the values out")
        self._anchors[name] = None
        nodes, letters, deepest = self._nodes, self._letters, self._deepest
        self._deepest = depth - 1
        node = self._value(event, depth)
        self._anchors[name] = _Anchor(
            node, self._nodes - nodes + 1, self._letters - letters, self._deepest - depth + 1
        )
        self._deepest = max(self._deepest, deepest)
        return node

    def _alias(self, event: Any, depth: int) -> Node:
        name = event.anchor
        nothing = Scalar(None, self._start(event, len(name) + 1))
        if name not in self._anchors:
            near = did_you_mean(name, islice(reversed(self._anchors), 30)) if len(name) < 100 else None
            hint = near or "put a text that begins with `*` in quotes"
            self.refuse(
                Reason("there is no anchor `&{name}` before this alias", _short(name)), nothing.place, hint
            )
            return nothing
        anchor = self._anchors[name]
        if anchor is None:
            message = Reason("`*{name}` is inside the value that it repeats", _short(name))
            self.refuse(message, nothing.place, "write the value out")
            return nothing
        self._nodes += anchor.nodes - 1
        self._aliased += anchor.nodes
        self._letters += anchor.letters
        self._aliased_letters += anchor.letters
        level = depth - 1 + anchor.levels
        hint = "write the values out"
        if self._aliased > ALIAS_LIMIT:
            self.end(
                Reason("the aliases stand for more than {most} keys and values", ALIAS_LIMIT), event, hint
            )
        if self._aliased_letters > ALIAS_LETTER_LIMIT:
            self.end(
                Reason("the aliases stand for more than {most} characters", ALIAS_LETTER_LIMIT), event, hint
            )
        if level > DEPTH_LIMIT:
            self.end(Reason("nested deeper than {most} levels through aliases", DEPTH_LIMIT), event, hint)
        self._deepest = max(self._deepest, level)
        return anchor.node


@dataclass(slots=True, eq=False)
class _Anchor:
    node: Node
    nodes: int
    """Keys and values in it, itself included."""
    letters: int
    """Characters of its keys and values."""
    levels: int
    """Collections inside one another; 0 for a single value."""


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."
