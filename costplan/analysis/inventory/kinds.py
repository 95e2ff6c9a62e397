"""The resource kinds, and one of them with its keys: what a scenario may name."""

from __future__ import annotations

from dataclasses import dataclass

from costplan.messages.errors import Fault, InputError, did_you_mean
from costplan.messages.reason import Reason
from costplan.messages.result import Result
from costplan.messages.text import visible
from costplan.resources.kinds import KINDS, resource_kind
from costplan.scenario.reference import Key, kind_keys, kind_lines, kind_summary, serves_requests

KIND_LIST_SCHEMA = "costplan/kind-list/1"
KIND_REFERENCE_SCHEMA = "costplan/kind-reference/1"


@dataclass(frozen=True, slots=True)
class ListedKind:
    """One kind."""

    kind: str
    summary: str
    role: str
    """Role of its resources where they state none."""
    serves_requests: bool
    """Whether requests wait for it, so that it has a `capacity`."""


@dataclass(frozen=True, slots=True)
class KindList(Result):
    """All kinds."""

    schema: str
    kinds: tuple[ListedKind, ...]


@dataclass(frozen=True, slots=True)
class KindReference(Result):
    """One kind with its keys."""

    schema: str
    kind: str
    summary: str
    role: str
    """Role of its resources where they state none."""
    serves_requests: bool
    """Whether requests wait for it, so that it has a `capacity`."""
    keys: tuple[Key, ...]
    """In the order of the file; keys inside others have their path as the name."""
    example: str
    """A resource of the kind, as YAML under `resources`."""


def kind_list() -> KindList:
    """Return all kinds."""
    return KindList(KIND_LIST_SCHEMA, tuple(_listed(kind) for kind in KINDS))


def kind_reference(kind: str) -> KindReference:
    """Return a kind with its keys.

    Raises:
        InputError: There is no such kind.
    """
    if kind not in KINDS:
        hint = did_you_mean(kind, KINDS) or "one of these"
        message = Reason("there is no resource kind `{kind}`", visible(kind[:60]))
        raise InputError(Fault(message, hint=hint, choices=kind_lines()))
    listed, model = _listed(kind), resource_kind(kind)
    example = f"resources:\n  mine: {model.example}\n"
    return KindReference(
        KIND_REFERENCE_SCHEMA, kind, listed.summary, listed.role, listed.serves_requests,
        tuple(kind_keys(kind)), example,
    )  # fmt: skip


def _listed(kind: str) -> ListedKind:
    role = str(resource_kind(kind).model_fields["role"].default)
    return ListedKind(kind, kind_summary(kind), role, serves_requests(kind))
