"""What a scenario leaves open for a plan: `choose` sections, a list of values for a field."""

from __future__ import annotations

from typing import Annotated

from costplan.checked.markers import Field, PlainValidator, WithJsonSchema
from costplan.messages.reason import Reason
from costplan.source.fields import MAX_LIST, Text

MAX_ALTERNATIVES = 100
"""Most values of one choice."""


def _alternatives(value: object) -> tuple[object, ...]:
    if value == "auto":
        return (value,)
    if not isinstance(value, list):
        raise ValueError("must be a list of values: `[2, 4, 8]`")
    if not value:
        raise ValueError("is an empty list: there is nothing to choose from")
    if len(value) > MAX_ALTERNATIVES:
        raise ValueError(
            Reason(
                "holds {count} values; at most {most} can be chosen from",
                len(value),
                MAX_ALTERNATIVES,
            )
        )
    return tuple(value)


Alternatives = Annotated[
    tuple[object, ...],
    PlainValidator(_alternatives),
    WithJsonSchema({"anyOf": [{"type": "array", "minItems": 1, "items": True}, {"const": "auto"}]}),
]
"""Values that `costplan plan` may choose from."""
Choices = Annotated[dict[Text, Alternatives], Field(max_length=MAX_LIST)]
