"""`costplan catalog capacities`: what others have published."""

from __future__ import annotations

from decimal import Decimal

import pytest

from costplan.analysis.inventory.capacity_list import capacity_list
from costplan.capacity.published_rows import published_rows
from costplan.language.translator import ENGLISH
from costplan.messages.errors import InputError
from costplan.output.views.capacities import capacity_list_view


def test_all_words_must_be_in_a_row() -> None:
    found = capacity_list(published_rows(), "resnet50 v100 Triton dynamic")
    assert [one.clients for one in found.capacities] == [32, 128, 256]


def test_a_system_of_cards_is_shown_by_one_card() -> None:
    """42006.9 of eight cards, 5250.8625 of one."""
    (found,) = capacity_list(published_rows(), "resnet50 triton server of8 int8").capacities
    assert (found.rate, found.rate_per_card) == (Decimal("42006.9"), Decimal("5250.8625"))


def test_the_nearest_is_named() -> None:
    with pytest.raises(InputError, match="no published capacity matches `resnet51`") as caught:
        capacity_list(published_rows(), "resnet51")
    assert caught.value.faults[0].hint == "did you mean `resnet50`?"


def test_what_a_rate_counts_is_said() -> None:
    view = capacity_list_view(capacity_list(published_rows(), "whisper-large-v3"), ENGLISH)
    assert [row.cells[2].text for row in view.tables[0].rows] == [
        "91.84 s of audio", "29.8 s of audio", "15.99 s of audio",
    ]  # fmt: skip
