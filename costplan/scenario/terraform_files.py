"""Files that are made of a plan of Terraform: a scenario of the same bill, and a form for its usage."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from costplan.messages.errors import Fault, InputError
from costplan.messages.reason import Reason
from costplan.messages.text import visible
from costplan.resources.kinds import resource_kind
from costplan.scenario.document.files import plan_bytes
from costplan.scenario.document.usage_file import USAGE, WORKLOAD, open_with_usage, read_usage
from costplan.scenario.export import lines_of, quoted
from costplan.source.fields import is_name
from costplan.source.guard import read_file
from costplan.source.reader import SCENARIO_LIMIT_BYTES, Mapping, Scalar, to_plain
from costplan.terraform.usage import ASKED

EXAMPLES = {one.key: one.example for asked in ASKED.values() for one in asked.quantities}
TERRAFORM = "terraform"
NEW = "new"
LOAD_FORM = ("monthly_requests: ~  # 1M/month", "request_duration: ~  # 150 ms", "response_size: ~  # 20 KB")


def scenario_text(reference: str, output: Path | None, workload: Path | None = None) -> str:
    """Return the text of a scenario whose bill is that of a plan.

    Args:
        reference: The plan.
        output: Where it will stand; it gives the scenario its name.
        workload: A file of usage, or another scenario whose workload is taken.

    Raises:
        InputError: The plan cannot be read, or is none.
    """
    document = _plan(reference, workload)
    name = (
        output.stem if output is not None and is_name(output.stem) else to_plain(document.entries["scenario"])
    )
    resources = document.entries["resources"]
    assert isinstance(resources, Mapping)
    head = {key: document.entries[key] for key in ("title", WORKLOAD)}
    return "\n".join(
        [
            f"# Made of {visible(reference)} by `costplan terraform scenario`; its bill is that of the plan.",
            "# A role that is `guessed` is that of the kind: it groups the bill.",
            f"scenario: {name}",
            *lines_of(head, 0),
            "resources:" if resources.entries else "resources: {}",
            *(line for key, node in resources.entries.items() for line in _resource(key, node)),
            *lines_of({TERRAFORM: document.entries[TERRAFORM]}, 0),
            "",
        ]
    )


def _resource(name: str, node: object) -> Iterator[str]:
    assert isinstance(node, Mapping)
    yield f"  {quoted(name)}:"
    kind = node.entries["kind"]
    assert isinstance(kind, Scalar)
    yield f"    kind: {kind.value}"
    if "role" not in node.entries and kind.value is not None:
        yield f"    role: {_role_of(kind.value)}  # guessed"
    yield from lines_of({key: value for key, value in node.entries.items() if key != "kind"}, 2)


def _role_of(kind: str) -> str:
    for model in resource_kind(kind).__mro__:
        field = getattr(model, "own_fields", {}).get("role")
        if field is not None and isinstance(field.default, str):
            return field.default
    return "other"


def _plan(reference: str, workload: Path | None = None) -> Mapping:
    document, whole = open_with_usage(reference, workload)
    if not document.is_plan:
        raise InputError(
            Reason("`{name}` is no plan of Terraform", visible(reference[:120])),
            hint="`terraform show -json FILE > plan.json` writes one",
        )
    return whole


def usage_text(reference: str, before: Path | None) -> tuple[str, int, list[str]]:
    """Return the text of a file of usage: one entry for each resource that is billed by its use, or in part.

    Args:
        reference: The plan.
        before: A file that is there: all that it says stays, and what is new is marked so.

    Returns:
        The text, how many entries are new, and addresses that it has and the plan does not.

    Raises:
        InputError: The plan or the file cannot be read.
    """
    rows_of_plan = _rows(reference)
    asked = _asked(rows_of_plan)
    if before is None:
        rows = [line for address, keys in asked.items() for line in _entry(address, keys, "  ")]
        head = f"# What {visible(reference)} does not know. What hangs on a `~` is in no amount."
        load = [f"  {line}" for line in LOAD_FORM]
        usage = [f"{USAGE}:", *rows] if rows else [f"{USAGE}: {{}}"]
        return "\n".join([head, f"{WORKLOAD}:", *load, *usage, ""]), len(asked), []
    stated = read_usage(before).by_address
    known = stated.entries if stated is not None else {}
    new = {address: keys for address, keys in asked.items() if address not in known}
    return _with_new(before, stated, new), len(new), [one for one in known if one not in rows_of_plan]


def _asked(rows: dict[str, Any]) -> dict[str, list[str]]:
    """Return what is asked of each resource: first of those that are not billed without it."""
    found = [(address, row) for address, row in rows.items() if row.get("usage")]
    found.sort(key=lambda one: one[1]["status"] != "usage-based")
    return {address: row["usage"] for address, row in found if row["status"] != "not-supported"}


def _rows(reference: str) -> dict[str, Any]:
    plain = to_plain(_plan(reference))
    assert isinstance(plain, dict)
    rows: dict[str, Any] = plain[TERRAFORM]["resources"]
    return rows


def _entry(address: str, keys: list[str], indent: str, mark: str = "") -> Iterator[str]:
    yield f"{indent}{quoted(address)}:{mark}"
    yield from (f"{indent}  {key}: ~  # {EXAMPLES.get(key, '')}".rstrip() for key in keys)


def _with_new(before: Path, stated: Mapping | None, new: dict[str, list[str]]) -> str:
    """Return the text of a file with entries behind the line of `usage:`; nothing else of it changes."""
    text = read_file(before, str(before), SCENARIO_LIMIT_BYTES).decode("utf-8")
    if not new:
        return text
    lines = text.split("\n")
    if stated is None or not stated.entries:
        lines = [line for line in lines if line.strip() not in (f"{USAGE}:", f"{USAGE}: {{}}", f"{USAGE}: ~")]
        while lines and not lines[-1].strip():
            lines.pop()
        at, indent = len(lines) + 1, "  "
        lines += [f"{USAGE}:", ""]
    else:
        first = stated.key_mark(next(iter(stated.entries)))
        indent, at = " " * (first.column - 1), first.line - 1
        if lines[at].lstrip() == lines[at] or "{" in lines[at][: first.column]:
            message = Reason("entries can be added to `usage` only where each stands on a line of its own")
            raise InputError(Fault(message, first, USAGE))
    rows = [line for address, keys in new.items() for line in _entry(address, keys, indent, f"  # {NEW}")]
    return "\n".join([*lines[:at], *rows, *lines[at:]])


def redacted_text(reference: str) -> str:
    """Return the text of a plan with nothing in it but what prices hang on.

    Raises:
        InputError: It cannot be read, or is none.
    """
    from costplan.terraform.redacted import redacted_plan

    return redacted_plan(plan_bytes(reference), visible(reference))
