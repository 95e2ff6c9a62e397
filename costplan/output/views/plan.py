"""The view of a plan: the answer in words, then the designs, the budget, what more money buys."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import chain

from costplan.analysis.plan.commitments import CommitmentLine
from costplan.analysis.plan.documents import Committing, Considered, Plan, Search, Step
from costplan.language.terms import METHODS
from costplan.language.translator import Translator
from costplan.output.views.budget import budget_table
from costplan.output.views.estimate import prices_text
from costplan.output.views.feasibility_notes import not_billed_column
from costplan.output.views.view import Cell, Column, Row, Table, Tone, View, row_of
from costplan.pricing.estimate import BudgetLine
from costplan.quantities.money import EXACT

MAX_ROWS = 12
"""Designs that the table shows; the document has more."""


def plan_view(plan: Plan, words: Translator) -> View:
    """The answer, the considered designs, budget parts, steps, commitments."""
    tables = [_designs(plan, words)]
    if plan.chosen is None:
        tables.insert(0, _nearest(plan, words))
    if plan.budget is not None:
        tables.append(budget_table(plan.budget, words))
    elif plan.bases[0].budget is not None and plan.chosen is None:
        tables.append(budget_table(plan.bases[0].budget, words))
    tables += [_steps(plan.steps, plan, words), _commitments(plan.commitments, plan, words)]
    title = words("Plan for {names}", names=", ".join(base.scenario for base in plan.bases))
    return View(title, [_facts(plan, words), *_answer(plan, words)], tables, list(_notes(plan, words)))


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


def _facts(plan: Plan, words: Translator) -> str:
    options = plan.wishes
    facts = [words("{requests} requests a month", requests=words.requests(options.monthly_requests, 3))]
    if options.slo:
        facts.append(words.reason(options.slo))
    if options.zones > 1:
        facts.append(words.many("{count} zone", "{count} zones", options.zones))
    facts += [
        words("at most {amount} {name}", amount=words.short(limit), name=name)
        for name, limit in options.quotas.items()
    ]
    if options.within_quotas:
        facts.append(words("within the quotas of the account"))
    facts.append(prices_text(plan.currency, plan.vat, plan.catalog.as_of, words))
    return "; ".join(facts)


def _answer(plan: Plan, words: Translator) -> Iterator[str]:
    """Say the answer so that it can be acted on."""
    if any(search.stopped_early for search in plan.search):
        yield words("Stopped early: the best that was found until then, not proved to be the cheapest.")
    chosen = next((row for row in plan.considered if row.verdict == "chosen"), None)
    if chosen is None:
        yield words("No design meets all demands; this is what would have to give.")
        return
    named = [base for base in plan.bases if base.scenario.partition(":")[0] == chosen.scenario]
    base = named[0] if named else plan.bases[0]
    saved = EXACT.subtract(base.monthly_cost, chosen.monthly_cost)
    message = (
        "Take {design}: {cost} a month; {scenario} as written costs {before}."
        if saved
        else "Take {design}: {cost} a month, as it is written."
    )
    cost, before = (
        words("{cost} or more", cost=words.amount(one.monthly_cost))
        if one.unpriced
        else str(words.amount(one.monthly_cost))
        for one in (chosen, base)
    )
    yield words(
        message, design=chosen.name, cost=f"{cost} {plan.currency}", scenario=base.scenario, before=before
    )
    budget = plan.wishes.budget
    if budget is not None and chosen.unpriced:
        yield words(
            "Whether it fits the budget of {budget} is not known, as prices are missing: "
            "what is priced leaves {left}.",
            budget=f"{words.amount(budget)} {plan.currency}",
            left=words.difference(budget, chosen.monthly_cost),
        )
    elif budget is not None:
        over = [line for line in plan.budget.lines if not line.within] if plan.budget else []
        message = (
            "It fits the total of {budget} with {left} to spare"
            if over
            else "It fits the budget of {budget} with {left} to spare"
        )
        fits = words(
            message,
            budget=f"{words.amount(budget)} {plan.currency}",
            left=words.difference(budget, chosen.monthly_cost),
        )
        yield fits + _load_text(chosen, words)
        yield from _parts_over(over, plan, words)
    if base.budget is not None and saved:
        worst = sorted(base.budget.lines, key=lambda line: line.budget - line.cost)
        broken = [line for line in worst if not line.within]
        if broken:
            parts = ", ".join(
                words(
                    "{part} costs {cost} of {budget}",
                    part=line.name,
                    cost=words.amount(line.cost),
                    budget=words.amount(line.budget),
                )
                for line in broken[:3]
            )
            yield words(
                "As written, these parts break their budget first: {parts} {currency}.",
                parts=parts,
                currency=base.budget.currency,
            )


def _parts_over(over: Sequence[BudgetLine], plan: Plan, words: Translator) -> Iterator[str]:
    """Say which parts of the scenario's budget a design breaks that fits the total."""
    if not over or plan.budget is None:
        return
    parts = [
        words("{part} by {excess}", part=line.name, excess=words.difference(line.cost, line.budget))
        for line in over
    ]
    yield words.many(
        "{count} part of the budget is over its amount: {parts} {currency}.",
        "{count} parts of the budget are over their amounts: {parts} {currency}.",
        len(over),
        parts=", ".join(parts),
        currency=plan.budget.currency,
    )


def _load_text(row: Considered, words: Translator) -> str:
    if row.most_requests is None:
        return "."
    is_budget = row.most_requests_ends == "budget"
    return words(
        ", and serves up to {requests} requests a month within it; beyond that, {why}.",
        requests=words.number(Decimal(row.most_requests)),
        why=words("the budget is used up") if is_budget else words.reason(row.most_requests_ends or ""),
    )


def _designs(plan: Plan, words: Translator) -> Table:
    with_load = plan.wishes.budget is not None
    columns = [
        Column(words("Design"), folds=True),
        Column(words("{currency}/month", currency=plan.currency), right=True),
        Column(words("to chosen"), right=True),
        *([Column(words("Most requests"), right=True)] if with_load else []),
        Column(words("Verdict"), folds=True),
    ]
    rows = [_design_row(row, with_load, words) for row in plan.considered[:MAX_ROWS]]
    return Table(columns, rows, words("Considered designs"))


def _design_row(row: Considered, with_load: bool, words: Translator) -> Row:
    cost = words.amount(row.monthly_cost) + ("+" if row.unpriced else "")
    difference = "" if row.dearer_by is None or row.verdict == "chosen" else _signed(row.dearer_by, words)
    load = [_most_requests(row, words)] if with_load else []
    return row_of(row.name, cost, difference, *load, _verdict(row, words))


def _most_requests(row: Considered, words: Translator) -> str:
    if row.most_requests is None:
        return "-"
    number = words.number(Decimal(row.most_requests))
    return words("at most {number}", number=number) if row.unpriced else number


def _signed(amount: Decimal, words: Translator) -> str:
    return f"{'+' if amount >= 0 else ''}{words.amount(amount)}"


def _verdict(row: Considered, words: Translator) -> Cell:
    marks = [words("preemptible")] if row.preemptible else []
    marks += [words("not around the clock")] if any(one.what == "hours" for one in row.caveats) else []
    marks += [words("needs a raised quota")] if row.quota_raises else []
    mark = f" ({', '.join(marks)})" if marks else ""
    if row.verdict == "chosen":
        return Cell(words("chosen") + mark, "good")
    if row.verdict in ("cannot", "unknown"):
        tone: Tone = "bad" if row.verdict == "cannot" else "warn"
        first, *others = dict.fromkeys(words.reason(miss.reason) for miss in row.misses)
        more = words.many("; and {count} reason more", "; and {count} reasons more", len(others))
        return Cell(first + (more if others else ""), tone)
    return Cell((words("within 5 % of it") if row.near_best else words("more expensive")) + mark)


def _nearest(plan: Plan, words: Translator) -> Table:
    rows = [
        row_of(words.reason(found.needed), found.design, words.amount(found.monthly_cost))
        for found in sorted(plan.nearest, key=lambda found: found.monthly_cost)
    ]
    columns = [
        Column(words("To give"), folds=True),
        Column(words("Then possible"), folds=True),
        Column(words("{currency}/month", currency=plan.currency), right=True),
    ]
    return Table(columns, rows, words("Nearest designs"))


def _steps(steps: Sequence[Step], plan: Plan, words: Translator) -> Table:
    rows = []
    for step in steps:
        fits = {None: "", True: words("within"), False: words("over")}[step.within_budget]
        what, more = words.reason(step.what), _signed(step.more, words)
        rows.append(row_of(what, more, words.amount(step.monthly_cost), fits))
    columns = [
        Column(words("From the chosen design on"), folds=True),
        Column(words("More"), right=True),
        Column(words("{currency}/month", currency=plan.currency), right=True),
        Column(words("Budget") if plan.wishes.budget is not None else ""),
    ]
    return Table(columns, rows, words("What more money buys"))


def _commitments(found: Sequence[Committing], plan: Plan, words: Translator) -> Table:
    rows = []
    for committing in found:
        for name, lines in _by_name(committing.lines).items():
            known = [line for line in lines if line.committed_price is not None]
            commit = sum((line.commit for line in known), Decimal(0))
            saving = sum((line.monthly_saving for line in known), Decimal(0))
            unit = words.plain_unit(lines[0].unit)
            amount = f"{words.short(commit)} {unit}" if known else words("price not known")
            saved = words.amount(saving) if known else "-"
            term = _term(committing.term, words)
            tone: Tone = "plain" if known else "faint"
            rows.append(row_of(term, words.price_name(name), amount, saved, tone=tone))
    columns = [
        Column(words("Term")),
        Column(words("Committed"), folds=True),
        Column(words("How much")),
        Column(words("Saves {currency}/month", currency=plan.currency), right=True),
    ]
    return Table(columns, rows, words("Commitments: paid for the whole term, used or not"))


def _term(term: str, words: Translator) -> str:
    """Say how long a commitment runs: `m6` is 6 months, `y1` a year."""
    count = int(term[1:])
    if term.startswith("m"):
        return words.many("{count} month", "{count} months", count)
    return words.many("{count} year", "{count} years", count)


def _by_name(lines: Sequence[CommitmentLine]) -> dict[str, list[CommitmentLine]]:
    found: dict[str, list[CommitmentLine]] = {}
    for line in lines:
        found.setdefault(line.name, []).append(line)
    return found


def _notes(plan: Plan, words: Translator) -> Iterator[Cell]:
    for base, search in zip(plan.bases, plan.search, strict=True):
        yield Cell(_search_text(base.scenario, search, words, found=plan.chosen is not None), "faint")
    shown = min(len(plan.considered), MAX_ROWS)
    hidden = len(plan.considered) - shown + plan.not_listed
    if hidden:
        said = words.many(
            "{count} design more; --format json lists the first 100",
            "{count} designs more; --format json lists the first 100",
            hidden,
        )
        yield Cell(said, "faint")
    for row in plan.considered:
        if row.verdict == "chosen":
            yield from (Cell(words.reason(str(raised)), "warn") for raised in row.quota_raises)
    for note in plan.notes:
        yield Cell(words.reason(note), "warn")
    if any(line.committed_price is None for found in plan.commitments for line in found.lines):
        said = words("a committed price that is not known is not computed from a percentage")
        yield Cell(said, "faint")


def _search_text(name: str, search: Search, words: Translator, *, found: bool) -> str:
    if search.designs == 1 and not search.dropped:
        return words(
            "{name}: there is nothing to choose; `choose` in the scenario, or --over, says what may vary",
            name=name,
        )
    message = (
        "not proved to be the cheapest"
        if not search.proved
        else "none that meets the demands is cheaper"
        if found
        else "none meets all demands"
    )
    proof = words(message)
    designs = words.many("{count} design", "{count} designs", search.designs)
    said = f"{name}: {designs}, {words.term(search.method, METHODS)}; {proof}"
    if not search.dropped:
        return said
    reasons = ", ".join(
        f"{words.reason(why)} ({count})" for why, count in list(search.dropped_reasons.items())[:3]
    )
    dropped = words.many(
        "{count} combination not sold: {reasons}",
        "{count} combinations not sold: {reasons}",
        search.dropped,
        reasons=reasons,
    )
    return f"{said}; {dropped}"
