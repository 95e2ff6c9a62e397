"""The Markdown of a diff for a merge request: what it comes to, what changed most, the rest folded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from costplan._version import __version__
from costplan.analysis.diff.documents import Diff, DiffSide, ResourceDiff
from costplan.language.translator import Translator
from costplan.output.note.inert import code, plain
from costplan.output.views.changes.diff import (
    change_text,
    ratio_of,
    signed,
    top_rows,
    total_text,
    what_changed,
)
from costplan.output.views.changes.notes import diff_notes
from costplan.output.views.compare import monthly_prices_text
from costplan.output.views.view import Cell
from costplan.quantities.money import exact_sum

MOST_UNITS = 60_000
"""Of a note, in UTF-16 code units, less than any site takes: GitHub 65,536 characters, GitLab 1,000,000."""
_LEFT_OUT_UNITS = 200
"""Kept for the line that says how much was left out."""


@dataclass(frozen=True, slots=True)
class NoteParts:
    """What goes into a note besides the diff."""

    marker: str
    """Its first line."""
    report: str | None = None
    """Address of the full report, checked by `report_address`."""
    findings: Sequence[Cell] = ()
    """What policies say, the worst first."""
    policies: str = ""
    """The same in a few words, for the verdict; empty where none was asked."""


def note_text(diff: Diff, parts: NoteParts, words: Translator) -> str:
    """Write the note; however much changed, it stays below `MOST_UNITS`."""
    head = [
        parts.marker,
        "",
        f"{_bold(plain(_change(diff, words)))}{_rest_of_verdict(diff, parts, words)}",
        "",
    ]
    foot = list(_foot(diff, parts, words))
    notes = [_item(note) for note in (*parts.findings, *diff_notes(diff, words))]
    room = MOST_UNITS - _units([*head, *foot])
    said = list(_within(notes, room // 2))
    if len(said) < len(notes):
        said.append(f"- {plain(_more(len(notes) - len(said), words))}")
    table = list(_tables(diff, room - _units(said), words))
    return "\n".join([*head, *table, *said, *([""] if said else []), *foot]) + "\n"


def _units(lines: Iterable[str]) -> int:
    return sum(len(line.encode("utf-16-le")) // 2 + 1 for line in lines)


def _within(lines: Iterable[str], room: int) -> Iterator[str]:
    """Give lines as long as there is room for them."""
    for line in lines:
        room -= _units([line])
        if room < _LEFT_OUT_UNITS:
            return
        yield line


def _change(diff: Diff, words: Translator) -> str:
    if not diff.delta:
        return words("no change of the cost")
    ratio = ratio_of(diff)
    by = "" if ratio is None else f" ({change_text(ratio, words)})"
    return words("{change} {currency} a month", change=signed(diff.delta, words), currency=diff.currency) + by


def _rest_of_verdict(diff: Diff, parts: NoteParts, words: Translator) -> str:
    """Say what it comes to, whether it works, and whether it may be."""
    totals = [total_text(side, words) for side in (diff.old, diff.new)]
    amounts = f"{totals[0]} -> {totals[1]}" if diff.delta else f"{totals[1]} {diff.currency}"
    said = [amounts, *_works(diff.old, diff.new, words), *_budget(diff.old, diff.new, words)]
    said += [parts.policies] if parts.policies else []
    return f": {plain('; '.join(said))}"


def _works(old: DiffSide, new: DiffSide, words: Translator) -> Iterator[str]:
    if new.verdict == "kept":
        yield words("SLO kept") if old.verdict != "broken" else words("SLO kept again")
    elif new.verdict == "broken":
        yield words("does not work at this load") if old.verdict != "broken" else words("still does not work")
    elif new.slo is not None:
        yield words("not known whether the SLO is kept")


def _budget(old: DiffSide, new: DiffSide, words: Translator) -> Iterator[str]:
    if new.within_budget is False:
        yield words("over the budget")
    elif new.within_budget and old.within_budget is False:
        yield words("within the budget again")


def _tables(diff: Diff, room: int, words: Translator) -> Iterator[str]:
    """Give the table of what changed most, and the folded one of the rest, as far as there is room."""
    if not diff.resources:
        return
    open_ones, folded = top_rows(diff.resources)
    frame = [*_heading(diff, words), _total_row(diff, words), ""]
    summary = words.many("{count} smaller change", "{count} smaller changes", len(folded))
    begin = ["<details>", f"<summary>{plain(summary)}</summary>", "", *_heading(diff, words)]
    end = ["", "</details>", ""]
    rows = [_row(one, words) for one in open_ones]
    if folded:
        rows.append(_folded_row(folded, words))
    yield from [*frame[:2], *rows, *frame[2:]]
    if folded:
        room -= _units([*frame, *rows, *begin, *end])
        shown = list(_within((_row(one, words) for one in folded), room))
        yield from [*begin, *shown]
        if len(shown) < len(folded):
            yield f"| {plain(_more(len(folded) - len(shown), words))} | | | | |"
        yield from end


def _heading(diff: Diff, words: Translator) -> list[str]:
    names = [words("Resource"), words("What changed"), words("Before"), words("After")]
    names.append(words("{currency}/month", currency=diff.currency))
    return [f"| {' | '.join(map(plain, names))} |", "| --- | --- | ---: | ---: | ---: |"]


def _row(one: ResourceDiff, words: Translator) -> str:
    name = code(one.called)
    if one.called_before:
        name = f"{code(one.called_before)} -&gt; {name}"
    old = words.amount(one.old_cost) if one.old_name else "-"
    new = words.amount(one.new_cost) if one.change != "removed" else "-"
    amounts = [plain(text) for text in (old, new, signed(one.delta, words))]
    return f"| {' | '.join([name, plain(what_changed(one, words)), *amounts])} |"


def _total_row(diff: Diff, words: Translator) -> str:
    totals = [total_text(diff.old, words), total_text(diff.new, words)]
    cells = [_bold(plain(words("total"))), "", *map(plain, totals), _bold(plain(signed(diff.delta, words)))]
    return f"| {' | '.join(cells)} |"


def _folded_row(folded: Sequence[ResourceDiff], words: Translator) -> str:
    delta = signed(exact_sum([one.delta for one in folded]), words)
    return f"| {plain(_more(len(folded), words))} | {plain(words('together'))} | | | {plain(delta)} |"


def _more(count: int, words: Translator) -> str:
    return words.many("and {count} more", "and {count} more", count)


def _item(note: Cell) -> str:
    text = plain(note.text.strip())
    return f"- {_bold(text)}" if note.tone == "bad" else f"- {text}"


def _bold(text: str) -> str:
    return f"**{text}**"


def _foot(diff: Diff, parts: NoteParts, words: Translator) -> Iterator[str]:
    if parts.report is not None:
        yield f"[{plain(words('Full report'))}](<{parts.report}>)"
        yield ""
    names = " -&gt; ".join(dict.fromkeys(code(words.reason(side.source)) for side in (diff.old, diff.new)))
    days = " -> ".join(dict.fromkeys([str(diff.old.as_of), str(diff.new.as_of)]))
    prices = monthly_prices_text(diff.currency, diff.vat, days, words)
    yield f"<sub>{names}: {plain(f'{prices}. costplan {__version__}')}</sub>"
