"""A diff with what policies say of the new side, the old one being what it cost before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from costplan.analysis.diff.documents import Diff
from costplan.analysis.policy.documents import PolicyReport
from costplan.analysis.policy.policy_file import PolicyFile
from costplan.analysis.policy.report import policy_report
from costplan.analysis.policy.subject import Subject
from costplan.inputs.bundles import Changes, Layers
from costplan.inputs.diff.ask import priced_pair
from costplan.inputs.diff.request import DiffRequest
from costplan.inputs.diff.sides import Side
from costplan.inputs.repository import in_repository
from costplan.pricing.estimate import Estimate


def judged_diff(
    request: DiffRequest, policies: Sequence[PolicyFile], today: date, layers: Layers, changes: Changes
) -> tuple[Diff, PolicyReport]:
    """Compare two bills, and hold the new design against policies.

    Raises:
        InputError: Something that is asked for is wrong.
    """
    with priced_pair(request, layers, changes) as pair:
        old, new = (_subject(side, bill) for side, bill in zip(pair.sides, pair.bills, strict=True))
        subject = Subject(new.estimate, new.design, old, in_repository, new.file)
        return pair.diff(), policy_report(policies, [subject], today)


def _subject(side: Side, bill: Estimate) -> Subject:
    if isinstance(side.found, Estimate):
        return Subject(bill, shown_path=in_repository, file=side.source)
    return Subject(bill, side.found, shown_path=in_repository)
