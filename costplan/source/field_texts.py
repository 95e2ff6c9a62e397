"""The text under each field of a class, read from its source: the one description that a field has."""

from __future__ import annotations

import ast
import inspect
import textwrap
import typing
from collections.abc import Iterable, Iterator
from dataclasses import is_dataclass
from functools import lru_cache
from typing import Any

from costplan.checked.model import Model


def reachable_models(roots: Iterable[type]) -> Iterator[type]:
    """Return the classes of ours that fields of the roots, and of those again, are made of."""
    seen: set[type] = set()
    waiting = list(roots)
    while waiting:
        kind = waiting.pop()
        if kind in seen:
            continue
        seen.add(kind)
        yield kind
        module = inspect.getmodule(kind)
        for name in _names_in_annotations(kind):
            waiting += _classes(getattr(module, name, None))


def _classes(annotation: Any) -> Iterator[type]:
    """Find the models in an annotation: `Annotated[tuple[Rate, ...], ...]` -> `Rate`."""
    if isinstance(annotation, type) and (is_dataclass(annotation) or issubclass(annotation, Model)):
        yield annotation
    for part in typing.get_args(annotation):
        yield from _classes(part)


def _names_in_annotations(kind: type) -> set[str]:
    tree = _class_tree(kind)
    if tree is None:
        return set()
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


@lru_cache(maxsize=256)
def _class_tree(kind: type) -> ast.ClassDef | None:
    if not kind.__module__.startswith("costplan."):
        return None
    body = ast.parse(textwrap.dedent(inspect.getsource(kind))).body[0]
    return body if isinstance(body, ast.ClassDef) else None


def field_texts(kind: type) -> dict[str, str]:
    """Return the string under each annotated field of a class."""
    tree = _class_tree(kind)
    texts: dict[str, str] = {}
    for field, below in zip(tree.body, tree.body[1:], strict=False) if tree else ():
        if (
            isinstance(field, ast.AnnAssign)
            and isinstance(field.target, ast.Name)
            and isinstance(below, ast.Expr)
            and isinstance(below.value, ast.Constant)
            and isinstance(below.value.value, str)
        ):
            texts[field.target.id] = " ".join(below.value.value.split())
    return texts
