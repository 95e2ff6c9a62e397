"""What a scenario says that its account may use, by the provider's names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from costplan.catalog.bounds import Quota
from costplan.catalog.store import Catalog
from costplan.messages.errors import Fault, did_you_mean
from costplan.messages.reason import Reason
from costplan.messages.text import visible
from costplan.quantities.units import BYTES_PER_GB, parse_count, parse_size
from costplan.scenario.quota_export import QUOTAS, ExportedQuota
from costplan.source.reader import Mapping as MappingNode
from costplan.source.reader import locate

ALIASES = {"vcpu": "compute-vcpu", "memory": "compute-memory", "machines": "compute-instances", "gpu": ""}
"""Short names: the code of the quota; `gpu` is that of every GPU model."""
WHOLE = frozenset({"count", "vCPU", "GPU"})


def stated_quotas(
    given: object, document: MappingNode, catalog: Catalog, faults: list[Fault]
) -> Mapping[str, Fraction]:
    """Return what is stated, by the quota's key, in its own unit; a later entry wins over an earlier one.

    Args:
        given: The section `quotas` as plain data.
        document: The document, for the places of faults.
        catalog: It knows the quotas.
        faults: Where to collect faults.
    """
    node = document.entries.get(QUOTAS)
    if not isinstance(given, dict) or not isinstance(node, MappingNode):
        return {}
    known = _known(catalog)
    found: dict[str, Fraction] = {}
    for name, value in given.items():
        is_exported = isinstance(node.entries.get(str(name)), ExportedQuota)
        quotas = known.get(str(name), [])
        if not quotas and is_exported:
            continue
        mark, path = locate(document, [QUOTAS, str(name)])
        if not quotas:
            faults.append(_unknown(str(name), document, known, catalog))
        elif value is not None:
            try:
                found |= dict.fromkeys((quota.key for quota in quotas), _amount(value, quotas[0]))
            except ValueError as error:
                faults.append(Fault(str(error), mark, path))
    return found


def _known(catalog: Catalog) -> dict[str, list[Quota]]:
    """Return all quotas by alias, code and id; an id may be that of a pool which several services share."""
    quotas = [quota for service in catalog.bounded_services for quota in catalog.quotas(service)]
    found: dict[str, list[Quota]] = {}
    for quota in quotas:
        for name in dict.fromkeys((quota.code, quota.key)):
            found.setdefault(name, []).append(quota)
    compute = catalog.quotas("compute")
    for alias, code in ALIASES.items():
        own = [quota for quota in compute if quota.code == code or (alias == "gpu" and quota.unit == "GPU")]
        if own:
            found[alias] = own
    return found


def _unknown(name: str, document: MappingNode, known: Iterable[str], catalog: Catalog) -> Fault:
    mark, path = locate(document, [QUOTAS, name], at_key=True)
    limits = {row.code for service in catalog.bounded_services for row in catalog.limits(service)}
    if name in limits:
        return Fault("is a limit of the provider, which is not raised", mark, path)
    hint = did_you_mean(name, known) or "costplan catalog quotas --match TEXT"
    return Fault(Reason("there is no quota `{name}`", visible(name[:64])), mark, path, hint)


def _amount(value: object, quota: Quota) -> Fraction:
    if not isinstance(value, str):
        raise ValueError("must be a number")
    if quota.unit == "GB":
        return parse_size(value) / BYTES_PER_GB
    number = parse_count(value)
    if quota.unit in WHOLE and number.denominator != 1:
        raise ValueError(Reason("must be a whole number, got `{value}`", visible(value[:40])))
    return number
