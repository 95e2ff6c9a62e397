"""Markdown: tables that stay tables, texts that stay texts."""

from __future__ import annotations

import pytest

from costplan.output.formats.markdown import escaped


def test_markup_in_texts_is_escaped() -> None:
    assert escaped("a*b_c`d[e](f)") == r"a\*b\_c\`d\[e\](f)"
    assert escaped("a|b") == r"a\|b"
    assert escaped("# not a heading") == r"\# not a heading"


def test_html_in_texts_becomes_entities() -> None:
    assert escaped("<img src=x> & co") == "&lt;img src=x&gt; &amp; co"


def test_a_text_cannot_break_out_of_its_row() -> None:
    assert "\n" not in escaped("one\ntwo\r\nthree")


def test_an_address_in_a_text_does_not_become_a_link() -> None:
    assert "https://" not in escaped("see https://example.org")
    assert "www." not in escaped("see www.example.org")


def test_bold_stands_around_totals_and_indents_are_kept(capsys: pytest.CaptureFixture[str]) -> None:
    from costplan.cli.run import run

    assert run(["estimate", "stage1", "-f", "md", "-o", "-"]) == 0
    out = capsys.readouterr().out
    assert "| **Total \\[s\\]** |" in out
    assert "| &nbsp;&nbsp;vCPU " in out
