"""A plan or a state as `terraform show -json` writes it: read, or refused."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from json import JSONDecodeError
from typing import Any

from costplan.messages.errors import Fault, InputError, SourceLocation
from costplan.messages.reason import Reason
from costplan.messages.text import visible
from costplan.source.guard import kind_by_signature

PLAN_LIMIT_BYTES = 128 * 2**20
"""Largest plan: one of 10,000 machines is about 50 MB."""
FORMATS = ("0.1", "0.2", "1.")
"""Versions of the format that can be read: a new major version is another format."""
HOW = Reason("write it anew: `terraform show -json FILE > plan.json`")
_HEAD = 4096
_MARKS = (b'"format_version"', b'"terraform_version"', b'"planned_values"', b'"@level"')
_BINARY = b"PK\x03\x04"
"""How a plan begins that Terraform has not shown yet."""


@dataclass(frozen=True, slots=True)
class PlanFile:
    """The parts of a document of Terraform that say what there will be."""

    file: str
    """As messages call it."""
    root: dict[str, Any]
    """The root module: `planned_values` of a plan, `values` of a state."""
    prior: dict[str, Any]
    """The root module of what is there before, and of what was looked up; empty for a state."""
    changes: dict[str, Any] = field(default_factory=dict)
    """Address -> its change, with what is known after apply only; empty for a state."""
    configuration: dict[str, Any] = field(default_factory=dict)
    """The root module as it is written: who refers to whom; empty for a state."""
    moves: dict[str, str] = field(default_factory=dict)
    """Address -> the one that the resource has before, where it moves."""
    is_state: bool = False
    is_complete: bool = True
    """False for a plan of some targets only, and where Terraform defers something."""
    is_without_terraform: bool = False
    """Whether it is a folder of .tf files that was read without Terraform."""


def is_plan(head: bytes) -> bool:
    """Say whether bytes begin like a document of Terraform, and not like a scenario."""
    start = head[:_HEAD].removeprefix(b"\xef\xbb\xbf").lstrip()
    return start.startswith(_BINARY) or (start.startswith(b"{") and any(mark in start for mark in _MARKS))


def read_plan(data: bytes, file: str) -> PlanFile:
    """Read a plan or a state.

    Raises:
        InputError: It is cut off, of another format, or none at all.
    """
    document = _json(data, file)
    _check_format(document, file)
    is_state = "planned_values" not in document
    values = document.get("values" if is_state else "planned_values")
    if not isinstance(values, dict):
        raise _refused(file, Reason("holds neither `planned_values` nor `values`"), HOW)
    prior = {} if is_state else _at(document, "prior_state", "values", "root_module")
    changes = document.get("resource_changes")
    return PlanFile(
        file,
        _at(values, "root_module"),
        prior,
        {
            str(one["address"]): one["change"]
            for one in (changes if isinstance(changes, list) else [])
            if isinstance(one, dict) and isinstance(one.get("change"), dict) and "address" in one
        },
        _at(document, "configuration", "root_module"),
        _moves(changes),
        is_state,
        document.get("complete") is not False and document.get("errored") is not True,
    )


def _moves(changes: object) -> dict[str, str]:
    """Return which addresses are new names of others."""
    return {
        str(one["address"]): str(one["previous_address"])
        for one in (changes if isinstance(changes, list) else [])
        if isinstance(one, dict) and "address" in one and one.get("previous_address")
    }


def before_plan(plan: PlanFile) -> PlanFile:
    """Return what is there before a plan, as a state; what was looked up stays known."""
    return replace(plan, root=plan.prior, changes={}, moves={}, is_state=True, is_complete=True)


def _at(document: dict[str, Any], *keys: str) -> dict[str, Any]:
    """Return what stands under keys; nothing where it is not there."""
    for key in keys:
        found = document.get(key)
        if not isinstance(found, dict):
            return {}
        document = found
    return document


def _json(data: bytes, file: str) -> dict[str, Any]:
    guess = kind_by_signature(data)
    if guess:
        raise _refused(file, Reason("the file is {guess}, not JSON", guess), HOW)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refused(file, Reason("byte {number} is not UTF-8", error.start + 1), HOW) from None
    del data
    try:
        found = json.loads(text, parse_float=str, parse_constant=_no_number)
    except JSONDecodeError as error:
        raise InputError(_broken(text, file, error)) from None
    except RecursionError:
        raise _refused(file, Reason("modules or values are nested too deep"), None) from None
    except _NoNumberError as error:
        raise _refused(
            file, Reason("holds a number that is none: {why}", Reason.of(str(error))), HOW
        ) from None
    except ValueError:  # Python reads no whole number of thousands of digits
        raise _refused(file, Reason("holds a number with too many digits"), HOW) from None
    if not isinstance(found, dict):
        raise _refused(file, Reason("is no plan of Terraform: it is not an object"), HOW)
    return found


class _NoNumberError(ValueError):
    """A word like `NaN` stands where JSON has a number."""


def _no_number(text: str) -> str:
    raise _NoNumberError(text)


def _broken(text: str, file: str, error: JSONDecodeError) -> Fault:
    mark = SourceLocation(file, error.lineno, error.colno)  # without its text: that may be a secret
    if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string"):
        return Fault(Reason("the JSON is cut off"), mark, hint=HOW)
    return Fault(Reason("is not JSON: {why}", Reason.of(error.msg)), mark, hint=HOW)


def _check_format(document: dict[str, Any], file: str) -> None:
    version = document.get("format_version")
    if version is None:
        raise _refused(file, Reason("is no plan of Terraform: it has no `format_version`"), HOW)
    if not isinstance(version, str) or not version.startswith(FORMATS):
        message = Reason(
            "format version {version} is not read; costplan reads version 1", visible(str(version)[:20])
        )
        raise _refused(file, message, HOW)


def _refused(file: str, message: Reason, hint: Reason | None) -> InputError:
    return InputError(Fault(message, SourceLocation(file, 1, 1), hint=hint))
