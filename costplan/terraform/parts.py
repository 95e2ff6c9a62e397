"""Putting together what a resource is priced as, with what was assumed for it and what was left out."""

from __future__ import annotations

from typing import Any

from costplan.terraform.mapped import Keys, Priced
from costplan.terraform.planned import Planned
from costplan.terraform.reading import Default, Reading, server_defaults
from costplan.terraform.values import UNKNOWN


def gigabytes(number: str) -> str:
    """Write a size that is given in GB."""
    return f"{number} GB"


class Parts:
    """One resource while it is mapped."""

    def __init__(self, one: Planned, reading: Reading) -> None:
        self.one = one
        self.reading = reading
        self.assumed: list[str] = []
        self.unpriced: list[str] = []

    def default(self, attribute: str) -> Default:
        """Take the server's default of an attribute, and note that it is assumed."""
        self.assumed.append(attribute)
        return server_defaults()[self.one.type, attribute]

    def switch(self, attribute: str) -> bool:
        """Say whether something is on; where it is unknown, by the server's default."""
        if self.one.values.find(attribute) is UNKNOWN:
            return self.default(attribute).value == "true"
        return self.one.values.flag(attribute)

    def priced(self, *parts: Any) -> Priced:
        """Return the answer."""
        made: tuple[Keys, ...] = tuple(parts)
        return Priced(made, tuple(self.assumed), tuple(dict.fromkeys(self.unpriced)))
