"""What is taken where a scenario names none: its name stands in one of the lists of the service."""

from __future__ import annotations

from collections.abc import Iterator

from costplan.catalog.model import Service
from costplan.messages.errors import did_you_mean
from costplan.messages.reason import Reason
from costplan.messages.text import listed

LISTS = {
    "platform": "platforms",
    "disk-type": "disk_types",
    "preset": "presets",
    "zookeeper-preset": "presets",
    "keeper-preset": "presets",
    "kraft-preset": "presets",
}
"""Key of `defaults` that kinds of resources ask for -> field of a service with the names that it may have."""


def wrong_defaults(service: Service) -> Iterator[tuple[str, str]]:
    """Give each key of `defaults` that is wrong, and what is wrong with it."""
    for key, name in service.defaults.items():
        if key not in LISTS:
            hint = did_you_mean(key, LISTS) or Reason("known are {names}", listed(LISTS))
            yield key, Reason("no kind of resource asks for it: {hint}", hint)
        elif name not in (sold := [row.name for row in getattr(service, LISTS[key])]):
            field = LISTS[key]
            said = Reason("`{name}` is not among the `{field}` of the service", name, field)
            near = did_you_mean(name, sold)
            yield key, Reason("{said}: {hint}", said, near) if near else said
