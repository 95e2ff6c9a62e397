"""The view of a measurement: a few lines, and its details: load points, reasons, costs, the machine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from costplan.language.measured import measured_reason
from costplan.language.terms import MEASUREMENT_VERDICTS
from costplan.language.translator import Translator
from costplan.measurement.environment import Environment, Gpu
from costplan.measurement.model import CostRow, MeasuredPoint, Measurement
from costplan.output.views.measured.answer import answer_lines, answer_title, basis_of, load_of
from costplan.output.views.measured.cores import core_facts
from costplan.output.views.measured.cpu_split import cpu_split_text
from costplan.output.views.measured.figures import figure_of, shown_number
from costplan.output.views.measured.histogram import histogram_table
from costplan.output.views.measured.items import (
    cost_cells,
    cost_columns,
    inputs_text,
    point_cells,
    point_columns,
)
from costplan.output.views.measured.load_workers import workers_table
from costplan.output.views.measured.sweep import sweep_table
from costplan.output.views.price_notes import newest_text
from costplan.output.views.view import Cell, Column, Row, Table, Tone, View, row_of

_GRAVE = frozenset({"INVALID", "UNSTABLE"})
_MAX_REASONS = 3


def measurement_view(measurement: Measurement, words: Translator) -> View:
    """What was measured in a few lines; how sure it is and where, and what it costs, are its details."""
    name = measurement.title or measurement.model.name or measurement.target
    title = f"{name}: {answer_title(measurement, words)}"
    return View(
        title,
        list(answer_lines(measurement, words)),
        [],
        details=details_of(measurement, words),
    )


def details_of(measurement: Measurement, words: Translator) -> View:
    """Every load point, the distribution, the costs, the machine, every doubt."""
    tables = [points_table(measurement, words)] if measurement.points else []
    shown = measurement.headline_point
    if shown is not None and shown.histogram:
        tables.append(histogram_table(shown, words))
    if any(point.reasons for point in measurement.points):
        tables.append(_reasons_table(measurement.points, words))
    if measurement.sweep:
        tables.append(sweep_table(measurement, words))
    if measurement.shared_load is not None:
        tables.append(workers_table(measurement.shared_load, words))
    if measurement.cost:
        tables.append(cost_table(measurement, words))
    return View(words("Details"), list(_facts(measurement, words)), tables, _notes(measurement, words))


def _facts(measurement: Measurement, words: Translator) -> Iterator[str]:
    model = measurement.model
    yield words(
        "target {target} ({server}), model {model}, seed {seed}",
        target=measurement.target,
        server=measurement.server or words("unnamed"),
        model=f"{model.name} {model.sha256[:12]}" if model.sha256 else model.name,
        seed=measurement.seed,
    )
    if model.inputs:
        yield inputs_text(model, words)
    yield _cold_start(measurement, words)
    yield _machine(measurement.environment, words)
    generator = measurement.generator
    if generator is not None:
        yield words(
            "generator: ceiling {rate} requests/s with {connections} connections, p99 {latency}, "
            "{time} us of processor time per request",
            rate=words.figure(f"{generator.ceiling_requests_per_second:,.0f}"),
            connections=generator.connections,
            latency=_ms(generator.p99_ms, words),
            time=f"{generator.cpu_us_per_request:.0f}",
        )
    yield from _server_facts(measurement, words)
    yield from core_facts(measurement, words)
    curve = measurement.curve
    if curve is not None:
        points = (
            words("{cores}: {rate}/s", cores=cores, rate=words.rate(rate)) for cores, rate in curve.points
        )
        yield words(
            "over pinned cores, closed loop: {points}; contention {contention}, coherency {coherency}",
            points=", ".join(points),
            contention=words.figure(f"{curve.contention:.3g}"),
            coherency=words.figure(f"{curve.coherency:.3g}"),
        )
    if measurement.calibration:
        kinds = ", ".join(
            f"{kind} {words.figure(f'{rate:,.0f}')}" for kind, rate in measurement.calibration.items()
        )
        yield words("calibration set, runs/s on one thread: {kinds}", kinds=kinds)


def _server_facts(measurement: Measurement, words: Translator) -> Iterator[str]:
    if measurement.client_cpu_s is not None:
        server = measurement.server_cpu_s
        yield words(
            "processor time: client {client} s, server {server}",
            client=words.figure(f"{measurement.client_cpu_s:.1f}"),
            server=words("unknown")
            if server is None
            else words("{time} s", time=words.figure(f"{server:.1f}")),
        )
    if measurement.cpu_split is not None:
        yield cpu_split_text(measurement.cpu_split, words)
    share = measurement.server_share
    if share is not None:
        yield words(
            "the server's own counters: queue {queue}, compute {compute} per request, mean of {requests}",
            queue=_ms(share.queue_ms, words),
            compute=_ms(share.compute_ms, words),
            requests=words.figure(f"{share.requests:,}"),
        )


def _cold_start(measurement: Measurement, words: Translator) -> str:
    cold = measurement.cold_start
    parts = [
        (words("ready"), cold.ready_ms),
        (words("session"), cold.load_ms),
        (words("first request"), cold.first_request_ms),
    ]
    seen = ", ".join(f"{name} {_ms(value, words)}" for name, value in parts if value is not None)
    if measurement.cold_start_ms is not None:
        return words("cold start {time}: {seen}", time=_ms(measurement.cold_start_ms, words), seen=seen)
    return words("cold start not seen, the server ran already") + (f"; {seen}" if seen else "")


def _machine(environment: Environment, words: Translator) -> str:
    processor = environment.processor
    isa = [flag for flag in processor.isa if flag in ("avx2", "avx512f", "avx512_vnni", "avx512_bf16")]
    isa += ["amx"] if any(flag.startswith("amx") for flag in processor.isa) else []
    gpus = ", ".join(_gpu(gpu, words) for gpu in environment.gpus) or words("no GPU")
    if environment.system != "Linux":
        return words(
            "machine: {name}, {usable} usable threads, {gpus}",
            name=processor.name,
            usable=words.figure(f"{environment.usable_cpus:g}"),
            gpus=gpus,
        )
    parts = [
        words(
            "machine: {name} {family}/{model}/{stepping} [{isa}], {usable} usable of {threads} threads on "
            "{cores} cores",
            name=processor.name,
            family=processor.family,
            model=processor.model,
            stepping=processor.stepping,
            isa=" ".join(isa),
            usable=words.figure(f"{environment.usable_cpus:g}"),
            threads=processor.threads,
            cores=processor.cores,
        )
    ]
    if environment.cpu_quota is not None:
        parts.append(words("quota {quota}", quota=words.figure(f"{environment.cpu_quota:g}")))
    if environment.hypervisor:
        parts.append(words("virtual"))
    parts.append(words("{memory} GB", memory=words.figure(f"{environment.memory_bytes / 2**30:.1f}")))
    return ", ".join([*parts, gpus, f"Linux {environment.kernel}"])


def _gpu(gpu: Gpu, words: Translator) -> str:
    """Say which GPU, by which driver, and how it stood right after the load."""
    parts = [words("driver {version}", version=gpu.driver)] if gpu.driver else []
    pairs = ((gpu.clock_mhz, gpu.max_clock_mhz, "MHz"), (gpu.power_w, gpu.power_limit_w, "W"))
    for now, most, unit in pairs:
        shown = [words.figure(f"{value:.0f}") for value in (now, most) if value is not None]
        if len(shown) == 2:
            parts.append(words("{now} of {most} {unit}", now=shown[0], most=shown[1], unit=unit))
        elif shown:
            parts.append(f"{shown[0]} {unit}")
    return f"{gpu.name} ({', '.join(parts)})" if parts else gpu.name


def points_table(measurement: Measurement, words: Translator) -> Table:
    """A row a load: what was answered, how fast, how sure that is."""
    columns = [
        Column(words("Load")),
        Column(words("Achieved/s"), right=True),
        *point_columns(measurement, words),
        Column(words("Goodput/s"), right=True),
        Column(words("Errors"), right=True),
        Column(words("p50 ms"), right=True),
        Column(words("p90 ms"), right=True),
        Column(words("p99 ms"), right=True),
        Column(words("Interval ms")),
        Column(words("Lag p99"), right=True),
        Column(words("Verdict")),
    ]
    rows = [_point_row(point, point_cells(measurement, point, words), words) for point in measurement.points]
    return Table(columns, rows, words("Load points; response from the due time"))


def _reasons_table(points: Sequence[MeasuredPoint], words: Translator) -> Table:
    rows = [
        row_of(
            load_of(point, words),
            words.term(point.verdict, MEASUREMENT_VERDICTS),
            _reasons(point.reasons, words),
        )
        for point in points
        if point.reasons
    ]
    columns = [Column(words("Load")), Column(words("Verdict")), Column(words("Why"), folds=True)]
    return Table(columns, rows, words("Remarks"))


def _point_row(point: MeasuredPoint, more: Sequence[str], words: Translator) -> Row:
    response, bounds = point.response_ms, point.bounds
    low, high = shown_number(bounds.low_ms, words), shown_number(bounds.high_ms, words)
    interval = f"p{bounds.percentile:g} {low}..{high}"
    failed = point.errors + point.timeouts + point.dropped
    verdict = words.term(point.verdict, MEASUREMENT_VERDICTS)
    if point.meets_slo is not None:
        verdict += f" {words('meets') if point.meets_slo else words('misses')}"
    return row_of(
        load_of(point, words),
        shown_number(point.achieved_requests_per_second, words),
        *more,
        shown_number(point.goodput_requests_per_second, words),
        f"{failed}/{point.requests}",
        shown_number(response.p50, words),
        shown_number(response.p90, words),
        shown_number(response.p99, words),
        interval,
        shown_number(point.lag_ms.p99, words),
        Cell(verdict, _tone(point.verdict, point.meets_slo)),
    )


def _reasons(reasons: Sequence[str], words: Translator) -> str:
    said = "; ".join(words.reason(measured_reason(one)) for one in reasons[:_MAX_REASONS])
    left = len(reasons) - _MAX_REASONS
    return said + words("; and {count} more", count=left) if left > 0 else said


def _tone(verdict: str, meets: bool | None) -> Tone:
    if verdict in _GRAVE or meets is False:
        return "bad"
    return "good" if verdict == "VALID" else "warn"


def cost_table(measurement: Measurement, words: Translator) -> Table:
    """A row a machine: what a million good answers would cost on it."""
    rows = measurement.cost
    currency = rows[0].currency
    planned = next((row.utilisation for row in rows if row.utilisation is not None), None)
    share = words("planned") if planned is None else words("at {share}", share=words.exact_percent(planned))
    columns = [
        Column(words("Machine")),
        Column(words("Basis")),
        Column(words("{currency}/h", currency=currency), right=True),
        Column(words("Requests/s"), right=True),
        Column(words("per vCPU"), right=True),
        Column(words("{currency}/million", currency=currency), right=True),
        *cost_columns(measurement, words),
        Column(words("low..high")),
        Column(share, right=True),
        Column(words("p99 ms"), right=True),
        Column(words("Front")),
    ]
    made = [_cost_row(row, cost_cells(measurement, row, words), words) for row in rows]
    return Table(columns, made, words("Cost per million good answers"))


def _cost_row(row: CostRow, more: Sequence[str], words: Translator) -> Row:
    hourly = words.amount(row.hourly_cost) if row.hourly_cost is not None else words("by request")
    if row.basis is None:
        shown = hourly if row.hourly_cost is not None else "-"
        return row_of(row.instance, words("none"), shown, *["-"] * (6 + len(more)), "", tone="faint")
    mark, per_vcpu = "" if row.is_claim else "~", row.requests_per_second_per_vcpu
    return row_of(
        row.instance,
        Cell(basis_of(row, words), "plain" if row.basis == "measured" else "warn"),
        hourly,
        "-" if row.requests_per_second is None else mark + figure_of(row.requests_per_second, row, words),
        "-" if per_vcpu is None else mark + figure_of(per_vcpu, row, words),
        mark + figure_of(row.cost_per_million_requests, row, words),
        *more,
        f"{figure_of(row.low, row, words)}..{figure_of(row.high, row, words)}",
        "-" if row.utilisation is None else mark + figure_of(row.cost_per_million_at_utilisation, row, words),
        figure_of(row.p99_ms, row, words),
        Cell("*", "good") if row.on_front else Cell(""),
    )


def _notes(measurement: Measurement, words: Translator) -> list[Cell]:
    notes = []
    if not measurement.is_complete:
        notes.append(Cell(words("the run did not end: these are the figures that there are"), "bad"))
    said = {why for point in measurement.points for why in point.reasons}
    verdict = words.term(measurement.verdict, MEASUREMENT_VERDICTS)
    notes += [
        Cell(f"{verdict}: {words.reason(measured_reason(why))}", "warn")
        for why in measurement.reasons
        if why not in said
    ]
    for warning in measurement.warnings:
        notes.append(
            Cell(words("warning: {warning}", warning=words.reason(measured_reason(warning))), "warn")
        )
    return [*notes, *cost_notes(measurement, words)]


def cost_notes(measurement: Measurement, words: Translator) -> list[Cell]:
    """What the costs rest on, and what their signs mean."""
    notes = [
        Cell(f"{row.instance}: {words.reason(measured_reason(row.reason))}", "faint")
        for row in measurement.cost
    ]
    if any(row.assumed_speed is not None for row in measurement.cost):
        said = words("a speed that was assumed with --assume is no claim: measure on such a machine")
        notes.append(Cell(said, "warn"))
    if any(
        row.basis == "assumed" and row.assumed_speed is None and not row.is_claim for row in measurement.cost
    ):
        notes.append(
            Cell(
                words(
                    "~ is not a claim: another machine was priced as if it were this one; take that on with "
                    "--assume-same-speed, or measure there"
                ),
                "warn",
            )
        )
    if any(row.on_front for row in measurement.cost):
        notes.append(Cell(words("* no other is both faster (p99) and cheaper"), "faint"))
    prices = measurement.prices
    if prices is not None and prices.newest is not None and prices.as_of > prices.newest:
        notes.append(Cell(newest_text(prices.as_of, prices.newest, words), "warn"))
    if prices is not None:
        message = (
            "prices of {name} as of {day}, VAT included, catalog {sha256}; machines without disks, addresses "
            "and traffic; no free volumes"
            if prices.vat == "included"
            else "prices of {name} as of {day}, VAT excluded, catalog {sha256}; machines without disks, "
            "addresses and traffic; no free volumes"
        )
        said = words(message, name=prices.catalog, day=prices.as_of, sha256=prices.sha256[:12])
        notes.append(Cell(said, "faint"))
    return notes


def _ms(value: float | None, words: Translator) -> str:
    if value is None:
        return words("not seen")
    return words.milliseconds(value)
