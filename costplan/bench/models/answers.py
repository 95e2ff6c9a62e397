"""Checking many answers quickly: a byte-for-byte match first, the tolerance only where bytes differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from costplan.bench.models.check import Sameness, find_bad_number, find_fault
from costplan.messages.errors import InputError
from costplan.messages.reason import Reason
from costplan.protocols.tensors import TensorSpec

Answer = Mapping[str, Any]
"""Output name -> array, or the containers that an in-process model returns."""

_SMALL_BYTES = 1 << 16

UNLIKE = {
    Sameness.SHAPES: Reason(
        "the model answers the same request differently each time: types and shapes were checked, not values"
    ),
    Sameness.RANKS: Reason(
        "the model answers the same request differently each time: types were checked, not shapes and values"
    ),
}
"""What a result says of a model that draws random numbers."""


def sameness_of(first: Answer, second: Answer) -> Sameness:
    """Return what two answers to the same request have in common."""
    for by in (Sameness.VALUES, Sameness.SHAPES):
        if not any(find_fault(second.get(name), value, name, by) for name, value in first.items()):
            return by
    return Sameness.RANKS


class AnswerCheck:
    """Right answers of the requests in turn; says what is wrong with an answer.

    Args:
        references: One right answer per distinct request. An answer may leave outputs out, never add any.
        by: What answers are compared by.

    Raises:
        InputError: A reference itself holds NaN or an infinity, so no answer could be right.
    """

    def __init__(self, references: Sequence[Answer], by: Sameness = Sameness.VALUES) -> None:
        for index, reference in enumerate(references):
            for name, value in reference.items():
                bad = find_bad_number(value, name)
                if bad:
                    raise InputError(
                        Reason(
                            "the model's own answer to request {index} is no number: output {bad}",
                            str(index),
                            bad,
                        ),
                        hint="give real inputs with --inputs; the made-up ones lead this model astray",
                    )
        self.by = by
        self.references = references
        self._bytes = [{name: _raw(value) for name, value in r.items()} for r in references]

    def as_declared(self, outputs: Sequence[TensorSpec]) -> AnswerCheck:
        """Return it for a server that declares dimensions of one behind what the model gives.

        Triton knows no output without dimensions beside its batch: a label per picture, [8], it declares as
        [-1, 1] and answers as [8, 1].
        """
        behind = {spec.name: spec.shape for spec in outputs}

        def declared(name: str, value: Any) -> Any:
            rank, shape = np.ndim(value), behind.get(name, ())
            added = shape[rank:]
            return np.reshape(value, (*np.shape(value), *added)) if rank and set(added) == {1} else value

        found = [{name: declared(name, value) for name, value in one.items()} for one in self.references]
        return AnswerCheck(found, self.by)

    @property
    def doubts(self) -> tuple[str, ...]:
        """Say what was not checked."""
        return (UNLIKE[self.by],) if self.by in UNLIKE else ()

    def __len__(self) -> int:
        return len(self.references)

    def find_fault(self, index: int, answer: Answer) -> str | None:
        """Return what is wrong with the answer to request `index`, or None."""
        reference, raw = self.references[index], self._bytes[index]
        if not answer:
            return Reason("no outputs")
        for name, value in answer.items():
            if name not in reference:
                return f"`{name}`: no such output expected"
            expected = raw[name]
            if expected is not None and _raw(value) == expected:
                continue
            fault = find_fault(value, reference[name], name, self.by)
            if fault:
                return fault
        return None

    def find_fault_in_any(self, answer: Answer) -> str | None:
        """Like `find_fault` for protocols whose replies do not say which request they answer."""
        faults = [self.find_fault(index, answer) for index in range(len(self))]
        return None if None in faults else faults[0]

    def find_fault_by_id(self, id_: str | None, answer: Answer) -> str | None:
        """Like `find_fault`, of the request whose number the reply names; of any where it names none."""
        if id_ is None:
            return self.find_fault_in_any(answer)
        if not (id_.isascii() and id_.isdigit() and int(id_) < len(self)):
            return f"the reply has an unknown id `{id_[:40]}`"
        return self.find_fault(int(id_), answer)


def _raw(value: object) -> tuple[Any, Any, bytes] | None:
    """Return what identifies a small array of numbers exactly; None for anything else."""
    if isinstance(value, np.ndarray) and value.dtype.kind != "O" and value.nbytes <= _SMALL_BYTES:
        return value.dtype, value.shape, value.tobytes()
    return None
