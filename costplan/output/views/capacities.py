"""The view of what others have published of models on cards and processors."""

from __future__ import annotations

from costplan.analysis.inventory.capacity_list import CapacityList, PublishedCapacity
from costplan.language.terms import PREPROCESSING
from costplan.language.translator import Translator
from costplan.output.views.view import Cell, Column, Table, View, row_of


def capacity_list_view(found: CapacityList, words: Translator) -> View:
    """A row per published figure, with the load it was asked for and what is left out of it."""
    rows = [
        row_of(
            Cell(one.id, "strong"), one.input or "-", _rate(one, words), _latency(one, words),
            _load(one, words), words.term(one.preprocessing, PREPROCESSING), one.strength,
            Cell(f"{one.source}, {one.date}", "faint"),
        )
        for one in found.capacities
    ]  # fmt: skip
    columns = [
        Column("ID", folds=True), Column(words("Input size"), folds=True),
        Column(words("Per second, one card"), right=True, folds=True), Column(words("Latency"), folds=True),
        Column(words("Load"), folds=True), Column(words("Pre-processing"), folds=True),
        Column(words("Strength")), Column(words("Source"), folds=True),
    ]  # fmt: skip
    count = len(found.capacities)
    title = words.many("{count} published capacity", "{count} published capacities", count)
    notes = [
        words(
            "strength: A audited, B the maker's own with script, C a project's own table, "
            "D an indication only"
        ),
        words("`capacity: {key}` of a scenario takes a row as a ceiling", key="{published: ID}"),
        words("no row is scaled to another input size, precision or card; `costplan bench` measures yours"),
    ]
    return View(title, [], [Table(columns, rows)], [Cell(note, "faint") for note in notes])


def _rate(one: PublishedCapacity, words: Translator) -> str:
    rate = str(words.rate(float(one.rate_per_card)))
    if one.unit == "requests":
        return rate
    if one.unit == "tokens":
        return words("{rate} tokens", rate=rate)
    return words("{rate} s of audio", rate=rate)


def _latency(one: PublishedCapacity, words: Translator) -> str:
    if one.latency_ms is None:
        return "-"
    return f"{one.percentile} {words.seconds(one.latency_ms / 1000)}"


def _load(one: PublishedCapacity, words: Translator) -> str:
    if one.scenario == "batch":
        return words("one client, batch {count}", count=one.batch or 1)
    if one.scenario == "closed":
        return words.many("{count} client that waits", "{count} clients that wait", one.clients or 1)
    if one.scenario == "server":
        return words("arrivals under a bound")
    return words("offline")
