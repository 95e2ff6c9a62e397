"""Help in the language of the reader.

What the definitions of commands say is translated where Typer's commands are made of it, and Typer's own
words when a line is read by Typer: a plain line, and help in English, pay nothing.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from costplan.cli.usage import usage_reason
from costplan.language.texts import Texts
from costplan.messages.text import visible

_EXAMPLE = re.compile(r"(\[dim\].*?\[/dim\]\s*)(.*)")
"""A line with a command, and what it is said to do."""
HELP_OPTIONS = ["-h", "--help"]
_NO_MARKUP = re.compile(r"\[(?=[a-z#@])(?!(?:dim|b)\])")
"""A bracket that Rich would take for the beginning of a style, and drop: `[tool.costplan]`."""


def help_text(text: str, words: Texts) -> str:
    """Say a docstring or a text of help in a language; brackets that are no markup are shown as they are."""
    if words.language != "en":
        text = "\n\n".join(
            "\n".join(example + words.reason(said) for example, said in lines) for lines in _parts(text)
        )
    return _NO_MARKUP.sub(r"\\[", text)


def help_messages(texts: Iterable[str]) -> Iterator[str]:
    """Give the messages that docstrings and texts of help are made of."""
    for text in texts:
        for lines in _parts(text.replace(r"\[", "[")):
            yield from (said for _, said in lines if said)


def _parts(text: str) -> Iterator[list[tuple[str, str]]]:
    """Take a text apart: of each paragraph its lines, as a command and what is said; prose is one line."""
    from inspect import cleandoc

    for paragraph in cleandoc(text).split("\n\n"):
        lines = paragraph.splitlines()
        found = [_EXAMPLE.fullmatch(line) for line in lines]
        if all(found):
            yield [(one[1], one[2]) for one in found if one]
        else:
            yield [("", " ".join(line.strip() for line in lines))]


@contextlib.contextmanager
def typer_in_language(command: Any, words: Texts, line: Sequence[str] = ()) -> Iterator[None]:
    """Have Typer say its own words in a language, and show nothing raw of a line that would act or vanish."""
    is_english = words.language == "en"
    if is_english and all(visible(word) == word for word in line):
        yield
        return
    from typer import rich_utils

    texts: dict[str, Any] = {}
    if not is_english:
        _translate(command, words)
        texts = _typers_texts(words)
    texts["rich_format_error"] = _errors(rich_utils.rich_format_error, words)
    before = {name: getattr(rich_utils, name) for name in texts}
    try:
        _set(rich_utils, texts)
        yield
    finally:
        _set(rich_utils, before)


def _typers_texts(words: Texts) -> dict[str, str]:
    return {
        "ARGUMENTS_PANEL_TITLE": words("Arguments"),
        "OPTIONS_PANEL_TITLE": words("Options"),
        "COMMANDS_PANEL_TITLE": words("Commands"),
        "ERRORS_PANEL_TITLE": words("Error"),
        "REQUIRED_LONG_STRING": words("[required]"),
        "RICH_HELP": words("Try [blue]'{command_path} {help_option}'[/] for help."),
    }


def _set(module: Any, texts: dict[str, Any]) -> None:
    for name, text in texts.items():
        setattr(module, name, text)


def _translate(command: Any, words: Texts) -> None:
    """Translate what Typer adds to each command: the usage, its options for help and completion."""
    own = {
        "install_completion": words("Install completion for the current shell."),
        "show_completion": words(
            "Show completion for the current shell, to copy it or customize the installation."
        ),
    }
    for parameter in command.params:
        parameter.help = own.get(parameter.name, getattr(parameter, "help", None))
    context = command.context_class(command, help_option_names=HELP_OPTIONS)
    command.get_help_option(context).help = words("Show this message and exit.")
    command.get_usage = _usage(command.get_usage, words)
    for one in getattr(command, "commands", {}).values():
        _translate(one, words)


def _errors(show: Callable[[Any], None], words: Texts) -> Callable[[Any], None]:
    """Show a usage error in a language."""

    def translated(error: Any) -> None:
        sentence = "\n".join(visible(line) for line in error.format_message().split("\n"))
        error.format_message = lambda: words.reason(usage_reason(sentence))
        show(error)

    return translated


def _usage(usage: Callable[[Any], str], words: Texts) -> Callable[[Any], str]:
    def translated(context: Any) -> str:
        return usage(context).replace("Usage:", words("Usage:"), 1)

    return translated
