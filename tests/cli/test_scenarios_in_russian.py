"""`costplan scenario` in Russian: keys, kinds and values stay, all else is said."""

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


def test_reasons_of_a_shown_scenario_are_in_russian(capsys: pytest.CaptureFixture[str]) -> None:
    said = costplan(capsys, "scenario", "show", "stage1", "--lang", "ru").out
    assert "допущение: одна небольшая картинка JPEG" in said
    assert "измерено: measurements/resnet50-service.json: среднее при одном запросе за раз" in said
    assert "assumed: one small JPEG image" in costplan(capsys, "scenario", "show", "stage1").out
