"""The view of a document: tables of texts, the same for every format that people read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Literal, Protocol

from costplan.checked.records import dataclass

Tone = Literal["plain", "strong", "faint", "good", "bad", "warn"]
"""What a cell means; colour only ever repeats what its words say."""


DataRow = dict[str, str | Decimal | bool | None]
"""A row for programs: column -> exact value; a column that a row lacks is empty there."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell."""

    text: str
    tone: Tone = "plain"
    bar: float | None = None
    """Part of a whole, 0 to 1, that a wide terminal draws beside the text; other formats leave it out."""


@dataclass(frozen=True, slots=True)
class Column:
    """Heading and alignment of a column."""

    heading: str
    right: bool = False
    folds: bool = False
    """Whether long texts wrap; other columns keep to one line."""
    is_drawing: bool = False
    """Whether it holds bars made of letters, for screens."""
    is_minor: bool = False
    """Whether a narrow page may go without it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row."""

    cells: Sequence[Cell]
    rule: bool = False
    """Whether a line is drawn above it."""
    spans: bool = False
    """Whether the one cell that it has runs over all columns."""
    is_total: bool = False
    """Whether it stands below the others however they are sorted."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table under a heading."""

    columns: Sequence[Column]
    rows: Sequence[Row]
    heading: str = ""


class Picture(Protocol):
    """A drawing in characters."""

    def lines(self, width: int, *, ascii_only: bool = False) -> Sequence[Sequence[Cell]]:
        """Draw it for a screen of so many columns; each line is made of cells side by side."""
        ...


@dataclass(frozen=True, slots=True)
class View:
    """A whole answer: a title, facts below it, tables, notes."""

    title: str
    facts: Sequence[str]
    tables: Sequence[Table]
    notes: Sequence[Cell] = ()
    picture: Picture | None = None
    """Above the tables, on screens; other formats have pictures of their own."""
    sheet: str = ""
    """Name of the main table where tables have names, in a workbook; the title where it is left out."""
    details: View | None = None
    """What stands below it on request: on a screen with `-v`, in Markdown folded away under its title."""

    @property
    def tables_with_rows(self) -> Sequence[Table]:
        """Tables that say something; the others only give a CSV its headings."""
        return [table for table in self.tables if table.rows]

    def whole(self) -> View:
        """Return the view with its details in their places."""
        more = self.details
        if more is None:
            return self
        return replace(
            self,
            facts=[*self.facts, *more.facts],
            tables=[*self.tables, *more.tables],
            notes=[*self.notes, *more.notes],
            details=None,
        )


def cells(*texts: str | Cell, tone: Tone = "plain") -> list[Cell]:
    """Make the cells of a row; plain texts take the tone."""
    return [text if isinstance(text, Cell) else Cell(text, tone) for text in texts]


def row_of(*texts: str | Cell, tone: Tone = "plain", rule: bool = False, is_total: bool = False) -> Row:
    """Make a row of texts."""
    return Row(cells(*texts, tone=tone), rule=rule, is_total=is_total)


def spanning(text: str, tone: Tone = "faint") -> Row:
    """Make a row of one text below the columns: a source, a note."""
    return Row([Cell(text, tone)], spans=True)
