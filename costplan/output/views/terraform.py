"""What became of the resources of a plan, in a line and a few notes beside the bill."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from shlex import quote

from costplan.language.translator import Translator
from costplan.output.views.view import Cell
from costplan.pricing.estimate import ClassifiedResource, Estimate
from costplan.terraform.reading import is_as_it_starts
from costplan.terraform.usage import least_of

MOST_NAMED = 8
"""Most resources that a note names; the document has all."""


def addresses_of(estimate: Estimate) -> dict[str, str]:
    """Return how resources are called in the file of Terraform: name -> address."""
    if estimate.terraform is None:
        return {}
    kinds = {one.name: one.kind for one in estimate.resources}
    return {
        name: row.address if name == row.resources[0] else f"{row.address} ({kinds.get(name, name)})"
        for row in estimate.terraform.resources
        for name in row.resources
    }


def is_without_load(estimate: Estimate) -> bool:
    """Say whether it is a plan alone: what is to be served, and how fast, nobody was asked."""
    return estimate.terraform is not None and not estimate.workload["monthly_requests"]


def classes_facts(estimate: Estimate, words: Translator) -> Iterator[str]:
    """Say how many resources of the file are in which class: `12 resources: 7 priced, 3 free`."""
    found = estimate.terraform
    if found is None:
        return
    said: dict[str, Callable[[int], str]] = {
        "priced": lambda count: words.many("{count} priced", "{count} priced", count),
        "free": lambda count: words.many("{count} free", "{count} free", count),
        "usage-based": lambda count: words.many("{count} usage-based", "{count} usage-based", count),
        "unknown-until-apply": lambda count: words.many(
            "{count} unknown until apply", "{count} unknown until apply", count
        ),
        "not-supported": lambda count: words.many("{count} not supported", "{count} not supported", count),
    }
    parts = [said[status](count) for status, count in found.counts.items() if count]
    in_part = sum(1 for one in found.resources if one.status == "priced" and one.unpriced)
    if in_part and parts:
        parts[0] += f" ({words.many('{count} in part', '{count} in part', in_part)})"
    whole = words.many("{count} resource", "{count} resources", found.count)
    yield f"{whole}: {', '.join(parts)}" if parts else whole
    if found.without_terraform:
        yield words("read without Terraform")


def classes_notes(estimate: Estimate, words: Translator) -> Iterator[Cell]:
    """Say which attributes are the server's defaults, and which quantities no amount holds."""
    rows = estimate.terraform.resources if estimate.terraform is not None else ()
    if estimate.terraform is not None and not estimate.terraform.complete:
        yield Cell(words("the plan is not complete: what it leaves out is in no amount"), "bad")
    for attribute, found in _grouped((one, name) for one in rows for name in one.assumed).items():
        yield Cell(_assumed(attribute, found, words), "warn")
    billed = [one for one in rows if one.resources and one.status != "not-supported"]
    kinds = {one.name: one.kind for one in estimate.resources}
    for quantity, found in _grouped((one, name) for one in billed for name in one.usage).items():
        yield Cell(_missing(quantity, found, kinds, words), "faint")
    if any(one.usage for one in rows if one.status != "not-supported"):
        yield Cell(_how_to_state(estimate, words), "faint")


def _assumed(attribute: str, found: Sequence[ClassifiedResource], words: Translator) -> str:
    """Say what was taken for an attribute of some resources."""
    if is_as_it_starts(found[0].type, attribute):
        return words(
            "changes by itself, billed as large as it is at the start: {attribute} ({resources})",
            attribute=attribute,
            resources=_addresses(found, words),
        )
    return words(
        "unknown until apply, taken as the server's default: {attribute} ({resources})",
        attribute=attribute,
        resources=_addresses(found, words),
    )


def _missing(
    quantity: str, found: Sequence[ClassifiedResource], kinds: Mapping[str, str], words: Translator
) -> str:
    """Say of a quantity that it is in no amount, or what stands for it."""
    least = least_of(kinds.get(found[0].resources[0], ""), quantity)
    if least is not None:
        return words(
            "not in the file, taken as {least}: {quantity} ({resources})",
            least=least,
            quantity=quantity,
            resources=_addresses(found, words),
        )
    return words(
        "not in the file, and in no amount: {quantity} ({resources})",
        quantity=quantity,
        resources=_addresses(found, words),
    )


def _how_to_state(estimate: Estimate, words: Translator) -> str:
    """Say what to do about usage that nobody stated."""
    assert estimate.terraform is not None
    if estimate.designs:
        return words(
            "usage that is not stated: `costplan terraform usage` makes a form for a plan, and "
            "`workload: usage.yaml` of its design reads it"
        )
    name = estimate.terraform.file
    return words(
        "usage that is not stated: `costplan terraform usage {file} -o usage.yaml` makes a form for it, "
        "`--workload usage.yaml` reads it",
        file="-" if name == "<stdin>" else quote(name),
    )


def _grouped(pairs: Iterable[tuple[ClassifiedResource, str]]) -> dict[str, list[ClassifiedResource]]:
    found: dict[str, list[ClassifiedResource]] = {}
    for one, name in pairs:
        found.setdefault(name, []).append(one)
    return found


def _addresses(found: Sequence[ClassifiedResource], words: Translator) -> str:
    return named([one.address for one in found], words)


def named(addresses: Sequence[str], words: Translator) -> str:
    """Name resources, the first of many."""
    shown = ", ".join(addresses[:MOST_NAMED])
    more = len(addresses) - MOST_NAMED
    return shown + words.many(" and {count} more", " and {count} more", more) if more > 0 else shown
