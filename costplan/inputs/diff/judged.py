"""A diff with what policies say of the new side, the old one being what it cost before.

A design that was not there at a revision of git is new: everything of it is added to nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal

from costplan.analysis.diff.documents import Diff
from costplan.analysis.policy.documents import PolicyReport
from costplan.analysis.policy.policy_file import PolicyFile
from costplan.analysis.policy.report import policy_report
from costplan.analysis.policy.subject import Subject
from costplan.inputs.bundles import Changes, Layers
from costplan.inputs.diff.ask import Pair, priced_pair
from costplan.inputs.diff.request import DiffRequest, days_of
from costplan.inputs.diff.sides import Side, priced_sides, read_sides
from costplan.inputs.repository import in_repository
from costplan.inputs.revision.past import AbsentError
from costplan.messages.reason import Reason
from costplan.messages.text import visible
from costplan.pricing.estimate import Estimate, Total

NOTHING = Decimal(0)


def judged_diff(
    request: DiffRequest, policies: Sequence[PolicyFile], today: date, layers: Layers, changes: Changes
) -> tuple[Diff, PolicyReport]:
    """Compare two bills, and hold the new design against policies.

    Raises:
        InputError: Something that is asked for is wrong.
    """
    with _pair(request, layers, changes) as pair:
        old, new = (_subject(side, bill) for side, bill in zip(pair.sides, pair.bills, strict=True))
        base = old if pair.bills[0].resources or pair.bills[0].unpriced else None
        subject = Subject(new.estimate, new.design, base, in_repository, new.file)
        return pair.diff(), policy_report(policies, [subject], today)


@contextmanager
def _pair(request: DiffRequest, layers: Layers, changes: Changes) -> Iterator[Pair]:
    """Give both sides; nothing before a design that is new."""
    with ExitStack() as stack:
        try:
            pair = stack.enter_context(priced_pair(request, layers, changes))
        except AbsentError:
            pair = _new_design(request, layers, changes)
        yield pair


def _new_design(request: DiffRequest, layers: Layers, changes: Changes) -> Pair:
    days, sides = days_of(request.days), read_sides(request.references, layers, changes)
    _, bill = priced_sides(sides, request.currency, days)
    said = Reason("not there at {revision}", visible(request.revision or ""))
    return Pair((Side(said, sides[1].found), sides[1]), (_nothing(bill), bill), days)


def _nothing(bill: Estimate) -> Estimate:
    """Return the bill of a design without any part; what nobody said of it is not said of this one either."""
    return replace(
        bill,
        resources=(),
        unpriced=(),
        total=Total(NOTHING, NOTHING, NOTHING, NOTHING, bill.total.vat_rate),
        cost_per_million_requests=None,
        budget=None,
        assumptions=(),
        unmet=(),
        verdict="unknown",
        quota_raises=(),
        caveats=(),
        not_billed=(),
        designs=(),
        discount=None,
    )


def _subject(side: Side, bill: Estimate) -> Subject:
    if isinstance(side.found, Estimate):
        return Subject(bill, shown_path=in_repository, file=side.source)
    return Subject(bill, side.found, shown_path=in_repository)
