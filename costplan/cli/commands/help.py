"""`costplan help`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from costplan.cli import completions
from costplan.cli.parameters import Argument, Option
from costplan.language.catalog import LANGUAGES

if TYPE_CHECKING:
    from costplan.language.translator import Translator


def show_help(
    words: Annotated[
        list[str] | None,
        Argument(
            metavar="[COMMAND or TOPIC]",
            help="A command, or a page of the docs; the list of both if left out.",
            completes=completions.topics,
        ),
    ] = None,
    page: Annotated[
        bool, Option(("--page",), help="The page of the docs, where a command has the same name.")
    ] = False,
) -> int | None:
    """Help on a command, or a page of the docs.

    [dim]costplan help[/dim]
    [dim]costplan help catalog list[/dim]
    [dim]costplan help overlays[/dim]
    [dim]costplan help plan --page[/dim]
    """
    from costplan.cli.help_topics import heading, pages
    from costplan.cli.language import translator
    from costplan.cli.output import write
    from costplan.cli.registry import COMMANDS
    from costplan.cli.run import dispatch
    from costplan.inputs.values import one_of

    asked, found = list(words or ()), pages()
    if not asked:
        code = dispatch(["--help"])
        width = max(map(len, found))
        topics = "".join(f"  {name:<{width}}  {heading(one)}\n" for name, one in found.items())
        said = translator()(
            "Pages, each by `costplan help NAME`; add `--page` where a command has the name too:"
        )
        write(f"{said}\n{topics}{_language_of_pages(translator())}", None)
        return code
    if asked[0] in COMMANDS and not page:
        return dispatch([*asked, "--help"])
    known = list(found if page else {**COMMANDS, **found})
    name = one_of("help", " ".join(asked), known, otherwise="`costplan help` lists them all")
    write(found[name].read_text(encoding="utf-8"), None)
    return None


def _language_of_pages(words: Translator) -> str:
    """Say to whom reads another language that the pages are in English."""
    return "" if words.language == LANGUAGES[0] else f"{words('The pages are in English.')}\n"
