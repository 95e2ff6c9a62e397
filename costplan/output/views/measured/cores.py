"""What a request takes of processors: its processor time, and its time alone on each number of cores."""

from __future__ import annotations

from collections.abc import Iterator

from costplan.language.measured import measured_reason
from costplan.language.translator import Translator
from costplan.measurement.model import Measurement


def core_facts(measurement: Measurement, words: Translator) -> Iterator[str]:
    """Give the processor time of a request, and its time alone on each number of cores."""
    used = measurement.cpu_time
    if used is not None and used.reason:
        yield words(
            "processor time of a request: unknown; {why}", why=words.reason(measured_reason(used.reason))
        )
    elif used is not None and used.at_capacity_ms is None:
        yield words("processor time of a request: {alone} alone", alone=_time(used.alone_ms, words))
    elif used is not None:
        yield words(
            "processor time of a request: {alone} alone, {loaded} under load",
            alone=_time(used.alone_ms, words),
            loaded=_time(used.at_capacity_ms, words),
        )
    if measurement.alone_on_cores:
        each = (
            words("{cores}: {mean} (p90 {p90})", cores=one.cores, mean=_time(one.service_ms.mean, words),
                  p90=_time(one.service_ms.p90, words))
            for one in measurement.alone_on_cores
        )  # fmt: skip
        yield words("one request alone over pinned cores: {times}", times=", ".join(each))


def _time(milliseconds: float | None, words: Translator) -> str:
    return words("not seen") if milliseconds is None else words.milliseconds(milliseconds)
