"""7. What the capacities rest on: which machine answered how fast, how sure that is, what a million cost."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from costplan.graphics.pictures.measurement import latency_picture
from costplan.language.terms import BASES, VERDICTS
from costplan.language.translator import Translator
from costplan.measurement.model import CostRow, MeasuredPoint, MeasuredSlo, Measurement
from costplan.messages.spans import Span, Text
from costplan.quantities.money import shortest
from costplan.report.blocks import (
    Block,
    Bullets,
    Cell,
    Column,
    Heading,
    Paragraph,
    Row,
    Section,
    Table,
    cells,
    charted,
)
from costplan.report.material import Material


def section(material: Material, words: Translator) -> Section:
    """Write the measurements; where a report has none, say how to get one."""
    title = words("Measurement")
    if not material.measurements:
        advice = words.spans(
            "No figure of these designs was measured. {command} measures a model on a machine; a scenario "
            "that names its result takes times and capacities from there.",
            command=Span("costplan bench", "code"),
        )
        return Section("measurement", title, [Paragraph(advice)])
    blocks: list[Block] = [
        Paragraph(
            words(
                "Designs that name a measurement take times and capacities from it. On which machine it was "
                "made, and how sure it is, stands below; the provider's machines may be faster or slower."
            )
        )
    ]
    for name, measurement in material.measurements:
        blocks += _measurement(name, measurement, material, words)
    return Section("measurement", title, blocks)


def _measurement(name: str, found: Measurement, material: Material, words: Translator) -> Iterator[Block]:
    slug = "".join(c if c.isascii() and c.isalnum() else "-" for c in name)
    yield Heading(name, f"measurement-{slug}")
    yield Paragraph(_capacity(found, words))
    users = [stage.name for stage in material.stages if name in stage.measurements]
    yield Bullets(list(_facts(found, users, words)))
    doubts = [*found.reasons, *found.warnings]
    if doubts:
        yield Paragraph(words("What makes these figures doubtful, in the words of the harness:"))
        yield Bullets(doubts)
    if found.points:
        yield charted(latency_picture(name, found, words), _points(name, found, words))
    if found.cost:
        yield _costs(name, found, words)


def _capacity(found: Measurement, words: Translator) -> Text:
    capacity, slo = found.capacity, found.slo
    bound = f"p{slo.percentile:g} ≤ {words.milliseconds(slo.latency_ms)}"
    verdict = words.term(found.verdict, VERDICTS)
    if capacity.requests_per_second is None:
        return words.spans(
            "No rate was found that keeps {slo}; verdict: {verdict}.",
            slo=Span(bound, "strong"),
            verdict=verdict,
        )
    message = (
        "It answers up to {rate} requests a second with {slo}: {low} passes, {high} fails; "
        "verdict: {verdict}."
        if capacity.high is not None
        else "It answers at least {rate} requests a second with {slo}; verdict: {verdict}."
    )
    return words.spans(
        message,
        rate=Span(words.rate(capacity.requests_per_second), "strong"),
        slo=bound,
        low=words.rate(capacity.low or 0.0),
        high=words.rate(capacity.high or 0.0),
        verdict=verdict,
    )


def _facts(found: Measurement, users: list[str], words: Translator) -> Iterator[Text]:
    environment = found.environment
    yield words(
        "Model {model} in {target} on {machine}, {cpus} processors, {memory} GB of memory, {gpus}.",
        model=found.model.name,
        target=found.target,
        machine=environment.processor.name,
        cpus=words.short(shortest(environment.usable_cpus)),
        memory=words.number(shortest(environment.memory_bytes / 2**30), 1),
        gpus=", ".join(gpu.name for gpu in environment.gpus) or words("no GPU"),
    )
    if found.measured_on is not None:
        yield words("Measured on {day}.", day=words.day(found.measured_on))
    if users:
        yield words("Figures from here are in: {stages}.", stages=words.listed(users))
    single = found.single()
    if single is not None and single.response_ms.p50 is not None:
        yield words(
            "One request at a time takes {time} in the median.",
            time=words.milliseconds(single.response_ms.p50),
        )
    if found.cold_start_ms is not None:
        yield words("From nothing to the first answer: {time}.", time=words.milliseconds(found.cold_start_ms))
    if found.is_co_located:
        yield words("Load generator and server shared the machine.")


def _points(name: str, found: Measurement, words: Translator) -> Table:
    columns = [
        Column(words("Load")),
        Column(words("Answers/s"), right=True),
        Column(words("p50, ms"), right=True),
        Column(words("p90, ms"), right=True),
        Column(words("p99, ms"), right=True),
        Column(words("Failed"), right=True),
        Column(words("Verdict"), is_text=True),
    ]
    rows = [_point(point, found.slo, words) for point in found.points]
    caption = words.many(
        "{name}: {count} load point", "{name}: all {count} load points", len(rows), name=name
    )
    return Table(caption, columns, [rows], is_collapsed=True)


def _point(point: MeasuredPoint, slo: MeasuredSlo, words: Translator) -> Row:
    response = point.response_ms
    failed = point.errors + point.timeouts + point.dropped
    verdict = words.term(point.verdict, VERDICTS)
    if point.meets_slo is not None:
        verdict += ", " + _kept(point, slo, words)
    return Row(
        cells(
            _load(point, words),
            _number(point.achieved_requests_per_second, words),
            _number(response.p50, words),
            _number(response.p90, words),
            _number(response.p99, words),
            Cell(words.number(Decimal(failed)), Decimal(failed)),
            verdict,
        )
    )


def _kept(point: MeasuredPoint, slo: MeasuredSlo, words: Translator) -> str:
    """Say whether a load keeps the SLO, and if not, why: nothing else in its row may show it."""
    if point.meets_slo:
        return words("keeps the SLO")
    bounds = point.bounds
    percentile = f"p{bounds.percentile:g}"
    if bounds.value_ms is None:
        return words("misses the SLO: too many requests failed for a {percentile}", percentile=percentile)
    value = words.milliseconds(bounds.value_ms)
    if bounds.value_ms <= slo.latency_ms and bounds.high_ms is not None:
        return words(
            "not certain to keep the SLO: {percentile} is {value}, and by its 95% interval may be {high}",
            percentile=percentile,
            value=value,
            high=words.milliseconds(bounds.high_ms),
        )
    return words("misses the SLO: {percentile} is {value}", percentile=percentile, value=value)


def _load(point: MeasuredPoint, words: Translator) -> str:
    if point.mode == "single":
        return words("one request at a time")
    if point.mode == "open" and point.offered_requests_per_second:
        return words("{rate} requests/s offered", rate=words.rate(point.offered_requests_per_second))
    return words("{mode} loop, {count} in flight", mode=point.mode, count=point.concurrency)


def _costs(name: str, found: Measurement, words: Translator) -> Table:
    currency = found.cost[0].currency
    columns = [
        Column(words("Machine")),
        Column(words("Basis"), is_text=True),
        Column(words("{currency} an hour", currency=currency), right=True),
        Column(words("Requests/s"), right=True),
        Column(words("{currency} per million", currency=currency), right=True),
        Column(words("from – to"), right=True),
    ]
    rows = [_cost(row, words) for row in found.cost]
    return Table(words("{name}: what a million requests cost at full load", name=name), columns, [rows])


def _cost(row: CostRow, words: Translator) -> Row:
    hourly = words.amount(row.hourly_cost) if row.hourly_cost is not None else words("by request")
    basis = (
        words.term(row.basis, BASES) if row.basis is not None else words("no figure: {why}", why=row.reason)
    )
    digits = 2 if row.basis == "assumed" else 3
    interval = "–"
    if row.low is not None and row.high is not None:
        interval = f"{words.significant(row.low, digits)} – {words.significant(row.high, digits)}"
    return Row(
        cells(
            row.instance,
            basis,
            Cell(hourly, row.hourly_cost),
            _figure(row.requests_per_second, digits, words),
            _figure(row.cost_per_million_requests, digits, words),
            interval if row.basis is not None else "–",
        )
    )


def _figure(amount: Decimal | None, digits: int, words: Translator) -> Cell:
    return Cell("–") if amount is None else Cell(words.significant(amount, digits), amount)


def _number(value: float | None, words: Translator) -> Cell:
    if value is None:
        return Cell("–")
    exact = shortest(value)
    return Cell(words.number(exact, 0) if value >= 1000 else words.significant(exact, 3), exact)
