"""The part of a result file that a scenario reads: `estimate` is to stay quick."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from costplan.checked.markers import Field
from costplan.checked.model import Model

_Number = Annotated[float, Field(ge=0, le=1e15, allow_inf_nan=False)]
_Text = Annotated[str, Field(max_length=2000)]


class _Read(Model, others=object):
    """A part of a result file; what else stands there is passed over."""


class _Model(_Read):
    name: _Text


class _Machine(_Read):
    processor: _Model
    usable_cpus: _Number
    gpus: tuple[_Model, ...] = ()


class _Latency(_Read):
    mean: _Number | None


_Times = tuple[tuple[_Number, ...], ...]
"""Times in ms and how many requests took each."""


class _Point(_Read):
    mode: _Text
    service_ms: _Latency
    histogram: _Times = ()
    by_ms: _Times = ()


class _Alone(_Read):
    cores: Annotated[int, Field(ge=1, le=10**6)]
    service_ms: _Latency
    by_ms: _Times = ()


class _Curve(_Read):
    points: tuple[tuple[_Number, ...], ...]
    contention: _Number
    coherency: _Number


class _Slo(_Read):
    percentile: _Number
    latency_ms: _Number


class MeasuredCapacityPart(_Read):
    requests_per_second: _Number | None
    verdict: _Text
    low: _Number | None = None
    high: _Number | None = None
    percentile: _Number | None = None


class MeasuredPart(_Read):
    """The part of a result file that a scenario reads; `costplan.measurement.model` has the whole."""

    format: Annotated[Literal["costplan/measurement/1"], Field(alias="schema")]
    target: _Text
    model: _Model
    environment: _Machine
    slo: _Slo
    points: tuple[_Point, ...]
    capacity: MeasuredCapacityPart
    measured_on: date | None = None
    curve: _Curve | None = None
    alone_on_cores: tuple[_Alone, ...] = ()
