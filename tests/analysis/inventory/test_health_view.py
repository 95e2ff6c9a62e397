"""`costplan doctor`: what it says of the prices' age."""

from __future__ import annotations

from datetime import date

import pytest

from costplan.analysis.inventory.health import Health
from costplan.language.translator import Translator
from costplan.output.views.catalog import health_view


@pytest.mark.parametrize(
    ("language", "days", "said"),
    [
        ("en", 1, "1 day old"),
        ("en", 54, "54 days old"),
        ("ru", 1, "1 день"),
        ("ru", 54, "54 дня"),
        ("ru", 11, "11 дней"),
    ],
)
def test_an_age_is_counted_as_the_language_counts(language: str, days: int, said: str) -> None:
    installed = ("costplan/health/1", "1.0", "3.11", "Linux")
    found = Health(*installed, "mine", "00", date(2026, 10, 6), days, False, (), ())
    assert health_view(found, Translator(language)).facts[1].endswith(said)
