"""Putting together what a resource is priced as, with what was assumed for it and what was left out."""

from __future__ import annotations

from typing import Any

from costplan.terraform.mapped import Keys, Priced
from costplan.terraform.planned import Planned
from costplan.terraform.reading import Default, Reading, server_defaults
from costplan.terraform.values import UNKNOWN, Values


def gigabytes(number: str) -> str:
    """Write a size that is given in GB."""
    return f"{number} GB"


def addresses(count: int) -> list[dict[str, str]]:
    """Return what bills so many public addresses; nothing for none."""
    return [{"kind": "network", "addresses": str(count), "egress": "0 B"}] if count > 0 else []


def preset_name(text: str) -> str:
    """Write a class of hosts as the catalog does: `s2.micro` is `s2-micro`."""
    return text.replace(".", "-")


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

    def by_schema(self, attribute: str) -> str:
        """Return what the provider's schema fills in; nothing is assumed, as any full plan states it."""
        return server_defaults()[self.one.type, attribute].value

    def stated(self, attribute: str) -> str:
        """Return what is stated, or what the provider's schema fills in."""
        return self.one.values.text(attribute) or self.by_schema(attribute)

    def switch(self, attribute: str) -> bool:
        """Say whether something is on; where it is unknown, by the server's default."""
        if self.one.values.find(attribute) is UNKNOWN:
            return self.default(attribute).value == "true"
        return self.one.values.flag(attribute)

    def is_on(self, block: Values, attribute: str) -> bool:
        """Say whether something in a block is on; where it is unknown, what hangs on it is in no amount."""
        if block.find(attribute) is UNKNOWN:
            self.unpriced.append(block.path_of(attribute))
        return block.flag(attribute)

    def is_there(self, block: Values, path: str) -> bool:
        """Say whether a block is there; where that is unknown, what hangs on it is in no amount."""
        if block.find(path) is UNKNOWN:
            self.unpriced.append(block.path_of(path))
        return block.has(path)

    def plain_only(self, attribute: str, plain: str) -> None:
        """Note that what an attribute adds is in no amount, where it is not the plain value."""
        found = self.one.values.find(attribute)
        if isinstance(found, str) and found.lower() not in ("", plain):
            self.unpriced.append(attribute)

    def or_default(self, attribute: str) -> str:
        """Return what is stated, or the server's default where it is unknown or not there.

        Raises:
            UnknownValueError: It is neither stated nor known what the server fills in.
        """
        is_stated = self.one.values.find(attribute) not in (None, UNKNOWN, "")
        if not is_stated and (self.one.type, attribute) in server_defaults():
            return self.default(attribute).value
        return self.one.values.needed(attribute)

    def priced(self, *parts: Any) -> Priced:
        """Return the answer."""
        made: tuple[Keys, ...] = tuple(parts)
        return Priced(made, tuple(self.assumed), tuple(dict.fromkeys(self.unpriced)))
