"""What Typer finds wrong with a line, as reasons that can be said in other languages: its own are English."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from costplan.messages.reason import Reason

_WORDED: Sequence[tuple[str, Callable[..., Reason]]] = (
    (r"No such option:? '?([^\s']+)'?\.?", lambda option: Reason("there is no option `{option}`", option)),
    (r"No such command '(.*)'\.", lambda name: Reason("there is no command `{name}`", name)),
    (r"Missing (?:argument|option|parameter)s? '?(.*?)'?\.", lambda key: Reason("missing `{key}`", key)),
    (r"Missing command\.", lambda: Reason("no command is named")),
    (r"Option '(.*)' requires an argument\.", lambda option: Reason("{option}: needs a value", option)),
    (
        r"Option '(.*)' does not take a value\.",
        lambda option: Reason("{option}: takes no value", option),
    ),
    (
        r"Got unexpected extra arguments?(?:\(s\))? \((.*)\)",
        lambda words: Reason("more words than the command takes: {words}", words),
    ),
    (
        r"Invalid value for '(.*?)': '(.*)' is not a valid (?:integer|int)(?: range)?\.",
        lambda option, value: Reason("{option}: must be a whole number, got {text}", option, value),
    ),
)
"""Typer's sentences, with the words that are kept, and how we say them."""
_POSSIBLE = re.compile(r" (?:\(Possible options: (.*)\)|Did you mean (?:one of: )?(.*)\?)$")


def usage_reason(sentence: str) -> str:
    """Return a reason for a sentence of Typer; one that is not known stays as it is."""
    possible = _POSSIBLE.search(sentence)
    bare = sentence[: possible.start()] if possible else sentence
    for pattern, worded in _WORDED:
        if found := re.fullmatch(pattern, bare):
            said = worded(*found.groups())
            return (
                Reason("{said}; did you mean {names}?", said, possible[1] or possible[2])
                if possible
                else said
            )
    return sentence
