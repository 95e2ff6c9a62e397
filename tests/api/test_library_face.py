"""The library answers what the commands print."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from command_line import costplan as command

from costplan import InputError, compare, curve, estimate, load_scenario, plan, timeline
from costplan.messages.result import Result

ANSWERS: dict[str, Callable[[], Result]] = {
    "estimate stage2 --currency USD --as-of 2026-05-01": lambda: estimate(
        "stage2", currency="usd", as_of="2026-05-01"
    ),
    "estimate stage2:preemptible --requests 5M --set resources.api.vcpu=4": lambda: estimate(
        load_scenario("stage2", variants="preemptible", requests=5_000_000, set={"resources.api.vcpu": 4})
    ),
    "compare": compare,
    "curve stage1 stage2 --from 1K --to 1M": lambda: curve(["stage1", "stage2"], last=1_000_000),
    "plan stage2 --budget 235USD": lambda: plan(["stage2"], budget="235USD"),
    "timeline stage2 --growth 10% --months 3": lambda: timeline(["stage2"], growth="10%", months=3),
}


@pytest.mark.parametrize("line", ANSWERS)
def test_an_answer_has_the_bytes_of_the_command(capsys: pytest.CaptureFixture[str], line: str) -> None:
    printed = command(capsys, *line.split(), "--format", "json")
    assert printed.code in (0, 1)
    assert ANSWERS[line]().to_json() == printed.out


def test_a_wrong_input_is_an_input_error() -> None:
    with pytest.raises(InputError, match="nosuch"):
        load_scenario("nosuch")
    with pytest.raises(InputError, match="`EUR`"):
        estimate("stage1", currency="EUR")


def test_a_bill_is_a_frame_of_its_lines() -> None:
    bill = estimate("stage2")
    assert len(bill.to_frame()) == sum(len(one.line_items) for one in bill.resources) + len(bill.unpriced)
