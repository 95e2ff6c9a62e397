"""Sources by number: what stands as `[3]` beside a price is row 3 of the list of sources."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from costplan.language.translator import Translator
from costplan.messages.spans import Span, Text
from costplan.pricing.estimate import Estimate, LineItem
from costplan.report.findings import lines_of
from costplan.report.report_data import ReportData

_THIRD_PARTY = "third party: "


@dataclass(slots=True)
class Source:
    """One page or file that prices were read from."""

    number: int
    text: str
    provenance: str
    checked: set[str] = field(default_factory=set)
    effective: set[str] = field(default_factory=set)
    starts_known: bool = True
    """Whether each of its prices is known to begin on its day of `effective`, and not before."""
    lines: int = 0


class SourceBook:
    """The sources of all estimates, in the order in which they are met."""

    def __init__(self, estimates: Iterable[Estimate]) -> None:
        self._found: dict[tuple[str, str], Source] = {}
        for estimate in estimates:
            for _, line in lines_of(estimate):
                self._note(line)

    @classmethod
    def of(cls, report_data: ReportData) -> SourceBook:
        """Number the sources of a report."""
        return cls(stage.estimate for stage in report_data.stages)

    @property
    def sources(self) -> list[Source]:
        """Return the sources by number."""
        return list(self._found.values())

    def reference(self, line: LineItem, words: Translator) -> Text:
        """Return the number of a line's source, leading to it, and from when its price holds."""
        number = self._found[_key(line)].number
        link = Span(f"[{number}]", anchor=f"source-{number}")
        if line.effective_from is None:
            return (link,)
        message = "{start}" if line.start_known else "on or before {start}"
        return (link, Span(f" {words(message, start=line.effective_from)}", "faint"))

    def _note(self, line: LineItem) -> None:
        key = _key(line)
        source = self._found.setdefault(key, Source(len(self._found) + 1, *key))
        source.lines += 1
        if line.checked is not None:
            source.checked.add(line.checked.isoformat())
        if line.effective_from is not None:
            source.effective.add(line.effective_from.isoformat())
            source.starts_known &= line.start_known


def _key(line: LineItem) -> tuple[str, str]:
    return line.source.removeprefix(_THIRD_PARTY), line.provenance
