"""Load a scenario: read, extend, override, check against its model, its kinds and the catalog."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Any

from costplan.catalog.store import Catalog, default_catalog
from costplan.messages.errors import FAULTS_SHOWN, CatalogError, Fault, InputError, Refusal, did_you_mean
from costplan.messages.reason import Reason
from costplan.messages.text import visible
from costplan.quantities.money import parse_decimal
from costplan.quantities.units import HOURS_PER_MONTH
from costplan.resources.catalog_defaults import with_defaults
from costplan.resources.contract import Problem, Resource
from costplan.resources.kinds import KINDS, resource_kind
from costplan.scenario.document.addressed import by_name
from costplan.scenario.document.capacity_machine import remembering, remembering_too
from costplan.scenario.document.files import project_root
from costplan.scenario.document.layers import with_files
from costplan.scenario.document.measured import is_from_file
from costplan.scenario.document.overrides import (
    OPTION,
    Override,
    dotted,
    split_path,
    with_overrides,
    written,
)
from costplan.scenario.document.usage_file import open_with_usage
from costplan.scenario.document.value_origins import ValueOrigins, plain_data
from costplan.scenario.document.variants import (
    MAX_SHOWN,
    split_reference,
    unapplied_faults,
    variant_overrides,
)
from costplan.scenario.loaded import Difference, LoadedScenario
from costplan.scenario.model import MAX_RESOURCES, Scenario
from costplan.scenario.quota_export import with_quota_files
from costplan.scenario.quotas import stated_quotas
from costplan.scenario.variant_faults import with_variants_named
from costplan.source.fields import is_name, validate
from costplan.source.reader import Mapping, Scalar, locate, scalar_from_text
from costplan.terraform.inventory import billed_by_file

CheckedResources = dict[str, tuple[Resource, list[Problem]]]
"""What is written of a resource, with the hours of the month -> the resource, and why it is not sold."""
LOAD_PATH = ("workload", "monthly_requests")
ACCOUNT = "account"
"""Key that an account has and a scenario has not."""
ONE_WANTED = Reason("is an account: each of its designs has its own load, and one design is wanted here")
FOR_ACCOUNTS = "estimate, check, compare, diff, explain, report"
"""Commands that answer for an account as a whole."""
MAX_HOURS = 8784
"""Hours of a leap year: a longer `month` is a slip."""


def load_scenario(
    reference: str,
    open_catalog: Callable[[str], Catalog],
    *,
    variants: Sequence[str] = (),
    sets: Sequence[str] = (),
    requests: str | None = None,
    quotas: Sequence[Path] = (),
    workload: Path | None = None,
) -> LoadedScenario:
    """Load a scenario by name or path and check all of it.

    Args:
        reference: A shipped scenario's name, a path, or `-`; `name:variant+variant` applies variants.
        open_catalog: Opens the catalog that the scenario names.
        variants: Names of variants to apply.
        sets: Overrides as `path=value`.
        requests: Another number of monthly requests.
        quotas: Exports of the account's quotas.
        workload: A scenario whose workload is taken, or a file of usage beside a plan of Terraform.

    Raises:
        InputError: With every fault that was found.
    """
    name, named_variants = split_reference(reference)
    _, document = open_with_usage(name, workload, requests)
    refuse_account(document)
    chosen = (*named_variants, *variants)
    return apply_changes(document, open_catalog, chosen, sets=sets, requests=requests, quotas=quotas)


def refuse_account(document: Mapping) -> None:
    """Refuse an account where one design is wanted.

    Raises:
        InputError: With its place.
    """
    if is_account(document):
        hint = Reason("name one of its designs; accounts are for {commands}", commands=FOR_ACCOUNTS)
        raise InputError(Fault(ONE_WANTED, *locate(document, [ACCOUNT]), hint))


def is_account(document: Mapping) -> bool:
    """Say whether a document is an account's."""
    return ACCOUNT in document.entries and "scenario" not in document.entries


def apply_changes(
    document: Mapping,
    open_catalog: Callable[[str], Catalog],
    chosen: Sequence[str] = (),
    *,
    sets: Sequence[str] = (),
    requests: str | None = None,
    overrides: Sequence[Override] = (),
    quotas: Sequence[Path] = (),
    checked: CheckedResources | None = None,
) -> LoadedScenario:
    """Apply variants, overrides and a load to a document from `resolve_extends`, and check all of it.

    Args:
        document: Also that of a scenario which was loaded before.
        open_catalog: Opens the catalog that the scenario names.
        chosen: Names of variants to apply.
        sets: Overrides as `path=value`.
        requests: Another number of monthly requests.
        overrides: Further ones, which must not touch the others.
        quotas: Exports of the account's quotas, over what the scenario says of them.
        checked: Resources that were checked for other designs of the same document and catalog.

    Raises:
        InputError: With every fault that was found.
    """
    overrides = [
        *(override for variant in chosen for override in variant_overrides(document, variant)),
        *(set_override(by_name(text, document)) for text in sets),
        *overrides,
    ]
    differences = tuple(difference_of(one) for one in overrides if one.path != LOAD_PATH)
    if requests is not None:
        value = scalar_from_text(requests, f"--requests {requests[:MAX_SHOWN]}")
        overrides.append(Override(LOAD_PATH, value, "--requests"))
    changed = document
    if overrides:
        changed = with_files(with_overrides(document, overrides), None, project_root(None))
    remembered = remembering(document, changed)
    for alone in _alone(document, overrides):
        remembered = remembering_too(alone, remembered)
    remembered = with_quota_files(remembered, quotas)
    try:
        built = build_scenario(remembered, open_catalog, chosen, checked=checked)
        return replace(built, differences=differences)
    except InputError as error:
        raise type(error)([with_variants_named(fault, chosen) for fault in error.faults]) from None


def _alone(document: Mapping, overrides: Sequence[Override]) -> Iterator[Mapping]:
    """Give a document with each variant alone: a capacity that it states holds for its own machine."""
    origins = dict.fromkeys(one.origin for one in overrides if one.origin != OPTION)
    if len({one.origin for one in overrides}) < 2:
        return
    for origin in origins:
        try:
            yield with_overrides(document, [one for one in overrides if one.origin == origin])
        except InputError:
            continue  # it fits only on another one, and states nothing on its own


def difference_of(override: Override) -> Difference:
    value = override.value
    is_gone = isinstance(value, Scalar) and value.value is None
    return Difference(dotted(override.path), None if is_gone else written(value))


def set_override(text: str) -> Override:
    path, equals, value = text.partition("=")
    shown = f"--set {visible(text[:80])}"
    if not equals:
        raise InputError(
            Reason("{option}: must be path=value", shown), hint="--set resources.inference.preemptible=true"
        )
    try:
        return Override(split_path(path.strip()), scalar_from_text(value, shown), OPTION)
    except ValueError as error:
        raise InputError(Reason("{shown}: `{path}` {why}", shown, visible(path[:MAX_SHOWN]), error)) from None


def build_scenario(
    document: Mapping,
    open_catalog: Callable[[str], Catalog],
    variants: Sequence[str] = (),
    *,
    longest_hours: Fraction | None = None,
    checked: CheckedResources | None = None,
) -> LoadedScenario:
    """Check a composed document and make the scenario of it.

    Args:
        document: With all overrides in it.
        open_catalog: Opens the catalog that it names.
        variants: What was applied to it.
        longest_hours: Most hours that something may be said to run; those of the month when left out.
        checked: See `apply_changes`.

    Raises:
        InputError: With every fault, in file order.
    """
    faults: list[Fault] = []
    marks = ValueOrigins(faults=faults)
    plain = plain_data(document, marks)
    catalog = opened_catalog(document, open_catalog, faults)
    context: dict[str, Any] = {
        "hours_per_month": _hours_per_month(document, faults),
        "currencies": tuple(catalog.currencies),
    }
    if longest_hours is not None:
        context["longest_hours"] = longest_hours
    model = validate(Scenario, plain, document, context=context, faults=faults)
    resources: dict[str, Resource] = {}
    faults += unapplied_faults(document)
    given = plain.get("resources") if isinstance(plain, dict) else None
    faults += _number_faults(given, document)
    stated = plain.get("quotas") if isinstance(plain, dict) else None
    quotas = stated_quotas(stated, document, catalog, faults)
    alike: CheckedResources = {} if checked is None else checked
    of_file = billed_by_file(model)
    refused: dict[str, str] = {}
    for name, data in (given if isinstance(given, dict) else {}).items():
        if len(faults) > FAULTS_SHOWN:
            break
        # A value with a reason says its path too, and is like no other.
        written_as = f"{context['hours_per_month']} {data!r}"
        if written_as not in alike:
            resource = _resource(str(name), data, document, context, faults)
            if resource is None:
                continue
            resource = with_defaults(resource, catalog.offer(resource.catalog_service))
            alike[written_as] = resource, _refused_by_provider(resource, catalog)
        resource, problems = alike[written_as]
        if problems and name in of_file:
            refused[str(name)] = problems[0].message
            continue
        resources[str(name)] = resource
        faults += (_refusal(str(name), problem, document) for problem in problems)
    if model is not None:
        found = _references(model, given if isinstance(given, dict) else {}, resources, document)
        faults += islice(found, FAULTS_SHOWN + 1)
    if faults:
        raise InputError(in_file_order(faults))
    assert model is not None
    loaded = LoadedScenario(
        model, resources, catalog, document, tuple(marks.origins), tuple(variants), marks.uncertain, quotas,
        refused=refused,
    )  # fmt: skip
    if model.prices:
        from costplan.scenario.assumed_prices import check_stand_ins  # few scenarios have any

        check_stand_ins(loaded)
    if model.correlations or any(not is_from_file(node) for node in marks.uncertain.values()):
        from costplan.scenario.uncertain.ranges import check_uncertainties  # few scenarios have any

        check_uncertainties(loaded)
    return loaded


def _number_faults(given: object, document: Mapping) -> Iterator[Fault]:
    """Say when there are no resources, or too many for a file that somebody wrote; a plan may have either."""
    if not isinstance(given, dict) or "terraform" in document.entries:
        return
    if not given:
        message = Reason("must hold {min_length} or more entries, got {actual_length}", 1, 0)
        yield Fault(message, *locate(document, ["resources"]))
    elif len(given) > MAX_RESOURCES:
        message = Reason("holds too much: at most {most} entries are read", MAX_RESOURCES)
        yield Fault(message, *locate(document, ["resources"]))


def opened_catalog(document: Mapping, open_catalog: Callable[[str], Catalog], faults: list[Fault]) -> Catalog:
    """Open the catalog that the scenario names; the shipped one, to check on, where there is none."""
    node, name = document.entries.get("catalog"), default_catalog()
    if isinstance(node, Scalar) and node.value and is_name(node.value):
        name = node.value
    try:
        return open_catalog(name)
    except CatalogError as error:
        if node is None or name == default_catalog() or any(fault.mark for fault in error.faults):
            raise
        faults += [Fault(fault.message, node.mark, "catalog", fault.hint) for fault in error.faults]
        return open_catalog(default_catalog())


def in_file_order(faults: Iterable[Fault]) -> list[Fault]:
    """Sort faults by file, line and column, each once."""
    unique = {(str(fault.mark), fault.path, fault.message): fault for fault in faults}
    return sorted(
        unique.values(), key=lambda f: (f.mark.file, f.mark.line, f.mark.column) if f.mark else ("", 0, 0)
    )


def _hours_per_month(document: Mapping, faults: list[Fault]) -> Fraction:
    node = document.entries.get("hours_per_month")
    if isinstance(node, Mapping):
        node = node.entries.get("value")
    if isinstance(node, Scalar) and node.value is not None:
        try:
            hours = parse_decimal(node.value)
        except ValueError:
            return Fraction(HOURS_PER_MONTH)
        if 0 < hours <= MAX_HOURS:
            return Fraction(hours)
        faults.append(
            Fault(
                Reason("must be above 0 and at most {most}, got {value}", str(MAX_HOURS), node.value),
                node.mark,
                "hours_per_month",
            )
        )
    return Fraction(HOURS_PER_MONTH)


def _resource(
    name: str, data: object, document: Mapping, context: dict[str, Any], faults: list[Fault]
) -> Resource | None:
    at = ["resources", name]
    if not isinstance(data, dict):
        faults.append(Fault("must be a mapping with a `kind`", *locate(document, at)))
        return None
    kind = data.get("kind")
    if kind is None:
        mark, path = locate(document, at)
        faults.append(Fault("missing `kind`", mark, path, "one of these", _kind_choices(faults)))
        return None
    if not isinstance(kind, str) or kind not in KINDS:
        place, path = locate(document, [*at, "kind"])
        hint = did_you_mean(str(kind), KINDS) or "one of these"
        message = Reason("there is no resource kind `{kind}`", visible(str(kind)[:60]))
        faults.append(Fault(message, place, path, hint, _kind_choices(faults)))
        return None
    return validate(resource_kind(str(kind)), data, document, at=at, context=context, faults=faults)


def _kind_choices(faults: Sequence[Fault]) -> tuple[str, ...]:
    """Return a line per kind, for the first fault that needs them."""
    if any(fault.choices for fault in faults):
        return ()
    from costplan.scenario.reference import kind_lines

    return kind_lines()


def _refused_by_provider(resource: Resource, catalog: Catalog) -> list[Problem]:
    if resource.catalog_service and resource.catalog_service not in catalog.service_names:
        return []  # nobody can say what is sold; its lines have no price
    return list(resource.problems(catalog))


def _refusal(name: str, problem: Problem, document: Mapping) -> Refusal:
    mark, path = locate(document, ["resources", name, *problem.field])
    return Refusal(problem.message, mark, path, problem.hint)


def _references(
    model: Scenario, given: dict[object, object], resources: dict[str, Resource], document: Mapping
) -> Iterable[Fault]:
    names = {str(name) for name in given}
    for name, resource in resources.items():
        for position, other in enumerate(resource.talks_to):
            if other not in names:
                mark, path = locate(document, ["resources", name, "talks_to", position])
                yield Fault(
                    Reason("there is no resource `{name}`", other), mark, path, did_you_mean(other, names)
                )
    budgeted: set[str] = set()
    for number, part in enumerate(model.budget.parts if model.budget else ()):
        for position, other in enumerate(part.resources):
            mark, path = locate(document, ["budget", "parts", number, "resources", position])
            if other not in names:
                yield Fault(
                    Reason("there is no resource `{name}`", other), mark, path, did_you_mean(other, names)
                )
            elif other in budgeted:
                yield Fault(Reason("`{other}` is in another part of the budget already", other), mark, path)
            budgeted.add(other)
