"""What the harness says of a measurement is recognised again, and said in Russian."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import costplan
from costplan.language.measured import MEASURED, measured_reason
from costplan.language.translator import Translator

PACKAGE = Path(costplan.__file__).parent
FOLDERS = ("bench", "analysis/serving")
SHIPPED = sorted((PACKAGE.parent / "measurements").glob("*.json"))
ENGLISH = re.compile(r"(?<![\w./])[a-z]{2,} [a-z]{2,}(?![\w./])")


def _said(document: object) -> Iterator[str]:
    if isinstance(document, dict):
        for key, value in document.items():
            yield from (
                value if key in ("reasons", "warnings") else [value] if key == "reason" else _said(value)
            )
    elif isinstance(document, list):
        for item in document:
            yield from _said(item)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_doubt_of_a_shipped_measurement_is_said_in_russian(path: Path) -> None:
    for sentence in set(_said(json.loads(path.read_text(encoding="utf-8")))):
        said = measured_reason(sentence)
        assert said == sentence
        assert ENGLISH.findall(re.sub(r"\([^)]*error\)", "", Translator("ru").reason(said))) == []


def test_each_message_is_one_that_the_code_writes() -> None:
    written = "".join(
        _literals(path) for folder in FOLDERS for path in sorted((PACKAGE / folder).rglob("*.py"))
    )
    for message in MEASURED:
        pieces = re.split(
            r"{\w+}|of the SLO|of the p99 response|; (?=a server)|\): |/s passes, |(?<= s)(?=: its)", message
        )
        assert [piece for piece in pieces if piece.strip(" ();,") not in written] == [], message


def _literals(path: Path) -> str:
    """Return the texts of a module, their fields left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    texts = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    return "\n".join(texts)


def test_a_reason_in_a_reason() -> None:
    said = measured_reason(
        "load above capacity: requests in flight rose from 2 to 272 over a third of the window"
    )
    assert Translator("ru").reason(said) == (
        "нагрузка выше мощности: одновременных запросов за треть окна стало 272 вместо 2"
    )


def test_a_number_in_a_reason_is_written_as_the_language_writes_it() -> None:
    said = measured_reason("the median response of the second half is 0.40 times that of the first")
    assert said == "the median response of the second half is 0.40 times that of the first"
    assert Translator("ru").reason(said) == "медиана ответа второй половины — 0,40 от медианы первой"


def test_another_sentence_stays() -> None:
    assert (
        Translator("ru").reason(measured_reason("what {one} wrote; by hand")) == "what {one} wrote; by hand"
    )
