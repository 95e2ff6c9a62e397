"""Pictures of a measurement: the same bytes each time, described, safe, and drawn for odd ones too."""

from __future__ import annotations

import struct
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from measured_examples import measurement, point

from costplan.graphics.pictures.measurement import latency_picture
from costplan.graphics.plot import plotted
from costplan.language.translator import ENGLISH, Translator
from costplan.measurement.model import Latency, MeasuredCapacity, MeasuredModel, Measurement


@pytest.mark.parametrize("form", ["svg", "png"])
def test_the_same_measurement_gives_the_same_bytes(form: str) -> None:
    assert chart(measurement(), form) == chart(measurement(), form)


def test_an_svg_has_a_title_and_a_description_and_loads_nothing() -> None:
    text = chart(measurement(), "svg").decode()
    root = ET.fromstring(text)
    assert root.tag.endswith("svg")
    assert "digits on service: 100 requests/s at p99 ≤ 100 ms (VALID)" in text
    assert "Above: how many requests took how long" in text
    assert "<dc:date>" not in text
    links = [value for node in root.iter() for key, value in node.attrib.items() if key.endswith("href")]
    assert all(link.startswith(("#", "http://purl.org")) for link in links)


def test_a_png_is_as_large_as_said() -> None:
    data = chart(measurement(), "png")
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", data[16:24]) == (960, 1008)


def test_pyplot_stays_out() -> None:
    import subprocess
    import sys

    program = "import sys, costplan.graphics.charts.measurement; print('matplotlib.pyplot' in sys.modules)"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "False"


PLOT = "measurement:measurement_picture"


def chart(found: Measurement, form: str) -> bytes:
    return plotted(found, form, PLOT, ENGLISH)


ODD = {
    "no points": measurement(points=(), capacity=MeasuredCapacity(None, None, None, "INVALID")),
    "nothing timed": measurement(points=(point(response_ms=Latency(), histogram=()),)),
    "one bucket": measurement(points=(point(histogram=((5.0, 1),)),)),
    "no failing rate": measurement(capacity=MeasuredCapacity(100.0, 100.0, None, "NOISY")),
    "closed loop only": measurement(points=(point("closed"),)),
    "nanoseconds to minutes": measurement(points=(point(histogram=((0.000001, 1), (60_000.0, 1))),)),
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
@pytest.mark.filterwarnings("error")
def test_an_odd_measurement_is_drawn_without_a_warning(odd: object) -> None:
    assert chart(odd, "png")  # type: ignore[arg-type]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    "name", ["$\\frac{1}{0}$", "<script>alert(1)</script>", "a\x1b[31m\u202eb", "模型" * 40]
)
def test_a_hostile_model_name_is_a_text(name: str) -> None:
    text = chart(measurement(model=MeasuredModel(name, None, ())), "svg").decode()
    ET.fromstring(text)
    assert "<script>" not in text
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_points_that_miss_the_slo_are_drawn_hollow() -> None:
    missed = point(rate=200.0, meets_slo=False)
    whole = chart(measurement(), "svg").decode()
    hollow = chart(replace(measurement(), points=(*measurement().points, missed)), "svg").decode()
    assert hollow.count("fill: #ffffff") > whole.count("fill: #ffffff")


def test_in_a_page_the_words_are_the_languages_and_the_title_stands_outside() -> None:
    picture = latency_picture("digits", measurement(), Translator("ru")).draw().inline("m")
    texts = [node.text or "" for node in ET.fromstring(picture).iter() if node.tag.endswith("text")]
    assert {"запросов", "SLO 100 мс"} <= set(texts)
    assert not any("digits on service" in text for text in texts)


def test_a_file_of_its_own_speaks_the_language_too() -> None:
    text = plotted(measurement(), "svg", PLOT, Translator("ru")).decode()
    assert "digits на service: 100 запросов/с при p99 ≤ 100 мс (годно)" in text
