"""Readers made from annotations: they take what is plainly right, and refuse the rest without a word.

What one of them takes, pydantic would take with the same result; what it refuses, pydantic looks at.
"""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from inspect import signature
from math import isfinite
from typing import TYPE_CHECKING, Any

from costplan.checked.markers import (
    REQUIRED,
    AfterValidator,
    BeforeValidator,
    FieldMarker,
    PlainValidator,
    WithJsonSchema,
)

if TYPE_CHECKING:
    from costplan.checked.markers import Info

Reader = Callable[[Any, "Info"], Any]
"""Takes a value and what validators may ask for; raises `ValueError` for what it does not take."""


class UnfitError(ValueError):
    """Not plainly right: pydantic has to look at it."""


class _Nothing:
    context = None


NOTHING = _Nothing()
"""For a validation that is told nothing."""

_READERS: dict[Any, Reader] = {}


def reader_of(kind: Any) -> Reader:
    """Return the reader of an annotation, made once."""
    try:
        found = _READERS.get(kind)
    except TypeError:  # not to be hashed: a default or a schema beside it holds a mapping
        return _made(kind)
    if found is None:
        found = _READERS[kind] = _made(kind)
    return found


def _made(kind: Any) -> Reader:
    if kind in (Any, object):
        return _anything
    if isinstance(kind, type) and hasattr(kind, "plan"):
        return lambda value, info: kind.plan.read(value, info)
    origin, parts = typing.get_origin(kind), typing.get_args(kind)
    if origin is typing.Annotated:
        return _annotated(parts[0], parts[1:])
    if origin is typing.Literal:
        return _choice(parts)
    if origin is tuple and len(parts) == 2 and parts[1] is Ellipsis:
        return _list(reader_of(parts[0]))
    if origin is dict:
        return _mapping(reader_of(parts[0]), reader_of(parts[1]))
    if origin in (typing.Union, types.UnionType) and len(parts) == 2 and type(None) in parts:
        return _optional(reader_of(next(part for part in parts if part is not type(None))))
    return _PLAIN.get(kind, _refuse)


def _anything(value: Any, info: Info) -> Any:
    return value


def _refuse(value: Any, info: Info) -> Any:
    raise UnfitError


def _text(value: Any, info: Info) -> Any:
    if type(value) is not str:
        raise UnfitError
    return value


def _number(value: Any, info: Info) -> float:
    if type(value) is not float and type(value) is not int:
        raise UnfitError
    return float(value)


def _day(value: Any, info: Info) -> date:
    if type(value) is not str or not re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
        raise UnfitError
    return date.fromisoformat(value)


_PLAIN: dict[Any, Reader] = {str: _text, float: _number, date: _day}


def _choice(choices: tuple[Any, ...]) -> Reader:
    def read(value: Any, info: Info) -> Any:
        if type(value) is not str or value not in choices:
            raise UnfitError
        return value

    return read


def _optional(reader: Reader) -> Reader:
    def read(value: Any, info: Info) -> Any:
        return None if value is None else reader(value, info)

    return read


def _list(reader: Reader) -> Reader:
    def read(value: Any, info: Info) -> Any:
        if type(value) is not list and type(value) is not tuple:
            raise UnfitError
        return tuple([reader(item, info) for item in value])

    return read


def _mapping(key_reader: Reader, reader: Reader) -> Reader:
    def read(value: Any, info: Info) -> Any:
        if type(value) is not dict:
            raise UnfitError
        return {key_reader(key, info): reader(item, info) for key, item in value.items()}

    return read


def _annotated(kind: Any, marks: Iterable[Any]) -> Reader:
    """Apply marks from the left, each to what those before it made."""
    reader = reader_of(kind)
    for mark in marks:
        if isinstance(mark, PlainValidator):
            reader = _told(mark.function)
        elif isinstance(mark, BeforeValidator):
            reader = _chained(_told(mark.function), reader)
        elif isinstance(mark, AfterValidator):
            reader = _chained(reader, _told(mark.function))
        elif isinstance(mark, FieldMarker):
            reader = _bounded(reader, mark)
        elif not isinstance(mark, (WithJsonSchema, str)):  # a text is a remark, to pydantic too
            return _refuse
    return reader


def _told(function: Callable[..., Any]) -> Reader:
    """Call a validator with as much as it asks for."""
    if isinstance(function, types.FunctionType):  # nearly all; a signature takes a hundred times as long
        asks = function.__code__.co_argcount - len(function.__defaults__ or ())
    elif isinstance(function, type):
        asks = 1
    else:
        asks = sum(found.default is found.empty for found in signature(function).parameters.values())
    return function if asks == 2 else lambda value, info: function(value)


def _chained(first: Reader, second: Reader) -> Reader:
    return lambda value, info: second(first(value, info), info)


def _bounded(reader: Reader, mark: FieldMarker) -> Reader:
    fits = None if mark.pattern is None else re.compile(mark.pattern)

    def read(value: Any, info: Info) -> Any:
        found = reader(value, info)
        if mark.min_length is not None and len(found) < mark.min_length:
            raise UnfitError
        if mark.max_length is not None and len(found) > mark.max_length:
            raise UnfitError
        # A `$` of Python also stands before a last line break.
        if fits is not None and ("\n" in found or not fits.search(found)):
            raise UnfitError
        if (mark.ge is not None and found < mark.ge) or (mark.le is not None and found > mark.le):
            raise UnfitError
        if mark.allow_inf_nan is False and not isfinite(found):
            raise UnfitError
        return found

    return read


class Plan:
    """How a model is read: its fields by their keys, their defaults, and its checks of the whole.

    Args:
        kind: The model.
        fields: Each with its reader, in the order of its definition.
        before: Checks of the data, in their order.
        after: Checks of the model, in their order.
        others: Reader of the keys that are not fields; None refuses them.
    """

    def __init__(
        self,
        kind: type[Any],
        fields: Mapping[str, tuple[FieldMarker, Reader]],
        before: Iterable[Callable[[Any], Any]],
        after: Iterable[Callable[[Any], Any]],
        others: Reader | None,
    ) -> None:
        self.kind = kind
        self._fields = [
            (name, field.alias or name, reader, field) for name, (field, reader) in fields.items()
        ]
        self._keys = {key for _, key, _, _ in self._fields}
        self._before, self._after, self._others = tuple(before), tuple(after), others

    def read(self, data: Any, info: Info) -> Any:
        """Read a model from plain data.

        Raises:
            ValueError: It is not plainly right.
        """
        if isinstance(data, self.kind):
            return data
        for check in self._before:
            data = check(data)
        if type(data) is not dict:
            raise UnfitError
        values, seen = {}, 0
        for name, key, reader, field in self._fields:
            if key in data:
                values[name] = reader(data[key], info)
                seen += 1
            else:
                values[name] = _default(field)
        if seen != len(data):
            self._read_others(data, info)
        made = object.__new__(self.kind)
        made.__dict__.update(values)
        return self.checked(made)

    def _read_others(self, data: Mapping[Any, Any], info: Info) -> None:
        if self._others is None:
            raise UnfitError
        for key, value in data.items():
            if key not in self._keys:
                _text(key, info)
                self._others(value, info)

    def checked(self, made: Any) -> Any:
        """Run the checks of the whole model."""
        for check in self._after:
            made = check(made)
        return made

    def made(self, values: dict[str, Any]) -> Any:
        """Make a model of read values, with defaults for those that are left out."""
        made = object.__new__(self.kind)
        for name, _, _, field in self._fields:
            if name in values:
                made.__dict__[name] = values[name]
            elif field.default is not REQUIRED or field.default_factory is not None:
                made.__dict__[name] = _default(field)
        return made


def _default(field: FieldMarker) -> Any:
    if field.default_factory is not None:
        return field.default_factory()
    if field.default is REQUIRED:
        raise UnfitError
    return dict(field.default) if type(field.default) is dict else field.default


def plan_of(kind: Any) -> Plan:
    """Make the plan of a model from its annotations and those of its bases."""
    hints = typing.get_type_hints(kind, include_extras=True)
    fields: dict[str, FieldMarker] = {}
    before: list[Callable[[Any], Any]] = []
    after: dict[str, Callable[[Any], Any]] = {}
    for base in reversed(kind.__mro__):
        fields |= base.__dict__.get("own_fields", {})
        checks = base.__dict__.get("own_checks", {})
        if "before" in checks:
            before.insert(0, checks["before"].__get__(None, kind))
        if "after" in checks:
            after[checks["after"].__name__] = checks["after"]
    own = {name: (_with_alias(field, hints[name]), reader_of(hints[name])) for name, field in fields.items()}
    others = reader_of(kind.others) if kind.others is not None else None
    return Plan(kind, own, before, after.values(), others)


def _with_alias(field: FieldMarker, hint: Any) -> FieldMarker:
    """Take the key of a field from its annotation, where it stands there."""
    marks = typing.get_args(hint)[1:] if typing.get_origin(hint) is typing.Annotated else ()
    alias = next((mark.alias for mark in marks if isinstance(mark, FieldMarker) and mark.alias), None)
    return field if alias is None else field._replace(alias=alias)
