"""What a provider allows: quotas, which are raised on request, and limits, which are not."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal

from costplan.catalog.model import Code, Confidence
from costplan.checked.markers import Field, PlainValidator, WithJsonSchema, model_validator
from costplan.messages.reason import Reason
from costplan.messages.text import visible
from costplan.quantities.money import parse_decimal, plain
from costplan.source.fields import Model, Name, Text, checked_text

_WORDS: dict[str, bool | str] = {"yes": True, "no": False, "up": "up", "down": "down"}
_AS_OF = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?", re.ASCII)


def _value(value: object) -> object:
    if isinstance(value, list):
        if not value:
            raise ValueError("is an empty list: leave `value` out where the figure is not published")
        return tuple(checked_text(part) for part in value)
    if not isinstance(value, str):
        raise ValueError("must be a number, a list of texts, yes, no, up or down")
    return _WORDS[value] if value in _WORDS else parse_decimal(value)


def _as_of(value: object) -> str:
    if not isinstance(value, str) or not _AS_OF.fullmatch(value):
        raise ValueError(
            Reason(
                "must be a year, a month or a day such as `2026-05`, got `{value}`", visible(str(value)[:40])
            )
        )
    return value


Value = Annotated[
    Decimal | bool | Literal["up", "down"] | tuple[str, ...],
    PlainValidator(_value),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": ["number", "string", "boolean"]},
                {"type": "array", "minItems": 1, "items": {"type": ["string", "number"]}},
            ]
        }
    ),
]
AsOf = Annotated[
    str,
    PlainValidator(_as_of),
    WithJsonSchema({"type": ["string", "integer"], "examples": ["2026", "2026-05", "2026-05-01"]}),
]


def value_text(value: Decimal | bool | str | tuple[str, ...]) -> str:
    """Write a value as the file has it: `10`, `yes`, `1:16:4:16, 1:16:8:32`."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(value)
    return plain(value) if isinstance(value, Decimal) else value


class Page(Model):
    """Where rows were read, and when they held."""

    source: Text
    as_of: AsOf
    """Day that the page prints; a bare year or month where an undated copy was judged by its content."""
    confidence: Confidence
    note: Text | None = None


class Bound(Model):
    """A number, a shape or a choice that a design is held to."""

    code: Code
    name: Text
    """What is counted."""
    scope: Text
    """Per what it counts: `cloud`, `zone`, `instance`. What a zone allows is not pooled with another's."""
    value: Value | None = None
    """A number in `unit`, a list whose parts follow it, yes or no; left out where it is not published."""
    unit: Text | None = None
    disk_types: tuple[Name, ...] = ()
    """Types of disk that it is about; all where it is not about some."""
    platforms: tuple[Name, ...] = ()
    """Platforms whose machines it is about; all where it is not about some."""
    page: Annotated[Name, Field(alias="from")]
    """The page of `sources` that states it."""
    note: Text | None = None

    @model_validator(mode="after")
    def _unit_with_value(self) -> Bound:
        if (self.value is None) != (self.unit is None):
            raise ValueError("needs both `value` and `unit`, or neither")
        return self

    @property
    def number(self) -> Fraction | None:
        """The value where it is a number."""
        is_number = isinstance(self.value, Decimal)
        return Fraction(self.value) if is_number else None  # type: ignore[arg-type]


class Quota(Bound):
    """A bound that is raised on request, as a new cloud has it."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$", max_length=64)] | None = None
    """The provider's name for it, where it has one; several rows with one id are one pool."""

    @property
    def key(self) -> str:
        """What it is called in a request to raise it: its id, else its code."""
        return self.id or self.code


class Limit(Bound):
    """A bound that is not raised."""

    zone: Name | None = None
    """Zone that it is about: whether a platform is sold there."""


class Bounds(Model):
    """What quotas and limits of a service share."""

    service: Name
    sources: Annotated[dict[Name, Page], Field(min_length=1)]
    """The pages that rows name in `from`."""


class ServiceQuotas(Bounds):
    """One file of the catalog's folder `quotas`: what a service allows until more is asked for."""

    quotas: Annotated[tuple[Quota, ...], Field(min_length=1)]


class ServiceLimits(Bounds):
    """One file of the catalog's folder `limits`: what a service never allows."""

    limits: Annotated[tuple[Limit, ...], Field(min_length=1)]
