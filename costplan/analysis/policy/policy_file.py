"""The file of a policy: rules with a level, which scenarios they are for, and the exceptions granted."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Any, Literal

from costplan.checked.markers import Field, PlainValidator, WithJsonSchema, model_validator
from costplan.checked.records import dataclass
from costplan.messages.reason import Reason
from costplan.messages.text import listed
from costplan.quantities.money import Money, parse_decimal, parse_money
from costplan.resources.contract import Role
from costplan.source.fields import (
    MAX_LIST,
    MAX_SCALAR,
    Amount,
    Date,
    Duration,
    Model,
    Name,
    Share,
    Text,
    Whole,
    checked_text,
)


def _pattern(value: object) -> str:
    text = checked_text(value)
    if not text.strip():
        raise ValueError("is empty, and must be a name or a pattern such as `stage*`")
    if len(text) > MAX_SCALAR:
        raise ValueError(Reason("is longer than {most} characters ({count})", MAX_SCALAR, len(text)))
    return text


def _increase(value: object) -> Money | Fraction:
    """Read `5000 RUB` or `10%`; growth may be above 100 %."""
    text = checked_text(value).strip(" ")
    if not text.endswith("%"):
        return parse_money(text)
    return Fraction(parse_decimal(text[:-1])) / 100


Pattern = Annotated[
    str,
    PlainValidator(_pattern),
    WithJsonSchema({"type": "string", "maxLength": MAX_SCALAR, "examples": ["stage2", "shop-*"]}),
]
"""A name, in which `*` stands for anything, `?` for one character and `[ab]` for one of some."""
Patterns = Annotated[tuple[Pattern, ...], Field(max_length=MAX_LIST)]
Increase = Annotated[
    Money | Fraction,
    PlainValidator(_increase),
    WithJsonSchema({"type": "string", "examples": ["10%", "5000 RUB"]}),
]

MONEY_RULES = ("max_cost", "max_increase", "max_assumed", "max_unpriced", "max_price_age")
PART_RULES = (*MONEY_RULES, "preemptible", "backups", "min_zones")
"""Kinds of rules that may be about some resources only."""
WHOLE_RULES = (
    "max_cost_per_million",
    "required_roles",
    "ending_services",
    "slo",
    "feasibility",
    "quotas",
)
REQUIREMENTS = (*PART_RULES, *WHOLE_RULES)
"""Keys of which a rule has exactly one."""


def _has_one_requirement(schema: dict[str, Any]) -> None:
    schema["oneOf"] = [{"required": [key]} for key in REQUIREMENTS]


class Rule(Model, schema_extra=_has_one_requirement):
    """One requirement, and what happens where a scenario breaks it."""

    name: Name
    """What results, waivers and artefacts call it."""
    level: Literal["warn", "fail"] = "fail"
    """`fail` makes the answer no, `warn` is told."""
    when_unknown: Literal["warn", "fail"] | None = None
    """What happens where it cannot be said whether the rule holds; as its level when left out."""
    note: Text | None = None
    """Why the rule is there."""
    roles: Annotated[tuple[Role, ...], Field(max_length=MAX_LIST)] = ()
    """Only resources of these roles; all where neither roles nor resources are named."""
    resources: Patterns = ()
    """Only resources of these names, or addresses in Terraform; `*` stands for anything."""

    max_cost: Amount | None = None
    """Most that a month may cost, by the price list of the amount's currency."""
    max_increase: Increase | None = None
    """Most that a month may cost more than before (`--base`): `10%` or an amount."""
    max_cost_per_million: Amount | None = None
    """Most that a million requests may cost."""
    max_assumed: Share | None = None
    """Largest part of the cost that rests on assumed prices or quantities, or has no price."""
    max_unpriced: Whole | None = None
    """Most cost components without a price."""
    max_price_age: Duration | None = None
    """Longest time since the prices in use were last looked up: `90 days`."""
    preemptible: Literal["forbidden"] | None = None
    """No machines that the provider may stop."""
    backups: Literal["required"] | None = None
    """Databases state the backups that are kept."""
    min_zones: Whole | None = None
    """In so many zones everything that serves requests has one of it at least."""
    required_roles: Annotated[tuple[Role, ...], Field(min_length=1, max_length=MAX_LIST)] | None = None
    """Each of these roles has a resource."""
    ending_services: Literal["forbidden"] | None = None
    """No services that their provider closes."""
    slo: Literal["kept"] | None = None
    """The SLO is stated and kept."""
    feasibility: Literal["kept"] | None = None
    """Capacity, SLO and the provider's limits are enough."""
    quotas: Literal["enough"] | None = None
    """No quota must be raised first."""

    @model_validator(mode="after")
    def _is_one_rule(self) -> Rule:
        found = [key for key in REQUIREMENTS if getattr(self, key) is not None]
        if not found:
            raise ValueError(Reason("states no requirement: one of {keys}", listed(REQUIREMENTS, 20)))
        if len(found) > 1:
            raise ValueError(
                Reason("states {keys}: write a rule for each, with a name of its own", listed(found))
            )
        if found[0] in WHOLE_RULES and (self.roles or self.resources):
            raise ValueError(
                Reason("`{key}` is about the whole design: leave `roles` and `resources` out", found[0])
            )
        return self

    @property
    def requires(self) -> str:
        """Which requirement it states, by its key."""
        return next(key for key in REQUIREMENTS if getattr(self, key) is not None)

    @property
    def is_about_parts(self) -> bool:
        """Whether it is about some resources only."""
        return bool(self.roles or self.resources)


class Applies(Model):
    """Which scenarios a policy is for; all that both lists mean."""

    folders: Patterns = ()
    """Folders from the top of the repository, with all in them; any when left out."""
    scenarios: Patterns = ()
    """Names of scenarios, with or without their variants; any when left out."""


class Waiver(Model):
    """An exception to one rule."""

    rule: Name
    """Name of the rule."""
    scenario: Pattern = "*"
    """Name of the scenario, with its variants: `stage2:lean`; `*` stands for anything."""
    folder: Pattern = "*"
    """Folder of the scenario from the top of the repository, with all in it."""
    until: Date
    """Last day on which it holds."""
    reason: Text
    """Why it was granted."""


def _has_rules(schema: dict[str, Any]) -> None:
    """Say that there must be a rule: whoever reads the file says so only where no rule is wrong."""
    schema["properties"]["rules"]["minItems"] = 1


class Policy(Model, schema_extra=_has_rules):
    """Rules for designs, kept in a file beside them."""

    schema_: Annotated[Text | None, Field(alias="$schema")] = None
    """Where the schema of this file is, for editors."""
    policy: Name
    """What the policy is called."""
    note: Text | None = None
    """What it is for."""
    applies: Applies = Field(default_factory=Applies)
    """Which scenarios it is for; all when left out."""
    rules: Annotated[tuple[Rule, ...], Field(max_length=MAX_LIST)]
    """The rules, in the order in which results are given."""
    waivers: Annotated[tuple[Waiver, ...], Field(max_length=MAX_LIST)] = ()
    """Exceptions, each with a reason and an end."""


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """A policy that was read, and where its parts stand."""

    policy: Policy
    file: str
    """Path from the top of the repository, else as it was named."""
    rule_lines: tuple[int, ...]
    waiver_lines: tuple[int, ...]
