"""What Pydantic finds wrong with a result file keeps its English, and is said in Russian."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest
from pydantic import Field, TypeAdapter, ValidationError

from costplan.language.translator import Translator
from costplan.measurement.check_words import check_reason


@pytest.mark.parametrize(
    ("kind", "value", "russian"),
    [
        (Annotated[int, Field(gt=0)], 0, "должно быть больше 0"),
        (Annotated[int, Field(lt=9)], 9, "должно быть меньше 9"),
        (Annotated[int, Field(ge=1)], 0, "должно быть не меньше 1"),
        (Annotated[float, Field(le=1e9)], 2e9, "должно быть не больше 1000000000"),
        (str, 1, "нужен текст"),
        (int, [], "нужно целое число"),
        (float, [], "нужно число"),
        (bool, [], "нужно true или false"),
        (list[int], 1, "нужен список"),
        (dict[str, int], 1, "нужен словарь"),
        (Literal["a", "b"], "c", "нужно одно из: 'a' or 'b'"),
        (Annotated[float, Field(allow_inf_nan=False)], float("inf"), "нужно конечное число"),
    ],
)
def test_a_sentence_of_pydantic(kind: Any, value: object, russian: str) -> None:
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(kind).validate_python(value)
    sentence = refused.value.errors()[0]["msg"]
    said = check_reason(sentence)
    assert said == sentence[0].lower() + sentence[1:]
    assert Translator("ru").reason(said).startswith(russian)


def test_another_sentence_stays() -> None:
    assert check_reason("Datetimes provided are strange") == "datetimes provided are strange"
