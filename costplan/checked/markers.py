"""What stands beside a type in `Annotated`: how its value is read, which lengths it may have, its schema.

They mean what pydantic's of the same names mean, and pydantic understands them; but importing pydantic and
building its models takes longer than pricing a scenario, so neither is done until a fault is to be explained
or a schema is asked for. See `costplan.checked.model`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple, Protocol, TypeVar

F = TypeVar("F", bound=Callable[..., Any])

REQUIRED: Final[Any] = object()
"""Stands where a field has no default."""


class Info(Protocol):
    """What a validator may ask for besides the value."""

    @property
    def context(self) -> Any:
        """What was handed to the whole validation; None for nothing."""
        ...


class PlainValidator(NamedTuple):
    """The function reads the value: it stands in place of the type."""

    function: Callable[..., Any]

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        """Give pydantic's own."""
        from pydantic import PlainValidator as Own

        return Own(self.function).__get_pydantic_core_schema__(source, handler)


class BeforeValidator(NamedTuple):
    """The function changes what is given before the type reads it."""

    function: Callable[..., Any]
    json_schema_input_type: Any = REQUIRED

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        """Give pydantic's own."""
        from pydantic import BeforeValidator as Own

        kind = self.json_schema_input_type
        own = Own(self.function) if kind is REQUIRED else Own(self.function, json_schema_input_type=kind)
        return own.__get_pydantic_core_schema__(source, handler)


class AfterValidator(NamedTuple):
    """The function checks what the type has read."""

    function: Callable[..., Any]

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        """Give pydantic's own."""
        from pydantic import AfterValidator as Own

        return Own(self.function).__get_pydantic_core_schema__(source, handler)


class WithJsonSchema:
    """The JSON schema of a type that a function reads."""

    def __init__(self, json_schema: dict[str, Any]) -> None:
        self.json_schema = json_schema

    def __get_pydantic_json_schema__(self, core_schema: Any, handler: Any) -> Any:
        """Give pydantic's own."""
        from pydantic import WithJsonSchema as Own

        return Own(self.json_schema).__get_pydantic_json_schema__(core_schema, handler)


class FieldMarker(NamedTuple):
    """Bounds of a value, or the default and the key of a field."""

    default: Any = REQUIRED
    default_factory: Callable[[], Any] | None = None
    alias: str | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    ge: float | None = None
    le: float | None = None
    allow_inf_nan: bool | None = None

    def as_pydantic(self) -> Any:
        """Return pydantic's own field of the same words."""
        from pydantic import Field as Own

        given = {name: value for name, value in self._asdict().items() if value is not _FIELD_DEFAULTS[name]}
        return Own(**given)

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        """Refuse to be ignored, as pydantic does with what it does not know."""
        raise TypeError("bounds are read in the fields of a `Model` only")


_FIELD_DEFAULTS = FieldMarker()._asdict()


def Field(  # noqa: N802 - as pydantic's is called, which every reader of a model knows
    default: Any = REQUIRED,
    *,
    default_factory: Callable[[], Any] | None = None,
    alias: str | None = None,
    min_length: int | None = None,
    max_length: int | None = None,
    pattern: str | None = None,
    ge: float | None = None,
    le: float | None = None,
    allow_inf_nan: bool | None = None,
) -> Any:
    """Say more of a field than its type does."""
    return FieldMarker(
        default, default_factory, alias, min_length, max_length, pattern, ge, le, allow_inf_nan
    )


def model_validator(*, mode: str) -> Callable[[F], F]:
    """Mark a method that checks a whole model: `before` its fields are read, or `after`."""

    def mark(function: F) -> F:
        inner: Any = getattr(function, "__func__", function)
        inner.checks_model = mode
        return function

    return mark
