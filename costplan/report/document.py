"""Put the chapters together."""

from __future__ import annotations

from costplan.language.translator import Translator
from costplan.report.blocks import Paper
from costplan.report.material import Material
from costplan.report.sections import sections


def paper(material: Material, words: Translator) -> Paper:
    """Write the report's content in one language."""
    found = list(sections(material, words))
    return Paper(words.language, _title(material, words), _facts(material, words), found)


def brief(material: Material, words: Translator) -> Paper:
    """Write the short form: what fits a note on a merge request."""
    from costplan.report.sections import comparison, verdict

    chapters = [verdict.section(material, words, is_brief=True), comparison.brief_section(material, words)]
    found = [chapter for chapter in chapters if chapter is not None]
    return Paper(words.language, _title(material, words), _facts(material, words), found)


def _title(material: Material, words: Translator) -> str:
    stages = material.stages
    if len(stages) == 1:
        estimate = stages[0].estimate
        return words("What it costs: {title}", title=words.title(estimate.title, estimate.scenario))
    return words.many("What {count} design costs", "What {count} designs cost", len(stages))


def _facts(material: Material, words: Translator) -> list[str]:
    stamp, comparison = material.comparison.catalog, material.comparison
    prices = words(
        "Prices in {currency} a month, VAT included, as of {day}"
        if comparison.vat == "included"
        else "Prices in {currency} a month, VAT excluded, as of {day}",
        currency=comparison.currency,
        day=words.day(stamp.as_of),
    )
    return [words("Written on {day}", day=words.day(material.day)), prices]
