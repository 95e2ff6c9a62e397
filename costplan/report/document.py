"""Put the chapters together."""

from __future__ import annotations

from costplan.language.translator import Translator
from costplan.report.blocks import Report
from costplan.report.report_data import ReportData
from costplan.report.sections import sections


def build_report(report_data: ReportData, words: Translator) -> Report:
    """Write the report's content in one language."""
    found = list(sections(report_data, words))
    return Report(words.language, _title(report_data, words), _facts(report_data, words), found)


def brief(report_data: ReportData, words: Translator) -> Report:
    """Write the short form: what fits a note on a merge request."""
    from costplan.report.sections import comparison, verdict

    chapters = [
        verdict.section(report_data, words, is_brief=True),
        comparison.brief_section(report_data, words),
    ]
    found = [chapter for chapter in chapters if chapter is not None]
    return Report(words.language, _title(report_data, words), _facts(report_data, words), found)


def _title(report_data: ReportData, words: Translator) -> str:
    stages = report_data.stages
    if len(stages) == 1:
        estimate = stages[0].estimate
        return words("What it costs: {title}", title=words.title(estimate.title, estimate.scenario))
    return words.many("What {count} design costs", "What {count} designs cost", len(stages))


def _facts(report_data: ReportData, words: Translator) -> list[str]:
    stamp, comparison = report_data.comparison.catalog, report_data.comparison
    prices = words(
        "Prices in {currency} a month, VAT included, as of {day}"
        if comparison.vat == "included"
        else "Prices in {currency} a month, VAT excluded, as of {day}",
        currency=comparison.currency,
        day=words.day(stamp.as_of),
    )
    return [words("Written on {day}", day=words.day(report_data.day)), prices]
