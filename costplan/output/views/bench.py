"""The view of a measurement: verdicts with reasons beside the numbers, a histogram, costs, the machine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from costplan.measurement.environment import Environment
from costplan.measurement.model import CostRow, MeasuredPoint, Measurement
from costplan.messages.text import visible
from costplan.output.views.price_notes import newest_text
from costplan.output.views.view import Cell, Column, Row, Table, Tone, View, cells
from costplan.quantities.shown import money, rate_text, significant

_BAR = 40
"""Characters of the longest bar."""
_MAX_BARS = 24
_GRAVE = frozenset({"INVALID", "UNSTABLE"})
_MAX_REASONS = 3


def measurement_view(measurement: Measurement) -> View:
    """What was measured, how sure it is, and what it costs."""
    tables = [_points_table(measurement.points)] if measurement.points else []
    shown = measurement.headline_point
    if shown is not None and shown.histogram:
        tables.append(_histogram(shown))
    if any(point.reasons for point in measurement.points):
        tables.append(_reasons_table(measurement.points))
    if measurement.cost:
        tables.append(_cost_table(measurement))
    name = measurement.title or measurement.model.name or measurement.target
    return View(f"{name}: {_headline(measurement)}", _facts(measurement), tables, _notes(measurement))


def _headline(measurement: Measurement) -> str:
    capacity, slo = measurement.capacity, measurement.slo
    promise = f"p{slo.percentile:g} <= {slo.latency_ms:g} ms"
    if capacity.requests_per_second is None:
        return f"{measurement.verdict}, no capacity at {promise}"
    high = "none known" if capacity.high is None else rate_text(capacity.high)
    low = rate_text(capacity.low or 0)
    bracket = f"{rate_text(capacity.requests_per_second)} requests/s ({low} passes, {high} fails)"
    return f"{bracket} at {promise}, {measurement.verdict}"


def _facts(measurement: Measurement) -> list[str]:
    cold, model = measurement.cold_start, measurement.model
    parts = [("ready", cold.ready_ms), ("session", cold.load_ms), ("first request", cold.first_request_ms)]
    seen = ", ".join(f"{name} {_ms(value)}" for name, value in parts if value is not None)
    sha = f" {model.sha256[:12]}" if model.sha256 else ""
    facts = [
        f"target {measurement.target} ({measurement.server or 'unnamed'}), model {model.name}{sha}, "
        f"seed {measurement.seed}",
        f"cold start {_ms(measurement.cold_start_ms)}: {seen}"
        if measurement.cold_start_ms is not None
        else f"cold start not seen, the server ran already{'; ' + seen if seen else ''}",
        _machine(measurement.environment),
    ]
    generator = measurement.generator
    if generator is not None:
        facts.append(
            f"generator: ceiling {generator.ceiling_requests_per_second:,.0f} requests/s with "
            f"{generator.connections} connections, p99 {_ms(generator.p99_ms)}, "
            f"{generator.cpu_us_per_request:.0f} us of processor time per request"
        )
    if measurement.client_cpu_s is not None:
        server = measurement.server_cpu_s
        spent = "unknown" if server is None else f"{server:.1f} s"
        facts.append(f"processor time: client {measurement.client_cpu_s:.1f} s, server {spent}")
    share = measurement.server_share
    if share is not None:
        facts.append(
            f"the server's own counters: queue {_ms(share.queue_ms)}, compute {_ms(share.compute_ms)} per "
            f"request, mean of {share.requests:,}"
        )
    curve = measurement.curve
    if curve is not None:
        points = ", ".join(f"{cores}: {rate:,.0f}/s" for cores, rate in curve.points)
        facts.append(
            f"over pinned cores, closed loop: {points}; contention {curve.contention:.3g}, "
            f"coherency {curve.coherency:.3g}"
        )
    if measurement.calibration:
        kinds = ", ".join(f"{kind} {rate:,.0f}" for kind, rate in measurement.calibration.items())
        facts.append(f"calibration set, runs/s on one thread: {kinds}")
    return facts


def _machine(environment: Environment) -> str:
    processor = environment.processor
    isa = [flag for flag in processor.isa if flag in ("avx2", "avx512f", "avx512_vnni", "avx512_bf16")]
    isa += ["amx"] if any(flag.startswith("amx") for flag in processor.isa) else []
    quota = "" if environment.cpu_quota is None else f", quota {environment.cpu_quota:g}"
    gpus = ", ".join(gpu.name for gpu in environment.gpus) or "no GPU"
    guest = ", virtual" if environment.hypervisor else ""
    return (
        f"machine: {processor.name} {processor.family}/{processor.model}/{processor.stepping} "
        f"[{' '.join(isa)}], {environment.usable_cpus:g} usable of {processor.threads} threads on "
        f"{processor.cores} cores{quota}{guest}, {environment.memory_bytes / 2**30:.1f} GB, {gpus}, "
        f"Linux {environment.kernel}"
        if environment.system == "Linux"
        else f"machine: {processor.name}, {environment.usable_cpus:g} usable threads, {gpus}"
    )


def _points_table(points: Sequence[MeasuredPoint]) -> Table:
    columns = [
        Column("Load"),
        Column("Achieved/s", right=True),
        Column("Goodput/s", right=True),
        Column("Errors", right=True),
        Column("p50 ms", right=True),
        Column("p90 ms", right=True),
        Column("p99 ms", right=True),
        Column("Interval ms"),
        Column("Lag p99", right=True),
        Column("Verdict"),
    ]
    return Table(columns, [_point_row(point) for point in points], "Load points; response from the due time")


def _reasons_table(points: Sequence[MeasuredPoint]) -> Table:
    rows = [
        Row(cells(_load(point), point.verdict, _reasons(point.reasons))) for point in points if point.reasons
    ]
    return Table([Column("Load"), Column("Verdict"), Column("Why", folds=True)], rows, "Why not VALID")


def _point_row(point: MeasuredPoint) -> Row:
    response, bounds = point.response_ms, point.bounds
    low, high = _number(bounds.low_ms), _number(bounds.high_ms)
    interval = f"p{bounds.percentile:g} {low}..{high}"
    failed = point.errors + point.timeouts + point.dropped
    passes = "" if point.meets_slo is None else " meets" if point.meets_slo else " misses"
    return Row(
        cells(
            _load(point),
            _number(point.achieved_requests_per_second),
            _number(point.goodput_requests_per_second),
            f"{failed}/{point.requests}",
            _number(response.p50),
            _number(response.p90),
            _number(response.p99),
            interval,
            _number(point.lag_ms.p99),
            Cell(f"{point.verdict}{passes}", _tone(point.verdict, point.meets_slo)),
        )
    )


def _load(point: MeasuredPoint) -> str:
    if point.mode == "single":
        return "single"
    if point.mode == "open":
        rate = point.offered_requests_per_second
        return f"open {rate_text(rate)}/s" if rate else f"open {point.arrivals}"
    return f"{point.mode} {point.concurrency}"


def _reasons(reasons: Sequence[str]) -> str:
    more = f"; and {len(reasons) - _MAX_REASONS} more" if len(reasons) > _MAX_REASONS else ""
    return "; ".join(reasons[:_MAX_REASONS]) + more


def _tone(verdict: str, meets: bool | None) -> Tone:
    if verdict in _GRAVE or meets is False:
        return "bad"
    return "good" if verdict == "VALID" else "warn"


def _histogram(point: MeasuredPoint) -> Table:
    """One bar per bucket; the slowest tail is joined where there are too many buckets for a screen."""
    buckets = list(joined_buckets(point.histogram, _MAX_BARS))
    most = max(count for _, count in buckets)
    total = sum(count for _, count in buckets)
    rows, passed = [], 0
    for edge, count in buckets:
        passed += count
        bar = "#" * max(1, round(_BAR * count / most))
        rows.append(Row(cells(f"<= {_number(edge)}", bar, f"{count:,}", f"{100 * passed / total:.1f}%")))
    at = point.offered_requests_per_second
    load = f"at {rate_text(at)} requests/s" if at else f"{point.mode} loop"
    columns = [
        Column("Response ms", right=True),
        Column(""),
        Column("Requests", right=True),
        Column("So far", right=True),
    ]
    return Table(columns, rows, f"Latency distribution {load}")


def joined_buckets(buckets: Iterable[tuple[float, int]], most: int) -> list[tuple[float, int]]:
    """Join neighbours, two and two, until there are at most so many; the upper edge stays."""
    found = list(buckets)
    while len(found) > most:
        pairs = [found[n : n + 2] for n in range(0, len(found), 2)]
        found = [(pair[-1][0], sum(count for _, count in pair)) for pair in pairs]
    return found


def _cost_table(measurement: Measurement) -> Table:
    rows = measurement.cost
    currency = rows[0].currency
    planned = next((row.utilisation for row in rows if row.utilisation is not None), None)
    share = f"{planned * 100:f}".rstrip("0").rstrip(".") if planned is not None else ""
    columns = [
        Column("Machine"),
        Column("Basis"),
        Column(f"{currency}/h", right=True),
        Column("Requests/s", right=True),
        Column(f"{currency}/million", right=True),
        Column("low..high"),
        Column(f"at {share}%" if share else "planned", right=True),
        Column("p99 ms", right=True),
        Column("Front"),
    ]
    return Table(columns, [_cost_row(row) for row in rows], "Cost per million good answers")


def _cost_row(row: CostRow) -> Row:
    hourly = money(row.hourly_cost) if row.hourly_cost is not None else "by request"
    if row.basis is None:
        shown = hourly if row.hourly_cost is not None else "-"
        return Row(cells(row.instance, "none", shown, "-", "-", "-", "-", "-", "", tone="faint"))
    mark = "" if row.is_claim else "~"
    return Row(
        cells(
            row.instance,
            Cell(row.basis, "plain" if row.basis == "measured" else "warn"),
            hourly,
            "-" if row.requests_per_second is None else mark + _figure(row.requests_per_second, row),
            mark + _figure(row.cost_per_million_requests, row),
            f"{_figure(row.low, row)}..{_figure(row.high, row)}",
            "-" if row.utilisation is None else mark + _figure(row.cost_per_million_at_utilisation, row),
            _figure(row.p99_ms, row),
            Cell("*", "good") if row.on_front else Cell(""),
        )
    )


def _figure(amount: Decimal | None, row: CostRow) -> str:
    """Write a figure with as many digits as its basis deserves: no third one for an assumption."""
    if amount is None:
        return "?"
    return significant(amount, 2 if row.basis == "assumed" else 3 if row.basis == "scaled" else 4)


def _notes(measurement: Measurement) -> list[Cell]:
    notes = []
    if not measurement.is_complete:
        notes.append(Cell("the run did not end: these are the figures that there are", "bad"))
    if measurement.reasons:
        notes += [Cell(f"{measurement.verdict}: {reason}", "warn") for reason in measurement.reasons]
    notes += [Cell(f"warning: {warning}", "warn") for warning in measurement.warnings]
    return [*notes, *_cost_notes(measurement)]


def _cost_notes(measurement: Measurement) -> list[Cell]:
    notes = [Cell(f"{row.instance}: {row.reason}", "faint") for row in measurement.cost]
    if any(row.basis == "assumed" and not row.is_claim for row in measurement.cost):
        notes.append(
            Cell(
                "~ is not a claim: another machine was priced as if it were this one; take that on with "
                "--assume-same-speed, or measure there",
                "warn",
            )
        )
    if any(row.on_front for row in measurement.cost):
        notes.append(Cell("* no other is both faster (p99) and cheaper", "faint"))
    prices = measurement.prices
    if prices is not None and prices.newest is not None and prices.as_of > prices.newest:
        notes.append(Cell(newest_text(prices.as_of, prices.newest), "warn"))
    if prices is not None:
        notes.append(
            Cell(
                f"prices of {prices.catalog} as of {prices.as_of}, VAT {prices.vat}, catalog "
                f"{prices.sha256[:12]}; machines without disks, addresses and traffic; no free volumes",
                "faint",
            )
        )
    return notes


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"


def _ms(value: float | None) -> str:
    if value is None:
        return "not seen"
    return f"{value / 1000:.2f} s" if value >= 1000 else f"{value:.3g} ms"


def point_rows(measurement: Measurement) -> list[dict[str, str | Decimal | bool | None]]:
    """Return a row per load point for CSV, then one per cost, told apart by `row`."""
    rows: list[dict[str, str | Decimal | bool | None]] = []
    for point in measurement.points:
        rows.append(
            {
                "row": "point",
                "name": point.mode,
                "offered_requests_per_second": _decimal(point.offered_requests_per_second),
                "achieved_requests_per_second": _decimal(point.achieved_requests_per_second),
                "goodput_requests_per_second": _decimal(point.goodput_requests_per_second),
                "requests": Decimal(point.requests),
                "failed": Decimal(point.errors + point.timeouts + point.dropped),
                "p50_ms": _decimal(point.response_ms.p50),
                "p90_ms": _decimal(point.response_ms.p90),
                "p99_ms": _decimal(point.response_ms.p99),
                "lag_p99_ms": _decimal(point.lag_ms.p99),
                "verdict": point.verdict,
                "reason": visible("; ".join(point.reasons)),
            }
        )
    for row in measurement.cost:
        rows.append(
            {
                "row": "cost",
                "name": row.instance,
                "p99_ms": row.p99_ms,
                "verdict": row.basis or "none",
                "reason": row.reason,
                "is_claim": row.is_claim,
                "currency": row.currency,
                "hourly_cost": row.hourly_cost,
                "capacity_requests_per_second": row.requests_per_second,
                "cost_per_million_requests": row.cost_per_million_requests,
                "low": row.low,
                "high": row.high,
                "cost_per_million_at_utilisation": row.cost_per_million_at_utilisation,
            }
        )
    return rows


def _decimal(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(repr(float(value)))
