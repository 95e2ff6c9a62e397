"""What the evaluator works out as Terraform does: functions that it has, and files beside the module."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from costplan.terraform.folder.expressions import as_call, bare, calls_in
from costplan.terraform.folder.modules import ENDING, Module
from costplan.terraform.folder.tokens import Tokens

READING = frozenset(
    ("file", "filebase64", "filemd5", "filesha1", "filesha256", "filesha512",
     "filebase64sha256", "filebase64sha512")
)  # fmt: skip
"""Functions that read a file."""


KNOWN = frozenset((
    "abs", "alltrue", "anytrue", "base64decode", "base64encode", "base64sha256", "base64sha512",
    "basename", "can", "ceil", "chomp", "chunklist", "cidrhost", "cidrnetmask", "cidrsubnet",
    "cidrsubnets", "coalesce", "coalescelist", "compact", "concat", "contains", "csvdecode", "dirname",
    "distinct", "element", "endswith", "file", "filebase64", "filebase64sha256", "filebase64sha512",
    "filemd5", "filesha1", "filesha256", "filesha512", "flatten", "floor", "format", "formatdate",
    "formatlist", "indent", "index", "join", "jsondecode", "jsonencode", "keys", "length", "log", "lookup",
    "lower", "matchkeys", "max", "md5", "merge", "min", "nonsensitive", "one", "parseint", "pow", "range",
    "regex", "regexall", "replace", "reverse", "sensitive", "setintersection", "setproduct", "setsubtract",
    "setunion", "sha1", "sha256", "sha512", "signum", "slice", "sort", "split", "startswith",
    "strcontains", "strrev", "substr", "sum", "timeadd", "timecmp", "title", "tobool", "tolist", "tomap",
    "tonumber", "toset", "tostring", "transpose", "trim", "trimprefix", "trimspace", "trimsuffix", "try",
    "upper", "urlencode", "uuidv5", "values", "yamldecode", "yamlencode", "zipmap",
))  # fmt: skip
"""Functions whose answer is the same; others have none, hang on the machine, or are another each time."""


def unlike(module: Module, expression: Tokens) -> Iterator[str]:
    """Give the functions in an expression that the evaluator does not have, or that may find no file there.

    What it cannot work out is an error to it, of which `try` makes a default in silence.
    """
    for call in calls_in(expression):
        made = as_call(call)
        if made is not None and (
            made[0] not in KNOWN or (made[0] in READING and not _is_beside(module, made[1]))
        ):
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
