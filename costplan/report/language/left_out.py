"""What a bill leaves out though the workload states it."""

from __future__ import annotations

from collections.abc import Iterator

from costplan.language.translator import Translator
from costplan.report.blocks import Note
from costplan.report.report_data import ReportData


def left_out_notes(report_data: ReportData, words: Translator) -> Iterator[Note]:
    """Name, for each design, what its workload states and no resource bills."""
    for stage in report_data.stages:
        said = "; ".join(words.reason(one.reason) for one in stage.estimate.not_billed)
        if said:
            yield Note(words("Not in the bill of {stage}: {what}.", stage=stage.name, what=said), "bad")
