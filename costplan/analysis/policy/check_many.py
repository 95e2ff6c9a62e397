"""Check many designs at once: the rules of `check`, and those of policies, with one verdict each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from costplan.analysis.bill.check import KEPT, QUOTAS, RULES, check
from costplan.analysis.bill.documents import CHECK_LIST_SCHEMA, Check, CheckList, Checks
from costplan.analysis.policy.documents import Place, PolicyReport, PolicyResult
from costplan.analysis.policy.subject import Subject
from costplan.messages.errors import InputError
from costplan.messages.reason import Reason

if TYPE_CHECKING:
    from costplan.analysis.policy.policy_file import PolicyFile


class Asked(NamedTuple):
    """What `check` is asked for besides policies."""

    parts: bool = False
    """Whether each part of a budget must hold too."""
    limit: Decimal | None = None
    """A most for the monthly cost, in the bills' currency."""
    allow_unpriced: bool = False
    allow_ending: bool = False


SPOKEN_FOR: dict[str, tuple[str, ...]] = {
    "slo": (KEPT,),
    "feasibility": tuple(RULES.values()),
    "quotas": (QUOTAS,),
}
"""Requirement of a policy -> rules of `check` that say the same, and leave it to the policy."""


def check_one(subject: Subject, policies: Sequence[PolicyFile], asked: Asked, today: date) -> Checks:
    """Check one design.

    Raises:
        InputError: There is nothing to check.
    """
    return _checks(subject, _report(policies, [subject], today) if policies else None, asked)


def check_many(
    subjects: Sequence[Subject], policies: Sequence[PolicyFile], asked: Asked, today: date
) -> CheckList:
    """Check several designs, each with a name of its own.

    Raises:
        InputError: There is nothing to check of one of them.
    """
    report = _report(policies, subjects, today)
    results: dict[str, list[PolicyResult]] = {}
    for one in report.results:
        results.setdefault(one.scenario, []).append(one)
    found = []
    for subject in subjects:
        own = PolicyReport(tuple(results.get(subject.label, ()))) if policies else None
        with _naming(subject):
            found.append(_checks(subject, own, asked))
    failed = tuple(one.scenario for one in found if not one.passed)
    return CheckList(CHECK_LIST_SCHEMA, not failed, failed, tuple(found), report.waivers, report.idle)


def _report(policies: Sequence[PolicyFile], subjects: Sequence[Subject], today: date) -> PolicyReport:
    if not policies:
        return PolicyReport(())
    from costplan.analysis.policy.report import policy_report  # most checks have no policy

    return policy_report(policies, subjects, today)


@contextmanager
def _naming(subject: Subject) -> Iterator[None]:
    """Say which design an error is about."""
    try:
        yield
    except InputError as error:
        raise InputError(
            replace(one, message=Reason("{why} (of `{name}`)", one.message, subject.label))
            for one in error.faults
        ) from None


def _checks(subject: Subject, report: PolicyReport | None, asked: Asked) -> Checks:
    """Join the rules of `check`, but for those that a policy speaks for, with the policies' results."""
    spoken: set[str] = {one.requires for one in report.results} if report is not None else set()
    checks = check(
        subject.estimate,
        parts=asked.parts,
        limit=asked.limit,
        allow_unpriced=asked.allow_unpriced or "max_unpriced" in spoken,
        allow_ending=asked.allow_ending or "ending_services" in spoken,
        spoken=spoken if report is not None else None,
    )
    left_out = {rule for name in spoken for rule in SPOKEN_FOR.get(name, ())}
    kept = tuple(placed(subject, (one for one in checks.checks if one.rule not in left_out)))
    passed = all(one.passed for one in kept) and (report is None or report.passed)
    return replace(checks, passed=passed, checks=kept, policies=report)


def placed(subject: Subject, checks: Iterable[Check]) -> Iterator[Check]:
    """Say where the scenario says what a rule is about."""
    parts = 0
    for one in checks:
        places = subject.places(one.resources)
        if one.rule.startswith(("budget total", "budget: ")):
            path: tuple[str | int, ...] = ("budget", "parts", parts) if one.resources else ("budget",)
            place = subject.place(*path)
            places = (Place(place.file, place.line),)
            parts += bool(one.resources)
        yield replace(one, places=places)
