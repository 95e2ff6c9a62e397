"""`costplan scenario kind` in Russian: keys and kinds stay, all else is said."""

from __future__ import annotations

import re

import pytest
from command_line import costplan

from costplan.resources.kinds import KINDS

ENGLISH = re.compile(r"\b(?:when|left|out|such as|of the|which|that|is|are|one of|keys of)\b")


@pytest.mark.parametrize("kind", KINDS)
def test_the_keys_of_a_kind_are_explained_in_russian(capsys: pytest.CaptureFixture[str], kind: str) -> None:
    said = costplan(capsys, "scenario", "kind", kind, "--lang", "ru").out.partition("Пример")[0]
    assert ENGLISH.findall(said) == []
    assert "целое число" in said or "размер" in said or "число" in said
