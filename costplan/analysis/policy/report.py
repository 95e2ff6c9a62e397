"""What policies say of scenarios: each rule's finding, its level, and the waivers that are for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from costplan.analysis.policy import design_rules, increase, money_rules
from costplan.analysis.policy.documents import (
    PolicyReport,
    PolicyResult,
    Status,
    WaivedBy,
    WaiverState,
    WaiverUse,
)
from costplan.analysis.policy.outcome import Outcome, Verdict
from costplan.analysis.policy.policy_file import PolicyFile, Rule, Waiver
from costplan.analysis.policy.subject import Question, Subject, applies, is_for
from costplan.messages.reason import Reason

ANSWERS: dict[str, Callable[[Question], Outcome]] = {
    "max_cost": money_rules.max_cost,
    "max_increase": increase.max_increase,
    "max_cost_per_million": money_rules.max_cost_per_million,
    "max_assumed": money_rules.max_assumed,
    "max_unpriced": money_rules.max_unpriced,
    "max_price_age": money_rules.max_price_age,
    "preemptible": design_rules.preemptible,
    "backups": design_rules.backups,
    "min_zones": design_rules.min_zones,
    "required_roles": design_rules.required_roles,
    "ending_services": design_rules.ending_services,
    "slo": design_rules.slo,
    "feasibility": design_rules.feasibility,
    "quotas": design_rules.quotas,
}
"""Requirement of a rule -> what answers it."""


def policy_report(policies: Sequence[PolicyFile], subjects: Sequence[Subject], today: date) -> PolicyReport:
    """Hold designs against policies.

    Args:
        policies: As they were read.
        subjects: The designs; of several, each has a name of its own.
        today: Day against which ages and waivers count.

    Returns:
        The results in the order of the designs, then of the policies and their rules.
    """
    results = [one for subject in subjects for one in results_of(policies, subject, today)]
    uses = [use for policy in policies for use in _uses(policy, subjects, results, today)]
    used = [one for one in policies if any(applies(one.policy.applies, subject) for subject in subjects)]
    idle = tuple(one.policy.policy for one in policies if one not in used)
    return PolicyReport(tuple(results), tuple(uses), idle)


def results_of(policies: Sequence[PolicyFile], subject: Subject, today: date) -> Iterator[PolicyResult]:
    """Give a result for each rule that is for a design."""
    for one in policies:
        if applies(one.policy.applies, subject):
            for rule, line in zip(one.policy.rules, one.rule_lines, strict=True):
                yield _result(one, rule, line, subject, today)


def _result(policy: PolicyFile, rule: Rule, line: int, subject: Subject, today: date) -> PolicyResult:
    found = ANSWERS[rule.requires](Question.of(rule, subject, today))
    waiver = _waiver(policy, rule, subject, today) if found.verdict != "kept" else None
    status, fails = _status(found.verdict, rule, waiver)
    reason = found.reason
    if waiver is not None and not waiver.holds:
        reason = Reason("{why}; its waiver ended on {day}", why=reason, day=str(waiver.until))
    places = subject.places(found.resources)
    return PolicyResult(
        policy=policy.policy.policy,
        rule=rule.name,
        requires=rule.requires,
        level=rule.level,
        scenario=subject.label,
        status=status,
        fails=fails,
        reason=reason,
        limit=found.limit,
        value=found.value,
        unit=found.unit,
        currency=found.currency,
        file=places[0].file,
        line=places[0].line,
        places=places,
        policy_file=policy.file,
        policy_line=line,
        waiver=waiver,
    )


def _status(verdict: Verdict, rule: Rule, waiver: WaivedBy | None) -> tuple[Status, bool]:
    """Return the status, and whether the answer is no because of it."""
    if verdict == "kept":
        return "passed", False
    if waiver is not None and waiver.holds:
        return "waived", False
    if verdict == "unknown":
        return "unknown", (rule.when_unknown or rule.level) == "fail"
    return ("broken", True) if rule.level == "fail" else ("warned", False)


def _waiver(policy: PolicyFile, rule: Rule, subject: Subject, today: date) -> WaivedBy | None:
    """Return the waiver that is for a rule and a design; of several the one that holds longest."""
    found = [one for one in policy.policy.waivers if one.rule == rule.name and is_for(one, subject)]
    last = max(found, key=lambda one: one.until, default=None)
    return None if last is None else WaivedBy(last.reason, last.until, today <= last.until)


def _uses(
    policy: PolicyFile, subjects: Sequence[Subject], results: Sequence[PolicyResult], today: date
) -> Iterator[WaiverUse]:
    meant = [one for one in subjects if applies(policy.policy.applies, one)]
    own = {(one.rule, one.scenario): one for one in results if one.policy == policy.policy.policy}
    for waiver, line in zip(policy.policy.waivers, policy.waiver_lines, strict=True):
        found = [own[waiver.rule, one.label] for one in meant if is_for(waiver, one)]
        yield WaiverUse(
            policy.policy.policy,
            waiver.rule,
            waiver.scenario,
            _state(waiver, found, today),
            waiver.until,
            waiver.reason,
            policy.file,
            line,
        )


def _state(waiver: Waiver, found: Sequence[PolicyResult], today: date) -> WaiverState:
    if today > waiver.until:
        return "ended"
    if not found:
        return "no-scenario"
    return "used" if any(one.status == "waived" for one in found) else "not-needed"
