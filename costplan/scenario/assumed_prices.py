"""Check the prices that a scenario states itself: they must be of SKUs that its resources can use."""

from __future__ import annotations

from costplan.catalog.store import Catalog
from costplan.messages.errors import Fault, InputError, did_you_mean
from costplan.messages.reason import Reason
from costplan.messages.text import listed
from costplan.scenario.loaded import LoadedScenario
from costplan.source.reader import locate


def check_stand_ins(scenario: LoadedScenario) -> None:
    """Refuse a stand-in for a SKU that no resource uses.

    A variant may take the resource away for which the scenario has the stand-in; that is said, not refused.

    Raises:
        InputError: With every such stand-in.
    """
    catalog = scenario.catalog
    context = scenario.context
    usable = {code for resource in scenario.resources.values() for code in resource.usable_skus(context)}
    faults = []
    for code in scenario.model.prices:
        if code in usable or (scenario.applied_variants and _is_known(code, catalog)):
            continue
        mark, path = locate(scenario.node, ["prices", code], at_key=True)
        hint = did_you_mean(code, usable) or Reason("used: {names}", listed(sorted(usable), 10))
        faults.append(Fault(Reason("no resource uses a SKU `{code}`", code), mark, path, hint))
    if faults:
        raise InputError(faults)


def _is_known(code: str, catalog: Catalog) -> bool:
    return any(catalog.sku(name, code) or catalog.known_missing(name, code) for name in catalog.service_names)
