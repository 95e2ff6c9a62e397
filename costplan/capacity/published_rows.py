"""Capacities that others have published: `capacities/published.csv`, one checked row a figure.

A row says what its source says and no more: a model at one input size and precision, on one card, by one
runtime, under one kind of load. Nothing is computed from a row but the share of one card.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Final

from costplan.checked.records import dataclass
from costplan.datafiles import data_folder
from costplan.messages.errors import FAULTS_SHOWN, CatalogError, Fault, SourceLocation, did_you_mean
from costplan.messages.reason import Reason
from costplan.messages.text import listed, visible
from costplan.quantities.money import parse_decimal
from costplan.source.fields import is_name

MOST_ROWS: Final = 5000
CPU: Final = "CPU"
"""Stands in place of a card where a processor did the work."""
LOADS: Final = ("offline", "batch", "closed", "server")
"""All work at hand; one client that waits for each batch; so many clients that do so; Poisson arrivals."""
UNITS: Final = ("requests", "tokens", "audio seconds")
PREPROCESSING: Final = ("included", "excluded", "unclear")
STRENGTHS: Final = ("A", "B", "C", "D")
CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "scenario": LOADS,
    "unit": UNITS,
    "preprocessing": PREPROCESSING,
    "strength": STRENGTHS,
}


@dataclass(frozen=True, slots=True)
class PublishedRow:
    """One published figure; a field that the source does not give is None or empty."""

    id: str
    model: str
    key: str
    """Short name of the model, with which the id begins."""
    task: str
    input: str
    precision: str
    card: str
    """`T4`, `A100`; `CPU` for none."""
    cards: int | None
    """Cards of the whole system; None without any."""
    hardware: str
    vcpu: int | None
    """Processors that did the work, where the figure rests on them and the source says so."""
    runtime: str
    scenario: str
    batch: int | None
    clients: int | None
    """Clients that always wait for one answer each."""
    unit: str
    """What the rate counts in a second."""
    rate: Decimal
    """Of the whole system."""
    latency_ms: Decimal | None
    percentile: str
    bound_ms: Decimal | None
    """The benchmark's own bound on p99, under which arrivals were served."""
    preprocessing: str
    """Whether decoding, resizing or tokenising is in the figure."""
    strength: str
    """A: audited; B: the maker's own, with script; C: a project's own table; D: an indication."""
    source: str
    date: str
    note: str

    @property
    def rate_per_card(self) -> Fraction:
        """The share of one card."""
        return Fraction(self.rate) / (self.cards or 1)

    @property
    def in_flight(self) -> int | None:
        """Requests that must be there at the same time for the rate; None where the load is not counted."""
        if self.scenario == "closed":
            return self.clients
        return self.batch if self.scenario == "batch" else None

    @property
    def batches_on_server(self) -> bool:
        """Whether the server itself makes batches of requests that come one by one."""
        return self.scenario in {"closed", "server"}

    @property
    def alone_seconds(self) -> Fraction | None:
        """Seconds of a request that waits for no other; None where the row does not say."""
        if self.scenario != "batch" or self.batch != 1:
            return None
        return Fraction(self.latency_ms) / 1000 if self.latency_ms is not None else 1 / self.rate_per_card


COLUMNS: Final = tuple(PublishedRow.__dataclass_fields__)


@lru_cache(maxsize=1)
def published_rows() -> tuple[PublishedRow, ...]:
    """Return the rows that come with costplan.

    Raises:
        CatalogError: Rows are wrong, each with file and line.
    """
    path = data_folder("capacities") / "published.csv"
    return read_rows(path, f"capacities/{path.name}")


def read_rows(path: Path, shown_as: str) -> tuple[PublishedRow, ...]:
    """Read and check a file of rows.

    Raises:
        CatalogError: Rows are wrong, each with file and line.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogError(Reason("cannot read `{path}`: {why}", visible(shown_as), error)) from None
    table = csv.reader(lines)
    head = next(table, [])
    if tuple(head) != COLUMNS:
        raise CatalogError(
            Fault(
                Reason("the columns must be {columns}", ",".join(COLUMNS)), SourceLocation(shown_as, 1, 1, "")
            )
        )
    reader = _Reader(shown_as)
    for cells in table:
        reader.add(cells, table.line_num)
    if reader.faults:
        raise CatalogError(reader.faults[:FAULTS_SHOWN])
    return tuple(reader.rows)


class _Reader:
    """Collects rows, and what is wrong with them."""

    def __init__(self, shown_as: str) -> None:
        self._file = shown_as
        self._lines: dict[str, int] = {}
        self.rows: list[PublishedRow] = []
        self.faults: list[Fault] = []

    def add(self, cells: list[str], line: int) -> None:
        """Take one line of the table."""
        mark = SourceLocation(self._file, line, 1, "")
        if len(cells) != len(COLUMNS) or len(self.rows) >= MOST_ROWS:
            few = Reason("has {count} cells of {most}", str(len(cells)), str(len(COLUMNS)))
            self.faults.append(Fault(few if len(self.rows) < MOST_ROWS else Reason("too many rows"), mark))
            return
        texts = dict(zip(COLUMNS, cells, strict=True))
        faults = [Fault(said, mark, texts["id"]) for said in self._wrong(texts)]
        self._lines.setdefault(texts["id"], line)
        self.faults += faults
        if not faults:
            self.rows.append(_row(texts))

    def _wrong(self, texts: Mapping[str, str]) -> Iterator[str]:
        if not is_name(texts["id"]) or not texts["id"].startswith(f"{texts['key']}-"):
            yield Reason("the id must be a name that begins with `key`")
        if texts["id"] in self._lines:
            yield Reason("the id is already in line {line}", str(self._lines[texts["id"]]))
        needed = (
            "model",
            "key",
            "task",
            "precision",
            "card",
            "hardware",
            "runtime",
            "rate",
            "source",
            "date",
        )
        yield from (Reason("`{name}` is empty", name) for name in needed if not texts[name].strip())
        for name, known in CHOICES.items():
            if texts[name] not in known:
                near = did_you_mean(texts[name], known) or Reason("one of {choices}", listed(known))
                yield Reason("`{name}` is `{value}`: {near}", name, visible(texts[name][:40]), near)
        wrong = [name for name in (*WHOLE, *EXACT) if texts[name] and _positive(texts[name], name) is None]
        for name in wrong:
            shown = visible(texts[name][:40])
            yield Reason("`{name}` must be a number above 0, got `{value}`", name, shown)
        if not wrong:
            yield from _at_odds(texts)


NEEDED: Final = (
    "model", "key", "task", "precision", "card", "hardware", "runtime", "rate", "source", "date",
)  # fmt: skip
WHOLE: Final = ("cards", "vcpu", "batch", "clients")
EXACT: Final = ("rate", "latency_ms", "bound_ms")


def _positive(text: str, name: str) -> Decimal | None:
    try:
        number = parse_decimal(text)
    except ValueError:
        return None
    is_right = number > 0 and (name in EXACT or number == number.to_integral_value())
    return number if is_right else None


def _at_odds(texts: Mapping[str, str]) -> Iterator[str]:
    """Say which cells of a row contradict each other."""
    load = texts["scenario"]
    if (texts["card"] == CPU) != (not texts["cards"]):
        yield Reason("`cards` counts the cards of a system, and a CPU has none")
    if texts["cards"] and not texts["hardware"].startswith(f"{texts['cards']}x {texts['card']}"):
        yield Reason("`hardware` must begin with `{begin}`", f"{texts['cards']}x {texts['card']}")
    if load == "batch" and not texts["batch"]:
        yield Reason("a load of batches needs `batch`")
    if (load == "closed") != bool(texts["clients"]):
        yield Reason("`clients` goes with a closed loop")
    if load == "server" and texts["percentile"] != "p99":
        yield Reason("a load of arrivals needs its p99")
    if texts["bound_ms"] and load != "server":
        yield Reason("`bound_ms` goes with a load of arrivals")
    if bool(texts["latency_ms"]) != bool(texts["percentile"]):
        yield Reason("`latency_ms` and `percentile` go together")


def _row(texts: Mapping[str, str]) -> PublishedRow:
    numbers: dict[str, object] = {name: int(texts[name]) if texts[name] else None for name in WHOLE}
    numbers |= {name: parse_decimal(texts[name]) if texts[name] else None for name in EXACT}
    return PublishedRow(**{**texts, **numbers})  # type: ignore[arg-type]
