"""What the service counts, in the names that `/metrics` shows to Prometheus."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)

from costplan.service.cpu_time import CpuTime

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_BUCKETS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
"""Seconds; a small model answers in the first buckets, a remote one on a loaded GPU in the last."""


def outcome_of(status: int) -> str:
    """Return the class of a status: `ok`, `client_error`, `overloaded` (429, 503) or `server_error`."""
    if status < 400:
        return "ok"
    if status in (429, 503):
        return "overloaded"
    return "client_error" if status < 500 else "server_error"


class Metrics:
    """The counters of one application; each application has its own registry."""

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        prefix = "costplan_service"
        self._requests = Counter(
            f"{prefix}_requests_total", "Requests answered.", ["route", "outcome"], registry=registry
        )
        self._duration = Histogram(
            f"{prefix}_request_duration_seconds",
            "From the first byte of a request to the last of its answer.",
            ["route"],
            buckets=_BUCKETS,
            registry=registry,
        )
        self.in_flight = Gauge(
            f"{prefix}_requests_in_flight", "Requests being answered now.", registry=registry
        )
        self.inference = Histogram(
            f"{prefix}_inference_duration_seconds",
            "The model alone, or the remote server.",
            buckets=_BUCKETS,
            registry=registry,
        )
        self.model_load = Gauge(
            f"{prefix}_model_load_seconds", "Opening the model at the start.", registry=registry
        )
        self._records = Counter(
            f"{prefix}_records_total",
            "Records of predictions by what became of them.",
            ["outcome"],
            registry=registry,
        )
        self.record_failures = Counter(
            f"{prefix}_record_write_failures_total", "Failed attempts to write records.", registry=registry
        )
        self._records_waiting = Gauge(
            f"{prefix}_records_waiting", "Records that wait to be written.", registry=registry
        )
        self._log_dropped = Gauge(
            f"{prefix}_log_lines_dropped", "Log lines left out since the start.", registry=registry
        )
        self.cpu = CpuTime(f"{prefix}_cpu_seconds_total")
        registry.register(self.cpu)
        self.records_written = self._records.labels("written")
        self.records_dropped = self._records.labels("dropped")
        self.records_lost = self._records.labels("lost")
        self._children: dict[tuple[str, str], Counter] = {}
        self._timers: dict[str, Histogram] = {}

    def answered(self, route: str, status: int, seconds: float) -> None:
        """Count one answer; `route` is a template, never a client's path, so the series stay few."""
        key = (route, outcome_of(status))
        if key not in self._children:
            self._children[key] = self._requests.labels(*key)
            self._timers[route] = self._duration.labels(route)
        self._children[key].inc()
        self._timers[route].observe(seconds)

    def watch(self, records_waiting: Callable[[], int], log_dropped: Callable[[], int]) -> None:
        """Read these two figures whenever the metrics are asked for."""
        self._records_waiting.set_function(records_waiting)
        self._log_dropped.set_function(log_dropped)

    def text(self) -> bytes:
        """Return all metrics in Prometheus's text format."""
        return generate_latest(self._registry)
