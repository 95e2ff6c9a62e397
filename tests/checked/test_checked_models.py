"""Models are read alike by their own readers and by pydantic, which sees only what is not plainly right."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from costplan.catalog.bounds import ServiceLimits, ServiceQuotas
from costplan.catalog.model import CatalogIndex, Service
from costplan.checked.markers import (
    AfterValidator,
    BeforeValidator,
    Field,
    Info,
    PlainValidator,
    model_validator,
)
from costplan.checked.model import Context, Model, explained
from costplan.checked.readers import NOTHING, UnfitError
from costplan.datafiles import data_folder
from costplan.source.reader import read_yaml, to_plain

CATALOG = data_folder("catalogs") / "yandex-cloud"
FILES: list[tuple[type[Model], Path]] = [
    (CatalogIndex, CATALOG / "catalog.yaml"),
    *((Service, path) for path in sorted(CATALOG.glob("*.yaml")) if path.stem != "catalog"),
    *((ServiceQuotas, path) for path in sorted(CATALOG.glob("quotas/*.yaml"))),
    *((ServiceLimits, path) for path in sorted(CATALOG.glob("limits/*.yaml"))),
]


@pytest.mark.parametrize(
    ("model", "path"), FILES, ids=[f"{one[1].parent.name}-{one[1].stem}" for one in FILES]
)
def test_every_catalog_file_is_read_at_once_and_as_pydantic_reads_it(model: type[Model], path: Path) -> None:
    plain = to_plain(read_yaml(path, limit_bytes=1 << 24))
    assert model.plan.read(plain, NOTHING) == explained(model).validate_python(plain)


def _doubled(value: str, info: Info) -> int:
    return int(value) * (info.context or {}).get("factor", 2)


def _even(number: int) -> int:
    if number % 2:
        raise ValueError("is odd")
    return number


def _lone(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


class Part(Model):
    """A part."""

    name: Annotated[str, Field(pattern="^[a-z]+$", max_length=5)]
    kind: Literal["one", "two"] = "one"
    size: Annotated[float, Field(ge=0, le=10, allow_inf_nan=False)] | None = None


class Whole(Model):
    """Holds parts."""

    number: Annotated[int, PlainValidator(_doubled), AfterValidator(_even)]
    parts: Annotated[tuple[Part, ...], BeforeValidator(_lone), Field(min_length=1)]
    notes: Annotated[dict[str, Part], Field(max_length=1)] = {}
    page: Annotated[str, Field(alias="from")] = ""
    share: Fraction | None = Field(default_factory=lambda: Fraction(1, 2))

    @model_validator(mode="before")
    @classmethod
    def _no_secret(cls, data: Any) -> Any:
        if isinstance(data, dict) and "secret" in data:
            raise ValueError("holds a secret")
        return data

    @model_validator(mode="after")
    def _not_ten(self) -> Whole:
        if self.number == 10:
            raise ValueError("is ten")
        return self


RIGHT = {"number": "3", "parts": [{"name": "a"}]}
GIVEN: dict[str, Any] = {
    "right": RIGHT,
    "whole": {**RIGHT, "notes": {"x": {"name": "b", "kind": "two", "size": 2}}, "from": "here"},
    "none": {**RIGHT, "share": None},
    "a tuple": {**RIGHT, "parts": ({"name": "a"},)},
    "a model": {**RIGHT, "parts": [Part.model_construct(name="a")]},
    "slow but right": {**RIGHT, "parts": [{"name": "a", "size": "2"}]},
    "a subclass of text": {**RIGHT, "from": type("Text", (str,), {})("x")},
    "not a mapping": 5,
    "missing": {"number": "3"},
    "unknown": {**RIGHT, "color": "red"},
    "by its name": {**RIGHT, "page": "here"},
    "a bad number": {**RIGHT, "number": "x"},
    "ten": {**RIGHT, "number": "5"},
    "a secret": {**RIGHT, "secret": "1"},
    "too few": {**RIGHT, "parts": []},
    "too many": {**RIGHT, "notes": {"x": {"name": "b"}, "y": {"name": "b"}}},
    "a line break": {**RIGHT, "parts": [{"name": "a\n"}]},
    "too long": {**RIGHT, "parts": [{"name": "abcdef"}]},
    "another word": {**RIGHT, "parts": [{"name": "a", "kind": "three"}]},
    "too big": {**RIGHT, "parts": [{"name": "a", "size": 11}]},
    "not finite": {**RIGHT, "parts": [{"name": "a", "size": float("nan")}]},
    "a truth": {**RIGHT, "parts": [{"name": "a", "size": True}]},
    "a key that is no text": {**RIGHT, 5: "x"},
}


def _outcome(read: Any) -> Any:
    try:
        return read()
    except ValidationError as error:
        return [(fault["loc"], fault["type"], fault["msg"]) for fault in error.errors(include_url=False)]


@pytest.mark.parametrize("given", GIVEN.values(), ids=GIVEN)
def test_a_model_takes_and_refuses_what_pydantic_does(given: Any) -> None:
    own = _outcome(lambda: Whole.model_validate(given))
    assert own == _outcome(lambda: TypeAdapter(Whole).validate_python(given))


@pytest.mark.parametrize("given", ["too few", "unknown", "a truth", "slow but right", "a line break"])
def test_what_is_not_plainly_right_is_left_to_pydantic(given: str) -> None:
    with pytest.raises(UnfitError):
        Whole.plan.read(GIVEN[given], NOTHING)


def test_a_validator_is_told_the_context_by_both() -> None:
    fast = Whole.plan.read(RIGHT, Context({"factor": 4}))
    assert fast.number == 3 * 4
    assert explained(Whole).validate_python(RIGHT, context={"factor": 4}) == fast


def test_defaults_are_made_anew_for_each_model() -> None:
    one, two = Whole.model_validate(RIGHT), Whole.model_validate(RIGHT)
    assert one.notes == two.notes == {}
    assert one.notes is not two.notes
    assert one.share == Fraction(1, 2)


def test_a_model_is_frozen_and_a_copy_has_other_values() -> None:
    part = Part(name="a")
    with pytest.raises(AttributeError, match="frozen"):
        part.name = "b"  # type: ignore[misc]
    assert part.model_copy(update={"name": "b"}) == Part(name="b")
    assert part != Part(name="b")
    assert hash(part) == hash(Part(name="a"))
    assert repr(part) == "Part(name='a', kind='one', size=None)"


class Longer(Part):
    """A part with a mark of its own."""

    mark: Annotated[Decimal, PlainValidator(Decimal)] = Decimal(1)


def test_fields_of_a_base_come_first_and_keep_their_defaults() -> None:
    assert list(Longer.model_fields) == ["name", "kind", "size", "mark"]
    assert Longer.model_validate({"name": "a", "mark": "2"}) == Longer(name="a", mark="2")
    assert list(Longer.model_json_schema()["properties"]) == ["name", "kind", "size", "mark"]


class Open(Model, others=Annotated[str, PlainValidator(_doubled)]):
    """Takes other keys."""

    name: str


@pytest.mark.parametrize("given", [{"name": "a", "x": "1"}, {"name": "a", "x": "y"}, {"x": "1"}], ids=str)
def test_other_keys_are_read_where_a_model_takes_them(given: Any) -> None:
    own = _outcome(lambda: Open.model_validate(given))
    assert own == _outcome(lambda: TypeAdapter(Open).validate_python(given))


def test_bounds_outside_a_model_are_refused_instead_of_ignored() -> None:
    with pytest.raises(TypeError, match="fields of a `Model`"):
        TypeAdapter(Annotated[str, Field(max_length=3)])


def test_marks_of_pydantic_are_refused_instead_of_ignored() -> None:
    with pytest.raises(TypeError, match=r"Wrong\.name: take it from `costplan\.checked\.markers`"):
        type(Model)("Wrong", (Model,), {"__annotations__": {"name": "str"}, "name": FieldInfo(default="")})
