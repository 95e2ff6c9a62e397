"""From what the harness holds to the result file, and from a journal to the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from math import inf
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter

from costplan.bench.load.journal_reader import read_journal
from costplan.bench.machine.fingerprint import environment_warnings
from costplan.bench.results.summary import summarise
from costplan.bench.target import ColdStart, TargetDescription
from costplan.checked.model import explained
from costplan.measurement.environment import Environment
from costplan.measurement.files import read_document
from costplan.measurement.load_workers import SharedLoad
from costplan.measurement.model import (
    MEASUREMENT_SCHEMA,
    VERDICTS,
    AloneOnCores,
    Calibration,
    ColdStartTimes,
    Facts,
    Generator,
    MeasuredCapacity,
    MeasuredModel,
    MeasuredPoint,
    MeasuredSlo,
    Measurement,
    Tensor,
)
from costplan.measurement.server_time import RequestCpuTime
from costplan.messages.reason import Reason

_DIGITS = 6

F = TypeVar("F", AloneOnCores, MeasuredPoint, MeasuredCapacity, Generator)


def initial_measurement(
    described: TargetDescription,
    cold: ColdStart,
    ceiling: Generator | None,
    slo: MeasuredSlo,
    environment: Environment,
    *,
    seed: int = 0,
    flags: Mapping[str, Any] | None = None,
    title: str = "",
    model_name: str = "",
    is_co_located: bool = True,
    shared_load: SharedLoad | None = None,
) -> Measurement:
    """Return a measurement without any points: all that is known before the first one."""
    model = MeasuredModel(
        name=model_name or described.model_name,
        sha256=described.model_sha256,
        inputs=_tensors(described.inputs),
        outputs=_tensors(described.outputs),
        inputs_from=described.inputs_from,
        items_per_request=described.items,
        item=described.item,
    )
    times = ColdStartTimes(*(_rounded(t) for t in (cold.ready_ms, cold.load_ms, cold.first_request_ms)))
    whole = [t for t in (cold.ready_ms, cold.load_ms, cold.first_request_ms) if t is not None]
    is_started = cold.ready_ms is not None or cold.load_ms is not None
    return Measurement(
        schema=MEASUREMENT_SCHEMA,
        target=described.target,
        model=model,
        environment=environment,
        slo=slo,
        points=(),
        capacity=MeasuredCapacity(None, None, None, "NOT-MEASURED"),
        cold_start_ms=_rounded(sum(whole)) if is_started else None,
        generator=shortened(ceiling) if ceiling else None,
        title=title,
        seed=seed,
        is_complete=False,
        is_co_located=is_co_located,
        cold_start=times,
        server=described.server,
        versions=dict(described.versions),
        settings={key: _fact(value) for key, value in described.settings.items()},
        flags={key: _fact(value) for key, value in (flags or {}).items()},
        shared_load=shared_load,
    )


def shortened(figures: F) -> F:
    """Return figures of the result file cut to six significant digits: no measurement has more."""
    found: F = explained(type(figures)).validate_python(_shortened(asdict(figures)))
    return found


def finalize(
    draft: Measurement, capacity: MeasuredCapacity | None, warnings: Sequence[str] = ()
) -> Measurement:
    """Add the capacity, the verdict on the whole, and the warnings."""
    found = shortened(capacity) if capacity else capacity_of_points(draft.points, draft.slo)
    verdict, reasons = found.verdict, found.reasons
    if verdict == "NOT-MEASURED" and draft.points:
        gravest = max(draft.points, key=lambda point: VERDICTS.index(point.verdict))
        verdict, reasons = gravest.verdict, gravest.reasons
    knows_server = draft.server_cpu_s is not None or draft.target == "onnxruntime"
    said = [*warnings, *environment_warnings(draft.environment, knows_server=knows_server)]
    if draft.is_co_located:
        said.append(
            "generator and server shared this machine and took its time from each other: a server of its own "
            "holds more"
        )
    if draft.warm_up and not draft.warm_up.get("is_stable"):
        said.append(_unsettled(draft.warm_up))
    points = tuple(_with_items(point, draft.model.items_per_request) for point in draft.points)
    measured = replace(
        draft, points=points, capacity=found, verdict=verdict, reasons=reasons, warnings=tuple(said)
    )
    return replace(measured, cpu_time=cpu_time_of(measured))


def _with_items(point: MeasuredPoint, items: int) -> MeasuredPoint:
    return replace(point, achieved_items_per_second=_rounded(items * point.achieved_requests_per_second))


def _unsettled(warm_up: Facts) -> str:
    if warm_up.get("change") is None:
        seconds = f"{warm_up.get('seconds'):.1f}"
        return f"the warm-up of {seconds} s held too few answers to say whether the server had settled"
    return "the server was still getting faster or slower when the warm-up reached its limit"


def cpu_time_of(measured: Measurement) -> RequestCpuTime | None:
    """Return the processor time of a request, alone and under load; None where nothing was loaded."""
    if not measured.points:
        return None
    alone, loaded = measured.single(), measured.headline_point
    alone_ms = None if alone is None else alone.server_cpu_ms_per_request
    loaded_ms = None if loaded is None or loaded is alone else loaded.server_cpu_ms_per_request
    if alone_ms is not None or loaded_ms is not None:
        return RequestCpuTime(alone_ms, loaded_ms)
    return RequestCpuTime(
        reason=Reason("the server's processor time cannot be read: costplan did not start it")
    )


def _at_capacity(passed: MeasuredPoint | None) -> dict[str, Any]:
    if passed is None:
        return {}
    return {"good_share": _rounded(passed.good_share), "response_ms": passed.response_ms}


def capacity_of_points(points: Sequence[MeasuredPoint], slo: MeasuredSlo | None = None) -> MeasuredCapacity:
    """Bracket the capacity by the open-loop points alone, for a run that had no search or did not end it.

    Args:
        points: Those of another percentile than the highest rate that passed say nothing of its claim.
        slo: The SLO that was asked for; a lower percentile is named beside the capacity.
    """
    rates = [(p.offered_requests_per_second, p) for p in points if p.offered_requests_per_second]
    best = max((pair for pair in rates if pair[1].passes), key=lambda pair: pair[0], default=None)
    claimed = best[1].bounds.percentile if best is not None else None
    rates = [(rate, p) for rate, p in rates if claimed is None or p.bounds.percentile == claimed]
    failed = min((rate for rate, p in rates if not p.passes), default=inf)
    below = [(rate, p) for rate, p in rates if rate < failed]
    high = None if failed == inf else failed
    if not below:
        none = ("no rate was seen to keep the SLO",) if rates else ()
        return MeasuredCapacity(None, None, high, "NOT-MEASURED", none)
    low, passed = max(below, key=lambda pair: pair[0])
    is_lower = slo is not None and claimed != slo.percentile
    known: dict[str, Any] = {**_at_capacity(passed), "percentile": claimed if is_lower else None}
    verdict: Any = passed.verdict
    if high is None or high > 1.05 * low:
        said = "no rate that fails was found" if high is None else f"{high:.4g}/s fails"
        reasons = (*passed.reasons, f"the bracket is wider than 5%: {low:.4g}/s passes, {said}")
        verdict = "NOISY" if verdict == "VALID" else verdict
        return MeasuredCapacity(low, low, high, verdict, reasons, **known)
    return MeasuredCapacity(low, low, high, verdict, passed.reasons, **known)


def measurement_of_journal(path: Path) -> Measurement:
    """Summarise a journal, also of a run that was killed.

    Raises:
        InputError: Not a journal of `costplan bench`.
    """
    read = read_journal(path)
    draft: Measurement = read_document(read.run, str(path), Measurement)
    points = [summarise(recording, slo=draft.slo, ceiling=draft.generator) for recording in read.recordings]
    measured = replace(
        draft,
        points=tuple(shortened(point) for point in points),
        is_complete=not read.missing and all(point.ending != "interrupted" for point in points),
    )
    return finalize(measured, None, ["summarised from the journal", *read.missing])


def plain_data(measurement: Measurement) -> dict[str, Any]:
    """Return a measurement as JSON values."""
    found: dict[str, Any] = explained(Measurement).dump_python(measurement, mode="json")
    return found


def plain_calibration(calibration: Calibration) -> dict[str, Any]:
    """Return a reference of the calibration set as JSON values."""
    found: dict[str, Any] = explained(Calibration).dump_python(calibration, mode="json")
    return found


def _tensors(ports: Sequence[Mapping[str, object]]) -> tuple[Tensor, ...]:
    return TypeAdapter(tuple[Tensor, ...]).validate_python([dict(port) for port in ports])


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.{_DIGITS}g}")


def _shortened(value: Any) -> Any:
    if isinstance(value, float):
        return _rounded(value)
    if isinstance(value, Mapping):
        return {key: _shortened(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_shortened(item) for item in value]
    return value


def _fact(value: object) -> Any:
    if isinstance(value, (str, bool, int, float)) or value is None:
        return value
    if isinstance(value, (list, tuple, set, frozenset)):
        return tuple(item if isinstance(item, (str, bool, int, float)) else str(item) for item in value)
    return str(value)
