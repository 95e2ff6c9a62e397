"""Write docs/scenario.md, the reference of the scenario file, from the models that read it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from costplan.capacity.model import Capacity
from costplan.checked.model import Model
from costplan.resources.contract import Resource
from costplan.resources.kinds import KINDS, resource_kind
from costplan.resources.workload import Workload
from costplan.scenario.business import Business
from costplan.scenario.model import Budget, Correlation, Quotas, Scenario, StandIn, Variant
from costplan.scenario.reference import Key, keys_of, kind_keys, kind_summary, serves_requests

PAGE = Path(__file__).parents[1] / "docs" / "scenario.md"
EXAMPLE = """\
scenario: shop
title: An API that recognises photos
workload:
  monthly_requests: 300K/month
  request_duration: {value: 400 ms, assumed: "as on our laptop", uncertain: {low: 200 ms, high: 800 ms}}
  response_size: 20 KB
  slo: p95 <= 1.5 s
resources:
  api: {kind: serverless-container, vcpu: 1, memory: 1 GB}
  network: {kind: network}
budget: 5000 RUB
variants:
  half: {title: Half a core, set: {resources.api.vcpu: 0.5}}
"""
HEAD = f"""\
# The scenario file

Made from the models that read the file by `make docs`. The same is told by `costplan scenario kinds`,
`costplan scenario kind KIND` and, for a whole scenario, `costplan scenario show SCENARIO`.

```yaml
{EXAMPLE}```

## Ways of writing

| what | how |
| --- | --- |
| money | `2000 USD`, `150000RUB`, `{{RUB: 0.4}}`, `{{RUB: 490, USD: 5}}`; there is no exchange rate |
| an SLO | `p95 <= 1.5 s`, `p95<=1.5s`, `p95:1.5s` |
| requests | `5M`, `5M/month`, `100/day`, `10 req/s`, `10 rps` |
| a size | `16 GB`, `512 MB`; 1 GB is 2^30 bytes |
| a time | `150 ms`, `5 min`, `30 days`; a month is 720 hours |
| running time | `24x7`, `9-18 mon-fri`, `200 h`, `50%` |
| a share, a growth | `60%`, `0.6`; `10%/month`, `2x/year` |
| a value with its reason | `{{value: 400 ms, assumed: "why"}}`, or `measured:` with the source |
| a range | `{{value: 400 ms, uncertain: {{low: 200 ms, high: 800 ms}}}}`; also `likely`, `distribution` |
| a result of `costplan bench` | `{{measured: FILE}}` in place of a time or a capacity |

`extends: NAME` (or a path) lays the file over another scenario: mappings merge, all else is replaced, `~`
deletes.
"""


def page() -> str:
    """Return the whole page."""
    return "\n".join([HEAD, *_sections()])


def _sections() -> Iterator[str]:
    yield _section("The file", keys_of(Scenario))
    yield _section("`workload`", keys_of(Workload, nested=True))
    yield "## `resources`\n\n| kind | role | serves requests | what it is |\n| --- | --- | --- | --- |"
    for kind in KINDS:
        role = resource_kind(kind).model_fields["role"].default
        yield f"| `{kind}` | {role} | {'yes' if serves_requests(kind) else ''} | {kind_summary(kind)} |"
    yield _section("\nKeys of every resource", keys_of(Resource), "###")
    yield _section("`capacity`, of what serves requests", keys_of(Capacity), "###")
    common = {*Resource.model_fields, *(f"capacity.{name}" for name in Capacity.model_fields)}
    for kind in KINDS:
        keys = [key for key in kind_keys(kind) if key.name not in common]
        yield _section(f"`{kind}`", keys, "###", f"`{resource_kind(kind).example}`")
    others: dict[str, type[Model]] = {
        "budget": Budget, "business": Business, "variants.NAME": Variant, "prices.SKU": StandIn,
        "quotas": Quotas, "correlations[]": Correlation,
    }  # fmt: skip
    for name, model in others.items():
        yield _section(f"`{name}`", keys_of(model, nested=True))


def _section(title: str, keys: Iterator[Key] | list[Key], level: str = "##", about: str = "") -> str:
    rows = [_row(key) for key in keys]
    lead = [about, ""] if about else []
    table = ["| key | type | default | meaning |", "| --- | --- | --- | --- |", *rows] if rows else []
    heading = title.lstrip("\n")
    return "\n".join([f"\n{level} {heading}", "", *lead, *table])


def _row(key: Key) -> str:
    default = "**required**" if key.required else f"`{key.default}`" if key.default else ""
    cells = [f"`{key.name}`", key.type, default, key.meaning]
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


if __name__ == "__main__":
    PAGE.write_text(page() + "\n", encoding="utf-8")
    sys.stdout.write(f"wrote {PAGE.name}\n")
