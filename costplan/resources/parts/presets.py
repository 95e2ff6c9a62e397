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


def find_preset(catalog: Catalog, service: str, name: str, software: str = "") -> Preset | None:
    """Return a preset of a service by name, or None.

    Args:
        catalog: Where it is looked for.
        service: Whose presets.
        name: Of the preset.
        software: What runs on such hosts where it is billed by platforms of its own. With `zookeeper`, both
            `s2-micro` and `zookeeper-s2-micro` are that shape on the platform `zookeeper-cascade-lake`.
    """
    presets = catalog.offer(service).presets
    prefix = f"{software}-" if software else ""
    shape = name.removeprefix(prefix)
    found = next((one for one in presets if one.name == prefix + shape), None)
    if found is None and software:
        found = next((one for one in presets if one.name == shape), None)
        if found is not None and found.platform is not None:
            named = {"name": prefix + shape, "platform": prefix + found.platform}
            return found.model_copy(update=named)
    return found


def preset_problems(
    catalog: Catalog, service: str, name: str, field: str = "preset", software: str = ""
) -> Iterator[Problem]:
    """Say when a service has no preset of a name."""
    if find_preset(catalog, service, name, software) is None:
        prefix = f"{software}-" if software else ""
        names = [prefix + preset.name.removeprefix(prefix) for preset in catalog.service(service).presets]
        hint = did_you_mean(name, names) or (Reason("known: {names}", listed(names)) if names else NONE_KNOWN)
        yield Problem([field], unknown_name(name, "preset", catalog.service(service)), hint)
