"""Policies and small designs to hold against them; all figures can be worked out by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from textwrap import dedent

from costplan.analysis.policy.documents import PolicyReport, PolicyResult
from costplan.analysis.policy.policy_file import PolicyFile
from costplan.analysis.policy.report import policy_report
from costplan.analysis.policy.subject import Subject
from costplan.inputs.bundles import Prices
from costplan.inputs.policies import read_policy
from costplan.inputs.subjects import Before, Reading, subjects_of

TODAY = date(2026, 11, 29)


def write(path: Path, text: str) -> str:
    """Write a file, with its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(dedent(text), encoding="utf-8")
    return str(path)


def fees(name: str = "shop", more: str = "", requests: str = "1M", **amounts: str) -> str:
    """Return a scenario of fixed costs: name -> what it costs, `900 RUB`, or `database 900 RUB`."""
    lines = [f"scenario: {name}", f"title: {name}", f"workload: {{monthly_requests: {requests}}}"]
    lines += ["resources:"]
    for resource, said in amounts.items():
        role, *amount = said.split() if said[0].isalpha() else ["other", *said.split()]
        number, currency = amount
        amounts = f"amounts: {{{currency}: {number}}}, source: offer"
        lines.append(f"  {resource}: {{kind: fixed-cost, role: {role}, {amounts}}}")
    return "\n".join([*lines, more, ""])


def policy_of(folder: Path, rules: str, more: str = "", name: str = "platform") -> PolicyFile:
    """Write and read a policy whose rules are given as lines of a list."""
    text = f"policy: {name}\n{dedent(more)}rules:\n{dedent(rules)}"
    path = folder / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return read_policy(path)


def subjects(*paths: str, bases: tuple[str, ...] = (), currency: str | None = None) -> list[Subject]:
    """Load and price scenarios."""
    with subjects_of(paths, Reading(Prices(currency)), Before(bases)) as found:
        return found


def report(policy: PolicyFile, *found: Subject, today: date = TODAY) -> PolicyReport:
    """Hold designs against one policy."""
    return policy_report([policy], list(found), today)


def only_result(policy: PolicyFile, subject: Subject, today: date = TODAY) -> PolicyResult:
    """Hold one design against a policy of one rule."""
    [found] = report(policy, subject, today=today).results
    return found
