"""Records are frozen dataclasses in all that can be seen; they differ in when their methods are made."""

from __future__ import annotations

import copy
import dataclasses
from dataclasses import field
from typing import Any, ClassVar

import pytest

from costplan.checked.records import OFTEN, dataclass


@dataclass(frozen=True, slots=True)
class Point:
    """A point."""

    KIND: ClassVar[str] = "point"
    x: int
    y: int = 2
    tags: list[str] = field(default_factory=list)
    seen: dict[str, int] = field(default_factory=dict, compare=False, repr=False)

    @property
    def both(self) -> int:
        """Sum of both."""
        return self.x + self.y


@dataclass(frozen=True, slots=True)
class High(Point):
    """A point above the ground."""

    z: int = 3


@dataclass(frozen=True, slots=True, eq=False)
class Itself:
    """Equal to itself only."""

    x: int


@dataclasses.dataclass(frozen=True, slots=True)
class Theirs:
    """The same as `Point`, by `dataclasses`."""

    x: int
    y: int = 2
    tags: list[str] = field(default_factory=list)
    seen: dict[str, int] = field(default_factory=dict, compare=False, repr=False)


CALLS: dict[str, tuple[tuple[Any, ...], dict[str, Any]]] = {
    "by place": ((1, 5), {}),
    "by name": ((), {"y": 5, "x": 1}),
    "mixed": ((1,), {"tags": ["a"]}),
    "missing": ((), {"y": 5}),
    "twice": ((1,), {"x": 1}),
    "unknown": ((1,), {"w": 1}),
    "too many": ((1, 2, [], {}, 5), {}),
}


def _outcome(kind: type[Any], call: tuple[tuple[Any, ...], dict[str, Any]]) -> Any:
    try:
        return repr(kind(*call[0], **call[1]))
    except TypeError as error:
        return str(error)


@pytest.mark.parametrize("made", [0, OFTEN + 1], ids=["first", "often"])
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_record_is_made_and_refused_as_a_dataclass_is(call: Any, made: int) -> None:
    @dataclass(frozen=True, slots=True)
    class Own:
        """Fresh, so that nothing of it is compiled yet."""

        x: int
        y: int = 2
        tags: list[str] = field(default_factory=list)
        seen: dict[str, int] = field(default_factory=dict, compare=False, repr=False)

    for number in range(made):
        Own(number)
    name = Own.__qualname__
    assert _outcome(Own, call).replace(name, "Theirs").replace("Own.", "Theirs.") == _outcome(Theirs, call)


def test_records_are_equal_by_their_compared_fields() -> None:
    assert Point(1, seen={"a": 1}) == Point(1)
    assert Point(1) != Point(2)
    assert Point(1) != Theirs(1)
    assert hash(High(1, tags=())) == hash(High(1, tags=()))  # type: ignore[arg-type]
    assert High(1) != High(1, z=4)
    assert Itself(1) != Itself(1)


def test_a_record_is_frozen_and_has_slots() -> None:
    point = Point(1)
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign to field 'x'"):
        point.x = 2  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot delete field 'x'"):
        del point.x
    assert not hasattr(point, "__dict__")
    assert point.both == 1 + 2
    assert Point.KIND == "point"


def test_dataclasses_knows_a_record() -> None:
    assert dataclasses.is_dataclass(Point)
    assert [one.name for one in dataclasses.fields(High)] == ["x", "y", "tags", "seen", "z"]
    assert dataclasses.replace(High(1), y=7) == High(1, 7)
    assert dataclasses.asdict(Point(1)) == {"x": 1, "y": 2, "tags": [], "seen": {}}


def test_a_record_is_copied_and_matched() -> None:
    point = Point(1, 5, ["a"])
    assert copy.deepcopy(point) == point
    assert copy.deepcopy(point).tags is not point.tags
    assert copy.copy(point) == point
    match point:
        case Point(x, y):
            assert (x, y) == (1, 5)


def test_defaults_are_made_anew() -> None:
    assert Point(1).tags is not Point(1).tags


def test_other_dataclasses_are_refused() -> None:
    with pytest.raises(TypeError, match="take `dataclass` from `dataclasses`"):
        dataclass(frozen=True, slots=False)
