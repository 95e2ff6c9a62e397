"""What changed besides amounts: what has no price, what is assumed, whether the design works."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from costplan.analysis.diff.documents import AssumptionChange, FeasibilityChange, UnpricedChange
from costplan.analysis.diff.pairs import addresses_of
from costplan.messages.reason import Reason
from costplan.pricing.estimate import Assumption, Estimate, Unpriced
from costplan.pricing.feasibility import Caveat, Violation

RESOURCES = "resources."
Names = Mapping[str, str]
"""Name of a resource before -> after."""


INCOMPLETE = Reason("the plan is not complete: what it leaves out is in no amount")
WITHOUT_TERRAFORM = Reason("read without Terraform")


def terraform_notes(old: Estimate, new: Estimate) -> Iterator[str]:
    """Say what files of Terraform leave open."""
    files = [one.terraform for one in (old, new) if one.terraform is not None]
    if any(not one.complete for one in files):
        yield INCOMPLETE
    if any(one.without_terraform for one in files):
        yield WITHOUT_TERRAFORM


def unpriced_changes(old: Estimate, new: Estimate, renamed: Names) -> Iterator[UnpricedChange]:
    """Give the components without a price that are on one side only, or of another quantity."""
    addresses = [{name: at for name, (at, _) in addresses_of(one).items()} for one in (old, new)]
    before = {_unpriced_key(one, renamed): one for one in old.unpriced}
    after = {_unpriced_key(one, {}): one for one in new.unpriced}
    for key, one in after.items():
        other = before.get(key)
        if other is None:
            yield _unpriced(one, "added", None, one, addresses[1])
        elif (other.quantity, other.unit) != (one.quantity, one.unit):
            yield _unpriced(one, "changed", other, one, addresses[1])
    for key, one in before.items():
        if key not in after:
            yield _unpriced(one, "removed", one, None, addresses[0])


def _unpriced_key(one: Unpriced, renamed: Names) -> tuple[str, str, str]:
    return renamed.get(one.resource, one.resource), one.sku, one.name


def _unpriced(
    shown: Unpriced,
    change: Literal["added", "removed", "changed"],
    old: Unpriced | None,
    new: Unpriced | None,
    addresses: Names,
) -> UnpricedChange:
    return UnpricedChange(
        resource=shown.resource,
        sku=shown.sku,
        name=shown.name,
        change=change,
        reason=shown.reason,
        old_quantity=old.quantity if old else None,
        new_quantity=new.quantity if new else None,
        unit=shown.unit,
        address=addresses.get(shown.resource, ""),
    )


def assumption_changes(old: Estimate, new: Estimate, renamed: Names) -> Iterator[AssumptionChange]:
    """Give the inputs that nobody stated on one side, and that are stated, or not there, on the other."""
    before = {(_path(one, renamed), one.kind): one for one in old.assumptions}
    after = {(one.path, one.kind): one for one in new.assumptions}
    for key, one in after.items():
        if key not in before:
            yield AssumptionChange(one.path, one.kind, "added", one.reason)
    for key, one in before.items():
        if key not in after:
            yield AssumptionChange(one.path, one.kind, "removed", one.reason)


def _path(one: Assumption, renamed: Names) -> str:
    if not one.path.startswith(RESOURCES):
        return one.path
    name, dot, rest = one.path.removeprefix(RESOURCES).partition(".")
    return f"{RESOURCES}{renamed.get(name, name)}{dot}{rest}"


def feasibility_changes(old: Estimate, new: Estimate, renamed: Names) -> Iterator[FeasibilityChange]:
    """Give what was enough and is no longer, and the reverse; then what is no longer known, or is now."""
    yield from _turned(
        (*old.unmet, *old.quota_raises), (*new.unmet, *new.quota_raises), renamed, "broken", "mended"
    )
    yield from _turned(old.unknowns, new.unknowns, renamed, "unknown", "known")


def _turned(
    old: Iterable[Violation | Caveat],
    new: Iterable[Violation | Caveat],
    renamed: Names,
    worse: Literal["broken", "unknown"],
    better: Literal["mended", "known"],
) -> Iterator[FeasibilityChange]:
    before = {(renamed.get(one.resource, one.resource), one.what, _code(one)): one for one in old}
    after = {(one.resource, one.what, _code(one)): one for one in new}
    for key, one in after.items():
        if key not in before:
            yield FeasibilityChange(one.resource, one.what, worse, one.reason, _code(one))
    for key, one in before.items():
        if key not in after:
            yield FeasibilityChange(one.resource, one.what, better, one.reason, _code(one))


def _code(one: Violation | Caveat) -> str:
    return one.code if isinstance(one, Violation) else ""
