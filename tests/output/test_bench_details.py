"""What the view of a measurement tells beside its tables."""

from __future__ import annotations

from measured_examples import environment, measurement

from costplan.language.translator import Translator
from costplan.measurement.environment import Gpu
from costplan.measurement.server_time import CpuSplit
from costplan.output.views.bench import details_of


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
