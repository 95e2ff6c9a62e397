"""Reasons in words."""

from __future__ import annotations

import pytest

from costplan.language.reasons import causes_in_words
from costplan.language.translator import Translator
from costplan.messages.reason import Reason

CAUSES = [Reason("{resource}: {before} -> {after}", resource="api", before=n, after=n + 1) for n in range(9)]


@pytest.mark.parametrize(
    ("count", "language", "said"),
    [
        (1, "en", "api: 0 -> 1"),
        (3, "en", "api: 0 -> 1; api: 1 -> 2; api: 2 -> 3"),
        (4, "en", "api: 0 -> 1; api: 1 -> 2; api: 2 -> 3; and 1 more step"),
        (9, "ru", "api: 0 → 1; api: 1 → 2; api: 2 → 3; и ещё 6 ступеней"),
    ],
)
def test_the_first_causes_of_a_step_are_said_and_the_others_counted(
    count: int, language: str, said: str
) -> None:
    assert causes_in_words(CAUSES[:count], Translator(language)) == said
