"""`costplan catalog import`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from costplan.cli import options
from costplan.cli.parameters import Argument, Option


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
