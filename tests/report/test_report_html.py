"""The page: valid HTML that loads nothing, escapes everything, and leads somewhere with every link."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from functools import cache
from html import unescape
from itertools import pairwise
from pathlib import Path
from xml.etree.ElementTree import Element

import html5lib
import pytest
from corpus import Case, cases
from report_inputs import EVIL, evil_report, report_data, report_data_of

from costplan.language.translator import Translator
from costplan.report.document import build_report
from costplan.report.renderers.html import render

HOSTILE = [case for case in cases() if case.family in {"names", "markdown"} and case.path.suffix == ".yaml"]


@cache
def page(language: str = "en") -> str:
    words = Translator(language)
    return render(build_report(report_data(), words), words)


def tree(text: str) -> Element:
    """Parse as strictly as html5lib can: any parse error raises."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)


@cache
def page_tree(language: str = "en") -> Element:
    return tree(page(language))


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_page_is_valid_html(language: str) -> None:
    root = page_tree(language)
    assert root.get("lang") == language


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_page_loads_nothing(language: str) -> None:
    root = page_tree(language)
    loading = {"src", "srcset", "data", "action", "formaction", "poster", "background", "ping"}
    for element in root.iter():
        assert str(element.tag).rpartition("}")[2] not in {"link", "iframe", "object", "embed", "base", "img"}
        assert not loading & set(element.attrib), element.tag
        assert not [name for name in element.attrib if name.startswith("on")]
        for name, value in element.attrib.items():
            if name.rpartition("}")[2] == "href":
                assert value.startswith("#")
    styles = "".join(style.text or "" for style in root.iter("style"))
    assert "url(" not in styles
    assert "@import" not in styles


def test_the_policy_forbids_every_source_and_names_what_stands_in_the_page() -> None:
    root = page_tree()
    [policy] = [
        meta.get("content", "")
        for meta in root.iter("meta")
        if meta.get("http-equiv") == "Content-Security-Policy"
    ]
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    for tag in ("script", "style"):
        [element] = root.iter(tag)
        digest = b64encode(hashlib.sha256((element.text or "").encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert not [element.tag for element in root.iter() if "style" in element.attrib]


@pytest.mark.parametrize("language", ["en", "ru"])
def test_identifiers_are_unique_and_every_link_leads_to_one(language: str) -> None:
    root = page_tree(language)
    ids = [value for element in root.iter() if (value := element.get("id"))]
    assert len(set(ids)) == len(ids)
    targets = {link.get("href", "")[1:] for link in root.iter("a")}
    assert targets
    assert targets <= set(ids)
    named = {
        name
        for element in root.iter()
        for key in ("aria-labelledby", "aria-describedby")
        for name in element.get(key, "").split()
    }
    assert named <= set(ids)


def test_two_scenarios_of_one_name_are_told_apart(tmp_path: Path) -> None:
    text = "scenario: shop\ntitle: Shop\nworkload: {monthly_requests: 1M}\nresources:\n"
    bodies = [
        f"  a: {{kind: fixed-cost, role: other, amounts: {{RUB: {cost}}}, source: x}}\n" for cost in (1, 2)
    ]
    words = Translator()
    root = tree(
        render(build_report(report_data_of(tmp_path, *[text + body for body in bodies]), words), words)
    )
    ids = [value for element in root.iter() if (value := element.get("id"))]
    assert len(set(ids)) == len(ids)
    assert {"bill-shop-scenario0-yaml", "bill-shop-scenario1-yaml"} <= set(ids)


def test_headings_descend_one_level_at_a_time() -> None:
    levels = [int(str(e.tag)[1]) for e in page_tree().iter() if re.fullmatch(r"h[1-6]", str(e.tag))]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below - above <= 1 for above, below in pairwise(levels))


def test_every_table_has_a_caption_and_rows_of_its_width() -> None:
    tables = list(page_tree().iter("table"))
    assert len(tables) > 12
    for table in tables:
        [caption] = table.iter("caption")
        assert "".join(caption.itertext()).strip()
        widths = {len(row) for row in table.iter("tr")}
        assert len(widths) == 1, "".join(caption.itertext())


def test_every_picture_has_a_title_and_a_description() -> None:
    pictures = [e for e in page_tree().iter() if str(e.tag).rpartition("}")[2] == "svg"]
    assert len(pictures) >= 8
    for picture in pictures:
        tags = {str(child.tag).rpartition("}")[2]: child.text for child in picture}
        assert picture.get("role") == "img"
        assert tags["title"]
        assert tags["desc"]


def test_the_page_of_three_stages_is_far_below_its_limit() -> None:
    assert len(page().encode()) < 1_500_000 / 2


def test_hostile_texts_are_shown_and_do_nothing() -> None:
    text = render(evil_report(), Translator())
    root = tree(text)
    assert len(list(root.iter("script"))) == 1
    assert not list(root.iter("img"))
    assert "{{7*7}}{% raw %}" in unescape(text)
    assert "\u202e" not in text
    assert "\x1b" not in text
    shown = next(root.iter("h3"))
    assert shown.text == EVIL.replace("\u202e", "\\u202e").replace("\x1b", "\\x1b")


def test_the_same_material_gives_the_same_page() -> None:
    words = Translator()
    assert render(build_report(report_data(), words), words) == page()


@pytest.mark.parametrize("case", [case for case in HOSTILE if case.expect == 0], ids=lambda case: case.name)
def test_hostile_names_of_the_corpus_do_nothing_in_a_page(case: Case, tmp_path: Path) -> None:
    found = report_data_of(tmp_path, case.path.read_text(encoding="utf-8"))
    words = Translator()
    root = tree(render(build_report(found, words), words))
    assert len(list(root.iter("script"))) == 1
    tags = {str(element.tag).rpartition("}")[2] for element in root.iter()}
    assert not tags & {"img", "iframe", "object", "embed", "link", "base", "form", "foreignObject"}
    assert not [name for element in root.iter() for name in element.attrib if name.startswith("on")]
    assert {link.get("href", "#")[0] for link in root.iter("a")} == {"#"}
