"""The base of every input model: what is right is read at once, what is not is explained by pydantic.

A `Model` looks like pydantic's and says the same things: its annotations are the one definition of what is
right. From them a reader is made when a model is first used; it takes what is plainly right and nothing else.
Whatever it does not take goes to pydantic's model of the very same fields, made when it is first needed: that
says what is wrong, or takes it after all. pydantic also writes the schemas. So `estimate` of a scenario that
is right never imports pydantic, whose import and first model take as long as all the rest of it.
"""

from __future__ import annotations

import types
import typing
from abc import ABCMeta
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar, dataclass_transform

from costplan.checked.markers import REQUIRED, Field, FieldMarker
from costplan.checked.readers import NOTHING, Plan, plan_of

if TYPE_CHECKING:
    from pydantic import BaseModel, TypeAdapter

M = TypeVar("M", bound="Model")

_BEFORE, _AFTER = "before", "after"


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(Field,))
class ModelType(ABCMeta):
    """Takes the fields of a model out of its body, unread."""

    def __new__(mcs, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **more: Any) -> ModelType:
        """Make a model; its annotations stay texts until it is used."""
        for field, value in namespace.items():
            if type(value).__module__.startswith("pydantic"):
                raise TypeError(f"{name}.{field}: take it from `costplan.checked.markers`, not from pydantic")
        fields = {
            field: _marked(namespace.pop(field, REQUIRED))
            for field, kind in namespace.get("__annotations__", {}).items()
            if not field.startswith("_") and not str(kind).startswith(("ClassVar", "typing.ClassVar"))
        }
        kind = super().__new__(mcs, name, bases, namespace, **more)
        kind.own_fields = fields
        kind.own_checks = {
            found.checks_model: function
            for function in namespace.values()
            if hasattr(found := getattr(function, "__func__", function), "checks_model")
        }
        return kind

    own_fields: dict[str, FieldMarker]
    """Fields of its own body, with their defaults."""
    own_checks: dict[str, Any]
    """Checks of the whole model in its own body: `before` and `after`."""

    @property
    def model_fields(cls) -> Mapping[str, Any]:
        """The fields as pydantic describes them."""
        return pydantic_model(cls).model_fields

    @property
    def plan(cls) -> Plan:
        """How its values are read; made at the first use."""
        if "_plan" not in cls.__dict__:
            cls._plan = plan_of(cls)
        return cls._plan


def _marked(default: Any) -> FieldMarker:
    return default if isinstance(default, FieldMarker) else FieldMarker(default)


class Model(metaclass=ModelType):
    """Frozen, and refuses keys that it does not know."""

    others: typing.ClassVar[Any] = None
    """What keys that it does not know must hold; None refuses them."""

    schema_extra: typing.ClassVar[Callable[[dict[str, Any]], None] | None] = None
    """Changes the schema that pydantic writes."""

    def __init_subclass__(cls, *, others: Any = None, schema_extra: Any = None, **more: Any) -> None:
        super().__init_subclass__(**more)
        cls.others = others or cls.others
        cls.schema_extra = schema_extra and staticmethod(schema_extra)

    def __init__(self, **values: Any) -> None:
        self.__dict__.update(type(self).model_validate(values).__dict__)

    @classmethod
    def model_validate(cls: type[M], data: Any, *, context: Mapping[str, Any] | None = None) -> M:
        """Read plain data.

        Raises:
            pydantic.ValidationError: It is not right.
        """
        try:
            found: M = cls.plan.read(data, NOTHING if context is None else Context(context))
        except (ValueError, AssertionError):
            found = explained(cls).validate_python(data, context=context)
        return found

    @classmethod
    def model_construct(cls: type[M], **values: Any) -> M:
        """Make a model of values that were checked elsewhere; those left out have their defaults."""
        made: M = cls.plan.made(values)
        return made

    @classmethod
    def model_json_schema(cls) -> dict[str, Any]:
        """Return the schema that pydantic writes."""
        return pydantic_model(cls).model_json_schema()

    def model_copy(self: M, *, update: Mapping[str, Any]) -> M:
        """Return a copy with other values, which are not checked."""
        made = object.__new__(type(self))
        made.__dict__.update(self.__dict__, **update)
        return made

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Callable[[Any], Any]) -> Any:
        """Read with pydantic's model of the same fields, and take its values over."""
        from pydantic_core import core_schema

        return core_schema.no_info_wrap_validator_function(cls._read_slowly, handler(pydantic_model(cls)))

    @classmethod
    def _read_slowly(cls: type[M], data: Any, read: Callable[[Any], BaseModel]) -> M:
        return data if isinstance(data, cls) else cls.plan.checked(cls.plan.made(dict(read(data))))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"`{type(self).__name__}` is frozen: {name}")

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        return hash((type(self), *self.__dict__.values()))

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}({', '.join(f'{key}={value!r}' for key, value in self.__dict__.items())})"
        )


class Context:
    """What a whole validation is told."""

    __slots__ = ("context",)

    def __init__(self, context: Mapping[str, Any]) -> None:
        self.context = context


_PYDANTIC: dict[type, type[BaseModel]] = {}
_ADAPTERS: dict[Any, TypeAdapter[Any]] = {}


def explained(kind: Any) -> TypeAdapter[Any]:
    """Return pydantic's reading of a model, made once."""
    from pydantic import TypeAdapter

    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]


def pydantic_model(kind: type) -> type[BaseModel]:
    """Return pydantic's model of the same fields, made once; that of a base is its base."""
    if kind not in _PYDANTIC:
        _PYDANTIC[kind] = _made(kind)
    return _PYDANTIC[kind]


def _made(kind: Any) -> type[BaseModel]:
    from pydantic import BaseModel, ConfigDict, model_validator

    if kind is Model:
        bases: tuple[type, ...] = (BaseModel,)
    else:
        bases = tuple(pydantic_model(base) for base in kind.__bases__ if isinstance(base, ModelType))
    hints = typing.get_type_hints(kind, include_extras=True)
    body: dict[str, Any] = {
        "__module__": kind.__module__,
        "__qualname__": kind.__qualname__,
        "__doc__": kind.__doc__,
        "__annotations__": {name: _in_pydantic(hints[name]) for name in kind.own_fields},
        "model_config": ConfigDict(extra="forbid", frozen=True, defer_build=True),
    }
    for name, field in kind.own_fields.items():
        if field != FieldMarker():
            body[name] = field.as_pydantic()
    if kind.schema_extra is not None:
        body["model_config"]["json_schema_extra"] = kind.schema_extra
    if kind.others is not None:
        body["model_config"]["extra"] = "allow"
        body["__annotations__"]["__pydantic_extra__"] = dict[str, kind.others]
    if _BEFORE in kind.own_checks:
        body["check_before"] = model_validator(mode="before")(kind.own_checks[_BEFORE])
    made: type[BaseModel] = types.new_class(kind.__name__, bases, exec_body=lambda space: space.update(body))
    return made


def _in_pydantic(kind: Any) -> Any:
    """Write bounds in an annotation as pydantic does."""
    origin, parts = typing.get_origin(kind), typing.get_args(kind)
    if origin is typing.Annotated:
        marks = (mark.as_pydantic() if isinstance(mark, FieldMarker) else mark for mark in parts[1:])
        return typing.Annotated[(_in_pydantic(parts[0]), *marks)]
    if origin in (tuple, dict, list):
        return origin[tuple(_in_pydantic(part) for part in parts)]
    if parts and origin is not typing.Literal:
        return typing.Union[tuple(_in_pydantic(part) for part in parts)]  # noqa: UP007 - made of parts
    return kind
