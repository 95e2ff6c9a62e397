"""Lines of commands that hold characters which act on the terminal, or vanish."""

from __future__ import annotations

import pytest

from costplan.cli.run import run
from costplan.messages.text import is_hidden

HOSTILE = ["a\u202eb", "--x\u202e=1", "\x1b[31mred", "a\u200bb", "\x9b31m"]
BEHIND = [
    [],
    ["doctor"],
    ["catalog"],
    ["estimate"],
    ["estimate", "stage1", "--format"],
    ["compare", "stage1", "--requests"],
    ["schema"],
    ["help"],
]


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("line", BEHIND, ids=" ".join)
@pytest.mark.parametrize("word", HOSTILE, ids=ascii)
def test_nothing_of_a_line_is_shown_raw(
    word: str,
    line: list[str],
    language: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COSTPLAN_LANG", language)
    monkeypatch.setenv("NO_COLOR", "1")
    assert run([*line, word]) == 2
    out, err = capsys.readouterr()
    assert [hex(ord(c)) for c in out + err if is_hidden(c) and c != "\n"] == []
