"""10. Where every number comes from, and how to make this report again."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from costplan.language.terms import PRICE_ORIGINS
from costplan.language.translator import Translator
from costplan.messages.spans import Span
from costplan.report.blocks import (
    Block,
    Cell,
    Code,
    Column,
    Heading,
    Paragraph,
    Section,
    Table,
    row_of,
)
from costplan.report.report_data import ReportData
from costplan.report.source_book import Source, SourceBook


def section(report_data: ReportData, words: Translator) -> Section:
    """Write the sources."""
    return Section("sources", words("Sources and reproduction"), list(_blocks(report_data, words)))


def _blocks(report_data: ReportData, words: Translator) -> Iterator[Block]:
    stamp = report_data.comparison.catalog
    yield Paragraph(
        words.spans(
            "Prices are those of the catalog {catalog}, region {region}, that held on {day}; its hash is "
            "{hash}. The report was made by costplan {version}. The same files and the same dates give the "
            "same report.",
            catalog=Span(stamp.name, "strong"),
            region=stamp.region,
            day=words.day(stamp.as_of),
            hash=Span(stamp.sha256[:16], "code"),
            version=report_data.version,
        )
    )
    yield Code(report_data.command, words("The command that makes this report again"))
    yield _source_table(report_data, words)
    yield Heading(words("Rounding"), "rounding")
    yield Paragraph(
        words(
            "Amounts are decimal and exact; they are rounded once, where they are shown, so a total may "
            "differ from the sum of the rounded lines by the last digit. Free volumes and tiers apply to the "
            "whole account. A gigabyte is 2^30 bytes."
        )
    )
    yield Heading(words("The scenarios in full"), "scenarios")
    shown = {text.name: text for stage in report_data.stages for text in stage.texts}
    for text in shown.values():
        yield Code(text.text, text.name, is_collapsed=True)


def _source_table(report_data: ReportData, words: Translator) -> Table:
    rows = [
        row_of(
            Cell(str(found.number), Decimal(found.number), id=f"source-{found.number}"),
            found.text,
            words.term(found.provenance, PRICE_ORIGINS),
            _in_force(found, words),
            _span(found.checked),
            Cell(words.number(Decimal(found.lines)), Decimal(found.lines)),
        )
        for found in SourceBook.of(report_data).sources
    ]
    columns = [
        Column("№" if words.language == "ru" else "#", right=True),
        Column(words("Source"), is_text=True),
        Column(words("What it is"), is_text=True),
        Column(words("In force from")),
        Column(words("Checked")),
        Column(words("Lines"), right=True),
    ]
    return Table(words("Where the prices were read"), columns, [rows])


def _in_force(source: Source, words: Translator) -> str:
    """Write from when prices of a source hold; what is known of a later day only began on it or before."""
    days = _span(source.effective)
    return days if source.starts_known else words("{days} or before", days=days)


def _span(days: set[str]) -> str:
    """Write the first and the last of some days."""
    return " – ".join(dict.fromkeys((min(days), max(days)))) if days else ""
