"""JSON Schemas of what costplan reads and writes, with the text under each field as its description."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from itertools import combinations
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import models_json_schema

from costplan.analysis.policy.policy_file import Policy
from costplan.catalog.bounds import ServiceLimits, ServiceQuotas
from costplan.catalog.model import CatalogIndex, Service
from costplan.checked.model import Model, pydantic_model
from costplan.output.registry import DOCUMENTS
from costplan.quantities.distribution import SHAPES
from costplan.resources.kinds import KINDS, resource_kind
from costplan.scenario.account.model import Account
from costplan.scenario.document.overrides import MARKS
from costplan.scenario.model import Scenario
from costplan.source.field_texts import field_texts, reachable_models

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_of(name: str) -> dict[str, Any]:
    """Return one of `SCHEMAS`.

    Raises:
        KeyError: There is no such schema.
    """
    found = SCHEMAS[name]()
    return {"$schema": DIALECT, **found}


def _scenario() -> dict[str, Any]:
    """A scenario: resources are told apart by `kind`; what `extends` brings along may be left out."""
    kinds = {name: resource_kind(name) for name in KINDS}
    models: list[type[Model]] = [Scenario, *kinds.values()]
    _, combined = models_json_schema(
        [(pydantic_model(model), "validation") for model in models], by_alias=True
    )
    definitions = combined["$defs"]
    _describe(definitions, models)
    for kind, field in (("KubernetesNodeGroup", "nodes"), ("ComputeInstance", "count")):
        number = definitions[kind]["properties"][field]
        number["anyOf"] = [{"type": ["integer", "string"]}, {"$ref": number.pop("$ref")}]
    for definition in definitions.values():
        _allow_origins(definition)
    top = definitions.pop("Scenario")
    needs = {name: definitions[kind.__name__].pop("required") for name, kind in kinds.items()}
    load = definitions["Workload"].pop("required")
    own = [key for key in top.pop("required") if key != "scenario"]
    top["properties"]["extends"] = {
        "type": "string",
        "description": "Scenario that this one is laid over: a shipped one's name, or a path.",
    }
    resources = top["properties"]["resources"]
    [names] = resources["patternProperties"]
    resources |= {
        "description": "What is paid for, by name; over another scenario, nothing (`~`) takes one away.",
        "patternProperties": {names: {"$ref": "#/$defs/Resource"}},
        "additionalProperties": False,
    }
    definitions["Marked"] = MARKED
    definitions["Uncertain"] = _uncertain()
    definitions["FromFile"] = FROM_FILE
    _allow_result_files(definitions)
    definitions["Resource"] = {
        "type": ["object", "null"],
        "properties": {"kind": {"enum": list(KINDS)}},
        "allOf": [_if_kind(name, {"$ref": f"#/$defs/{kind.__name__}"}) for name, kind in kinds.items()],
    }
    whole = {
        "type": "object",
        "required": ["kind"],
        "allOf": [_if_kind(name, {"required": required}) for name, required in needs.items()],
    }
    return {
        **top,
        "required": ["scenario"],
        "if": {"not": {"required": ["extends"]}},
        "then": {
            "required": own,
            "properties": {"workload": {"required": load}, "resources": {"additionalProperties": whole}},
        },
        "$defs": definitions,
    }


def _if_kind(name: str, then: dict[str, Any]) -> dict[str, Any]:
    named = {"type": "object", "properties": {"kind": {"const": name}}, "required": ["kind"]}
    return {"if": named, "then": then}


MARKED: dict[str, Any] = {
    "type": "object",
    "description": "A value with where it comes from, which the bill repeats.",
    "properties": {
        "value": {"type": ["string", "number", "boolean"], "description": "The value itself."},
        "assumed": {"type": "string", "description": "Why this value was taken; nobody stated one."},
        "measured": {"type": "string", "description": "The measurement that the value comes from."},
        "published": {"type": "string", "description": "Who published the value, of what."},
        "uncertain": {"$ref": "#/$defs/Uncertain"},
    },
    "required": ["value"],
    "anyOf": [{"required": [name]} for name in ("assumed", "measured", "published", "uncertain")],
    "not": {"anyOf": [{"required": [*pair]} for pair in combinations(MARKS, 2)]},
    "additionalProperties": False,
}


def _uncertain() -> dict[str, Any]:
    """A range or a distribution; its figures are written as the field's own value is."""
    figure = {"type": ["string", "number"]}
    return {
        "type": "object",
        "description": "How sure the value is; `--uncertain` and `costplan sensitivity` read it.",
        "properties": {
            "distribution": {
                "enum": list(SHAPES),
                "description": "`pert` when left out, `uniform` where there is no `likely`.",
            },
            "low": {**figure, "description": "Lowest value; the 10th percentile of (log)normal ones."},
            "likely": {**figure, "description": "The peak of a `pert` or `triangular` distribution."},
            "high": {**figure, "description": "Highest value; the 90th percentile of (log)normal ones."},
            "assumed": {"type": "string", "description": "Why this range was taken."},
        },
        "required": ["low", "high"],
        "additionalProperties": False,
    }


FROM_FILE: dict[str, Any] = {
    "type": "object",
    "description": "A result of `costplan bench` that the value is taken from.",
    "properties": {
        "measured": {
            "type": "string",
            "description": "A shipped measurement's name, or a path relative to the scenario.",
        }
    },
    "required": ["measured"],
    "additionalProperties": False,
}


REQUEST_LOG: dict[str, Any] = {
    "type": "string",
    "description": "A CSV with a column `time`, and `requests` where it counts them; it gives the weights.",
}


def _allow_result_files(definitions: dict[str, Any]) -> None:
    """Let a capacity, and the time of a request, name a result file in place of the figures."""
    for definition in definitions.values():
        for name in ("request_duration", "duration"):
            if name in definition.get("properties", {}):
                definition["properties"][name]["anyOf"].append({"$ref": "#/$defs/FromFile"})
    capacity = definitions["Capacity"]
    capacity["properties"]["measured"] = FROM_FILE["properties"]["measured"]
    definitions["Arrivals"]["properties"]["log"] = REQUEST_LOG
    capacity["anyOf"] = [
        {"required": [name]} for name in ("measured", "published", "requests_per_second", "waiting")
    ]


def _allow_origins(definition: dict[str, Any]) -> None:
    """Let every number and switch of a model be written as `{value: ..., assumed: ...}` too."""
    for name, schema in definition.get("properties", {}).items():
        for by_key in schema.get("anyOf", [schema]):
            values = by_key.get("additionalProperties")
            if isinstance(values, dict) and values.get("type") == ["string", "number"]:
                by_key["additionalProperties"] = {"anyOf": [values, {"$ref": "#/$defs/Marked"}]}
        kinds = [part.get("type") for part in schema.get("anyOf", [schema])]
        if not any(
            kind in (["string", "number"], ["integer", "string"], "integer", "boolean") for kind in kinds
        ):
            continue
        about = {key: schema.pop(key) for key in ("description", "default", "title") if key in schema}
        choices = [part for part in schema.get("anyOf", [schema]) if part.get("type") != "null"]
        definition["properties"][name] = {**about, "anyOf": [*choices, {"$ref": "#/$defs/Marked"}]}


def _model(model: type[Model]) -> Callable[[], dict[str, Any]]:
    def build() -> dict[str, Any]:
        schema = model.model_json_schema()
        definitions = schema.get("$defs", {})
        _describe({**definitions, model.__name__: schema}, [model])
        return schema

    return build


def _account() -> dict[str, Any]:
    """An account; over another one that it extends, all but its name may be left out."""
    schema = _model(Account)()
    own = [key for key in schema.pop("required") if key != "account"]
    extends = {"type": "string", "description": "Account that this one is laid over: a path."}
    schema["properties"]["extends"] = extends
    return {
        **schema,
        "required": ["account"],
        "if": {"not": {"required": ["extends"]}},
        "then": {"required": own},
    }


def _service() -> dict[str, Any]:
    """A service of a catalog; a lone price stands for the rate from 0, a lone number for a rule's reading."""
    schema = _model(Service)()
    rates = schema["$defs"]["PricingVersion"]["properties"]["rates"]
    choices = schema["$defs"]["Rule"]["properties"]["choices"]
    for field in (rates, choices):
        lone = {"type": ["number", "string"]}
        field["additionalProperties"] = {"anyOf": [lone, field["additionalProperties"]]}
    return schema


def _document(reference: str) -> Callable[[], dict[str, Any]]:
    """Return what makes the schema of a document from its module and class."""

    def build() -> dict[str, Any]:
        module, _, name = reference.partition(":")
        kind = getattr(import_module(f"costplan.{module}"), name)
        schema = TypeAdapter(kind).json_schema(mode="serialization")
        _describe({**schema.get("$defs", {}), kind.__name__: schema}, [kind])
        return schema

    return build


SCHEMAS: dict[str, Callable[[], dict[str, Any]]] = {
    "scenario": _scenario,
    "account": _account,
    "catalog": _service,
    "catalog-index": _model(CatalogIndex),
    "policy": _model(Policy),
    "quotas": _model(ServiceQuotas),
    "limits": _model(ServiceLimits),
    **{name: _document(row.kind) for name, row in DOCUMENTS.items()},
    "calibration": _document("measurement.model:Calibration"),
}
"""Name on the command line -> builder."""


def _describe(definitions: dict[str, Any], roots: Sequence[type]) -> None:
    """Give every property the text under its field, in all classes that are reached from the roots."""
    for kind in reachable_models(roots):
        properties = definitions.get(kind.__name__, {}).get("properties", {})
        for base in reversed(kind.__mro__):
            for name, text in field_texts(base).items():
                if name in properties:
                    properties[name]["description"] = text
