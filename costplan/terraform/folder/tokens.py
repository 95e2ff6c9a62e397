"""The text of a .tf file as tokens; its syntax was checked by whoever evaluates it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

MOST_NESTED = 50
"""Deepest nesting of templates and brackets that is read."""
_NAME = re.compile(r"[^\W\d][\w-]*")
_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_BLANK = re.compile(r"(?:[ \t\r\ufeff]|#[^\n]*|//[^\n]*|/\*.*?\*/)+", re.DOTALL)
_HEREDOC = re.compile(r"<<(-?)([^\W\d][\w-]*)\r?\n")
_MARK = re.compile(r"=>|==|!=|<=|>=|&&|\|\||\.\.\.|::|[-+*/%!<>=?:.,(){}\[\]]")


class UnreadableError(Exception):
    """The text is not understood at an offset."""

    def __init__(self, offset: int) -> None:
        super().__init__(offset)
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text."""

    kind: str
    """`name`, `number`, `text`, `mark` or `line`, the end of one."""
    text: str
    """As it is written; of a plain text what it says."""
    start: int
    stop: int
    parts: tuple[tuple[Token, ...], ...] = ()
    """What a text has between `${` and `}`."""

    def is_mark(self, *texts: str) -> bool:
        """Say whether it is one of these marks."""
        return self.kind == "mark" and self.text in texts


Tokens = tuple[Token, ...]


def tokens_of(text: str) -> Tokens:
    """Cut a text into tokens.

    Raises:
        UnreadableError: At a place that is not understood.
    """
    return tuple(_Lexer(text).read(0, 0)[0])


class _Lexer:
    def __init__(self, text: str) -> None:
        self.text = text

    def read(self, at: int, depth: int) -> tuple[list[Token], int]:
        """Read to the end of the text, or, within a template, to the brace that closes it."""
        if depth > MOST_NESTED:
            raise UnreadableError(at)
        found: list[Token] = []
        open_braces = 0
        while at < len(self.text):
            blank = _BLANK.match(self.text, at)
            if blank:
                at = blank.end()
                continue
            if depth and self.text[at] == "~":  # takes the blanks of a template away: `%{ endfor ~}`
                at += 1
                continue
            token = self._token(at, depth)
            if token.is_mark("{"):
                open_braces += 1
            if token.is_mark("}"):
                if depth and not open_braces:
                    return found, token.stop
                open_braces -= 1
            found.append(token)
            at = token.stop
        if depth:
            raise UnreadableError(at)
        return found, at

    def _token(self, at: int, depth: int) -> Token:
        text = self.text
        if text[at] == "\n":
            return Token("line", "\n", at, at + 1)
        if text[at] == '"':
            return self._quoted(at, depth)
        for kind, pattern in (("name", _NAME), ("number", _NUMBER)):
            if found := pattern.match(text, at):
                return Token(kind, found[0], at, found.end())
        if found := _HEREDOC.match(text, at):
            return self._heredoc(at, found[2], found.end(), depth)
        if found := _MARK.match(text, at):
            return Token("mark", found[0], at, found.end())
        raise UnreadableError(at)

    def _quoted(self, start: int, depth: int) -> Token:
        at, parts, said = start + 1, list[Tokens](), list[str]()
        while at < len(self.text):
            one = self.text[at]
            if one == '"':
                return Token("text", "".join(said), start, at + 1, tuple(parts))
            if one == "\\":
                said.append(self.text[at : at + 2])
                at += 2
            elif self.text.startswith(("$${", "%%{"), at):
                at += 3
            elif self.text.startswith(("${", "%{"), at):
                inner, at = self.read(at + 2, depth + 1)
                parts.append(tuple(inner))
            else:
                said.append(one)
                at += 1
        raise UnreadableError(start)

    def _heredoc(self, start: int, name: str, at: int, depth: int) -> Token:
        end = re.compile(rf"^[ \t]*{re.escape(name)}[ \t]*\r?$", re.MULTILINE).search(self.text, at)
        if end is None:
            raise UnreadableError(start)
        parts = tuple(self._interpolated(at, end.start(), depth))
        stop = end.start() + len(end[0].rstrip())
        return Token("text", self.text[at : end.start()], start, stop, parts)

    def _interpolated(self, at: int, stop: int, depth: int) -> Iterator[Tokens]:
        pattern = re.compile(r"\$\$\{|%%\{|\$\{|%\{")
        while found := pattern.search(self.text, at, stop):
            at = found.end()
            if len(found[0]) == 2:
                inner, at = self.read(at, depth + 1)
                yield tuple(inner)
