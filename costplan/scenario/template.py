"""The file that a new scenario begins as: what is usually changed, over a shipped scenario."""

from __future__ import annotations

from pydantic import TypeAdapter, ValidationError

from costplan.messages.errors import InputError, did_you_mean
from costplan.messages.reason import Reason
from costplan.messages.text import listed, visible
from costplan.scenario.document.files import open_document, shipped_scenarios
from costplan.scenario.load import extended
from costplan.source.fields import Name
from costplan.source.reader import Mapping, Scalar

TEMPLATE = """\
# yaml-language-server: $schema={schema}
# Completion in an editor: `costplan schema scenario -o {schema}`.
# Changes to `{base}`: see it with `costplan estimate {base}`.

scenario: {name}
extends: {base}
title: {title}

workload:
  monthly_requests: {{value: {requests}, assumed: "taken from {base}; write your own number here"}}

# Resources of {base}: {resources}.
# What is written below one replaces what {base} says; `{first}: ~` takes it away.
# resources:
#   {first}:
#     note: why it differs
"""


def new_document(name: str, base: str) -> str:
    """Return the text of a new scenario over a shipped one.

    Raises:
        InputError: The name is not one, or there is no such base.
    """
    try:
        TypeAdapter(Name).validate_python(name)
    except ValidationError as error:
        raise InputError(f"`{visible(name[:60])}`: {error.errors()[0]['ctx']['error']}") from None
    if base not in shipped_scenarios():
        hint = did_you_mean(base, shipped_scenarios()) or f"shipped: {listed(shipped_scenarios())}"
        raise InputError(Reason("there is no scenario `{name}`", name=visible(base[:60])), hint=hint)
    document = extended(open_document(base))
    resources = document.entries["resources"]
    assert isinstance(resources, Mapping)
    return TEMPLATE.format(
        schema="scenario.schema.json",
        name=name,
        base=base,
        title=f"{name}, from {base}",
        requests=_requests(document),
        resources=", ".join(resources.entries),
        first=next(iter(resources.entries)),
    )


def _requests(document: Mapping) -> str:
    workload = document.entries["workload"]
    assert isinstance(workload, Mapping)
    requests = workload.entries["monthly_requests"]
    if isinstance(requests, Mapping):
        requests = requests.entries["value"]
    assert isinstance(requests, Scalar)
    return str(requests.value)
