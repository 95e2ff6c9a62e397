"""Reading what sites list, page by page."""

from __future__ import annotations

from typing import Any

from costplan.messages.errors import CostplanError
from costplan.messages.reason import Reason

MOST_PAGES = 100
"""Of notes: the last of them was not read by anybody."""


def rows_of(value: object, title: str) -> list[dict[str, Any]]:
    """Return the rows of a list.

    Raises:
        CostplanError: It is none.
    """
    if isinstance(value, list) and all(isinstance(row, dict) for row in value):
        return value
    raise CostplanError(
        Reason("{title} answered another thing than the list that its API documents", title),
        hint="something else than its API may answer there",
    )


def too_many(title: str) -> CostplanError:
    """Say that the end of the notes was not reached, so that a note may be there unseen."""
    return CostplanError(
        Reason("{title}: the merge request has more pages of notes than {most}", title, str(MOST_PAGES)),
        hint="no note was made, as one may be there already",
    )
