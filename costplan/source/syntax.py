"""YAML's own syntax errors, said in words that tell the reader what to change."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import yaml

from costplan.messages.errors import Fault, SourceLocation
from costplan.messages.reason import Reason
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

_ESCAPED = "double the `\\`, or use single quotes"
_PLAIN_WORDS = (
    (
        "sequence entries are not allowed",
        Fault(
            "a list cannot begin here",
            hint="write its `- ` items on lines of their own, or the list as `[a, b]`",
        ),
    ),
    (
        "mapping keys are not allowed",
        Fault(
            "`? ` cannot begin a key here",
            hint="write the key as `key: value`, or put the text in quotes",
        ),
    ),
    ("hexdecimal", Fault("an escape in double quotes is not complete", hint=_ESCAPED)),
    ("hexadecimal", Fault("an escape in double quotes is not complete", hint=_ESCAPED)),
    ("escape", Fault("an unknown escape in double quotes", hint=_ESCAPED)),
    ("undefined tag handle", Fault("tags are not read", hint="remove the tag, or put the text in quotes")),
    (
        "expected alphabetic or numeric character",
        Fault("`&` and `*` begin an anchor or an alias, and no name follows", hint=_QUOTE),
    ),
    (
        "'-' indicator",
        Fault("an item of the list was expected here", hint="begin it with `- `, lined up with the others"),
    ),
    (
        "document start",
        Fault("this comes after the end of the document", hint="is a bracket or a quote too many?"),
    ),
    (
        "unexpected document",
        Fault("`---` or `...` is inside a quoted text", hint="close the quote before it"),
    ),
    ("node content", Fault("a value was expected here", hint="is a comma or a bracket too many?")),
    (
        "comment or line break",
        Fault("only a comment may follow here", hint="begin the text on the next line"),
    ),
    ("indentation indicator", Fault("the number after `|` or `>` must be from 1 to 9")),
    *(
        (
            words,
            Fault(
                "this fits nothing above it",
                hint="line it up with the keys or items it belongs to; "
                "quote a text that holds quotes or brackets",
            ),
        )
        for words in _MISFIT
    ),
)
"""Piece of the parser's problem (libyaml's or PyYAML's), what we say of it."""


def syntax_fault(error: yaml.YAMLError, source: Source) -> Fault:
    """Turn an error of the YAML parser into a fault with a place, plain words and a hint."""
    problem = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)
    begun: Any = getattr(error, "context_mark", None)
    met: Any = getattr(error, "problem_mark", None) or begun
    if met is None:
        return Fault(Reason("not YAML: {why}", problem), source.mark(0, 0))
    at = source.mark(met.line, met.column)
    before, here = at.text[: met.column], at.text[met.column : met.column + 1]
    indent = at.text[: len(at.text) - len(at.text.lstrip())]
    if "\t" in indent and any(words in problem for words in _TAB_SUSPECTS):
        tab = source.mark(met.line, indent.index("\t"))
        return Fault("a tab in the indentation", tab, hint="indent with spaces")
    if _UNSTARTED in problem:
        named = Reason("a backquote") if here == "`" else f"`{here}`"
        return Fault(Reason("a value cannot begin with {named}", named), at, hint=_QUOTE)
    if "mapping values are not allowed" in problem:
        return _nested_key_fault(at, source)
    if "could not find expected ':'" in problem and begun:
        return Fault("this is not `key: value`", source.mark(begun.line, begun.column, -1), hint=_COLON)
    if any(words in problem for words in _MISFIT) and before.strip():
        hint = "put the whole value in one pair of quotes"
        return Fault("nothing may follow the value here", at, hint=hint)
    if here == ":" and any(words in problem for words in (*_MISFIT, "node content")):
        return Fault("there is no key before the `:`", at, hint="write the key, or put the text in quotes")
    flow = _FLOW.search(problem)
    if flow and begun:
        opening = source.mark(begun.line, begun.column)
        return _bracket_fault(flow.group(1), opening, None if met.index >= len(source.text) else at)
    if "unexpected end of stream" in problem and begun:
        return Fault("the quote that opens here is never closed", source.mark(begun.line, begun.column))
    for piece, fault in _PLAIN_WORDS:
        if piece in problem:
            return replace(fault, mark=at)
    return Fault(Reason("not YAML: {why}", problem), at)


def _bracket_fault(closing: str, opening: SourceLocation, at: SourceLocation | None) -> Fault:
    """Say that a list or mapping in brackets goes wrong at `at`, or at the file's end when that is None."""
    opened = "[" if closing == "]" else "{"
    if at is None:
        return Fault(
            Reason("the `{opened}` that opens here is never closed", opened),
            opening,
            hint=Reason("close it: `{closing}`", closing),
        )
    message = Reason(
        "`,` or `{closing}` was expected; `{opened}` is at line {line}, column {column}",
        closing,
        opened,
        str(opening.line),
        str(opening.column),
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
