"""The part of one load that one of several generators sends."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from costplan.messages.errors import InputError
from costplan.messages.reason import Reason

MAX_WORKERS = 10_000


@dataclass(frozen=True, slots=True)
class Slice:
    """Worker `index` of `count`, from 0: every request of the whole belongs to exactly one worker."""

    index: int = 0
    count: int = 1

    def __post_init__(self) -> None:
        """Refuse a worker that there is not.

        Raises:
            InputError: The index or the count is out of range.
        """
        if not 1 <= self.count <= MAX_WORKERS:
            raise InputError(
                Reason("workers must be from 1 to {most}, got {count}", str(MAX_WORKERS), str(self.count))
            )
        if not 0 <= self.index < self.count:
            raise InputError(
                Reason(
                    "the index of a worker must be from 0 to {most}, got {index}",
                    str(self.count - 1),
                    str(self.index),
                )
            )

    def of(self, schedule: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return every `count`th entry: neighbours go to different workers, so that all are always busy."""
        return schedule[self.index :: self.count]

    def share(self, total: int) -> int:
        """Return this worker's share of a number; the shares of all workers sum to it."""
        return len(range(self.index, total, self.count))


WHOLE = Slice()
"""One generator sends everything."""
