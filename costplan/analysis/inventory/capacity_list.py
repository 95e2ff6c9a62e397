"""Answers about what others have published of models on cards and processors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import Literal

from costplan.capacity.published_rows import PublishedRow
from costplan.messages.errors import InputError, did_you_mean
from costplan.messages.reason import Reason
from costplan.messages.result import Result
from costplan.messages.text import visible
from costplan.quantities.money import quantized

CAPACITY_LIST_SCHEMA = "costplan/capacity-list/1"


@dataclass(frozen=True, slots=True)
class PublishedCapacity:
    """One published figure, as its source gives it."""

    id: str
    """`capacity: {published: ID}` of a scenario takes this row."""
    model: str
    task: str
    input: str
    """Size of one request: `224x224`, `seq 384`."""
    precision: str
    card: str
    """`T4`, `A100`; `CPU` for none."""
    cards: int | None
    """Cards of the whole system; None without any."""
    hardware: str
    vcpu: int | None
    """Processors that did the work, where the figure rests on them and the source says so."""
    runtime: str
    scenario: Literal["offline", "batch", "closed", "server"]
    """All work at hand; one client that waits for each batch; several that do so; arrivals under a bound."""
    batch: int | None
    clients: int | None
    """Clients that always wait for one answer each."""
    unit: Literal["requests", "tokens", "audio seconds"]
    """What the rate counts in a second."""
    rate: Decimal
    """Of the whole system."""
    latency_ms: Decimal | None
    percentile: str
    """Of the latency; empty where there is none."""
    bound_ms: Decimal | None
    """The benchmark's own bound on p99, under which arrivals were served."""
    preprocessing: Literal["included", "excluded", "unclear"]
    """Whether decoding, resizing or tokenising is in the figure."""
    strength: Literal["A", "B", "C", "D"]
    """A: audited; B: the maker's own, with script; C: a project's own table; D: an indication."""
    source: str
    date: str
    note: str
    rate_per_card: Decimal = field(default=Decimal(0))
    """The share of one card."""


@dataclass(frozen=True, slots=True)
class CapacityList(Result):
    """Published capacities."""

    schema: str
    match: str | None
    capacities: tuple[PublishedCapacity, ...]


def capacity_list(rows: Sequence[PublishedRow], match: str | None) -> CapacityList:
    """List what is published.

    Args:
        rows: All rows.
        match: Only rows that have each of these words in id, model, input, hardware, runtime or source; case
            does not matter.

    Raises:
        InputError: No row matches; the message names the nearest.
    """
    wanted = (match or "").casefold().split()
    found = [row for row in rows if all(word in _searched(row) for word in wanted)]
    if not found:
        hint = did_you_mean((match or "").casefold(), {row.key for row in rows} | {row.id for row in rows})
        raise InputError(
            Reason("no published capacity matches `{match}`", visible((match or "")[:80])), hint=hint
        )
    return CapacityList(CAPACITY_LIST_SCHEMA, match, tuple(map(_listed, found)))


def _searched(row: PublishedRow) -> str:
    parts = (row.id, row.model, row.input, row.precision, row.hardware, row.runtime, row.source)
    return " ".join(parts).casefold()


def _listed(row: PublishedRow) -> PublishedCapacity:
    taken = {one.name: getattr(row, one.name) for one in fields(PublishedCapacity) if hasattr(row, one.name)}
    return PublishedCapacity(**{**taken, "rate_per_card": quantized(row.rate_per_card)})
