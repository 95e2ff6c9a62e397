"""YAML's own syntax errors, said in words that tell the reader what to change."""

from __future__ import annotations

import re
from typing import Any

import yaml

from costplan.messages.errors import Fault, SourceLocation
from costplan.source.guard import Source

_QUOTE = "put the text in quotes"
_COLON = "write the colon and a space after the key"
_MISFIT = ("find expected key", "<block end>")
"""The problem of libyaml and of PyYAML where a line fits nothing above it."""

_FLOW = re.compile(r"expected ',' or '([\]}])'")
_UNSTARTED = "cannot start any token"
_TAB_SUSPECTS = (
    _UNSTARTED,
    "mapping values are not allowed",
    "tab character",
    "could not find expected ':'",
    *_MISFIT,
)

_PLAIN_WORDS = (
    (
        "sequence entries are not allowed",
        "a list cannot begin here",
        "write its `- ` items on lines of their own, or the list as `[a, b]`",
    ),
    (
        "mapping keys are not allowed",
        "`? ` cannot begin a key here",
        "write the key as `key: value`, or put the text in quotes",
    ),
    ("hexdecimal", "an escape in double quotes is not complete", "double the `\\`, or use single quotes"),
    ("hexadecimal", "an escape in double quotes is not complete", "double the `\\`, or use single quotes"),
    ("escape", "an unknown escape in double quotes", "double the `\\`, or use single quotes"),
    ("undefined tag handle", "tags are not read", "remove the tag, or put the text in quotes"),
    (
        "expected alphabetic or numeric character",
        "`&` and `*` begin an anchor or an alias, and no name follows",
        _QUOTE,
    ),
    (
        "'-' indicator",
        "an item of the list was expected here",
        "begin it with `- `, lined up with the others",
    ),
    ("document start", "this stands after the end of the document", "is a bracket or a quote too many?"),
    ("unexpected document", "`---` or `...` stands inside a quoted text", "close the quote before it"),
    ("node content", "a value was expected here", "is a comma or a bracket too many?"),
    ("comment or line break", "only a comment may follow here", "begin the text on the next line"),
    ("indentation indicator", "the number after `|` or `>` must be from 1 to 9", None),
    *(
        (
            words,
            "this fits nothing above it",
            "line it up with the keys or items it belongs to; quote a text that holds quotes or brackets",
        )
        for words in _MISFIT
    ),
)
"""Piece of the parser's problem (libyaml's or PyYAML's), what we say, the hint."""


def syntax_fault(error: yaml.YAMLError, source: Source) -> Fault:
    """Turn an error of the YAML parser into a fault with a place, plain words and a hint."""
    problem = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)
    begun: Any = getattr(error, "context_mark", None)
    met: Any = getattr(error, "problem_mark", None) or begun
    if met is None:
        return Fault(f"not YAML: {problem}", source.mark(0, 0))
    at = source.mark(met.line, met.column)
    before, here = at.text[: met.column], at.text[met.column : met.column + 1]
    indent = at.text[: len(at.text) - len(at.text.lstrip())]
    if "\t" in indent and any(words in problem for words in _TAB_SUSPECTS):
        tab = source.mark(met.line, indent.index("\t"))
        return Fault("a tab in the indentation", tab, hint="indent with spaces")
    if _UNSTARTED in problem:
        named = "a backquote" if here == "`" else f"`{here}`"
        return Fault(f"a value cannot begin with {named}", at, hint=_QUOTE)
    if "mapping values are not allowed" in problem:
        return _nested_key_fault(at, source)
    if "could not find expected ':'" in problem and begun:
        return Fault("this is not `key: value`", source.mark(begun.line, begun.column, -1), hint=_COLON)
    if any(words in problem for words in _MISFIT) and before.strip():
        hint = "put the whole value in one pair of quotes"
        return Fault("nothing may follow the value here", at, hint=hint)
    if here == ":" and any(words in problem for words in (*_MISFIT, "node content")):
        return Fault("no key stands before the `:`", at, hint="write the key, or put the text in quotes")
    flow = _FLOW.search(problem)
    if flow and begun:
        opening = source.mark(begun.line, begun.column)
        return _bracket_fault(flow.group(1), opening, None if met.index >= len(source.text) else at)
    if "unexpected end of stream" in problem and begun:
        return Fault("the quote that opens here is never closed", source.mark(begun.line, begun.column))
    for piece, message, hint_or_none in _PLAIN_WORDS:
        if piece in problem:
            return Fault(message, at, hint=hint_or_none)
    return Fault(f"not YAML: {problem}", at)


def _bracket_fault(closing: str, opening: SourceLocation, at: SourceLocation | None) -> Fault:
    """Say that a list or mapping in brackets goes wrong at `at`, or at the file's end when that is None."""
    opened = "[" if closing == "]" else "{"
    if at is None:
        return Fault(
            f"the `{opened}` that opens here is never closed", opening, hint=f"close it: `{closing}`"
        )
    message = (
        f"`,` or `{closing}` was expected; `{opened}` is at line {opening.line}, column {opening.column}"
    )
    return Fault(message, at, hint="add a comma, close the bracket, or put the text in quotes")


def _nested_key_fault(at: SourceLocation, source: Source) -> Fault:
    """Say why a `:` stands inside a value: two in a line, no space after the one above, wrong indentation."""
    if re.search(r":\s", at.text[: at.column - 1]):
        hint = "put the value in quotes; or write the inner `key: value` on a line of its own"
        return Fault("a second `: ` in one line", at, hint=hint)
    above = source.mark(at.line - 2, 0) if at.line > 1 else at
    bare = above.text.strip()
    indent = len(above.text) - len(above.text.lstrip())
    if bare and indent == len(at.text) - len(at.text.lstrip()) and not re.search(r":(\s|$)", bare):
        return Fault("this is not `key: value`", source.mark(at.line - 2, indent, -1), hint=_COLON)
    hint = "line it up with the key above; or remove the value of the key that it belongs to"
    return Fault("a key inside the value that began above", at, hint=hint)
