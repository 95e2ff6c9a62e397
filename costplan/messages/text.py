"""Text that is safe to show, and the nearest right word for a wrong one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

from costplan.messages.reason import Reason, join_reasons

_CONTROL_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
"""Unicode categories that move the cursor, reorder text or do not show: C0, C1, bidi, zero-width."""

_WIDE_BLANKS = frozenset("\u115f\u1160\u3164\uffa0\u2800")
"""Characters that are letters by category and blank on the screen."""


def is_hidden(character: str) -> bool:
    """Say whether a character would act on a terminal, or vanish, instead of being seen."""
    return unicodedata.category(character) in _CONTROL_CATEGORIES or character in _WIDE_BLANKS


def visible(text: str) -> str:
    """Return `text` with every character that would act or vanish written out as an escape.

    Names come from files that others wrote: an ESC byte recolours the terminal and a bidi override shows
    `gpj.exe` for `exe.jpg`. Data is passed through here before it reaches a terminal or a message.

    Example: `visible("a\\x1b[31m")` -> `a\\x1b[31m` with the escape spelled in four characters.
    """
    if text.isprintable() and (text.isascii() or _WIDE_BLANKS.isdisjoint(text)):
        return text
    return "".join(_escaped(c) if is_hidden(c) else c for c in text)


def _escaped(character: str) -> str:
    code = ord(character)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def shortened(text: str, limit: int) -> str:
    """Cut the middle out of a text that is longer than `limit`, so that no token can fill a terminal."""
    if len(text) <= limit:
        return text
    tail = limit // 3
    return f"{text[: limit - tail - 3]}...{text[-tail:]}"


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """Return the choice that `word` was most likely meant to be, or None when none is close.

    A choice is close when it differs only in case, `-` and `_`, when it is the only one that ends with the
    word (`container`: `serverless-container`), when difflib rates it at 0.6 or more, or when it begins with
    the word.
    """
    import difflib  # slow to import, and needed only to say what was meant

    options = sorted(set(choices))
    plain = {_plain(option): option for option in options}
    if _plain(word) in plain:
        return plain[_plain(word)]
    ended = [option for option in options if _parts(option)[-1:] == _parts(word) and len(word) >= 3]
    if len(ended) == 1:
        return ended[0]
    close = difflib.get_close_matches(_plain(word)[:200], list(plain), n=1, cutoff=0.6)
    if close:
        return plain[close[0]]
    begun = [option for option in options if len(word) >= 3 and _plain(option).startswith(_plain(word))]
    return begun[0] if begun else None


def _parts(word: str) -> list[str]:
    return re.split("[-_. ]", word.lower())


def _plain(word: str) -> str:
    return word.lower().replace("_", "").replace("-", "").replace(" ", "")


def in_language(texts: Mapping[str, str], language: str = "en") -> str:
    """Return the text in a language, else in English, else in the first one given."""
    return texts.get(language) or texts.get("en") or next(iter(texts.values()))


def listed(words: Iterable[object], limit: int = 12) -> str:
    """Join words with commas; past `limit` the rest is counted, not shown."""
    items = [str(word) for word in words]
    shown = items[:limit]
    names = join_reasons(shown, ", ") if any(isinstance(item, Reason) for item in shown) else ", ".join(shown)
    return Reason("{names} and {count} more", names, str(len(items) - limit)) if items[limit:] else names
