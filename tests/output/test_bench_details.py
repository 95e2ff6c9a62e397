"""What the view of a measurement tells beside its tables."""

from __future__ import annotations

from dataclasses import replace

from measured_examples import environment, measurement

from costplan.language.translator import Translator
from costplan.measurement.environment import Gpu
from costplan.measurement.model import Measurement
from costplan.measurement.server_time import CpuSplit
from costplan.output.views.bench import details_of, measurement_view


def test_the_processor_time_of_a_request_is_told_by_step() -> None:
    split = CpuSplit(
        1200,
        104.0,
        {"decode": 2.1, "preprocessing": 1.9, "inference": 98.5, "encoding": 0.1, "rest": 1.4},
    )
    told = details_of(measurement(cpu_split=split), Translator("en")).facts
    expected = (
        "processor time per request: 104 ms: decoding 2.1 ms, pre-processing 1.9 ms, inference 98.5 ms, "
        "encoding 0.1 ms, the rest 1.4 ms; mean of 1,200"
    )
    assert expected in told
    assert not any("per request:" in line for line in details_of(measurement(), Translator("en")).facts)


def test_a_gpu_is_told_with_its_driver_and_how_it_stood_after_the_load() -> None:
    t4 = Gpu(
        "Tesla T4", "550.54.15", power_limit_w=70.0, max_clock_mhz=1590.0, clock_mhz=1470.0, power_w=66.2
    )
    told = details_of(measurement(environment=environment(gpus=(t4, Gpu("Old")))), Translator("en")).facts
    expected = "Tesla T4 (driver 550.54.15, 1470 of 1590 MHz, 66 of 70 W), Old,"
    assert any(expected in line for line in told), told


def test_items_stand_beside_requests_where_a_request_carries_several() -> None:
    """100 requests/s of eight images are 800 images/s; the server computed 3.2 requests of them at once."""
    measured = measurement()
    assert "Images/s" not in _headings(measured)
    one = replace(measured.points[-1], achieved_items_per_second=800.0, mean_server_batch=25.6)
    model = replace(measured.model, items_per_request=8, item="image")
    batched = replace(measured, target="triton-http", points=(one,), model=model)
    assert {"Images/s", "Mean batch"} <= set(_headings(batched))
    cells = [str(cell.text) for cell in details_of(batched, Translator("en")).tables[0].rows[0].cells]
    assert {"800", "25.6"} <= set(cells)
    answer = measurement_view(batched, Translator("en")).facts
    assert "8 images in a request: 800 images/s" in answer


def _headings(measured: Measurement) -> list[str]:
    return [column.heading for column in details_of(measured, Translator("en")).tables[0].columns]
