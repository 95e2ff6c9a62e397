"""Rules about money: cost, cost per million requests, what is assumed or has no price, old prices."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from costplan.analysis.bill.check import against, lower_bound
from costplan.analysis.policy.outcome import Outcome, upper_bound
from costplan.analysis.policy.subject import Question
from costplan.messages.reason import Reason, join_reasons
from costplan.messages.text import listed
from costplan.pricing.estimate import Estimate, LineItem
from costplan.pricing.paid_lines import paid_lines
from costplan.quantities.money import EXACT, Money, exact_sum, plain, quantized, rounded
from costplan.quantities.units import SECONDS_PER_HOUR

AMOUNTS = re.compile(r"(?P<design>[^.]+\.)?resources\.(?P<name>[^.]+)\.amounts\b")
"""Path of a stated cost, of a design in an account by its name."""
SECONDS_PER_DAY = 24 * SECONDS_PER_HOUR


def max_cost(asked: Question) -> Outcome:
    """Hold the cost of all, or of the resources that the rule names, against its limit."""
    limit = asked.rule.max_cost
    assert limit is not None
    bill = asked.subject.bill_in(limit.currency)
    if bill is None:
        return no_rate(limit)
    cost, lacking = cost_of(asked, bill), lacking_in(asked, bill)
    detail = against(cost, limit.amount, limit.currency, is_most=True)
    if lacking:
        detail = join_reasons([detail, lower_bound(lacking)])
    verdict = upper_bound(cost, limit.amount, is_lower_bound=lacking > 0)
    return Outcome(verdict, detail, limit.amount, cost, "money", limit.currency, costliest(asked, bill))


def max_cost_per_million(asked: Question) -> Outcome:
    """Hold the cost per million requests against its limit."""
    limit = asked.rule.max_cost_per_million
    assert limit is not None
    bill = asked.subject.bill_in(limit.currency)
    if bill is None:
        return no_rate(limit)
    cost = bill.cost_per_million_requests
    if cost is None:
        reason = Reason("there are no requests that the cost could be shared by")
        return Outcome("unknown", reason, limit.amount, None, "money", limit.currency)
    detail = against(cost, limit.amount, limit.currency, is_most=True)
    if bill.unpriced:
        detail = join_reasons([detail, lower_bound(len(bill.unpriced))])
    verdict = upper_bound(cost, limit.amount, is_lower_bound=bool(bill.unpriced))
    return Outcome(verdict, detail, limit.amount, cost, "money", limit.currency)


def no_rate(limit: Money) -> Outcome:
    """Say that an amount is in a currency in which nothing has a price."""
    reason = Reason("there are no prices in {currency}, and no exchange rate", limit.currency)
    return Outcome("unknown", reason, limit.amount, None, "money", limit.currency)


def max_assumed(asked: Question) -> Outcome:
    """Hold the part of the cost that rests on assumptions; what has no price would only add to it."""
    limit, bill = asked.rule.max_assumed, asked.subject.estimate
    assert limit is not None
    lines = list(_lines(asked, bill))
    cost = exact_sum([line.monthly_cost for _, line in lines])
    stated = _assumed_amounts(bill)
    unsure = [(name, line) for name, line in lines if _is_assumed(line) or (name, line.provenance) in stated]
    assumed = exact_sum([line.monthly_cost for _, line in unsure])
    share = quantized(Fraction(assumed) / Fraction(cost)) if cost else Decimal(0)
    lacking, most = lacking_in(asked, bill), quantized(limit.value)
    said = Reason("{part}% of the cost is assumed, of at most {most}%", percent(share, most), percent(most))
    verdict = upper_bound(share, most, is_lower_bound=lacking > 0)
    reason = join_reasons([said, lower_bound(lacking)]) if lacking else said
    largest = max(unsure, key=lambda found: found[1].monthly_cost, default=None)
    resources = () if largest is None else (largest[0],)
    return Outcome(verdict, reason, most, share, "share", "", resources)


def _is_assumed(line: LineItem) -> bool:
    return "assumed" in (line.provenance, line.quantity_provenance)


def _assumed_amounts(bill: Estimate) -> set[tuple[str, str]]:
    """Name the resources whose stated cost is itself assumed; no line says it."""
    paths = (AMOUNTS.match(one.path) for one in bill.assumptions if one.kind == "assumed")
    return {((path["design"] or "") + path["name"], "stated") for path in paths if path}


def max_unpriced(asked: Question) -> Outcome:
    """Count cost components without a price."""
    limit, bill = asked.rule.max_unpriced, asked.subject.estimate
    assert limit is not None
    roles = roles_in(bill)
    found = [part for part in bill.unpriced if asked.covers(part.resource, roles.get(part.resource))]
    skus = sorted({part.sku for part in found})
    said = Reason("every price is known")
    if found:
        said = Reason("{count} without a price: {skus}", count=len(found), skus=listed(skus))
    resources = tuple(dict.fromkeys(part.resource for part in found))
    verdict = upper_bound(Decimal(len(found)), Decimal(limit), is_lower_bound=False)
    return Outcome(verdict, said, Decimal(limit), Decimal(len(found)), "count", "", resources)


def max_price_age(asked: Question) -> Outcome:
    """Hold the time since the prices in use were looked up, that of the oldest, against its limit."""
    limit, bill = asked.rule.max_price_age, asked.subject.estimate
    assert limit is not None
    most = quantized(limit.value / SECONDS_PER_DAY)
    days = {(name, line.checked) for name, line in _lines(asked, bill) if line.checked is not None}
    oldest = min((day for _, day in days), default=bill.catalog.newest)
    if oldest is None:
        return Outcome("unknown", Reason("no price in use has a date"), most, None, "days")
    age = max((asked.today - oldest).days, 0)
    said = Reason(
        "the oldest price in use was looked up on {day}, {age} days ago, of at most {most}",
        str(oldest),
        age,
        Decimal(plain(most)),
    )
    verdict = upper_bound(Decimal(age), most, is_lower_bound=False)
    old = tuple(sorted({name for name, day in days if (asked.today - day).days > most}))
    return Outcome(verdict, said, most, Decimal(age), "days", "", old)


def cost_of(asked: Question, bill: Estimate) -> Decimal:
    """Return what the resources cost that a rule is about."""
    if not asked.rule.is_about_parts:
        return bill.total.monthly_cost
    return exact_sum([one.monthly_cost for one in bill.resources if asked.covers(one.name, one.role)])


def costliest(asked: Question, bill: Estimate) -> tuple[str, ...]:
    """Name the resource to look at first, where a rule is about the sum of some."""
    found = [one for one in bill.resources if asked.covers(one.name, one.role)]
    if not asked.rule.is_about_parts or not found:
        return ()
    return (max(found, key=lambda one: one.monthly_cost).name,)


def lacking_in(asked: Question, bill: Estimate) -> int:
    """Count the cost components without a price that a rule is, or may be, about."""
    roles = roles_in(bill)
    return sum(asked.covers(part.resource, roles.get(part.resource)) for part in bill.unpriced)


def roles_in(bill: Estimate) -> dict[str, str]:
    """Return the roles of resources by name; one that Terraform has and nobody prices is not among them."""
    return {one.name: one.role for one in bill.resources}


def _lines(asked: Question, bill: Estimate) -> Iterator[tuple[str, LineItem]]:
    """Give the lines that a rule is about, at what is paid for them."""
    for one, line in paid_lines(bill):
        if asked.covers(one.name, one.role):
            yield one.name, line


def percent(share: Decimal, other: Decimal | None = None) -> str:
    """Write a share in percent, with as many decimals as tell it from another one."""
    shown = plain(rounded(EXACT.multiply(share, Decimal(100))))
    if other is None or share == other or shown != percent(other):
        return shown
    return plain(EXACT.multiply(share, Decimal(100)))
