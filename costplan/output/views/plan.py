"""The view of a plan: the answer in words, then the designs, the budget, what more money buys."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import chain

from costplan.analysis.plan.commitments import TERM_WORDS, CommitmentLine
from costplan.analysis.plan.documents import Committing, Considered, Plan, Search, Step
from costplan.output.views.estimate import budget_table
from costplan.output.views.view import Cell, Column, Row, Table, Tone, View, cells
from costplan.output.views.works import not_billed_column
from costplan.quantities.money import EXACT
from costplan.quantities.shown import counted, difference, money, quantity, requests

MAX_ROWS = 12
"""Designs that the table shows; the document has more."""
METHODS = {
    "enumeration": "each was looked at",
    "separable": "their costs add up, so each part was chosen by itself",
    "integer-programme": "solved as an integer programme (HiGHS)",
}


def plan_view(plan: Plan) -> View:
    """The answer, the considered designs, budget parts, steps, commitments."""
    tables = [_nearest(plan), _designs(plan)] if plan.chosen is None else [_designs(plan)]
    if plan.budget is not None:
        tables.append(budget_table(plan.budget))
    elif plan.bases[0].budget is not None and plan.chosen is None:
        tables.append(budget_table(plan.bases[0].budget))
    tables += [_steps(plan.steps, plan), _commitments(plan.commitments, plan)]
    title = f"Plan for {', '.join(base.scenario for base in plan.bases)}"
    return View(title, [_facts(plan), *_answer(plan)], tables, list(_notes(plan)))


def plan_rows(plan: Plan) -> Iterator[dict[str, str | Decimal | bool | None]]:
    """Give a row for each considered design, with exact amounts."""
    for row in plan.considered:
        yield {
            "design": row.name,
            "verdict": row.verdict,
            "monthly_cost": row.monthly_cost,
            "dearer_by": row.dearer_by,
            "currency": plan.currency,
            "near_best": row.near_best,
            "unpriced": Decimal(row.unpriced),
            "preemptible": " ".join(row.preemptible),
            "most_requests": None if row.most_requests is None else Decimal(row.most_requests),
            "quota_raises": "; ".join(map(str, row.quota_raises)),
            "reasons": "; ".join(dict.fromkeys(miss.reason for miss in row.misses)),
            **not_billed_column(chain.from_iterable(base.not_billed for base in plan.bases)),
        }


def _facts(plan: Plan) -> str:
    wishes = plan.wishes
    facts = [f"{requests(wishes.monthly_requests)} requests a month"]
    if wishes.slo:
        facts.append(wishes.slo)
    if wishes.zones > 1:
        facts.append(f"{wishes.zones} zones")
    facts += [f"at most {quantity(limit)} {name}" for name, limit in wishes.quotas.items()]
    if wishes.within_quotas:
        facts.append("within the quotas of the account")
    facts.append(f"prices in {plan.currency}, VAT {plan.vat}, as of {plan.catalog.as_of}")
    return "; ".join(facts)


def _answer(plan: Plan) -> Iterator[str]:
    """Say the answer so that it can be acted on."""
    if any(search.stopped_early for search in plan.search):
        yield "Stopped early: the best that was found until then, not proved to be the cheapest."
    chosen = next((row for row in plan.considered if row.verdict == "chosen"), None)
    if chosen is None:
        yield "No design meets all demands; this is what would have to give."
        return
    named = [base for base in plan.bases if base.scenario.partition(":")[0] == chosen.scenario]
    base = named[0] if named else plan.bases[0]
    saved = EXACT.subtract(base.monthly_cost, chosen.monthly_cost)
    less = f"; {base.scenario} as written costs {money(base.monthly_cost)}" if saved else ", as it is written"
    lower = " or more" if chosen.unpriced else ""
    yield f"Take {chosen.name}: {money(chosen.monthly_cost)}{lower} {plan.currency} a month{less}."
    budget = plan.wishes.budget
    if budget is not None:
        left, load = difference(budget, chosen.monthly_cost), _load_words(chosen)
        yield f"It fits the budget of {money(budget)} {plan.currency} with {left} to spare{load}"
    if base.budget is not None and saved:
        worst = sorted(base.budget.lines, key=lambda line: line.budget - line.cost)
        broken = [line for line in worst if not line.within]
        if broken:
            parts = ", ".join(
                f"{line.name} costs {money(line.cost)} of {money(line.budget)}" for line in broken[:3]
            )
            yield f"As written, these parts break their budget first: {parts} {base.budget.currency}."


def _load_words(row: Considered) -> str:
    if row.most_requests is None:
        return "."
    ends = "the budget is used up" if row.most_requests_ends == "budget" else row.most_requests_ends
    return f", and serves up to {row.most_requests:,} requests a month within it; beyond that, {ends}."


def _designs(plan: Plan) -> Table:
    with_load = plan.wishes.budget is not None
    columns = [
        Column("Design", folds=True),
        Column(f"{plan.currency}/month", right=True),
        Column("to chosen", right=True),
        *([Column("Most requests", right=True)] if with_load else []),
        Column("Verdict", folds=True),
    ]
    rows = [_design_row(row, with_load) for row in plan.considered[:MAX_ROWS]]
    return Table(columns, rows, "Considered designs")


def _design_row(row: Considered, with_load: bool) -> Row:
    cost = money(row.monthly_cost) + ("+" if row.unpriced else "")
    dearer = "" if row.dearer_by is None or row.verdict == "chosen" else _signed(row.dearer_by)
    load = [f"{row.most_requests:,}" if row.most_requests is not None else "-"] if with_load else []
    return Row(cells(row.name, cost, dearer, *load, _verdict(row)))


def _signed(amount: Decimal) -> str:
    return f"{'+' if amount >= 0 else ''}{money(amount)}"


def _verdict(row: Considered) -> Cell:
    marks = ["preemptible"] if row.preemptible else []
    marks += ["not around the clock"] if any(one.what == "hours" for one in row.caveats) else []
    marks += ["needs a raised quota"] if row.quota_raises else []
    mark = f" ({', '.join(marks)})" if marks else ""
    if row.verdict == "chosen":
        return Cell(f"chosen{mark}", "good")
    if row.verdict in ("cannot", "unknown"):
        tone: Tone = "bad" if row.verdict == "cannot" else "warn"
        first, *others = dict.fromkeys(miss.reason for miss in row.misses)
        return Cell(first + (f"; and {counted(len(others), 'reason')} more" if others else ""), tone)
    return Cell(f"{'within 5 % of it' if row.near_best else 'dearer'}{mark}")


def _nearest(plan: Plan) -> Table:
    rows = [
        Row(cells(found.needed, found.design, money(found.monthly_cost)))
        for found in sorted(plan.nearest, key=lambda found: found.monthly_cost)
    ]
    columns = [
        Column("To give", folds=True),
        Column("Then possible", folds=True),
        Column(f"{plan.currency}/month", right=True),
    ]
    return Table(columns, rows, "Nearest designs")


def _steps(steps: Sequence[Step], plan: Plan) -> Table:
    rows = []
    for step in steps:
        fits = {None: "", True: "within", False: "over"}[step.within_budget]
        rows.append(Row(cells(step.what, _signed(step.more), money(step.monthly_cost), fits)))
    columns = [
        Column("From the chosen design on", folds=True),
        Column("More", right=True),
        Column(f"{plan.currency}/month", right=True),
        Column("Budget" if plan.wishes.budget is not None else ""),
    ]
    return Table(columns, rows, "What more money buys")


def _commitments(found: Sequence[Committing], plan: Plan) -> Table:
    rows = []
    for committing in found:
        for name, lines in _by_name(committing.lines).items():
            known = [line for line in lines if line.committed_price is not None]
            commit = sum((line.commit for line in known), Decimal(0))
            saving = sum((line.monthly_saving for line in known), Decimal(0))
            words = f"{quantity(commit)} {lines[0].unit}" if known else "price not known"
            shown = money(saving) if known else "-"
            rows.append(
                Row(
                    cells(TERM_WORDS[committing.term], name, words, shown, tone="plain" if known else "faint")
                )
            )
    columns = [
        Column("Term"),
        Column("Committed", folds=True),
        Column("How much"),
        Column(f"Saves {plan.currency}/month", right=True),
    ]
    return Table(columns, rows, "Commitments: paid for the whole term, used or not")


def _by_name(lines: Sequence[CommitmentLine]) -> dict[str, list[CommitmentLine]]:
    found: dict[str, list[CommitmentLine]] = {}
    for line in lines:
        found.setdefault(line.name, []).append(line)
    return found


def _notes(plan: Plan) -> Iterator[Cell]:
    for base, search in zip(plan.bases, plan.search, strict=True):
        yield Cell(_search_words(base.scenario, search, found=plan.chosen is not None), "faint")
    shown = min(len(plan.considered), MAX_ROWS)
    hidden = len(plan.considered) - shown + plan.not_listed
    if hidden:
        yield Cell(f"{counted(hidden, 'design')} more; --format json lists the first 100", "faint")
    for row in plan.considered:
        if row.verdict == "chosen":
            yield from (Cell(str(raised), "warn") for raised in row.quota_raises)
    for note in plan.notes:
        yield Cell(note, "warn")
    if any(line.committed_price is None for found in plan.commitments for line in found.lines):
        yield Cell("a committed price that is not known is not computed from a percentage", "faint")


def _search_words(name: str, search: Search, *, found: bool) -> str:
    proof = "not proved to be the cheapest"
    if search.proved:
        proof = "none is cheaper" if found else "none meets all demands"
    words = f"{name}: {counted(search.designs, 'design')}, {METHODS[search.method]}; {proof}"
    if search.dropped:
        reasons = ", ".join(f"{why} ({count})" for why, count in list(search.dropped_reasons.items())[:3])
        words += f"; {counted(search.dropped, 'combination')} not sold: {reasons}"
    return words
