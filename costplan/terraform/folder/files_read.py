"""Files that expressions read: those beside the module are there for the evaluator too, others are not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from costplan.terraform.folder.expressions import as_call, bare, calls_in
from costplan.terraform.folder.modules import ENDING, Module
from costplan.terraform.folder.tokens import Tokens

READING = frozenset(
    ("file", "templatefile", "filebase64", "filemd5", "filesha1", "filesha256", "filesha512",
     "filebase64sha256", "filebase64sha512")
)  # fmt: skip
"""Functions that read a file."""


def unread_files(module: Module, expression: Tokens) -> Iterator[str]:
    """Give the functions in an expression that read what the evaluator may not find."""
    for call in calls_in(expression):
        made = as_call(call)
        if made is not None and made[0] in READING and not _is_beside(module, made[1]):
            yield made[0]


def _is_beside(module: Module, arguments: list[Tokens]) -> bool:
    """Say whether a path is written out, and leads to a file in the folder of its module."""
    path = bare(arguments[0]) if arguments else ()
    if len(path) != 1 or path[0].kind != "text":
        return False
    parts = ["".join(token.text for token in part) for part in path[0].parts]
    inside = path[0].text.lstrip("/")
    is_of_module = parts == ["path.module"] or (module.parent is None and parts in ([], ["path.root"]))
    if not is_of_module or not inside or ".." in PurePosixPath(inside).parts or inside.startswith("."):
        return False
    if not parts and path[0].text.startswith("/"):
        return False
    file = module.folder / inside
    try:
        is_there = file.is_file() and file.resolve().is_relative_to(module.folder.resolve())
    except OSError:
        return False
    return is_there and not inside.endswith((ENDING, ".tfvars"))
