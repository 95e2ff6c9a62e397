"""The picture of a measurement: how latencies are spread, and what they do as the load grows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from costplan.graphics.pictures.picture import Picture
from costplan.language.terms import MEASUREMENT_VERDICTS
from costplan.language.translator import Translator
from costplan.measurement.model import Measurement
from costplan.messages.text import visible

if TYPE_CHECKING:
    from costplan.graphics.charts.style import Drawing


def measurement_picture(found: Measurement, words: Translator) -> Picture:
    """Show a measurement in a file of its own, which says what it is a picture of."""
    name = visible(found.model.name[:60]) or words("model")
    slo, rate = found.claimed_slo, found.capacity.requests_per_second
    message = (
        "{model} on {target}: {rate} requests/s at {slo} ({verdict})"
        if rate is not None
        else "{model} on {target}: no capacity at {slo} ({verdict})"
    )
    title = words(
        message,
        model=name,
        target=found.target,
        rate=words.rate(rate or 0.0),
        slo=f"p{slo.percentile:g} ≤ {words.milliseconds(slo.latency_ms)}",
        verdict=words.term(found.verdict, MEASUREMENT_VERDICTS),
    )
    machine = words(
        "Machine: {name}, {cpus} processors.",
        name=visible(found.environment.processor.name),
        cpus=words.figure(f"{found.environment.usable_cpus:g}"),
    )
    return _picture(found, "latency", title, f"{_description(words)} {machine}", words, has_title=True)


def latency_picture(name: str, found: Measurement, words: Translator) -> Picture:
    """Show a measurement on a page that says what it is."""
    slug = "".join(c if c.isascii() and c.isalnum() else "-" for c in name)
    title = words("Response times of {name}", name=name)
    return _picture(found, f"latency-{slug}", title, _description(words), words, has_title=False)


def _description(words: Translator) -> str:
    return words(
        "Above: how many requests took how long. Below: response time over throughput, with the SLO "
        "as a line."
    )


def _picture(
    found: Measurement, name: str, title: str, description: str, words: Translator, *, has_title: bool
) -> Picture:
    def draw() -> Drawing:
        from costplan.graphics.charts.measurement import latencies
        from costplan.graphics.charts.style import Caption

        return latencies(found, Caption(title, description), words, has_title=has_title)

    return Picture(name, title, description, draw)
