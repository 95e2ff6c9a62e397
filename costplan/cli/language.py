"""The language of a run: `--lang` anywhere on the line, else the setting; the same way for every command."""

from __future__ import annotations

from collections.abc import Sequence
from contextvars import ContextVar
from typing import TYPE_CHECKING

from costplan.cli import completions
from costplan.cli.parameters import Option
from costplan.cli.settings import setting
from costplan.language.catalog import LANGUAGES
from costplan.language.texts import Texts
from costplan.messages.errors import InputError

if TYPE_CHECKING:  # it writes numbers, which `--help` has none of
    from costplan.language.translator import Translator

OPTION = Option(
    ("--lang",),
    metavar="LANGUAGE",
    help="en or ru: tables, notes, errors, help; else COSTPLAN_LANG.",
    setting="lang",
    completes=completions.languages,
)
"""What every command shows in its help; the line is read here, before the command is known."""
_asked: ContextVar[str | None] = ContextVar("asked", default=None)


def without_language(words: Sequence[str]) -> list[str]:
    """Take `--lang LANGUAGE` out of a line and remember it.

    Raises:
        InputError: There are no texts in that language, or none is named.
    """
    _asked.set(None)
    left, waiting = list[str](), list(words)
    while waiting:
        word = waiting.pop(0)
        name, equals, value = word.partition("=")
        if word == "--":
            return [*left, word, *waiting]
        if name != OPTION.names[0]:
            left.append(word)
            continue
        if not equals and not waiting:
            raise InputError("--lang: needs a language", hint="--lang ru")
        from costplan.inputs.values import one_of  # a line without `--lang`, such as --help, goes without it

        _asked.set(one_of(name, (value if equals else waiting.pop(0)).lower(), LANGUAGES))
    return left


def asked_language() -> str | None:
    """Return the language that the line of this run names; None where it names none."""
    return _asked.get()


def language() -> str:
    """Return the language of this run.

    Raises:
        InputError: A setting names none that there is.
    """
    return asked_language() or setting("lang") or LANGUAGES[0]


def translator() -> Translator:
    """Return the translator of this run; see `language`."""
    from costplan.language.translator import Translator

    return Translator(language())


def translator_of_errors() -> Translator:
    """Return the translator for errors: English where the setting of the language is itself the error."""
    from costplan.language.translator import Translator

    return Translator(_language_of_errors())


def texts_of_help() -> Texts:
    """Return what says help; in English that is short of all that writes numbers."""
    chosen = _language_of_errors()
    return Texts() if chosen == LANGUAGES[0] else translator_of_errors()


def _language_of_errors() -> str:
    """Return the language of what is said when all else failed: whatever is wrong with the settings."""
    try:
        return language()
    except Exception:
        return LANGUAGES[0]
