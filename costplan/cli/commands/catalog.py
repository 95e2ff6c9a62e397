"""`costplan catalog`: the prices themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

from costplan.cli import completions, options
from costplan.cli.parameters import Argument, Option

ServiceOption = Annotated[
    list[str] | None,
    Option(("--service",), metavar="NAME", help="Only this service.", completes=completions.services),
]
"""A list, so that a second one is seen and refused: the last would hold without a word."""


def _only_service(names: Sequence[str] | None) -> str | None:
    """Return the service that a line names; None for all."""
    from costplan.messages.errors import InputError
    from costplan.messages.reason import Reason

    if not names:
        return None
    if len(names) > 1:
        message = Reason("--service: one service at a time, not {names}", ", ".join(names))
        raise InputError(message, hint="run the command once for each, or leave it out for all")
    if not names[0]:
        raise InputError("--service: needs the name of a service", hint="leave it out for all")
    return names[0]


def list_skus(
    answer: options.Answer,
    prices: options.Prices,
    layers: options.Layers,
    service: ServiceOption = None,
    match: Annotated[
        str | None,
        Option(("--match",), metavar="TEXT", help="Only SKUs with this text in code, id or name."),
    ] = None,
) -> None:
    """SKUs with their current price.

    [dim]costplan catalog list --match t4[/dim]
    [dim]costplan catalog list --service vpc --currency USD --as-of 2025-10-15[/dim]
    """
    from costplan.analysis.inventory.price_list import price_list
    from costplan.catalog.store import default_catalog
    from costplan.cli.output import check_places, show
    from costplan.inputs.scenarios import catalog_opener
    from costplan.inputs.values import currency_of, day_of

    check_places(answer.form, answer.path, force=answer.force)
    opened = catalog_opener(*layers)(default_catalog())
    day = day_of(prices.as_of) or opened.index.as_of
    found = price_list(
        opened,
        _only_service(service),
        match,
        currency_of(prices.currency, opened) or opened.default_currency,
        day,
    )
    show(found, *answer)


def show_sku(
    sku: Annotated[str, Argument(metavar="SKU", help="Code or id.")],
    answer: options.Answer,
    layers: options.Layers,
) -> None:
    """All price versions of a SKU, with tiers and sources.

    [dim]costplan catalog show network.egress.inet[/dim]
    """
    from costplan.analysis.inventory.price_list import price_history
    from costplan.catalog.store import default_catalog
    from costplan.cli.output import check_places, show
    from costplan.inputs.scenarios import catalog_opener

    check_places(answer.form, answer.path, force=answer.force)
    show(price_history(catalog_opener(*layers)(default_catalog()), sku), *answer)


def compare_prices(
    answer: options.Answer,
    layers: options.Layers,
    start: Annotated[str, Option(("--from",), metavar="DATE", help="First day, such as 2025-10-15.")],
    end: Annotated[
        str | None, Option(("--to",), metavar="DATE", help="Second day; the catalog's own if left out.")
    ] = None,
    service: ServiceOption = None,
    currency: options.CurrencyOption = None,
) -> None:
    """Which prices changed between two days, and by how much.

    [dim]costplan catalog diff --from 2026-01-01[/dim]
    [dim]costplan catalog diff --from 2026-01-01 --to 2026-07-01 --service compute --currency USD[/dim]
    """
    from costplan.analysis.inventory.price_changes import price_changes
    from costplan.catalog.store import default_catalog
    from costplan.cli.output import check_places, show
    from costplan.inputs.scenarios import catalog_opener
    from costplan.inputs.values import currency_of, day_of

    check_places(answer.form, answer.path, force=answer.force)
    opened = catalog_opener(*layers)(default_catalog())
    first, last = day_of(start, "--from"), day_of(end, "--to") or opened.index.as_of
    assert first is not None
    money = currency_of(currency, opened) or opened.default_currency
    show(price_changes(opened, _only_service(service), money, first, last), *answer)


def list_quotas(
    answer: options.Answer,
    layers: options.Layers,
    service: ServiceOption = None,
    match: Annotated[
        str | None,
        Option(("--match",), metavar="TEXT", help="Only rows with this text in code, id or name."),
    ] = None,
) -> None:
    """What a new cloud may use: quotas, which are raised on request, and limits, which are not.

    [dim]costplan catalog quotas --match gpu-t4[/dim]
    [dim]costplan catalog quotas --service serverless-containers --format json[/dim]
    """
    from costplan.analysis.inventory.quota_list import quota_list
    from costplan.catalog.store import default_catalog
    from costplan.cli.output import check_places, show
    from costplan.inputs.scenarios import catalog_opener

    check_places(answer.form, answer.path, force=answer.force)
    show(quota_list(catalog_opener(*layers)(default_catalog()), _only_service(service), match), *answer)


def list_capacities(
    answer: options.Answer,
    match: Annotated[
        str | None,
        Option(
            ("--match",),
            metavar="TEXT",
            help="Only rows with each of these words in id, model, input, hardware, runtime or source.",
        ),
    ] = None,
) -> None:
    """What others have published: requests a second of a model on a card or a processor, with the source.

    [dim]costplan catalog capacities --match "resnet50 t4 triton"[/dim]
    [dim]costplan catalog capacities --match bert-large --format csv[/dim]
    """
    from costplan.analysis.inventory.capacity_list import capacity_list
    from costplan.capacity.published_rows import published_rows
    from costplan.cli.output import check_places, show

    check_places(answer.form, answer.path, force=answer.force)
    show(capacity_list(published_rows(), match), *answer)


def verify_catalog(
    answer: options.Answer,
    layers: options.Layers,
) -> int | None:
    """Are prices sourced, dated, positive, ordered, unique, and all there? Exit code 1 when not.

    [dim]costplan catalog verify --overlay my-prices[/dim]
    """
    from costplan.analysis.inventory.price_list import verification
    from costplan.catalog.store import default_catalog
    from costplan.cli.output import check_places, show
    from costplan.inputs.scenarios import catalog_opener
    from costplan.messages.errors import ExitCode

    check_places(answer.form, answer.path, force=answer.force)
    found = verification(catalog_opener(*layers)(default_catalog()))
    show(found, *answer)
    return ExitCode.NO if found.findings else None


def import_prices(
    files: Annotated[
        list[Path],
        Argument(metavar="FILE...", help="Answers of the price API, saved as they came: all pages at once."),
    ],
    layers: options.Layers,
    into: Annotated[
        Path | None,
        Option(
            ("--into", "-o"),
            metavar="DIR",
            help="Write what differs here, as an overlay; a file such as a.json or a.xlsx takes the answer.",
        ),
    ] = None,
    dry_run: Annotated[bool, Option(("--dry-run",), help="Show the difference and write nothing.")] = False,
    force: Annotated[bool, Option(("--force",), help="Replace files of the overlay that are there.")] = False,
    form: options.FormatOption = None,
    day: Annotated[
        str | None,
        Option(("--date",), metavar="DATE", help="Day on which the answer was got; today if left out."),
    ] = None,
) -> int | None:
    """Prices out of the provider's own API: what differs from the catalog, and an overlay of it.

    Exit code 1: a SKU that the catalog has is refused; it is listed with the reason.

    [dim]costplan catalog import skus.json[/dim]
    [dim]costplan catalog import page1.json page2.json -o my-prices/[/dim]
    """

    from costplan.cli.clock import today
    from costplan.cli.output import check_places, show
    from costplan.cli.paths import ask_of_path
    from costplan.inputs.price_answers import imported_prices
    from costplan.inputs.values import day_of
    from costplan.messages.errors import ExitCode
    from costplan.output.formats import ENDINGS

    is_file = into is not None and into.suffix.lower() in ENDINGS and not ask_of_path(into, Path.is_dir)
    folder = None if dry_run or is_file else into
    output = into if is_file and not dry_run else None
    check_places(form, output, force=force)
    checked = day_of(day, "--date") or today()
    found, texts = imported_prices(files, layers, checked)
    if folder is not None:
        _check_folder(folder, texts, force=force)
    show(found, form, output, force)
    if folder is not None:
        _write(folder, texts, force=force)
    return ExitCode.NO if found.counts["refused"] else None


def _check_folder(folder: Path, texts: Mapping[str, str], *, force: bool) -> None:
    """Refuse, before anything is written, a folder that cannot take all files."""
    from costplan.cli.output import refuse_place
    from costplan.cli.paths import ask_of_path, shown_path
    from costplan.inputs.price_answers import refuse_catalog
    from costplan.messages.errors import InputError
    from costplan.messages.reason import Reason

    refuse_catalog(folder)
    if not ask_of_path(folder, Path.exists):
        refuse_place(folder, force=force)
        return
    if not ask_of_path(folder, Path.is_dir):
        raise InputError(Reason("`{path}` is not a folder", path=shown_path(folder)))
    for name in texts:
        refuse_place(folder / name, force=force)


def _write(folder: Path, texts: Mapping[str, str], *, force: bool) -> None:
    from costplan.cli.language import translator
    from costplan.cli.output import write
    from costplan.cli.paths import shown_path
    from costplan.cli.places import unwritable
    from costplan.cli.streams import say

    if not texts:
        say(translator()("nothing differs: {path} is not written", path=shown_path(folder)) + "\n")
        return
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise unwritable(folder, error) from None
    for name, text in texts.items():
        write(text, folder / name, force=force)
