"""The service's processor time, read from the text that it shows to Prometheus."""

from __future__ import annotations

from collections.abc import Collection

from prometheus_client.parser import text_string_to_metric_families

from costplan.bench.target import ServerCpu

_PREFIX = "costplan_service"


def read_cpu(text: str, route: str, steps: Collection[str]) -> ServerCpu | None:
    """Return the processor time so far, with these steps; None where the text does not tell the whole."""
    requests, total, found = 0, None, dict.fromkeys(steps, 0.0)
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = sample.labels
            if sample.name == "process_cpu_seconds_total":
                total = float(sample.value)
            elif sample.name == f"{_PREFIX}_cpu_seconds_total" and labels["step"] in found:
                found[labels["step"]] = float(sample.value)
            elif sample.name == f"{_PREFIX}_requests_total" and labels == {"route": route, "outcome": "ok"}:
                requests = int(sample.value)
    return None if total is None else ServerCpu(requests, total, found)
