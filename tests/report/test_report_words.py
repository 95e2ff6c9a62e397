"""Texts and numbers as each language writes them; catalogs in step with the code."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import messages
import pytest
from report_inputs import report_data

from costplan.language.translator import LANGUAGES, Translator
from costplan.messages.spans import Span, plain_text
from costplan.report.document import build_report
from costplan.report.renderers.markdown import render

ENGLISH, RUSSIAN = Translator("en"), Translator("ru")
CATALOGS = messages.catalogs()


def test_every_language_but_the_source_has_a_catalog() -> None:
    assert {"en", *CATALOGS} == set(LANGUAGES)


@pytest.mark.parametrize("language", CATALOGS)
def test_no_message_is_missing_and_none_is_unused(language: str) -> None:
    missing, unused = messages.differences(messages.read(CATALOGS[language]))
    assert missing == []
    assert unused == []


def test_the_finder_of_messages_sees_each_way_to_ask_for_one() -> None:
    code = """
message = "a" if x else "b"
words.spans(message, n="1")
words("c")
words("d" if y else "e", n=1)
words.many("{count} f", "{count} fs", 2)
other("g")
"""
    assert set(messages.messages_of(code)) == {"a", "b", "c", "d", "e", ("{count} f", "{count} fs")}


def test_the_finder_sees_what_errors_are_made_of() -> None:
    code = """
HINT = "write it anew"
def read(mark, found):
    hint = "a hint" if found else HINT
    raise InputError("it is wrong", hint=hint)
def also(mark, other):
    yield Fault(other or "it is worse", mark, "path.of.it", "mend it")
    yield Fault(Reason("{name}: {why}", "a", "b"), mark)
    show("this is no error")
"""
    assert set(messages.messages_of(code)) == {
        "write it anew",
        "a hint",
        "it is wrong",
        "it is worse",
        "mend it",
    }
    assert set(messages.messages_of(code, errors=False)) == set()


@pytest.mark.parametrize(
    "said",
    ['f"there is no {name}"', '"there is no " + name', 'name or f"known: {names}"'],
)
@pytest.mark.parametrize(
    "code",
    ["InputError({})", "Fault(found, None, '', {})", "Other('a', hint={})", "said = {}; ValueError(said)"],
)
def test_the_finder_refuses_an_error_that_is_put_together_as_a_sentence(code: str, said: str) -> None:
    with pytest.raises(ValueError, match="is a sentence, not a Reason"):
        list(messages.messages_of(code.replace("{}", said)))


def test_the_finder_refuses_what_it_cannot_read() -> None:
    with pytest.raises(ValueError, match="not a text"):
        list(messages.messages_of("words(anything)"))


@pytest.mark.parametrize("language", CATALOGS)
def test_a_translation_has_the_fields_of_its_message(language: str) -> None:
    def fields(text: str) -> set[str]:
        return set(re.findall(r"{(\w+)}", text))

    for message in messages.read(CATALOGS[language]):
        sources = message.id if isinstance(message.id, tuple) else (message.id,)
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        if message.id:
            assert {frozenset(fields(text)) for text in texts} == {frozenset(fields(sources[-1]))}, message.id


@pytest.mark.parametrize(
    ("count", "english", "russian"),
    [
        (0, "What 0 designs cost", "Во что обойдутся 0 решений"),
        (1, "What 1 design costs", "Во что обойдётся 1 решение"),
        (2, "What 2 designs cost", "Во что обойдутся 2 решения"),
        (5, "What 5 designs cost", "Во что обойдутся 5 решений"),
        (11, "What 11 designs cost", "Во что обойдутся 11 решений"),
        (21, "What 21 designs cost", "Во что обойдётся 21 решение"),
        (1111, "What 1,111 designs cost", "Во что обойдутся 1\u00a0111 решений"),
    ],
)
def test_plural_forms(count: int, english: str, russian: str) -> None:
    one, other = "What {count} design costs", "What {count} designs cost"
    assert ENGLISH.many(one, other, count) == english
    assert RUSSIAN.many(one, other, count) == russian


@pytest.mark.parametrize(
    ("amount", "currency", "english", "russian"),
    [
        ("1234567.895", "RUB", "RUB 1,234,567.90", "1 234 567,90 ₽"),
        ("0", "RUB", "RUB 0.00", "0,00 ₽"),
        ("-12.5", "USD", "-$12.50", "-12,50 $"),
        ("0.0042", "USD", "$0.0042", "0,0042 $"),
        ("0.005", "USD", "$0.01", "0,01 $"),
        ("1000000000000", "KZT", "KZT 1,000,000,000,000.00", "1 000 000 000 000,00 KZT"),
    ],
)
def test_money_is_written_as_the_language_writes_it(
    amount: str, currency: str, english: str, russian: str
) -> None:
    assert ENGLISH.money(Decimal(amount), currency).replace("\u00a0", " ") == english
    assert RUSSIAN.money(Decimal(amount), currency).replace("\u00a0", " ") == russian
    assert " " not in RUSSIAN.money(Decimal(amount), currency)  # no line may break inside an amount


def test_round_money_has_decimals_only_below_a_thousand() -> None:
    assert ENGLISH.round_money(Decimal("999.994"), "USD") == "$999.99"
    assert ENGLISH.round_money(Decimal("1000.5"), "USD") == "$1,001"


@pytest.mark.parametrize(
    ("count", "english", "russian"),
    [
        ("0", "0", "0"),
        ("999", "999", "999"),
        ("500000", "500K", "500 тыс."),
        ("5000000", "5M", "5 млн"),
        ("1250000", "1.25M", "1,25 млн"),
        ("3000000000", "3B", "3 млрд"),
    ],
)
def test_requests_are_written_in_few_letters(count: str, english: str, russian: str) -> None:
    assert ENGLISH.requests(Decimal(count)) == english
    assert RUSSIAN.requests(Decimal(count)).replace("\u00a0", " ") == russian


def test_shares_and_ratios() -> None:
    assert ENGLISH.share(Decimal(1), Decimal(3)) == "33%"
    assert ENGLISH.share(Decimal("0.001"), Decimal(1)) == "<1%"
    assert ENGLISH.share(Decimal(0), Decimal(1)) == "0%"
    assert ENGLISH.share(Decimal(1), Decimal(0)) == "–"
    assert RUSSIAN.share(Decimal(1), Decimal(3)).replace("\u00a0", " ") == "33 %"
    assert (ENGLISH.ratio(Decimal("2.385")), ENGLISH.ratio(Decimal("12.34"))) == ("2.39×", "12.3×")
    assert RUSSIAN.ratio(Decimal("2.385")) == "2,39×"


def test_days_and_months() -> None:
    day = date(2026, 10, 6)
    assert (ENGLISH.day(day), ENGLISH.month(day)) == ("October 6, 2026", "October 2026")
    assert RUSSIAN.day(day).replace("\u202f", " ").replace("\u00a0", " ") == "6 октября 2026 г."
    assert RUSSIAN.month(day).startswith("октябрь 2026")


def test_quantities_take_the_count_of_their_unit_and_translate_it() -> None:
    assert ENGLISH.quantity(Decimal(500), "1000 requests") == "500,000\u00a0requests"
    assert RUSSIAN.quantity(Decimal(2), "1M requests").replace("\u00a0", " ") == "2 000 000 запросов"
    assert RUSSIAN.quantity(Decimal("0.5"), "GB*hour").replace("\u00a0", " ") == "0,5 ГБ·ч"
    assert ENGLISH.quantity(Decimal("13.888888888889"), "core*hour") == "13.8889\u00a0core·hour"
    assert ENGLISH.quantity(Decimal(7), "parsec") == "7\u00a0parsec"


def test_an_exact_number_keeps_its_decimals_and_loses_its_exponent() -> None:
    assert ENGLISH.number(Decimal("1E+3")) == "1,000"
    assert ENGLISH.number(Decimal("0.000125")) == "0.000125"
    assert RUSSIAN.number(Decimal("12345.678")).replace("\u00a0", " ") == "12 345,678"


def test_fields_keep_their_meaning() -> None:
    found = ENGLISH.spans("{a} and {b}", a=Span("x", "strong"), b="y")
    assert found == (Span("x", "strong"), Span(" and "), Span("y"))
    assert plain_text(found) == "x and y"


def test_braces_in_data_are_only_text() -> None:
    assert ENGLISH("{title}", title="{0.__class__}") == "{0.__class__}"
    assert plain_text(ENGLISH.spans("{title}", title="{0.__class__}")) == "{0.__class__}"


def test_a_word_without_a_message_is_nothing_and_an_unknown_one_stays() -> None:
    assert RUSSIAN.term("stated", {"stated": ""}) == ""
    assert RUSSIAN.term("parsec", {"stated": ""}) == "parsec"


@pytest.mark.parametrize("words", [ENGLISH, RUSSIAN], ids=["en", "ru"])
def test_no_page_shows_the_heading_of_a_catalog(words: Translator) -> None:
    assert "Plural-Forms" not in render(build_report(report_data(), words))


def test_a_scenario_s_own_text_falls_back_to_the_language_that_it_has() -> None:
    assert RUSSIAN.title({"en": "A", "ru": "Б"}) == "Б"
    assert RUSSIAN.title({"en": "A"}) == "A"
    assert RUSSIAN.title({}, "name") == "name"
