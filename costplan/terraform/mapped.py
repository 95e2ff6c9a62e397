"""What a resource of a file is to the bill, before any usage is known: one answer for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Assumed:
    """A value that only the server will fill in, taken from its default."""

    value: str
    reason: str
    attribute: str = ""
    """What the server fills in."""


Keys = Mapping[str, Any]
"""A resource of a scenario: texts, lists and mappings of them, and `Assumed` values."""


@dataclass(frozen=True, slots=True)
class Priced:
    """It costs what these resources of a scenario cost."""

    parts: tuple[Keys, ...]
    """The first is the resource itself, others come with it: the addresses of its nodes."""
    assumed: tuple[str, ...] = ()
    """Attributes that are unknown until apply, and taken from the server's default."""
    unpriced: tuple[str, ...] = ()
    """Attributes whose cost is in no part: unknown and without a default, or without a price."""


@dataclass(frozen=True, slots=True)
class Free:
    """The provider does not charge for it, or what it is part of is charged instead."""


@dataclass(frozen=True, slots=True)
class NotSupported:
    """It is paid for, or may be, and nobody here knows its price."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """What its price hangs on is unknown until apply, and no default is known."""

    paths: tuple[str, ...] = field(default_factory=tuple)


Mapped = Priced | Free | NotSupported | Unknown
