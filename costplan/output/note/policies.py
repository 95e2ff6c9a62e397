"""What a note says of policies: a line for all of them, one for each rule that does not hold."""

from __future__ import annotations

from collections.abc import Sequence

from costplan.analysis.policy.documents import PolicyReport, PolicyResult
from costplan.language.translator import Translator
from costplan.output.views.policy.checks import policy_detail, told
from costplan.output.views.view import Cell, Tone


def policy_findings(report: PolicyReport, words: Translator) -> Sequence[Cell]:
    """Give the lines, the worst first; none where no rule was asked."""
    if not report.results:
        return ()
    failing = sum(one.fails for one in report.results)
    held = sum(one.status == "passed" for one in report.results)
    said = words.many("policies: {count} rule holds", "policies: {count} rules hold", held)
    if failing:
        said = words.many("policies: {count} rule fails", "policies: {count} rules fail", failing)
    return [Cell(said, "bad" if failing else "good"), *(_finding(one, words) for one in told(report.results))]


def _finding(one: PolicyResult, words: Translator) -> Cell:
    tone: Tone = "bad" if one.fails else "faint" if one.status == "waived" else "warn"
    return Cell(f"{one.policy}: {one.rule}: {policy_detail(one, words)}", tone)
