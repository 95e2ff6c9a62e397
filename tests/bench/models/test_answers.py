"""Which answers count as right."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from costplan.bench.models.answers import AnswerCheck, sameness_of
from costplan.bench.models.check import TOLERANCES, Sameness, find_fault
from costplan.messages.errors import InputError
from costplan.protocols.tensors import TensorSpec


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.float64])
def test_the_tolerance_follows_the_datatype(kind: type) -> None:
    tolerance = TOLERANCES[np.dtype(kind).name]
    reference = np.array([8.0], kind)
    allowed = tolerance.absolute + tolerance.relative * 8
    assert find_fault(np.array([8 + 0.5 * allowed], kind), reference) is None
    assert find_fault(np.array([8 + 2 * allowed], kind), reference) is not None


@pytest.mark.parametrize(
    ("answer", "reference", "fault"),
    [
        (np.array([np.nan]), np.array([np.nan]), "`output` holds NaN"),
        (np.array([np.inf]), np.array([np.inf]), "`output` holds an infinity"),
        (np.array([1, 2]), np.array([1, 3]), "`output`: 2 at element 1, expected 3"),
        (np.array([True]), np.array([False]), "`output`: True at element 0, expected False"),
        (np.array([[1.0]]), np.array([1.0]), "`output`: shape [1, 1], expected [1]"),
        (np.array([1]), np.array([1.0]), "`output`: int64, expected float64"),
        (
            np.array([b"a"], object),
            np.array(["b"], object),
            "`output`: another text than expected at element 0",
        ),
        ([1.0], [1.0, 2.0], "`output`: 1 entries, expected 2"),
        ([{0: 0.5}], [{1: 0.5}], "`output[0]`: other keys than expected"),
        (np.array([1.0]), None, "`output`: expected nothing"),
    ],
    ids=["nan", "inf", "integer", "bool", "shape", "kind", "text", "length", "keys", "none"],
)
def test_a_wrong_answer_says_what_is_wrong(answer: Any, reference: Any, fault: str) -> None:
    assert find_fault(answer, reference) == fault


@pytest.mark.parametrize(
    ("answer", "reference"),
    [
        (np.array([], np.float32), np.array([], np.float32)),
        (np.array([b"\xc3\xa9"], object), np.array(["é"], object)),
        ([{0: 0.5, 1: 0.5}], [{0: np.float32(0.5), 1: 0.5}]),
        (None, None),
    ],
    ids=["empty", "text", "maps", "none"],
)
def test_a_right_answer_is_right(answer: Any, reference: Any) -> None:
    assert find_fault(answer, reference) is None


def test_an_answer_belongs_to_its_request() -> None:
    check = AnswerCheck([{"y": np.array([1.0])}, {"y": np.array([2.0])}])
    assert check.find_fault(1, {"y": np.array([2.0])}) is None
    assert check.find_fault(0, {"y": np.array([2.0])}) is not None
    assert check.find_fault_in_any({"y": np.array([2.0])}) is None
    assert check.find_fault_in_any({"y": np.array([3.0])}) is not None
    assert check.find_fault(0, {}) == "no outputs"
    assert check.find_fault(0, {"z": np.array([1.0])}) == "`z`: no such output expected"


def test_no_answer_can_be_right_where_the_reference_is_not_a_number() -> None:
    with pytest.raises(InputError, match=r"answer to request 0 is no number: output `y` holds NaN"):
        AnswerCheck([{"y": np.array([np.nan])}])


def test_what_two_answers_to_the_same_request_have_in_common() -> None:
    one = {"y": np.array([1.0, 2.0])}
    assert sameness_of(one, {"y": np.array([1.0, 2.0])}) is Sameness.VALUES
    assert sameness_of(one, {"y": np.array([1.0, 9.0])}) is Sameness.SHAPES
    assert sameness_of(one, {"y": np.array([1.0])}) is Sameness.RANKS


@pytest.mark.parametrize(
    ("by", "answer", "fault"),
    [
        (Sameness.SHAPES, np.array([7.0, 8.0]), None),
        (Sameness.SHAPES, np.array([7.0]), "shape [1], expected [2]"),
        (Sameness.SHAPES, np.array([7, 8]), "int64, expected float64"),
        (Sameness.SHAPES, np.array([7.0, np.nan]), "holds NaN"),
        (Sameness.RANKS, np.array([7.0]), None),
        (Sameness.RANKS, np.array([[7.0]]), "shape [1, 1], expected [2]"),
    ],
)
def test_answers_drawn_anew_are_checked_by_what_stays(by: Sameness, answer: Any, fault: str | None) -> None:
    found = AnswerCheck([{"y": np.array([1.0, 2.0])}], by).find_fault(0, {"y": answer})
    assert found is None if fault is None else fault in str(found)


def test_a_server_may_declare_a_dimension_of_one_behind_what_the_model_gives() -> None:
    """Triton declares a label per picture, [2], as [-1, 1]; another size or number stays wrong."""
    model = AnswerCheck([{"label": np.array([3, 7])}])
    served = model.as_declared([TensorSpec("label", "INT64", (-1, 1))])
    assert served.find_fault(0, {"label": np.array([[3], [7]])}) is None
    assert served.find_fault(0, {"label": np.array([[3], [8]])}) == "`label`: 8 at element 1, expected 7"
    assert served.find_fault(0, {"label": np.array([3, 7])}) == "`label`: shape [2], expected [2, 1]"
    wider = model.as_declared([TensorSpec("label", "INT64", (-1, 2))])
    assert wider.find_fault(0, {"label": np.array([3, 7])}) is None
