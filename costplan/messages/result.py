"""What every answer can do: be written as JSON, and be handed to pandas as a table."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

OUTPUT = "costplan.output"
"""Named, not imported: answers lie below what writes them, and most are made without being written so."""


class Result:
    """The base of all answers: frozen values, made once and only read after that."""

    __slots__ = ()

    def to_json(self) -> str:
        """Write the whole answer as JSON: exactly what `--format json` prints, amounts as exact texts."""
        text: str = _writer("formats.json").render(self)
        return text

    def to_frame(self, table: str | None = None) -> pd.DataFrame:
        """Return a table of the answer as a pandas frame.

        Args:
            table: Name of a field that holds a list, such as `cheapest` of a curve; columns are named by
                their paths: `before.monthly_requests`. None is the main table, with the rows and columns
                of `--format csv`: lines of a bill, points of a curve, months, designs.

        Returns:
            A row for each entry. Numbers are `float64`, good to some 15 digits: exact ones are in the fields
            of the answer and in its JSON. Yes and no are `bool`, all else is text; what is missing is NA.

        Raises:
            InputError: The answer has no such list.
        """
        frame: pd.DataFrame = _writer("frame").frame_of(self, table)
        return frame


def _writer(name: str) -> Any:
    return import_module(f"{OUTPUT}.{name}")
