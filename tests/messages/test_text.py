"""Text that is safe to show, and the nearest right word."""

from __future__ import annotations

import pytest

from costplan.messages.text import listed, nearest, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("Привет, 日本", "Привет, 日本"),
        ("a\x1b[31m", "a\\x1b[31m"),
        ("\u202egpj.exe", "\\u202egpj.exe"),
        ("zero\u200bwidth", "zero\\u200bwidth"),
        ("tag\U000e0041", "tag\\U000e0041"),
        ("blank\u3164", "blank\\u3164"),
        ("line\nbreak", "line\\x0abreak"),
    ],
    ids=["ascii", "letters", "escape", "bidi", "zero-width", "tag", "blank-letter", "newline"],
)
def test_characters_that_act_or_vanish_are_written_out(text: str, shown: str) -> None:
    assert visible(text) == shown


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("vcpus", "vcpu"),
        ("Core-Fraction", "core_fraction"),
        ("memroy", "memory"),
        ("mem", "memory"),
        ("zzz", None),
        ("", None),
    ],
)
def test_the_nearest_word_is_a_slip_away_or_begun(word: str, meant: str | None) -> None:
    assert nearest(word, ["vcpu", "memory", "core_fraction", "platform"]) == meant


def test_a_word_of_a_megabyte_is_compared_in_no_time() -> None:
    assert nearest("x" * 1_000_000, ["vcpu", "memory"]) is None


def test_a_long_list_is_counted() -> None:
    assert listed(range(3)) == "0, 1, 2"
    assert listed(range(5), limit=2) == "0, 1 and 3 more"


def test_a_word_that_ends_one_choice_means_it() -> None:
    kinds = [
        "serverless-container",
        "container-registry",
        "network-load-balancer",
        "application-load-balancer",
    ]
    assert nearest("container", kinds) == "serverless-container"
    assert nearest("requests", ["monthly_requests", "request_size"]) == "monthly_requests"
    assert nearest("balancer", kinds) is None
