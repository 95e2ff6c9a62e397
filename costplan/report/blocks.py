"""What a report is made of: sections of blocks that hold texts, never markup. Renderers know nothing else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from costplan.graphics.pictures.picture import Picture
from costplan.messages.spans import Text


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a section."""

    text: str
    id: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences; the first of a section may be its lead."""

    text: Text
    is_lead: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """One big number with what it is."""

    label: str
    value: str
    details: Sequence[Text] = ()


@dataclass(frozen=True, slots=True)
class Figures:
    """Big numbers side by side."""

    figures: Sequence[Figure]


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of sentences."""

    items: Sequence[Text]
    is_numbered: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """A remark beside the text: what is missing, what the figures do not say."""

    text: Text
    style: Literal["plain", "warn", "bad"] = "plain"


@dataclass(frozen=True, slots=True)
class Code:
    """Text that is kept letter by letter: a command, a file."""

    text: str
    caption: str = ""
    is_collapsed: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    heading: str
    right: bool = False
    """Whether it holds numbers, set flush right and compared as numbers."""
    is_text: bool = False
    """Whether it holds sentences, and needs room to wrap in."""
    is_minor: bool = False
    """Whether a small screen may leave it out: what it says is no amount, or follows from others."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell."""

    text: Text
    order: Decimal | None = None
    """What it is sorted by, where that is a number."""
    id: str = ""
    """Id that links lead to."""


RowKind = Literal["plain", "head", "line", "total"]


@dataclass(frozen=True, slots=True)
class Row:
    """A row; `head` opens a group of lines, `line` belongs to it."""

    cells: Sequence[Cell]
    kind: RowKind = "plain"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings. Groups stay together when the table is sorted; the foot stays where it is."""

    caption: str
    columns: Sequence[Column]
    groups: Sequence[Sequence[Row]]
    """One group of all rows where they do not belong to each other."""
    foot: Sequence[Row] = ()
    is_collapsed: bool = False

    @property
    def rows(self) -> list[Row]:
        """All rows from top to bottom."""
        return [row for group in self.groups for row in group] + list(self.foot)


@dataclass(frozen=True, slots=True)
class Chart(Picture):
    """A picture, and the numbers behind it."""

    table: Table


@dataclass(frozen=True, slots=True)
class Diagram:
    """A picture of nodes and edges: SVG for HTML, Mermaid for Markdown."""

    name: str
    title: str
    description: str
    svg: Callable[[], str] = field(compare=False)
    mermaid: Callable[[], str] = field(compare=False)


@dataclass(frozen=True, slots=True)
class Slider:
    """A number that the reader moves."""

    name: str
    label: str
    low: int
    high: int
    start: int
    """Where it stands while nobody has moved it."""
    has_field: bool = False
    """Whether the number can be typed as well."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several values that the reader chooses."""

    name: str
    label: str
    options: Sequence[tuple[str, str]]
    """Value and text; the first one holds while nobody has chosen."""


@dataclass(frozen=True, slots=True)
class Live:
    """What the page's own script computes anew; without a script its table stands alone."""

    title: str
    intro: str
    controls: Sequence[Slider | Choice]
    reset: str
    """What leads back to the designs' own numbers."""
    data: Callable[[], str] = field(compare=False)
    """Writes what the script needs, as JSON."""
    table: Table


Block = Heading | Paragraph | Figures | Bullets | Note | Code | Table | Chart | Diagram | Live


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter."""

    id: str
    title: str
    blocks: Sequence[Block]


@dataclass(frozen=True, slots=True)
class Report:
    """The whole report in one language."""

    language: str
    title: str
    facts: Sequence[str]
    """What the reader must know before any number: day, prices, currency."""
    sections: Sequence[Section]
    closing: Sequence[Text] = ()


def charted(picture: Picture | None, table: Table) -> Chart | Table:
    """Set a picture above the numbers behind it; where there is none to draw, they stand alone."""
    if picture is None:
        return table
    return Chart(picture.name, picture.title, picture.description, picture.draw, table)


def cells(*texts: Text | Cell) -> list[Cell]:
    """Make the cells of a row."""
    return [text if isinstance(text, Cell) else Cell(text) for text in texts]


def row_of(*texts: Text | Cell, kind: RowKind = "plain") -> Row:
    """Make a row of texts."""
    return Row(cells(*texts), kind)
