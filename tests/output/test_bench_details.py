"""What the view of a measurement tells beside its tables."""

from __future__ import annotations

from measured_examples import measurement

from costplan.language.translator import Translator
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
