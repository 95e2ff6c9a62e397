"""6. Months ahead: which design when, what that comes to, which budget breaks, and when the business pays."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from costplan.analysis.timeline.documents import BudgetBreak, BusinessOutcome, Period, Timeline
from costplan.graphics.pictures.forecast import margin_picture, month_picture, spent_picture
from costplan.language.translator import Translator
from costplan.messages.spans import Span, Text, strong
from costplan.output.views.break_even import break_even_table
from costplan.output.views.timeline import choice_table, plan_table
from costplan.report.blocks import (
    Block,
    Bullets,
    Cell,
    Column,
    Paragraph,
    Section,
    Table,
    charted,
    row_of,
)
from costplan.report.language.feasibility_notes import caveats_text, reservations
from costplan.report.months import day_of, is_always_cheapest, is_over_from_its_start
from costplan.report.report_data import ReportData
from costplan.report.tables.viewed import viewed


def section(report_data: ReportData, words: Translator) -> Section | None:
    """Write the chapter; without a plan there is none, and the chapter on scaling says why."""
    plan = report_data.timeline
    return None if plan is None else Section("months", words("Time and business"), list(_blocks(plan, words)))


def _blocks(plan: Timeline, words: Translator) -> Iterator[Block]:
    yield Paragraph(_conditions(plan, words))
    yield Paragraph(_month_lengths(plan, words))
    yield Bullets([_period(period, plan, words) for period in plan.stays])
    yield charted(month_picture(plan, words), _costs(plan, words))
    if plan.moves:
        yield _moves(plan, words)
    yield charted(spent_picture(plan, words), _plan(plan, words))
    yield Bullets(list(_limits(plan, words)))
    if plan.outcome is not None:
        yield charted(margin_picture(plan, words), _business(plan, words))
        said = list(_outcome(plan.outcome, plan, words))
        if said:
            yield Bullets(said)
        if plan.break_evens:
            yield viewed(break_even_table(plan, words), words)


def _costs(plan: Timeline, words: Translator) -> Table:
    caption = words("What each design would cost, {currency} a month", currency=plan.currency)
    return viewed(choice_table(plan, words), words, caption, is_collapsed=True)


def _plan(plan: Timeline, words: Translator) -> Table:
    table = plan_table(plan, words, ("month", "requests", "design", "cost", "move", "spent"))
    return viewed(table, words, words("The plan, month by month"), is_collapsed=True)


def _business(plan: Timeline, words: Translator) -> Table:
    names = ("month", "users", "revenue", "fees", "cost", "other_costs", "margin", "grants", "cash")
    caption = words("The business, month by month, {currency}", currency=plan.currency)
    return viewed(plan_table(plan, words, names), words, caption, is_collapsed=True)


def _moves(plan: Timeline, words: Translator) -> Table:
    """Return the numbered changes of design."""
    columns = [
        Column("№" if words.language == "ru" else "#", right=True),
        Column(words("Month")),
        Column(words("Requests"), right=True),
        Column(words("Before")),
        Column(words("From here on")),
        Column(words("The move costs, {currency}", currency=plan.currency), right=True),
    ]
    rows = [
        row_of(
            Cell(words.number(Decimal(number)), Decimal(number)),
            Cell(words.short_month(day_of(move.month)), Decimal(day_of(move.month).toordinal())),
            Cell(words.number(move.requests), move.requests),
            move.before,
            strong(move.after),
            Cell(words.amount(move.cost), move.cost),
        )
        for number, move in enumerate(plan.moves, 1)
    ]
    return Table(words("When to move; the numbers are those of the chart"), columns, [rows])


def _conditions(plan: Timeline, words: Translator) -> Text:
    first, last = plan.months[0], plan.months[-1]
    return words.many(
        "{count} month, {start}: from {low} to {high} requests, as the load of {stage} grows by {growth} a "
        "month. Each design is priced at each month's load; the prices of {day} are taken to hold.",
        "{count} months from {start}: from {low} to {high} requests, as the load of {stage} grows by "
        "{growth} a month. Each design is priced at each month's load; the prices of {day} are taken to "
        "hold.",
        len(plan.months),
        start=words.month(day_of(first.month)),
        low=words.requests(first.requests),
        high=words.requests(last.requests),
        stage=plan.designs[0].scenario,
        growth=words.growth(plan.growth),
        day=words.day(plan.catalog.as_of),
    )


def _month_lengths(plan: Timeline, words: Translator) -> Text:
    """Say how many hours the months have that are priced."""
    stated = {design.hours_per_month for design in plan.designs}
    if stated == {None}:
        return words.spans(
            "Each month has its own hours, 744 in one of 31 days; bills, and costs over the load, are those "
            "of a month of 720 hours."
        )
    first = plan.designs[0].hours_per_month
    if len(stated) == 1 and first is not None:
        return words.spans("Every month has {hours} hours, as stated.", hours=words.number(first))
    named = [design.scenario for design in plan.designs if design.hours_per_month is not None]
    return words.spans(
        "Each month has its own hours, but for {stages}: there all months have as many as is stated.",
        stages=", ".join(named),
    )


def _period(period: Period, plan: Timeline, words: Translator) -> Text:
    """Say which design is taken from when to when."""
    first, last = (words.month(day_of(month)) for month in (period.first, period.last))
    if period.stage is None:
        return words.spans("{first} – {last}: no design meets its requirements.", first=first, last=last)
    return words.spans(
        "{first} – {last}: {stage} is taken, for about {cost} in all.",
        first=first,
        last=last,
        stage=Span(period.stage, "strong"),
        cost=Span(words.rough_money(period.spend, plan.currency), "strong"),
    )


def _limits(plan: Timeline, words: Translator) -> Iterator[Text]:
    """Say which budgets hold, and what the plan leaves out."""
    if len(plan.stays) == 1 and len(plan.designs) > 1 and plan.stays[0].stage is not None:
        message = (
            "No month needs a move: {stage} is the cheapest that meets its requirements in all of them."
            if is_always_cheapest(plan)
            else "In some months another design would cost less than {stage}, but not by as much as moves "
            "cost."
        )
        yield words.spans(message, stage=Span(plan.stays[0].stage, "strong"))
    yield from (_budget(found, plan, words) for found in plan.budgets)
    if len(plan.designs) > 1 and not all(design.move_priced for design in plan.designs):
        yield words.spans(
            "Nobody says what a move costs ({key}), so it counts as nothing, and the plan does not go back "
            "to a design once left. With a cost it would move later or not at all, and might come back.",
            key=Span("business.migration", "code"),
        )
    if any(row.lower_bound for row in plan.months):
        yield words("Prices are missing: the costs of some months are lower bounds.")
    for design in plan.designs:
        if design.unknowns:
            yield words.spans(
                "Whether {stage} works is not known: {why}.",
                stage=Span(design.scenario, "strong"),
                why=Span(caveats_text(design.unknowns, words), "warn"),
            )
        if caveats := reservations(design.caveats):
            yield words.spans(
                "Every verdict on {stage} has this reservation: {why}.",
                stage=Span(design.scenario, "strong"),
                why=Span(caveats_text(caveats, words), "warn"),
            )
    assumed = [found.path for found in plan.assumptions if found.kind == "assumed"]
    if assumed:
        yield words("Assumed, not stated: {inputs}.", inputs=words.listed(assumed))


def _budget(found: BudgetBreak, plan: Timeline, words: Translator) -> Text:
    budget = words.money(found.budget, found.currency)
    if found.month is None or found.cost is None:
        is_known = not any(one.unpriced for one in plan.designs if one.scenario == found.scenario)
        return words.spans(
            "The budget of {stage}, {budget}, holds in all months in which it is taken."
            if is_known
            else "Whether the budget of {stage}, {budget}, holds is open: prices are missing.",
            stage=Span(found.scenario or "", "strong"),
            budget=budget,
        )
    message = (
        "{stage} is over its budget of {budget} from its first month in the plan, {month}: it costs {cost}."
        if is_over_from_its_start(plan, found)
        else "{stage} first exceeds its budget of {budget} in {month}: it costs {cost}."
    )
    return words.spans(
        message,
        stage=Span(found.scenario or "", "strong"),
        budget=budget,
        month=Span(words.month(day_of(found.month)), "strong"),
        cost=Span(words.money(found.cost, found.currency), "bad"),
    )


def _outcome(outcome: BusinessOutcome, plan: Timeline, words: Translator) -> Iterator[Text]:
    """Say when the business pays for itself, and how long its cash lasts."""
    if plan.break_evens or outcome.break_even_month:
        yield _even(outcome, words)
    if outcome.cash_ends is not None:
        yield words.spans(
            "The cash lasts for {count}: at the end of {month} there is less than nothing.",
            count=Span(
                words.many("{count} whole month", "{count} whole months", outcome.runway_months or 0),
                "strong",
            ),
            month=words.month(day_of(outcome.cash_ends)),
        )
    elif outcome.cash_known_until is not None:
        row = next(row for row in plan.months if row.month == outcome.cash_known_until)
        cash = row.business.cash if row.business and row.business.cash is not None else Decimal(0)
        yield words.spans(
            "The cash does not end in these months; at the end of {month} there is {cash}.",
            month=words.month(day_of(row.month)),
            cash=Span(words.round_money(cash, plan.currency), "strong"),
        )
    expired = sum((row.business.expired for row in plan.months if row.business), Decimal(0))
    if expired:
        yield words("Grants of {lost} expire unspent.", lost=words.round_money(expired, plan.currency))
    if plan.regime is not None:
        yield (
            words("The company deducts VAT: its costs are net, and VAT in its prices is passed on.")
            if plan.regime == "payer"
            else words("The company does not deduct VAT: its costs are gross.")
        )


def _even(outcome: BusinessOutcome, words: Translator) -> Text:
    if outcome.break_even_month is None:
        return words("In none of these months does the business pay for itself.")
    first = Span(words.month(day_of(outcome.break_even_month)), "strong")
    if outcome.break_even_lasting is None:
        return words.spans("A month first pays for itself in {month}, but not to the end.", month=first)
    if outcome.break_even_lasting == outcome.break_even_month:
        return words.spans("Each month pays for itself from {month} on.", month=first)
    return words.spans(
        "A month first pays for itself in {month}, and each month does from {lasting} on.",
        month=first,
        lasting=Span(words.month(day_of(outcome.break_even_lasting)), "strong"),
    )
