"""Reading result files: bounded, as JSON only, with every fault in words."""

from __future__ import annotations

import json
import os
import stat
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from costplan.checked.model import Model, explained
from costplan.checked.records import dataclass
from costplan.datafiles import data_folder
from costplan.measurement.check_words import check_reason
from costplan.measurement.over_cores import over_cores_of
from costplan.measurement.part import MeasuredCapacityPart, MeasuredPart
from costplan.messages.errors import Fault, InputError, SourceLocation, did_you_mean, reason_of
from costplan.messages.reason import Reason
from costplan.messages.text import listed, visible
from costplan.quantities.quantity import MeasuredAt

if TYPE_CHECKING:  # a scenario's figures need none of these models, and they take long to build
    from costplan.measurement.model import Calibration, Measurement

MEASUREMENT_LIMIT_BYTES = 4 * 1024 * 1024
MAX_DEPTH = 32
_MAX_FAULTS = 20

T = TypeVar("T")


def load_measurement(path: Path, shown_as: str = "") -> Measurement:
    """Read the result of a run.

    Raises:
        InputError: Not a regular file, too large, not JSON, or not a measurement; with place and path.
    """
    from costplan.measurement.model import Measurement

    return _load(path, shown_as or str(path), Measurement)


def load_calibration(path: Path, shown_as: str = "") -> Calibration:
    """Read a reference of the calibration set.

    Raises:
        InputError: As for `load_measurement`.
    """
    from costplan.measurement.model import Calibration

    return _load(path, shown_as or str(path), Calibration)


def shipped_measurements() -> dict[str, Path]:
    """Return the measurements that come with costplan, by name."""
    return {path.stem: path for path in sorted(data_folder("measurements").glob("*.json"))}


def shipped_measurement(name: str) -> Path:
    """Return the file of a shipped measurement.

    Raises:
        InputError: There is none of that name.
    """
    shipped = shipped_measurements()
    if name not in shipped:
        hint = did_you_mean(name, shipped) or Reason(
            "shipped: {shipped}; or a path such as ./{name}.json", listed(shipped), name
        )
        raise InputError(Reason("there is no measurement `{name}`", visible(name[:80])), hint=hint)
    return shipped[name]


def reference_calibrations() -> dict[str, Calibration]:
    """Return the shipped references of the calibration set, by platform."""
    paths = sorted((data_folder("measurements") / "calibration").glob("*.json"))
    found = [load_calibration(path) for path in paths]
    return {reference.platform: reference for reference in found}


@dataclass(frozen=True, slots=True)
class Figures:
    """What a scenario takes from a result file."""

    source: str
    """The file, as it is shown."""
    slo: str
    """What the capacity keeps, such as `p99 <= 100 ms`; with the percentile that the run claimed."""
    requests_per_second: float | None
    """The highest rate that keeps it."""
    interval: tuple[float, float] | None
    """Between which rates the capacity lies: the highest that passed, the lowest that failed."""
    request_ms: float | None
    """Mean time of one request on an idle server."""
    remark: str
    """On which machine and when, and that it is another than the provider's."""
    measured_at: MeasuredAt
    """The same as values."""


def load_figures(path: Path, shown_as: str) -> Figures:
    """Read only what a scenario needs: `estimate` is to stay quick.

    Raises:
        InputError: As for `load_measurement`.
    """
    part = _load(path, shown_as, MeasuredPart)
    single = next((p.service_ms.mean for p in part.points if p.mode == "single"), None)
    remark = Reason(
        "{model} in {target} on {processor}, {count} processors on {day}, {verdict}; assumed: the provider's "
        "machine is as fast"
        if part.measured_on
        else "{model} in {target} on {processor}, {count} processors, {verdict}; assumed: the provider's "
        "machine is as fast",
        model=part.model.name,
        target=part.target,
        processor=part.environment.processor.name,
        count=f"{part.environment.usable_cpus:g}",
        day=str(part.measured_on),
        verdict=part.capacity.verdict,
    )
    slo = part.slo
    percentile = slo.percentile if part.capacity.percentile is None else part.capacity.percentile
    return Figures(
        source=shown_as,
        slo=f"p{percentile:g} <= {slo.latency_ms:g} ms",
        requests_per_second=part.capacity.requests_per_second,
        interval=_interval(part.capacity),
        request_ms=single,
        remark=visible(remark),
        measured_at=MeasuredAt(
            percentile=Fraction(str(percentile)) / 100,
            latency=Fraction(str(slo.latency_ms)) / 1000,
            vcpu=Fraction(str(part.environment.usable_cpus)),
            gpus=len(part.environment.gpus),
            processor=visible(part.environment.processor.name),
            model=part.model.name,
            over_cores=over_cores_of(part),
        ),
    )


def _interval(capacity: MeasuredCapacityPart) -> tuple[float, float] | None:
    low, high = capacity.low, capacity.high
    return (low, high) if low is not None and high is not None and low < high else None


def _load(path: Path, shown: str, kind: type[T]) -> T:
    return read_document(_parsed(_read(path, shown), shown), shown, kind)


def read_document(data: object, shown: str, kind: type[T]) -> T:
    """Check plain data against one of the models of `costplan.measurement.model`.

    Raises:
        InputError: The data is something else; with paths, and `shown` as the file.
    """
    try:
        if issubclass(kind, Model):
            return kind.model_validate(data)
        found: T = explained(kind).validate_python(data)
    except ValueError as error:
        from pydantic import ValidationError

        if not isinstance(error, ValidationError):
            raise
        raise InputError(
            [
                Fault(check_reason(detail["msg"]), SourceLocation(shown, 1, 1), _dotted(detail["loc"]))
                for detail in error.errors(include_url=False, include_context=False, include_input=False)
            ][:_MAX_FAULTS]
        ) from None
    return found


def _read(path: Path, shown: str) -> bytes:
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))
        with os.fdopen(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise InputError(Reason("`{path}` is not a regular file", visible(shown)))
            data = file.read(MEASUREMENT_LIMIT_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = reason_of(error)
        raise InputError(Reason("cannot read `{path}`: {why}", visible(shown), reason)) from None
    if len(data) > MEASUREMENT_LIMIT_BYTES:
        raise InputError(
            Reason("`{path}` is larger than {most} MiB", visible(shown), MEASUREMENT_LIMIT_BYTES >> 20)
        )
    return data


def _parsed(data: bytes, shown: str) -> object:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(
            Reason("`{path}` is not UTF-8: byte {start}", visible(shown), str(error.start))
        ) from None
    try:
        value = json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_unique)
    except json.JSONDecodeError as error:
        raise InputError(
            Fault(
                Reason("not JSON: {msg}", error.msg),
                SourceLocation(shown, error.lineno, error.colno),
                hint=_HINT,
            )
        ) from None
    except (ValueError, RecursionError) as error:
        why = Reason("nested too deeply") if isinstance(error, RecursionError) else str(error)
        raise InputError(
            Fault(Reason("not a result file: {why}", why), SourceLocation(shown, 1, 1), hint=_HINT)
        ) from None
    if not isinstance(value, dict):
        raise InputError(Fault("must be a JSON object", SourceLocation(shown, 1, 1), hint=_HINT))
    if _depth(value) > MAX_DEPTH:
        raise InputError(Fault(Reason("nested deeper than {most}", MAX_DEPTH), SourceLocation(shown, 1, 1)))
    return value


_HINT = "give a file that `costplan bench -o FILE --format json` wrote"


def _refuse_constant(name: str) -> float:
    raise ValueError(Reason("{name} is not a number of JSON", name))


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise ValueError(Reason("duplicate key `{twice}`", visible(twice[:60])))
    return found


def _depth(value: object) -> int:
    deepest, waiting = 0, [(value, 1)]
    while waiting:
        item, level = waiting.pop()
        deepest = max(deepest, level)
        if level > MAX_DEPTH:
            return level
        inner = item.values() if isinstance(item, dict) else item if isinstance(item, list) else ()
        waiting += [(child, level + 1) for child in inner]
    return deepest


def _dotted(location: tuple[str | int, ...]) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in location).lstrip(".")
