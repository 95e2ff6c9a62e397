"""What is refused is refused in Russian too: no English sentence is left in an error of `--lang ru`."""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

import pytest
from amounts import THOROUGH
from corpus import Case, cases

from costplan.cli.run import run

REFUSED = [case for case in cases() if case.expect == 2][:: 1 if THOROUGH else 4]
NOT_WORDS = re.compile(r"`[^`]*`|--[a-z][a-z-]*|costplan [a-z ]+|^\s*\d* \|.*$", re.MULTILINE)
"""Code, options, commands, and lines of the file that are quoted."""
ENGLISH = re.compile(r"(?<![\w./:=\\-])[a-z]{2,} [a-z]{2,}(?![\w./:=-])")
"""Two words of prose side by side: a name or a key stands alone."""


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: f"{case.family}/{case.name}")
def test_no_english_is_left_in_what_is_refused(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    case.make(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COSTPLAN_LANG", "ru")
    for name, value in case.environment.items():
        monkeypatch.setenv(name, value)
    if case.standard_input is not None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(case.standard_input)))
    assert run(case.arguments) == 2
    said = capsys.readouterr().err
    assert re.search("[а-яё]", said)
    assert ENGLISH.findall(NOT_WORDS.sub("", said)) == []
