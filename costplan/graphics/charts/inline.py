"""Turn the SVG that matplotlib writes into one that stands inside a page, beside others.

Styles become presentation attributes, which no content security policy forbids; the colours of the house
become variables of the page; identifiers get a prefix, or go where nothing names them; numbers keep two
decimals.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import Final

from costplan.graphics.palette import FONTS, INKS

_VARIABLES: Final = {ink.light: ink.variable for ink in INKS}
_REFERENCE: Final = re.compile(r"#([\w-]+)")
_LONG: Final = re.compile(r"-?\d+\.\d{3,}")
_BLANKS: Final = re.compile(r"\s+(?=[A-Za-z])|\s+$|(?<=[A-Za-z])\s+")
_DROPPED: Final = frozenset({"metadata", "style", "title"})
_FONT: Final = re.compile(r"(?:(bold|\d00) )?(?:normal )?([\d.]+)px ")
_PIXELS_PER_POINT: Final = 4 / 3


def for_page(picture: bytes, prefix: str, title: str, description: str) -> str:
    """Return a picture of matplotlib's as an element of an HTML page, without XML prolog.

    Args:
        picture: SVG of `style.saved`, with text as text.
        prefix: Begins every identifier; unique in its page.
        title: Read out first; the page may show it too.
        description: Read out after it.
    """
    root = ET.fromstring(picture)  # noqa: S314 - made by matplotlib a moment ago
    named = {name: f"{prefix}-{rank}" for rank, name in enumerate(_named(root), 1)}
    _clean(root, named)
    _, _, wide, high = (float(number) for number in root.attrib["viewBox"].split())
    inside = "".join(ET.tostring(child, encoding="unicode") for child in root)
    labelled = f'aria-labelledby="{prefix}-title {prefix}-desc"'
    said = ET.Element("title", {"id": f"{prefix}-title"}), ET.Element("desc", {"id": f"{prefix}-desc"})
    said[0].text, said[1].text = title, description
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" viewBox="0 0 {wide:g} {high:g}" '
        f'width="{wide * _PIXELS_PER_POINT:g}" height="{high * _PIXELS_PER_POINT:g}" {labelled} '
        f'font-family="{FONTS}" stroke-linejoin="round">'
        f"{''.join(ET.tostring(one, encoding='unicode') for one in said)}{inside}</svg>\n"
    )


def _named(root: ET.Element) -> dict[str, None]:
    """Return the identifiers that something in the picture refers to, in its order."""
    found: dict[str, None] = {}
    for element in root.iter():
        for key, value in _pairs(element.attrib):
            if key == "href" or value.startswith("url("):
                found |= dict.fromkeys(_REFERENCE.findall(value))
    return found


def _clean(element: ET.Element, named: dict[str, str]) -> None:
    element.tag = element.tag.rpartition("}")[2]
    element.attrib = dict(_attributes(element.attrib, named))
    element.tail = None
    if element.tag != "text":
        element.text = None
    kept = []
    for child in element:
        if child.tag.rpartition("}")[2] not in _DROPPED:
            _clean(child, named)
            bare = child.tag == "g" and not child.attrib
            kept += list(child) if bare else [child]
    element[:] = [child for child in kept if not _is_nothing(child)]


def _is_nothing(element: ET.Element) -> bool:
    if element.tag in ("g", "defs"):
        return not len(element)
    return element.tag == "path" and element.get("fill") == "none" and "stroke" not in element.attrib


def _pairs(old: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Return attributes without namespaces, a style taken apart into its declarations."""
    for key, value in old.items():
        if key == "style":
            yield from (pair for part in value.split(";") if ":" in part for pair in _declared(part))
        else:
            yield key.rpartition("}")[2], value


def _attributes(old: dict[str, str], named: dict[str, str]) -> Iterator[tuple[str, str]]:
    for key, value in _pairs(old):
        if key == "id":
            if value in named:
                yield key, named[value]
        elif key == "href":
            yield key, f"#{named[value.removeprefix('#')]}"
        elif value.startswith("url(#"):
            yield key, f"url(#{named[value[5:-1]]})"
        elif key == "d":
            yield key, _BLANKS.sub("", _LONG.sub(_shorter, value))
        elif not value.startswith("rotate(-0 "):
            yield key, _VARIABLES.get(value) or _LONG.sub(_shorter, value)


def _declared(part: str) -> list[tuple[str, str]]:
    """Turn one declaration of a style into attributes; versions of matplotlib write a font in two ways."""
    key, _, value = (piece.strip() for piece in part.partition(":"))
    if key == "font":
        font = _FONT.match(value)
        assert font, value
        return [("font-size", font.group(2)), *([("font-weight", "600")] if font.group(1) else [])]
    if key in ("font-family", "font-style", "font-variant", "font-stretch"):
        return []
    return [(key, value.removesuffix("px"))]


def _shorter(number: re.Match[str]) -> str:
    return f"{float(number.group()):.2f}".rstrip("0").rstrip(".")
