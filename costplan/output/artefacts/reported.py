"""What artefacts tell: each rule of each scenario, what came out, and where in the repository it stands."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePath, PurePosixPath
from typing import Literal

from costplan.analysis.bill.documents import Check, CheckList, Checks
from costplan.analysis.policy.documents import Place, PolicyResult
from costplan.checked.records import dataclass
from costplan.language.translator import Translator
from costplan.messages.text import shortened
from costplan.output.views.policy.checks import is_told, policy_detail

MOST_PLACES = 100
"""Most places of one rule: a plan of 10,000 machines must not make a report that nobody can load."""
MOST_CHARACTERS = 1000
"""Longest message, each place repeats it."""
State = Literal["passed", "failed", "warned", "waived"]


@dataclass(frozen=True, slots=True)
class Reported:
    """One rule of one scenario."""

    scenario: str
    rule: str
    """Of whom, and its name: `platform/cap`, `check/budget-total`."""
    title: str
    state: State
    message: str
    """What was found, in the reader's language; an exception with its reason."""
    places: tuple[Place, ...]
    """At least one, at most `MOST_PLACES`."""
    why_waived: str = ""


@dataclass(frozen=True, slots=True)
class Spot:
    """A rule at one place, with what tells it from all others in every run."""

    reported: Reported
    file: str
    line: int
    """From 1."""
    resource: str
    fingerprint: str
    """Of the rule and the place's names; no amount, no line, nothing that other scenarios change."""


def reported(document: Checks | CheckList, words: Translator) -> list[Reported]:
    """Return what checks of one scenario or of many found."""
    checks = document.checks if isinstance(document, CheckList) else (document,)
    found: list[Reported] = []
    for one in checks:
        assert isinstance(one, Checks)
        found += [_of_check(one.scenario, check, words) for check in one.checks]
        results = one.policies.results if one.policies is not None else ()
        found += reported_results(results, words)
    return found


def reported_results(results: Iterable[PolicyResult], words: Translator) -> Iterator[Reported]:
    """Give what policies found, also without checks."""
    for one in results:
        message = policy_detail(one, words)
        why = one.waiver.reason if one.waiver is not None and one.status == "waived" else ""
        name = f"{one.policy}: {one.rule}"
        yield _bounded(one.scenario, f"{one.policy}/{one.rule}", name, _state(one), message, one.places, why)


def _bounded(
    scenario: str,
    rule: str,
    title: str,
    state: State,
    message: str,
    places: Sequence[Place],
    why_waived: str = "",
) -> Reported:
    said, first = shortened(message, MOST_CHARACTERS), tuple(places[:MOST_PLACES])
    return Reported(scenario, rule, title, state, said, first or (Place("", 0),), why_waived)


def _state(result: PolicyResult) -> State:
    if result.fails:
        return "failed"
    if result.status == "waived":
        return "waived"
    return "warned" if is_told(result) else "passed"


def _of_check(scenario: str, check: Check, words: Translator) -> Reported:
    state: State = "warned" if check.is_warning else "passed" if check.passed else "failed"
    name = re.sub(r"[^\w]+", "-", str(check.rule).lower()).strip("-")
    said = words.reason(check.detail)
    return _bounded(scenario, f"check/{name}", words.reason(check.rule), state, said, check.places)


def spots(found: Sequence[Reported]) -> Iterator[Spot]:
    """Give each place of each rule, with a fingerprint of its own."""
    seen: Counter[str] = Counter()
    for one in found:
        for place in one.places:
            file = path_of(place.file)
            key = "\0".join((one.rule, file, _own_name(one.scenario), place.resource))
            seen[key] += 1
            count = f"\0{seen[key]}" if seen[key] > 1 else ""
            mark = hashlib.sha256(f"{key}{count}".encode()).hexdigest()[:40]
            yield Spot(one, file, max(place.line, 1), place.resource, mark)


def _own_name(scenario: str) -> str:
    """Leave out the file that a name carries beside another of the same name: `shop (b.yaml):big`."""
    return re.sub(r" \(.*\)(?=:|$)", "", scenario)


def path_of(file: str) -> str:
    """Return a path inside the repository; of what lies elsewhere its name."""
    if not file or file.startswith("<"):
        return "stdin"
    if PurePath(file).is_absolute() or ".." in PurePath(file).parts:
        return PurePath(file).name
    return PurePosixPath(file).as_posix()
