"""The processor time of a request by step, in one line."""

from __future__ import annotations

from costplan.language.terms import CPU_STEPS
from costplan.language.translator import Translator
from costplan.measurement.server_time import CpuSplit


def cpu_split_text(split: CpuSplit, words: Translator) -> str:
    """Say where the time goes, the whole first."""
    steps = (
        words("{step} {time}", step=words.term(step, CPU_STEPS), time=words.milliseconds(time))
        for step, time in split.steps_ms.items()
    )
    return words(
        "processor time per request: {total}: {steps}; mean of {requests}",
        total=words.milliseconds(split.total_ms),
        steps=", ".join(steps),
        requests=words.figure(f"{split.requests:,}"),
    )
