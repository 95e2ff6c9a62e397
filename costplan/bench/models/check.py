"""Whether an answer is right: compared with a reference, within what its datatype can hold."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from costplan.protocols.tensors import Array


@dataclass(frozen=True, slots=True)
class Tolerance:
    """|answer - reference| <= absolute + relative x |reference|."""

    relative: float
    absolute: float


TOLERANCES: Mapping[str, Tolerance] = {
    "float16": Tolerance(2e-2, 1e-2),
    "float32": Tolerance(2e-3, 1e-4),
    "float64": Tolerance(1e-5, 1e-8),
}
"""By dtype. Another version, processor or thread count adds in another order; 2e-3 leaves room for reduced
precision inside a float32 model (TF32 keeps 10 bits: 1e-3), and a wrong answer is off by far more."""


class Sameness(StrEnum):
    """What an answer is compared by: a model that draws random numbers answers otherwise each time."""

    VALUES = "values"
    SHAPES = "shapes"
    """Types and shapes."""
    RANKS = "ranks"
    """Types and numbers of dimensions: the length is drawn too, as in speech synthesis."""


def find_fault(
    answer: object, reference: object, name: str = "output", by: Sameness = Sameness.VALUES
) -> str | None:
    """Return what is wrong with an answer, or None; containers are compared member by member.

    NaN and infinities are wrong whatever the reference says.

    Args:
        answer: An array, number, text, None, or a list or mapping of them.
        reference: The right answer, of the same form.
        name: How to call it in the message.
        by: What is compared.
    """
    if isinstance(reference, Mapping):
        if not isinstance(answer, Mapping) or answer.keys() != reference.keys():
            return f"`{name}`: other keys than expected"
        pairs = [(answer[key], reference[key], f"{name}[{str(key)[:40]}]") for key in reference]
        return _first_fault(pairs, by)
    if isinstance(reference, (list, tuple)):
        same_length = isinstance(answer, (list, tuple)) and len(answer) == len(reference)
        if not isinstance(answer, (list, tuple)) or not (same_length or by is Sameness.RANKS):
            return f"`{name}`: {_length(answer)} entries, expected {len(reference)}"
        numbered = enumerate(zip(answer, reference, strict=False))
        return _first_fault([(a, r, f"{name}[{i}]") for i, (a, r) in numbered], by)
    if reference is None:
        return None if answer is None else f"`{name}`: expected nothing"
    return _array_fault(np.asarray(answer), np.asarray(reference), name, by)


def find_bad_number(value: object, name: str = "output") -> str | None:
    """Return where a NaN or an infinity is, or None."""
    if isinstance(value, Mapping):
        return next(filter(None, (find_bad_number(v, f"{name}[{k}]") for k, v in value.items())), None)
    if isinstance(value, (list, tuple)):
        return next(filter(None, (find_bad_number(v, f"{name}[{i}]") for i, v in enumerate(value))), None)
    array = np.asarray(value)
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        return f"`{name}` holds {'NaN' if np.isnan(array).any() else 'an infinity'}"
    return None


def _first_fault(pairs: Sequence[tuple[Any, Any, str]], by: Sameness) -> str | None:
    return next(filter(None, (find_fault(a, r, n, by) for a, r, n in pairs)), None)


def _array_fault(answer: Array, reference: Array, name: str, by: Sameness) -> str | None:
    if answer.shape != reference.shape and (by is not Sameness.RANKS or answer.ndim != reference.ndim):
        return f"`{name}`: shape {list(answer.shape)}, expected {list(reference.shape)}"
    if by is not Sameness.VALUES:
        same_kind = answer.dtype.kind == reference.dtype.kind
        return (
            find_bad_number(answer, name)
            if same_kind
            else f"`{name}`: {answer.dtype}, expected {reference.dtype}"
        )
    if reference.dtype.kind in "OSU":
        same = [_bytes(a) == _bytes(r) for a, r in zip(answer.ravel(), reference.ravel(), strict=True)]
        return None if all(same) else f"`{name}`: another text than expected at element {same.index(False)}"
    if answer.dtype.kind != reference.dtype.kind:
        return f"`{name}`: {answer.dtype}, expected {reference.dtype}"
    bad = find_bad_number(answer, name)
    if bad or reference.dtype.kind != "f":
        is_right = bad is None and np.array_equal(answer, reference)
        return bad or (None if is_right else f"`{name}`: {_worst(answer, reference)}")
    coarser = min(answer.dtype, reference.dtype, key=lambda dtype: dtype.itemsize)
    tolerance = TOLERANCES[str(coarser)]
    wide, right = answer.astype(np.float64), reference.astype(np.float64)
    with np.errstate(invalid="ignore"):
        excess = np.abs(wide - right) - (tolerance.absolute + tolerance.relative * np.abs(right))
    if not excess.size or bool((excess <= 0).all()):
        return None
    return f"`{name}`: {_worst(answer, reference)}"


def _worst(answer: Array, reference: Array) -> str:
    distance = np.abs(answer.astype(np.float64) - reference.astype(np.float64)).ravel()
    at = int(np.argmax(np.where(np.isnan(distance), math.inf, distance)))
    return f"{answer.ravel()[at]!s} at element {at}, expected {reference.ravel()[at]!s}"


def _bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode(errors="surrogatepass")


def _length(value: object) -> str:
    return str(len(value)) if isinstance(value, (list, tuple)) else "no"
