"""What became of each resource of a plan or a state: each is in one class, none is 0 in silence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import get_args

from costplan.checked.records import dataclass
from costplan.messages.reason import Reason
from costplan.pricing.components import Component
from costplan.pricing.estimate import ClassifiedResource, TerraformClasses, Unpriced
from costplan.scenario.loaded import LoadedScenario
from costplan.terraform.inventory import Status, TerraformResource

STATUSES: tuple[Status, ...] = get_args(Status)
NO_PRICE = Reason("the catalog lacks a price for it")
NO_TYPE = Reason("its type is not supported yet, and may be charged for")


@dataclass(frozen=True, slots=True)
class _Found:
    """A resource of the file, with why it is in no bill."""

    address: str
    row: TerraformResource
    billed_as: tuple[str, ...]
    """Those of its resources of the scenario that the catalog does not refuse."""
    refusal: str | None


def left_out(scenario: LoadedScenario) -> tuple[Unpriced, ...]:
    """Return what a file of Terraform holds and the bill does not, beside prices that the catalog lacks."""
    return tuple(part for one in _found(scenario) for part in _left_out(one))


def classes_of(scenario: LoadedScenario, components: Sequence[Component]) -> TerraformClasses | None:
    """Return the class of every resource; None for a scenario that no file of Terraform stands behind."""
    section = scenario.model.terraform
    if section is None:
        return None
    prices = _Prices(components)
    rows = tuple(_classified(one, prices) for one in _found(scenario))
    counted = Counter(row.status for row in rows)
    counts: dict[str, int] = {status: counted[status] for status in STATUSES}
    return TerraformClasses(
        section.file, len(rows), counts, rows, section.complete, section.without_terraform
    )


def _found(scenario: LoadedScenario) -> Iterator[_Found]:
    section = scenario.model.terraform
    for address, row in section.resources.items() if section is not None else ():
        refusals = [scenario.refused[name] for name in row.resources if name in scenario.refused]
        billed_as = tuple(name for name in row.resources if name not in scenario.refused)
        yield _Found(address, row, billed_as, refusals[0] if refusals else None)


def _left_out(found: _Found) -> Iterator[Unpriced]:
    row = found.row
    name = row.resources[0] if row.resources and found.refusal is None else found.address
    reasons = (
        [(_why(found), "")] if _is_wholly_out(found) else [(_not_known(path), path) for path in row.unpriced]
    )
    for reason, part in reasons:
        yield Unpriced(name, row.type, reason, Decimal(1), "", part)


def _is_wholly_out(found: _Found) -> bool:
    return found.row.status != "free" and (not found.row.resources or found.refusal is not None)


def _why(found: _Found) -> str:
    row = found.row
    if found.refusal is not None:
        return found.refusal
    if row.status == "usage-based":
        return Reason("usage-based: {usage} not in the file", usage=", ".join(row.usage))
    if row.status == "unknown-until-apply":
        return _not_known(", ".join(row.unpriced))
    return NO_TYPE


def _not_known(paths: str) -> Reason:
    return Reason("{attributes}: unknown until apply, or without a price", attributes=paths)


class _Prices:
    """Which parts of resources of the scenario have a price, and which have none."""

    def __init__(self, components: Sequence[Component]) -> None:
        self.priced = {part.resource for part in components if part.price is not None}
        self.missing: dict[str, list[str]] = {}
        for part in components:
            if part.price is None:
                self.missing.setdefault(part.resource, []).append(part.key[1])


def _classified(found: _Found, prices: _Prices) -> ClassifiedResource:
    row, status, reason = found.row, found.row.status, ""
    missing = [sku for name in row.resources for sku in prices.missing.get(name, ())]
    if found.refusal is not None:
        status, reason = "not-supported", found.refusal
    elif missing and not any(name in prices.priced for name in row.resources):
        status, reason = "not-supported", NO_PRICE
    elif _is_wholly_out(found):
        reason = _why(found)
    unpriced = tuple(dict.fromkeys((*row.unpriced, *missing)))
    return ClassifiedResource(
        found.address, row.type, status, found.billed_as, row.assumed, unpriced, row.usage, reason
    )
