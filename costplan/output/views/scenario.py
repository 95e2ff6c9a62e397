"""Views of what a scenario may say, and of one that was put together."""

from __future__ import annotations

from costplan.analysis.inventory.kinds import KindList, KindReference
from costplan.analysis.inventory.shown_scenario import ShownScenario, ShownValue
from costplan.language.terms import QUANTITY_ORIGINS
from costplan.language.translator import Translator
from costplan.output.views.view import Cell, Column, Row, Table, View, row_of
from costplan.scenario.reference import BY_NAME, KEYS_OF, LIST, ONE_OF, split_type


def kind_list_view(kinds: KindList, words: Translator) -> View:
    """A row per kind."""
    rows = [
        row_of(
            Cell(one.kind, "strong"),
            one.role,
            words("yes") if one.serves_requests else "",
            words.reason(one.summary),
        )
        for one in kinds.kinds
    ]
    columns = [
        Column(words("Kind")),
        Column(words("Role")),
        Column(words("Serves requests")),
        Column(words("What it is"), folds=True),
    ]
    return View(
        words("Resource kinds"),
        [words("the keys of one: {command}", command="costplan scenario kind KIND")],
        [Table(columns, rows)],
    )


def kind_reference_view(kind: KindReference, words: Translator) -> View:
    """A row per key, then an example."""
    rows = [
        row_of(
            Cell(key.name, "strong"),
            _type(key.type, words).replace("`", ""),
            Cell(words("required"), "warn") if key.required else key.default,
            words.reason(key.meaning).replace("`", ""),
        )
        for key in kind.keys
        if key.name != "kind"
    ]
    columns = [
        Column(words("Key")),
        Column(words("Type"), folds=True),
        Column(words("Default")),
        Column(words("Meaning"), folds=True),
    ]
    served = words("requests wait for it") if kind.serves_requests else words("no request waits for it")
    facts = [
        words.reason(kind.summary),
        words("role where none is stated: {role}", role=kind.role) + f"; {served}",
    ]
    example = [Row([Cell(line)]) for line in kind.example.splitlines()]
    return View(
        kind.kind,
        facts,
        [Table(columns, rows), Table([Column(words("Example"), folds=True)], example)],
    )


def _why(value: ShownValue, words: Translator) -> str:
    """Say what a value rests on: `assumed: one small JPEG image`."""
    if not value.reason:
        return ""
    return f"{words.term(value.basis, QUANTITY_ORIGINS)}: {words.reason(value.reason)}"


def _type(said: str, words: Translator) -> str:
    """Say a type: its words are messages, the names in it stay."""
    head, rest = split_type(said)
    if head == LIST:
        return words("a list: {items}", items=_type(rest, words))
    if head == BY_NAME:
        return words("name -> {items}", items=_type(rest, words))
    if head == ONE_OF:
        return words("one of {names}", names=rest)
    if head == KEYS_OF:
        return words("keys of {names}", names=rest)
    return words.reason(rest)


def shown_scenario_view(scenario: ShownScenario, words: Translator) -> View:
    """A row per value."""
    rows = [
        row_of(
            one.path,
            one.value,
            Cell(one.source + (f":{one.line}" if one.line else ""), "faint"),
            Cell(_why(one, words), "faint"),
        )
        for one in scenario.values
    ]
    columns = [
        Column(words("Key")),
        Column(words("Value"), folds=True),
        Column(words("From")),
        Column(words("Why"), folds=True),
    ]
    facts = [words.title(scenario.title)]
    if scenario.other_variants:
        facts.append(
            words("variants that are not applied: {names}", names=", ".join(scenario.other_variants))
        )
    return View(scenario.scenario, facts, [Table(columns, rows)])
