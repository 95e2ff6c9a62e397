"""Machine shapes that are bought by name."""

from __future__ import annotations

from collections.abc import Iterator

from costplan.catalog.model import Preset
from costplan.catalog.store import Catalog
from costplan.messages.errors import did_you_mean
from costplan.messages.reason import Reason
from costplan.messages.text import listed
from costplan.resources.catalog_defaults import unknown_name
from costplan.resources.contract import Problem

NONE_KNOWN = Reason("no preset of the service is known; give `platform`, `vcpu` and `memory` instead")


def find_preset(catalog: Catalog, service: str, name: str) -> Preset | None:
    """Return a preset of a service by name, or None."""
    return next((found for found in catalog.offer(service).presets if found.name == name), None)


def preset_problems(catalog: Catalog, service: str, name: str, field: str = "preset") -> Iterator[Problem]:
    """Say when a service has no preset of a name."""
    if find_preset(catalog, service, name) is None:
        names = [preset.name for preset in catalog.service(service).presets]
        hint = did_you_mean(name, names) or (Reason("known: {names}", listed(names)) if names else NONE_KNOWN)
        yield Problem([field], unknown_name(name, "preset", catalog.service(service)), hint)
