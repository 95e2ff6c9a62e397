"""What a note says of policies: a few words for the verdict, and a line for each rule that does not hold."""

from __future__ import annotations

from collections.abc import Sequence

from costplan.analysis.policy.documents import PolicyReport, PolicyResult
from costplan.language.translator import Translator
from costplan.output.views.policy.checks import policy_detail, policy_verdict, told
from costplan.output.views.view import Cell


def policy_words(report: PolicyReport, words: Translator) -> str:
    """Say how many rules fail, or that all hold; nothing where none was asked."""
    failing = sum(one.fails for one in report.results)
    if failing:
        return words.many("{count} policy rule fails", "{count} policy rules fail", failing)
    return words("the policies hold") if report.results else ""


def policy_findings(report: PolicyReport, words: Translator) -> Sequence[Cell]:
    """Give the lines, the worst first."""
    return [_finding(one, words) for one in told(report.results)]


def _finding(one: PolicyResult, words: Translator) -> Cell:
    verdict = policy_verdict(one, words)
    return Cell(f"{verdict.text}: {one.policy}: {one.rule}: {policy_detail(one, words)}", verdict.tone)
