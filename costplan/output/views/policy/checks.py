"""Views of checks, of one scenario and of many, with what policies say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from costplan.analysis.bill.check import CAVEATS
from costplan.analysis.bill.documents import Check, CheckList, Checks
from costplan.analysis.policy.documents import PolicyResult, WaiverUse
from costplan.language.translator import Translator
from costplan.messages.text import listed
from costplan.output.views.view import Cell, Column, Row, Table, View, row_of


def checks_view(checks: Checks, words: Translator) -> View:
    """A row per rule; rules of policies that hold are counted only."""
    results = checks.policies.results if checks.policies is not None else ()
    rows = [
        Row([_holds(check, words), Cell(words.reason(check.rule)), Cell(words.reason(check.detail))])
        for check in checks.checks
    ]
    rows += [Row(_policy_cells(one, words)) for one in told(results)]
    warnings = sum(1 for check in checks.checks if check.is_warning) + sum(map(is_told, results))
    verdict = words("all rules hold") if checks.passed else words("the answer is no")
    if warnings and checks.passed:
        verdict += ", " + words.many("{count} warning", "{count} warnings", warnings)
    columns = [Column(words("Verdict")), Column(words("Rule")), Column(words("Detail"), folds=True)]
    stamp = checks.catalog
    facts = [words("prices as of {day}, catalog {sha256}", day=stamp.as_of, sha256=stamp.sha256[:12])]
    held = sum(one.status == "passed" for one in results)
    if held:
        facts.append(
            words.many("{count} rule of the policies holds", "{count} rules of the policies hold", held)
        )
    report = checks.policies
    notes = list(_notes(report.waivers, report.idle, words)) if report is not None else []
    return View(f"{checks.scenario}: {verdict}", facts, [Table(columns, rows)], notes)


def check_list_view(found: CheckList, words: Translator) -> View:
    """A row for each rule that does not hold, the worst first; what holds is counted only."""
    rows = [*_rows(found, words, is_failing=True), *_rows(found, words, is_failing=False)]
    count = len(found.checks)
    if found.failed:
        title = words("{failed} of {count} scenarios fail", failed=len(found.failed), count=count)
    else:
        title = words("all {count} scenarios pass", count=count)
    columns = [
        Column(words("Verdict")),
        Column(words("Scenario")),
        Column(words("Rule")),
        Column(words("Detail"), folds=True),
    ]
    facts = [words.many("{count} rule holds", "{count} rules hold", sum(map(_held, found.checks)))]
    caveats = sum(check.rule == CAVEATS for one in found.checks for check in one.checks)
    notes = list(_notes(found.waivers, found.idle_policies, words))
    if caveats:
        said = words.many(
            "{count} scenario has caveats: `costplan check` of it alone says which",
            "{count} scenarios have caveats: `costplan check` of one alone says which",
            caveats,
        )
        notes.append(Cell(said))
    return View(title, facts, [Table(columns, rows)], notes)


MOST_NAMES = 4
"""Most scenarios that a row names of which the same is said."""


def _rows(found: CheckList, words: Translator, *, is_failing: bool) -> Iterator[Row]:
    """Give a row for what is said of one scenario, or in the same words of several."""
    names: dict[tuple[Cell, ...], list[str]] = {}
    for one in found.checks:
        for cells in _said_of(one, words, is_failing=is_failing):
            names.setdefault(cells, []).append(one.scenario)
    for (verdict, *rest), scenarios in names.items():
        yield row_of(verdict, words.reason(listed(scenarios, MOST_NAMES)), *rest)


def _said_of(one: Checks, words: Translator, *, is_failing: bool) -> Iterator[tuple[Cell, ...]]:
    for check in one.checks:
        if check.passed != is_failing and (is_failing or (check.is_warning and check.rule != CAVEATS)):
            yield _holds(check, words), Cell(words.reason(check.rule)), Cell(words.reason(check.detail))
    for result in told(one.policies.results if one.policies is not None else ()):
        if result.fails == is_failing:
            yield tuple(_policy_cells(result, words))


def _held(checks: Checks) -> int:
    results = checks.policies.results if checks.policies is not None else ()
    own = sum(1 for check in checks.checks if check.passed and not check.is_warning)
    return own + sum(one.status == "passed" for one in results)


def _holds(check: Check, words: Translator) -> Cell:
    if not check.passed:
        return Cell(words("FAILS"), "bad")
    return Cell(words("warning"), "warn") if check.is_warning else Cell(words("holds"), "good")


def told(results: Sequence[PolicyResult]) -> Sequence[PolicyResult]:
    """Return what is not only counted: all that does not hold, the worst first."""
    order = {"broken": 0, "unknown": 1, "warned": 2, "waived": 3}
    rest = [one for one in results if one.status in order]
    return sorted(rest, key=lambda one: (not one.fails, order[one.status]))


def is_told(result: PolicyResult) -> bool:
    """Say whether it is a warning."""
    return result.status in ("warned", "unknown") and not result.fails


def policy_verdict(result: PolicyResult, words: Translator) -> Cell:
    """Say in a word what came out of a rule."""
    if result.status == "waived":
        return Cell(words("waived"), "faint")
    if result.fails:
        return Cell(words("FAILS"), "bad")
    return Cell(words("warning"), "warn") if is_told(result) else Cell(words("holds"), "good")


def policy_detail(result: PolicyResult, words: Translator) -> str:
    """Say what was found, and why it does not count."""
    said = words.reason(result.reason)
    if result.status == "unknown":
        said = words("cannot be said: {why}", why=said)
    waiver = result.waiver
    if result.status == "waived" and waiver is not None:
        said = words("{why}; waived until {day}: {reason}", why=said, day=waiver.until, reason=waiver.reason)
    return said


def policy_findings(results: Sequence[PolicyResult], words: Translator) -> list[Cell]:
    """Say in a line each what does not hold, the worst first: for a note about a change."""
    return [
        Cell(
            f"{policy_verdict(one, words).text}: {one.scenario}: {one.policy}: {one.rule}: "
            f"{policy_detail(one, words)}",
            policy_verdict(one, words).tone,
        )
        for one in told(results)
    ]


def _policy_cells(result: PolicyResult, words: Translator) -> list[Cell]:
    rule = Cell(f"{result.policy}: {result.rule}")
    return [policy_verdict(result, words), rule, Cell(policy_detail(result, words))]


def _notes(waivers: Sequence[WaiverUse], idle: Sequence[str], words: Translator) -> Iterator[Cell]:
    """Say which waivers do nothing, and which policies are for nobody."""
    for one in waivers:
        if one.state == "used":
            continue
        message = (
            "waiver of `{rule}` for `{scenario}` ended on {day}: it no longer holds ({place})"
            if one.state == "ended"
            else "waiver of `{rule}` for `{scenario}` is not needed: the rule holds ({place})"
            if one.state == "not-needed"
            else "waiver of `{rule}` for `{scenario}` is for none of the scenarios ({place})"
        )
        place = f"{one.file}:{one.line}"
        said = words(message, rule=one.rule, scenario=one.scenario, day=one.until, place=place)
        yield Cell(said, "warn" if one.state == "ended" else "plain")
    for name in idle:
        yield Cell(words("policy `{name}` applies to none of the scenarios", name=name))
