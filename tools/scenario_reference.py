"""Write docs/scenario.md, the reference of the scenario file, from the models that read it."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from costplan.capacity.model import Capacity
from costplan.checked.model import Model
from costplan.resources.contract import Resource
from costplan.resources.kinds import KINDS, resource_kind
from costplan.resources.sizing.shape import StatedFor
from costplan.resources.workload import Workload
from costplan.scenario.business import Business
from costplan.scenario.model import Budget, Correlation, Quotas, Scenario, StandIn, Variant
from costplan.scenario.reference import Key, keys_of, kind_keys, kind_summary, serves_requests
from costplan.terraform.inventory import TerraformFile, TerraformResource

PAGE = Path(__file__).parents[1] / "docs" / "scenario.md"
HEAD = Path(__file__).with_name("scenario_head.md").read_text(encoding="utf-8")
"""What stands above the tables."""
EXAMPLE = HEAD.partition("```yaml\n")[2].partition("```")[0]


def page() -> str:
    """Return the whole page."""
    return "\n".join([HEAD.rstrip("\n"), *_sections()])


def _sections() -> Iterator[str]:
    yield _section("The file", keys_of(Scenario))
    yield _section("`workload`", keys_of(Workload, nested=True))
    yield "\n## `resources`\n\n| kind | role | serves requests | what it is |\n| --- | --- | --- | --- |"
    for kind in KINDS:
        role = resource_kind(kind).model_fields["role"].default
        yield f"| `{kind}` | {role} | {'yes' if serves_requests(kind) else ''} | {kind_summary(kind)} |"
    yield _section("Keys of every resource", map(_with_role_of_kind, keys_of(Resource)), "###")
    yield _section("`capacity`, of what serves requests", keys_of(Capacity), "###")
    yield _section("`stated_for`, of what serves requests", keys_of(StatedFor), "###")
    parts = {"capacity": Capacity, "stated_for": StatedFor}
    below = {f"{key}.{name}" for key, model in parts.items() for name in model.model_fields}
    common = {*Resource.model_fields, *below}
    for kind in KINDS:
        keys = [key for key in kind_keys(kind) if key.name not in common]
        yield _section(f"`{kind}`", keys, "###", f"`{resource_kind(kind).example}`")
    others: dict[str, type[Model]] = {
        "budget": Budget, "business": Business, "variants.NAME": Variant, "prices.SKU": StandIn,
        "quotas": Quotas, "correlations[]": Correlation,
        "terraform": TerraformFile, "terraform.resources.ADDRESS": TerraformResource,
    }  # fmt: skip
    for name, model in others.items():
        yield _section(f"`{name}`", keys_of(model, nested=True))


def _with_role_of_kind(key: Key) -> Key:
    """A role may be left out: each kind has its own."""
    return replace(key, required=False, default="that of the kind") if key.name == "role" else key


def _section(title: str, keys: Iterable[Key], level: str = "##", about: str = "") -> str:
    rows = [_row(key) for key in keys]
    lead = [about, ""] if about else []
    table = ["| key | type | default | meaning |", "| --- | --- | --- | --- |", *rows] if rows else []
    return "\n".join([f"\n{level} {title}", "", *lead, *table])


def _row(key: Key) -> str:
    default = "**required**" if key.required else f"`{key.default}`" if key.default else ""
    cells = [f"`{key.name}`", key.type, default, key.meaning]
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


if __name__ == "__main__":
    PAGE.write_text(page() + "\n", encoding="utf-8")
    sys.stdout.write(f"wrote {PAGE.name}\n")
