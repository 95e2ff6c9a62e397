"""Limits of numbers are explained in Pydantic's words, and in Russian."""

from __future__ import annotations

from typing import Annotated, Any

import pytest
from pydantic import Field, TypeAdapter, ValidationError

from costplan.language.translator import Translator
from costplan.source.explained import explained
from costplan.source.fields import Model


@pytest.mark.parametrize(
    ("field", "value", "english", "russian"),
    [
        (Field(gt=0), 0, "input should be greater than 0, got `0`", "должно быть больше 0, а здесь `0`"),
        (Field(lt=9), 9, "input should be less than 9, got `9`", "должно быть меньше 9, а здесь `9`"),
        (
            Field(ge=1),
            0,
            "input should be greater than or equal to 1, got `0`",
            "должно быть не меньше 1, а здесь `0`",
        ),
        (
            Field(le=9),
            10,
            "input should be less than or equal to 9, got `10`",
            "должно быть не больше 9, а здесь `10`",
        ),
    ],
)
def test_a_limit_that_is_missed(field: Any, value: int, english: str, russian: str) -> None:
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(Annotated[int, field]).validate_python(value)
    message, _ = explained(Model, refused.value.errors()[0])
    assert message == english
    assert Translator("ru").reason(message) == russian
