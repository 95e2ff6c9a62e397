"""Reasons: sentences that remember the message and the values that they are made of."""

from __future__ import annotations

import copy
from decimal import Decimal
from pathlib import Path

import pytest

from costplan.language.translator import Translator
from costplan.messages.errors import Fault, InputError, did_you_mean, reason_of
from costplan.messages.reason import Reason, either
from costplan.messages.text import listed

RUSSIAN = Translator("ru")


def test_values_fill_the_fields_in_the_order_in_which_they_come_first() -> None:
    said = Reason(
        "{file}: holds {size}, the limit is {most}; {file} is left", "a", 12_000, most=Decimal("1.5")
    )
    assert said == "a: holds 12,000, the limit is 1.5; a is left"
    assert said.values == {"file": "a", "size": 12_000, "most": Decimal("1.5")}


@pytest.mark.parametrize("values", [(), ("a",), ("a", "b", "c")])
def test_as_many_values_as_fields(values: tuple[str, ...]) -> None:
    with pytest.raises((ValueError, KeyError)):
        Reason("{one} and {other}", *values)


def test_what_is_no_number_is_kept_as_its_text() -> None:
    assert Reason("{path}: {share}", Path("a"), 0.5).values == {"path": "a", "share": "0.5"}


def test_a_copy_is_a_reason() -> None:
    said = copy.deepcopy(Reason("{count} hosts", 3))
    assert (said, said.message, said.values) == ("3 hosts", "{count} hosts", {"count": 3})


def test_braces_in_a_text_of_its_own_are_only_text() -> None:
    assert Reason.of("a {b}") == "a {b}"


def test_what_was_raised_can_still_be_said_in_another_language() -> None:
    plain = Reason("{option}: {why}", "--max", ValueError("must be at least 1"))
    assert (plain, RUSSIAN.reason(plain)) == ("--max: must be at least 1", "--max: не меньше 1")
    nested = Reason("{name}: {why}", "a", InputError(Reason("there are more than {most} steps", 9)))
    assert (nested, RUSSIAN.reason(nested)) == ("a: there are more than 9 steps", "a: ступеней больше 9")


def test_a_name_is_not_translated_though_a_message_says_the_same() -> None:
    assert RUSSIAN.reason("nothing") == "ничего"
    assert RUSSIAN.reason(Reason("there is no resource `{name}`", "nothing")) == "нет ресурса `nothing`"


def test_choices_and_long_lists_are_said_in_the_language() -> None:
    assert either([]) == ""
    assert either(["a", "b", "c"]) == "a or b or c"
    assert RUSSIAN.reason(either(["a", "b", "c"])) == "a или b или c"
    assert listed("abc", 2) == "a, b and 1 more"
    assert RUSSIAN.reason(listed("abc", 2)) == "a, b и ещё 1"
    assert RUSSIAN.reason(did_you_mean("stage", ["stages"]) or "") == "может быть, `stages`?"


def test_the_words_of_the_system_are_said_in_the_language() -> None:
    why = reason_of(FileNotFoundError(2, "No such file or directory"))
    assert (why, RUSSIAN.reason(why)) == ("No such file or directory", "нет такого файла или папки")


def test_a_fault_shows_the_english_of_its_reason() -> None:
    assert str(Fault(Reason("missing `{key}`", key="kind"))) == "missing `kind`"
