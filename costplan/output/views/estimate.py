"""The view of an estimate."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from operator import attrgetter

from costplan.language.terms import ROLES
from costplan.language.translator import Translator
from costplan.output.views.account.designs import designs_table, discount_notes, sharing_notes
from costplan.output.views.budget import budget_table
from costplan.output.views.feasibility_notes import works_notes
from costplan.output.views.marks import mark_text
from costplan.output.views.rounding import rounding_row
from costplan.output.views.terraform import (
    addresses_of,
    classes_facts,
    classes_notes,
    is_without_load,
    named,
)
from costplan.output.views.view import Cell, Column, Row, Table, Tone, View, row_of
from costplan.pricing.estimate import Assumption, Estimate, LineItem, ResourceEstimate, Unpriced
from costplan.quantities.shown import share_of


def estimate_view(estimate: Estimate, words: Translator) -> View:
    """The month's bill: a row per resource, its lines below it, the total, the budget, what is uncertain."""
    tables = [bill_table(estimate, words)]
    if estimate.designs:
        tables.append(designs_table(estimate, words))
    if estimate.budget is not None:
        tables.append(budget_table(estimate.budget, words))
    return View(
        title=_title(estimate.scenario, estimate.title, estimate.variants, words),
        facts=[
            *classes_facts(estimate, words),
            _facts(estimate, words),
            *([differences_of(estimate, words)] if estimate.differences else []),
        ],
        tables=tables,
        notes=list(_notes(estimate, words)),
        sheet=words("Bill"),
    )


def _title(scenario: str, title: Mapping[str, str], variants: tuple[str, ...], words: Translator) -> str:
    varied = f" ({', '.join(variants)})" if variants else ""
    return f"{scenario}{varied}: {words.title(title)}"


def differences_of(estimate: Estimate, words: Translator) -> str:
    """Say in what a design differs from its scenario as written."""
    said = [
        words("without {path}", path=path) if found.value is None else f"{path}: {found.value}"
        for found in estimate.differences
        for path in [found.path.removeprefix("resources.")]
    ]
    return f"{words('differs from {scenario} by:', scenario=estimate.scenario)} {'; '.join(said)}"


def _facts(estimate: Estimate, words: Translator) -> str:
    load = words.requests(estimate.workload["monthly_requests"] or Decimal(0), 3)
    facts = [
        *([] if is_without_load(estimate) else [words("{requests} requests a month", requests=load)]),
        prices_text(estimate.currency, estimate.vat, estimate.catalog.as_of, words),
        words("month of {hours} h", hours=words.short(estimate.hours_per_month)),
    ]
    if not estimate.free_tier:
        facts.append(words("free tier used up"))
    return "; ".join(facts)


def prices_text(currency: str, vat: str, as_of: object, words: Translator) -> str:
    """Say what all amounts of an answer are: `prices in RUB, VAT included, as of 2026-10-06`."""
    message = (
        "prices in {currency}, VAT included, as of {day}"
        if vat == "included"
        else "prices in {currency}, VAT excluded, as of {day}"
    )
    return words(message, currency=currency, day=as_of)


def bill_table(estimate: Estimate, words: Translator) -> Table:
    """A row per resource, the most expensive first, its lines below it, and what all comes to."""
    rows: list[Row] = []
    addresses = addresses_of(estimate)
    ordered = sorted(estimate.resources, key=lambda found: -found.monthly_cost)
    costs = [resource.monthly_cost for resource in ordered]
    shares = words.shares(costs, estimate.total.monthly_cost)
    unpriced = _by_resource(estimate.unpriced)
    line_rows = _LineRows(words, without_zeros=estimate.terraform is not None)
    for resource, share in zip(ordered, shares, strict=True):
        missing = unpriced.get(resource.name, [])
        called = addresses.get(resource.name, resource.name)
        rows.append(_resource_row(resource, called, share, estimate, bool(missing), words))
        rows += line_rows.of(resource)
        rows += [_unpriced_row(one, words) for one in missing]
    return Table(_columns(estimate, words), [*rows, *_foot(estimate, words)])


def resource_table(estimate: Estimate, words: Translator) -> Table:
    """A row per resource, called by its title, and what all comes to: the bill without its lines."""
    ordered = sorted(estimate.resources, key=lambda found: -found.monthly_cost)
    addresses = addresses_of(estimate)
    names = [addresses.get(one.name, one.name) for one in ordered]
    shares = words.shares([one.monthly_cost for one in ordered], estimate.total.monthly_cost)
    missing = {part.resource for part in estimate.unpriced}
    rows = [
        _resource_row(
            one, words.title(one.title, called), share, estimate, one.name in missing, words, "plain"
        )
        for called, one, share in zip(names, ordered, shares, strict=True)
    ]
    return Table(_columns(estimate, words), [*rows, *_foot(estimate, words)])


def _columns(estimate: Estimate, words: Translator) -> list[Column]:
    return [
        Column(words("Resource"), folds=True),
        Column(words("Role"), is_minor=True),
        Column(words("Quantity"), right=True),
        Column(words("{currency}/month", currency=estimate.currency), right=True),
        Column(words("Share"), right=True, is_minor=True),
    ]


def _foot(estimate: Estimate, words: Translator) -> Iterator[Row]:
    costs = [resource.monthly_cost for resource in estimate.resources]
    for row in (*rounding_row(costs, estimate.total.gross, words), *_total_rows(estimate, words)):
        yield replace(row, is_total=True)


def _by_resource(unpriced: Iterable[Unpriced]) -> dict[str, list[Unpriced]]:
    found: dict[str, list[Unpriced]] = {}
    for part in unpriced:
        found.setdefault(part.resource, []).append(part)
    return found


class _LineRows:
    """Rows of lines; resources of equal lines, such as a fleet of machines, have the very same ones."""

    def __init__(self, words: Translator, *, without_zeros: bool = False) -> None:
        """Make rows; of what comes from Terraform none of a quantity of 0, which nobody stated."""
        self._words = words
        self._without_zeros = without_zeros
        self._made: dict[object, list[Row]] = {}

    def of(self, resource: ResourceEstimate) -> list[Row]:
        """Return the rows of a resource's lines, and what their rounding leaves."""
        key = tuple(map(_SHOWN_OF_LINE, resource.line_items))
        if key not in self._made:
            self._made[key] = self._rows(resource)
        return self._made[key]

    def _rows(self, resource: ResourceEstimate) -> list[Row]:
        lines = [one for one in resource.line_items if one.quantity or not self._without_zeros]
        costs = [line.monthly_cost for line in lines]
        rest = rounding_row(costs, resource.monthly_cost, self._words, indent="  ")
        return [*(_line_row(line, self._words) for line in lines), *rest]


_SHOWN_OF_LINE = attrgetter("name", "quantity", "unit", "monthly_cost", "provenance", "quantity_provenance")
"""What a row says of a line."""


def _unpriced_row(part: Unpriced, words: Translator) -> Row:
    name = f"  {words.price_name(part.name) or part.sku}"
    quantity = words.usage(part.quantity, part.unit)
    return row_of(name, "", quantity, Cell(words("unpriced"), "bad"), "")


def _resource_row(
    resource: ResourceEstimate,
    name: str,
    share: str,
    estimate: Estimate,
    missing: bool,
    words: Translator,
    tone: Tone = "strong",
) -> Row:
    runs = f" ({', '.join(resource.runs)})" if resource.runs else ""
    is_known = bool(resource.line_items) or not missing
    cost = words.amount(resource.monthly_cost) if is_known else words("unpriced")
    return Row(
        [
            Cell(f"{name}{runs}", tone),
            Cell(role_text(resource.role, words)),
            Cell(""),
            Cell(cost + "+" if missing and resource.line_items else cost, tone),
            _share(resource, share, estimate),
        ]
    )


def role_text(role: str, words: Translator) -> str:
    """Write a role: as scenarios do in English, so that it can be typed, else in words."""
    return role if words.language == "en" else words.term(role, ROLES)


def _share(resource: ResourceEstimate, share: str, estimate: Estimate) -> Cell:
    if not resource.line_items:
        return Cell("")
    return Cell(share, bar=share_of(resource.monthly_cost, estimate.total.monthly_cost))


def _line_row(line: LineItem, words: Translator) -> Row:
    name = f"  {words.price_name(line.name)}{mark_text(line.provenance, line.quantity_provenance)}"
    shown = "" if line.provenance == "stated" else words.usage(line.quantity, line.unit)
    return row_of(name, "", shown, words.amount(line.monthly_cost), "", tone="faint")


def _total_rows(estimate: Estimate, words: Translator) -> Iterator[Row]:
    total = estimate.total
    more = "+" if estimate.unpriced else ""
    known = total.vat_rate is not None or estimate.vat == "excluded"
    vat = words.difference(total.gross, total.net) + more if total.vat_rate is not None else "-"
    yield row_of(words("Net"), "", "", words.amount(total.net) + more if known else "-", "", rule=True)
    yield row_of(_vat_label(estimate, words), "", "", vat, "")
    label = Cell(words("Total") + stand_in_mark(estimate), "strong")
    whole = words.shares([Decimal(1)], Decimal(1))[0]
    yield row_of(label, "", "", Cell(words.amount(total.gross) + more, "strong"), whole)
    if estimate.cost_per_million_requests is not None:
        cost = words.amount(estimate.cost_per_million_requests) + more
        yield row_of(words("per million requests"), "", "", cost, "")


def stand_in_mark(estimate: Estimate) -> str:
    """Mark a total that rests on a price which the scenario states itself."""
    return " [s]" if any(price.state == "used" for price in estimate.catalog.assumed_prices) else ""


def _vat_label(estimate: Estimate, words: Translator) -> str:
    rate = estimate.total.vat_rate
    if rate is not None:
        return words("VAT {rate}", rate=words.exact_percent(rate))
    if estimate.vat == "excluded":
        return words("VAT (not in these prices)")
    return words("VAT (inside; no rate is known for these prices)")


def _notes(estimate: Estimate, words: Translator) -> Iterator[Cell]:
    lines = [line for resource in estimate.resources for line in resource.line_items]
    unknowns = () if is_without_load(estimate) else estimate.unknowns
    yield from works_notes(estimate.unmet, estimate.quota_raises, unknowns, estimate.caveats, words)
    yield from classes_notes(estimate, words)
    yield from sharing_notes(estimate, words)
    yield from discount_notes(estimate, words)
    if estimate.total.monthly_cost and not is_without_load(estimate):
        yield Cell(words("for what: {purposes}", purposes=_purposes(estimate, words)), "faint")
    if estimate.unpriced:
        yield Cell(
            words.many(
                "unpriced: {count} cost component; the total is a lower bound",
                "unpriced: {count} cost components; the total is a lower bound",
                len(estimate.unpriced),
            ),
            "bad",
        )
        yield from (Cell(f"  {text}", "bad") for text in _unpriced_texts(estimate, words))
    yield from _assumption_notes(estimate, lines, words)
    if any(line.provenance == "derived" for line in lines):
        said = words("derived [d]: computed from other prices, by the rule that `costplan explain` gives")
        yield Cell(said, "faint")
    if any(line.provenance == "unverified" for line in lines):
        yield Cell(words("unverified [?]: seen once, source not recorded; check before use"), "warn")


def _assumption_notes(estimate: Estimate, lines: Sequence[LineItem], words: Translator) -> Iterator[Cell]:
    assumed = [found for found in estimate.assumptions if found.kind == "assumed"]
    if assumed:
        resting = sum(1 for line in lines if line.quantity_provenance == "assumed")
        inputs = words.many(
            "assumed [a]: {count} input that is not stated",
            "assumed [a]: {count} inputs that are not stated",
            len(assumed),
        )
        rest = words.many("{count} line rests on them", "{count} lines rest on them", resting)
        yield Cell(f"{inputs}; {rest}", "warn")
        by_reason: dict[str, list[str]] = {}
        for found in assumed:
            by_reason.setdefault(words.reason(found.reason), []).append(found.path)
        yield from (Cell(f"  {', '.join(paths)}: {why}", "faint") for why, paths in by_reason.items())
    yield from _published_notes(estimate, words)
    yield from _measured_notes([one for one in estimate.assumptions if one.kind == "measured"], words)


def _published_notes(estimate: Estimate, words: Translator) -> Iterator[Cell]:
    """Say of each published figure which row it is, and all that its resource's caveats did not say of it."""
    caveats = [words.reason(one.reason) for one in (*estimate.unknowns, *estimate.caveats)]
    said = {part for text in caveats for part in text.split("; ")}
    for found in estimate.assumptions:
        if found.kind == "published":
            parts = words.reason(found.reason).split("; ")
            why = "; ".join(part for part in parts if part not in said) or parts[-1]
            yield Cell(words("published [p]: {path}: {reason}", path=found.path, reason=why), "warn")


def _measured_notes(measured: Sequence[Assumption], words: Translator) -> Iterator[Cell]:
    """Say each measurement once, with the figures that are taken from it below.

    A result file's reason is `FILE: FIGURE; CONDITIONS`; what somebody wrote in words stands as it is.
    """
    by_run: dict[tuple[str, str], list[str]] = {}
    for found in measured:
        source, _, rest = words.reason(found.reason).partition(": ")
        figure, _, conditions = rest.partition("; ")
        if conditions:
            by_run.setdefault((source, conditions), []).append(f"  {found.path}: {figure}")
        else:
            by_run[found.path, words.reason(found.reason)] = []
    for (source, conditions), figures in by_run.items():
        yield Cell(words("measured [m]: {path}: {reason}", path=source, reason=conditions), "faint")
        yield from (Cell(figure, "faint") for figure in figures)


def _purposes(estimate: Estimate, words: Translator) -> str:
    split, whole = estimate.split, estimate.total.monthly_cost
    named = [
        (split.useful, words("serves requests")),
        (split.headroom, words("room for peaks")),
        (split.idle, words("waits for requests")),
        (split.overhead, words("there whatever the load")),
    ]
    shares = words.shares([part for part, _ in named], whole)
    return ", ".join(f"{share} {what}" for (part, what), share in zip(named, shares, strict=True) if part)


def _unpriced_texts(estimate: Estimate, words: Translator) -> list[str]:
    """Name each SKU without a price once, with the resources that use it."""
    users: dict[tuple[str, str], list[str]] = {}
    for part in estimate.unpriced:
        users.setdefault((part.sku, words.reason(part.reason)), []).append(part.resource)
    return [f"{sku} ({_users(names, estimate, words)}): {why}" for (sku, why), names in users.items()]


def _users(names: Sequence[str], estimate: Estimate, words: Translator) -> str:
    """Name who uses something: of a plan, which may have thousands, the first ones."""
    found = list(dict.fromkeys(names))
    return ", ".join(found) if estimate.terraform is None else named(found, words)
