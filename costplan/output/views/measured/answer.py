"""The answer of a measurement in a few lines: what it holds, what a request takes and costs, the doubts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from costplan.language.measured import measured_reason
from costplan.language.terms import COST_BASES, MEASUREMENT_VERDICTS, MODES
from costplan.language.translator import Translator
from costplan.measurement.model import CostRow, MeasuredPoint, Measurement
from costplan.output.views.measured.figures import figure_of
from costplan.output.views.measured.items import items_line
from costplan.output.views.measured.load_workers import shared_load_text
from costplan.output.views.measured.sweep import sweep_text
from costplan.quantities.money import plain

_BASES = ("measured", "scaled", "assumed")
"""From the surest."""


def answer_title(measurement: Measurement, words: Translator) -> str:
    """Say the verdict and, where one was looked for, the capacity."""
    capacity, verdict = measurement.capacity, words.term(measurement.verdict, MEASUREMENT_VERDICTS)
    if capacity.requests_per_second is not None and capacity.high is None:
        return words(
            "{rate} requests/s or more at {slo}, {verdict}",
            rate=words.rate(capacity.requests_per_second),
            slo=measurement.claimed_slo,
            verdict=verdict,
        )
    if capacity.requests_per_second is not None:
        return words(
            "{rate} requests/s ({low} passes, {high} fails) at {slo}, {verdict}",
            rate=words.rate(capacity.requests_per_second),
            low=words.rate(capacity.low or 0),
            high=words.rate(capacity.high or 0),
            slo=measurement.claimed_slo,
            verdict=verdict,
        )
    if _was_searched(measurement):
        if measurement.verdict == "VALID":
            return words("no capacity at {slo}", slo=measurement.slo)
        return words("{verdict}, no capacity at {slo}", verdict=verdict, slo=measurement.slo)
    return verdict


def answer_lines(measurement: Measurement, words: Translator) -> Iterator[str]:
    """Give the lines below the title: one request, the load, what is not claimed, the costs, the doubts."""
    yield from _one_request(measurement, words)
    if (swept := sweep_text(measurement, words)) is not None:
        yield swept
    if measurement.shared_load is not None:
        yield shared_load_text(measurement.shared_load, words)
    yield from _load(measurement, words)
    yield from _claim(measurement, words)
    yield from _costs(measurement, words)
    yield from items_line(measurement, words)
    yield from _doubt(measurement, words)


def basis_of(row: CostRow, words: Translator) -> str:
    """Name what a cost rests on; what the user supposed is never told without its factor."""
    if row.assumed_speed is not None:
        return words("assumed {times} x", times=words.figure(plain(row.assumed_speed)))
    return words.term(row.basis, COST_BASES) if row.basis else words("none")


def load_of(point: MeasuredPoint, words: Translator) -> str:
    """Name a load: `open 120/s`, `closed 8`."""
    mode = words.term(point.mode, MODES)
    if point.mode == "single":
        return mode
    if point.mode == "open":
        rate = point.offered_requests_per_second
        return words("open {rate}/s", rate=words.rate(rate)) if rate else f"{mode} {point.arrivals}"
    return f"{mode} {point.concurrency}"


def _was_searched(measurement: Measurement) -> bool:
    return measurement.capacity.verdict != "NOT-MEASURED"


def _one_request(measurement: Measurement, words: Translator) -> Iterator[str]:
    point = measurement.single()
    if point is None or point.response_ms.p50 is None:
        return
    times = [words("{time} (p50)", time=words.milliseconds(point.response_ms.p50))]
    bounds = point.bounds
    if point.verdict != "TOO-FEW-SAMPLES" and bounds.value_ms is not None and bounds.percentile > 50:
        times.append(f"{words.milliseconds(bounds.value_ms)} (p{bounds.percentile:g})")
    used = measurement.cpu_time
    if used is not None and used.alone_ms is not None:
        times.append(words("{time} of processor time", time=words.milliseconds(used.alone_ms)))
    yield words(
        "one request in {target}: {times}; {count} were measured",
        target=measurement.target,
        times=", ".join(times),
        count=words.number(Decimal(point.requests)),
    )


def _load(measurement: Measurement, words: Translator) -> Iterator[str]:
    """Say what came of the one load that was asked for, where no capacity was."""
    point = measurement.headline_point
    if point is None or point.mode == "single" or _was_searched(measurement):
        return
    if measurement.capacity.requests_per_second is not None:
        return
    bounds = point.bounds
    parts = [words("{rate} answers/s", rate=words.rate(point.achieved_requests_per_second))]
    if point.response_ms.p50 is not None:
        parts.append(words("{time} (p50)", time=words.milliseconds(point.response_ms.p50)))
    if bounds.value_ms is not None:
        parts.append(f"{words.milliseconds(bounds.value_ms)} (p{bounds.percentile:g})")
    if point.meets_slo is not None and point.mode == "open":
        parts.append(
            words("meets {slo}", slo=measurement.slo)
            if point.meets_slo
            else words("misses {slo}", slo=measurement.slo)
        )
    yield f"{load_of(point, words)}: {', '.join(parts)}"


def _claim(measurement: Measurement, words: Translator) -> Iterator[str]:
    capacity = measurement.capacity
    if capacity.percentile is None:
        return
    if capacity.budget_for_slo_s is None:
        yield words("{slo} is not claimed: it needs more requests", slo=measurement.slo)
        return
    yield words(
        "{slo} is not claimed: it needs more requests, about --budget {budget}",
        slo=measurement.slo,
        budget=budget_text(capacity.budget_for_slo_s),
    )


def budget_text(seconds: float) -> str:
    """Write a budget as the command line takes it: `45s`, `6min`."""
    whole = round(seconds)
    return f"{whole // 60}min" if whole % 60 == 0 else f"{whole}s"


def _costs(measurement: Measurement, words: Translator) -> Iterator[str]:
    """Name the cheapest machine and the cheapest of what is billed by the request, by the surest basis."""
    known = [row for row in measurement.cost if row.basis and row.cost_per_million_requests is not None]
    machines = [row for row in known if row.hourly_cost is not None]
    by_request = [row for row in known if row.hourly_cost is None]
    chosen = [min(rows, key=_by_basis) for rows in (machines, by_request) if rows]
    if chosen:
        said = ", ".join(_cost(row, words) for row in chosen)
        yield words("{currency} per million: {costs}", currency=chosen[0].currency, costs=said)


def _by_basis(row: CostRow) -> tuple[bool, int, Decimal]:
    is_supposed = row.assumed_speed is not None
    return is_supposed, _BASES.index(row.basis or "assumed"), row.cost_per_million_requests or Decimal(0)


def _cost(row: CostRow, words: Translator) -> str:
    cost = ("" if row.is_claim else "~") + figure_of(row.cost_per_million_requests, row, words)
    spread = [figure_of(end, row, words) for end in (row.low, row.high)]
    same = len({*spread, figure_of(row.cost_per_million_requests, row, words)}) == 1
    basis = basis_of(row, words)
    if row.low is None:
        return words("{cost} or less on {machine} ({notes})", cost=cost, machine=row.instance, notes=basis)
    notes = basis if same else f"{'..'.join(spread)}, {basis}"
    return words("{cost} on {machine} ({notes})", cost=cost, machine=row.instance, notes=notes)


def _of_sizes(measurement: Measurement) -> Sequence[str]:
    """Return the doubt of made-up sizes, the first of the warnings: another size is another answer."""
    made_up = any(port.made_up for port in measurement.model.inputs)
    has_answer = not _was_searched(measurement) or measurement.capacity.requests_per_second is not None
    return measurement.warnings[:1] if made_up and has_answer else ()


def _doubt(measurement: Measurement, words: Translator) -> Iterator[str]:
    """Say the strongest doubt, and how many more there are."""
    doubts = list(dict.fromkeys([*_of_sizes(measurement), *measurement.reasons, *measurement.warnings]))
    if not measurement.is_complete:
        doubts.insert(0, "the run did not end: these are the figures that there are")
    if not doubts:
        return
    first = words.reason(measured_reason(doubts[0]))
    if _was_searched(measurement) and measurement.capacity.requests_per_second is None:
        yield words("why: {why}", why=first)
    elif len(doubts) == 1:
        yield words("doubt: {why}", why=first)
    else:
        yield words("doubt 1 of {count}: {why}", count=len(doubts), why=first)
