"""In what the designs of one account must agree: what is one of an account cannot be two of its designs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from costplan.catalog.store import Catalog
from costplan.checked.records import dataclass
from costplan.messages.errors import Fault
from costplan.messages.reason import Reason
from costplan.quantities.money import plain
from costplan.scenario.account.model import DESIGNS, Account
from costplan.scenario.loaded import LoadedScenario
from costplan.source.reader import Mapping as MappingNode
from costplan.source.reader import locate

MONTH = Reason("give all designs one `hours_per_month`: an account is billed by the month")


@dataclass(frozen=True, slots=True)
class _Agreed:
    """Something that is one for the whole account."""

    key: str
    """Of the account, where it can say it."""
    of: Callable[[LoadedScenario], str]
    difference: Callable[[str, str, str], Reason]
    """Says it of the design's value, the first design and that one's value."""
    hint: str = ""


def _day(one: LoadedScenario) -> str:
    return str(one.model.as_of or one.catalog.index.as_of)


_AGREED = (
    _Agreed(
        "currency",
        lambda one: one.currency,
        lambda *said: Reason("is billed in {value}, but `{first}` in {other}", *said),
    ),
    _Agreed("as_of", _day, lambda *said: Reason("has prices of {value}, but `{first}` of {other}", *said)),
    _Agreed(
        "free_tier",
        lambda one: str(one.model.free_tier).lower(),
        lambda *said: Reason("has `free_tier: {value}`, but `{first}` has `free_tier: {other}`", *said),
    ),
    _Agreed(
        "hours_per_month",
        lambda one: plain(one.model.hours_per_month),
        lambda *said: Reason("has a month of {value} h, but `{first}` one of {other} h", *said),
        MONTH,
    ),
)


def agreed(
    account: Account, designs: Mapping[str, LoadedScenario], quotas: Mapping[str, Fraction]
) -> dict[str, LoadedScenario]:
    """Return the designs with what the account says of all of them, and without budgets of their own."""
    return {
        name: replace(one.with_model(**_said(account)), quotas=quotas).without_budget()
        for name, one in designs.items()
    }


def _said(account: Account) -> dict[str, object]:
    """Return what the account itself says of all designs."""
    stated = {key: getattr(account, key) for key in ("currency", "as_of", "free_tier")}
    return {key: value for key, value in stated.items() if value is not None}


def disagreements(
    account: Account,
    designs: Mapping[str, LoadedScenario],
    document: MappingNode,
    catalog: Catalog,
    quotas: Mapping[str, Fraction],
) -> Iterator[Fault]:
    """Say in what designs differ that is one for an account, and where the account does not decide it."""
    (first, one), *others = designs.items()
    for name, other in designs.items():
        if other.catalog is not catalog:
            names = {"value": other.catalog.index.catalog, "other": catalog.index.catalog}
            message = Reason("is priced by the catalog `{value}`, but the account by `{other}`", **names)
            yield _fault(document, name, message, _stated("catalog"))
    said = _said(account)
    for what in (one for one in _AGREED if one.key not in said):
        for name, other in others:
            if (value := what.of(other)) != (known := what.of(one)):
                message = what.difference(value, first, known)
                yield _fault(document, name, message, what.hint or _stated(what.key))
    yield from _quota_disagreements(designs, document, quotas)


def _quota_disagreements(
    designs: Mapping[str, LoadedScenario], document: MappingNode, quotas: Mapping[str, Fraction]
) -> Iterator[Fault]:
    known: dict[str, tuple[str, Fraction]] = {}
    for name, one in designs.items():
        for key, amount in one.quotas.items():
            first, before = known.setdefault(key, (name, amount))
            if key not in quotas and before != amount:
                message = Reason("states another quota `{quota}` than `{first}`", quota=key, first=first)
                yield _fault(document, name, message, _stated("quotas"))


def _stated(key: str) -> Reason:
    return Reason("state `{key}` in the account: it is one for all of its designs", key=key)


def _fault(document: MappingNode, name: str, message: Reason, hint: str) -> Fault:
    return Fault(message, *locate(document, [DESIGNS, name]), hint)
