"""Frozen dataclasses whose methods are made when they are used.

`@dataclass(frozen=True, slots=True)` compiles six methods for each class, most of which a short run never
calls: with eighty classes that is a third of a start. Here a class begins with methods that go through its
fields; `__init__` is replaced by the compiled one once a class is made often, and all else that `dataclasses`
knows of a class is made when somebody asks. To type checkers it is `dataclasses.dataclass` itself.
"""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING, Any

OFTEN = 24
"""Instances from which on compiling `__init__` pays."""
_ASKED = ("__dataclass_fields__", "__dataclass_params__", "__match_args__")


def _record(*, frozen: bool, slots: bool, eq: bool = True) -> Callable[[type], type]:
    """Make a class a frozen dataclass with slots; anything else is for `dataclasses`."""
    if not (frozen and slots):
        raise TypeError("take `dataclass` from `dataclasses` for what is not frozen with slots")
    return lambda kind: _Definition(kind, eq=eq).record


class _Definition:
    """What a record is made from."""

    def __init__(self, kind: type, *, eq: bool) -> None:
        self._kind, self._eq = kind, eq
        self._whole: Any = None
        self._made = 0
        own = [
            name
            for name, text in inspect.get_annotations(kind).items()
            if not str(text).startswith(("ClassVar", "typing.ClassVar"))
        ]
        self._is_heir = any(base.__dict__.get("__slots__") for base in kind.__mro__[1:-1])
        given = {name: kind.__dict__[name] for name in own if name in kind.__dict__}
        self._own = {name: _default(given.get(name, dataclasses.MISSING)) for name in own}
        """Field -> how to get its default, and whether records are compared by it."""
        body = {
            name: value
            for name, value in kind.__dict__.items()
            if name not in self._own and name not in {"__dict__", "__weakref__"}
        }
        body |= {"__slots__": tuple(own), **{name: _Asked(self, name) for name in _ASKED}}
        for name, method in self._methods().items():
            body.setdefault(name, method)
        self.record: type = type(kind)(kind.__name__, kind.__bases__, body)
        self.record.__qualname__ = kind.__qualname__

    @property
    def whole(self) -> Any:
        """The same class as `dataclasses` makes it."""
        if self._whole is None:
            body = dict(self._kind.__dict__)
            for name in ("__dict__", "__weakref__"):
                body.pop(name, None)
            twin = type(self._kind)(self._kind.__name__, self._kind.__bases__, body)
            self._whole = dataclasses.dataclass(frozen=True, repr=False, eq=self._eq)(twin)
        return self._whole

    def _methods(self) -> dict[str, Any]:
        methods = {
            "__init__": self._first_init(),
            "__repr__": _repr,
            "__setattr__": _refuse_setting,
            "__delattr__": _refuse_deleting,
            "__getstate__": _state,
            "__setstate__": _set_state,
        }
        return {**methods, "__eq__": self._equal(), "__hash__": self._hash()} if self._eq else methods

    @cached_property
    def _key(self) -> Callable[[Any], Any]:
        """What two records are compared by."""
        if self._is_heir:
            names = [field.name for field in dataclasses.fields(self.whole) if field.compare]
        else:
            names = [name for name, (_, is_compared) in self._own.items() if is_compared]
        return attrgetter(*names) if names else lambda record: ()

    def _equal(self) -> Callable[[Any, Any], Any]:
        def __eq__(record: Any, other: Any) -> Any:  # noqa: N807
            return (
                self._key(record) == self._key(other)
                if other.__class__ is record.__class__
                else NotImplemented
            )

        return __eq__

    def _hash(self) -> Callable[[Any], int]:
        def __hash__(record: Any) -> int:  # noqa: N807
            return hash(self._key(record))

        return __hash__

    def _first_init(self) -> Callable[..., None]:
        def __init__(record: Any, *arguments: Any, **named: Any) -> None:  # noqa: N807
            self._made += 1
            if self._made > OFTEN or self._is_heir or not self._fill(record, arguments, named):
                kind: Any = self.record
                if kind.__init__ is __init__:
                    kind.__init__ = self.whole.__init__
                self.whole.__init__(record, *arguments, **named)

        return __init__

    def _fill(self, record: Any, arguments: tuple[Any, ...], named: dict[str, Any]) -> bool:
        """Set all fields; say False where `dataclasses` has to do it, or say what is wrong."""
        if (
            hasattr(record, "__post_init__")
            or len(arguments) > len(self._own)
            or not named.keys() <= self._own.keys()
        ):
            return False
        values = dict(zip(self._own, arguments, strict=False))
        if values.keys() & named.keys():
            return False
        values |= named
        for name, (default, _) in self._own.items():
            if name not in values:
                if default is None:
                    return False
                values[name] = default()
        for name in self._own:
            object.__setattr__(record, name, values[name])
        return True


def _default(given: Any) -> tuple[Callable[[], Any] | None, bool]:
    """Return how to get a field's default, None where it has none, and whether it is compared."""
    is_compared = True
    if isinstance(given, dataclasses.Field):
        is_compared = given.compare
        if given.default_factory is not dataclasses.MISSING:
            return given.default_factory, is_compared
        given = given.default
    return (None if given is dataclasses.MISSING else lambda: given), is_compared


class _Asked:
    """An attribute of the class that is made when it is asked for."""

    def __init__(self, definition: _Definition, name: str) -> None:
        self._definition, self._name = definition, name

    def __get__(self, record: Any, kind: type) -> Any:
        return getattr(self._definition.whole, self._name)


def _repr(record: Any) -> str:
    shown = (f"{one.name}={getattr(record, one.name)!r}" for one in dataclasses.fields(record) if one.repr)
    return f"{record.__class__.__qualname__}({', '.join(shown)})"


def _refuse_setting(record: Any, name: str, value: object) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_deleting(record: Any, name: str) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


def _state(record: Any) -> list[Any]:
    return [getattr(record, field.name) for field in dataclasses.fields(record)]


def _set_state(record: Any, state: list[Any]) -> None:
    for field, value in zip(dataclasses.fields(record), state, strict=True):
        object.__setattr__(record, field.name, value)


if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:
    dataclass = _record
