"""`extends`, variants and `--set`: documents over each other, and overrides that do not touch."""

from __future__ import annotations

import pytest

from costplan.messages.errors import InputError
from costplan.scenario.document.overrides import Override, dotted, merged, split_path, with_overrides
from costplan.source.reader import Mapping, parse_yaml, scalar_from_text, to_plain


def document(text: str) -> Mapping:
    return parse_yaml(text.encode(), "test.yaml")


def override(path: str, value: str, origin: str = "--set") -> Override:
    return Override(split_path(path), scalar_from_text(value, f"--set {path}"), origin)


def changed(text: str, *overrides: Override) -> object:
    return to_plain(with_overrides(document(text), overrides))


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("currency", ("currency",)),
        ("resources.api.vcpu", ("resources", "api", "vcpu")),
        ("resources.api.disks[0].size", ("resources", "api", "disks", "0", "size")),
        ("resources.api.disks.0.size", ("resources", "api", "disks", "0", "size")),
        ("a[10][2].b", ("a", "10", "2", "b")),
    ],
)
def test_a_path_is_split_into_its_steps(text: str, steps: tuple[str, ...]) -> None:
    assert split_path(text) == steps


@pytest.mark.parametrize(
    "text",
    ["", ".", "a..b", ".a", "a.", "a[", "a]", "]a", "[0", "[0]", "a[0", "a0]", "a[x]", "a[]", "a[0]b",
     "a[00]", "a[-1]", "a[٣]", "a[1234567]"],
)  # fmt: skip
def test_what_is_no_path_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^is not a path such as `resources.inference.preemptible`$"):
        split_path(text)


@pytest.mark.parametrize("text", ["resources.api.disks[0].size", "a[10][2].b", "currency"])
def test_a_path_is_written_as_it_is_read(text: str) -> None:
    assert dotted(split_path(text)) == text


def test_a_key_is_set_replaced_and_taken_away() -> None:
    text = "a: {b: 1, c: 2}\n"
    assert changed(text, override("a.b", "5")) == {"a": {"b": "5", "c": "2"}}
    assert changed(text, override("a.d", "5")) == {"a": {"b": "1", "c": "2", "d": "5"}}
    assert changed(text, override("a.b", "~")) == {"a": {"c": "2"}}
    assert changed(text, override("a.d", "~")) == {"a": {"b": "1", "c": "2"}}
    assert changed(text, override("a", "[x, y]")) == {"a": ["x", "y"]}


def test_an_item_of_a_list_is_set_by_its_number() -> None:
    text = "a: [{b: 1}, {b: 2}]\n"
    assert changed(text, override("a[1].b", "9")) == {"a": [{"b": "1"}, {"b": "9"}]}
    assert changed(text, override("a[0]", "x")) == {"a": ["x", {"b": "2"}]}


def test_the_document_itself_stays_as_it_was() -> None:
    base = document("a: {b: [1]}\n")
    with_overrides(base, [override("a.b[0]", "2")])
    assert to_plain(base) == {"a": {"b": ["1"]}}


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("b.c", "there is no `b`"),
        ("a.x.y", "there is no `a.x`"),
        ("a.list[2]", "`a.list` is a list of 2; it has no `2`"),
        ("a.list.first", "`a.list` is a list of 2; it has no `first`"),
        ("a.list.²", "`a.list` is a list of 2; it has no `²`"),
        ("a.one.two", "`a.one` is a single value; it has no `two`"),
    ],
)
def test_a_path_that_leads_nowhere_is_an_error_that_says_where_it_ends(path: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        changed("a: {one: 1, list: [1, 2]}\n", override(path, "5"))
    [fault] = caught.value.faults
    assert fault.message == message
    assert fault.path == path


def test_the_nearest_key_is_offered() -> None:
    with pytest.raises(InputError) as caught:
        changed("resources: {inference: {vcpu: 4}}\n", override("resources.inferense.vcpu", "5"))
    assert caught.value.faults[0].hint == "did you mean `inference`?"


@pytest.mark.parametrize(
    ("first", "second", "what"),
    [
        ("a.b", "a.b", "both set it"),
        ("a.b", "a.b.c", "the other sets `a.b`"),
        ("a.b.c", "a.b", "the other sets `a.b.c`"),
        ("a.l[0]", "a.l.0", "both set it"),
    ],
)
def test_two_overrides_of_one_key_clash(first: str, second: str, what: str) -> None:
    with pytest.raises(InputError) as caught:
        changed("a: {b: {c: 1}, l: [1]}\n", override(first, "5", "variant x"), override(second, "6"))
    [fault] = caught.value.faults
    assert fault.message == f"two overrides clash: variant x and --set; {what}"


def test_every_clash_is_reported_and_neighbours_do_not_clash() -> None:
    same = [override("a.b", "1"), override("a.c", "2"), override("a.b", "3"), override("a.c", "4")]
    with pytest.raises(InputError) as caught:
        changed("a: {b: 1}\n", *same)
    assert len(caught.value.faults) == 2
    assert changed("a: {b: 1}\n", *same[:2]) == {"a": {"b": "1", "c": "2"}}


def over(base: str, child: str) -> object:
    return to_plain(merged(document(base), document(child)))


def test_mappings_merge_and_all_else_is_replaced() -> None:
    base = "a: {b: 1, c: [1, 2], d: {e: 1}}\n"
    assert over(base, "a: {c: [3], d: {f: 2}}\ng: 4\n") == {
        "a": {"b": "1", "c": ["3"], "d": {"e": "1", "f": "2"}},
        "g": "4",
    }
    assert over(base, "a: 5\n") == {"a": "5"}
    assert over("a: 5\n", base) == to_plain(document(base))


def test_nothing_takes_away_what_the_base_has() -> None:
    assert over("a: {b: 1, c: 2}\n", "a: {b: ~}\n") == {"a": {"c": "2"}}
    assert over("a: {c: 2}\n", "a: {b: ~}\n") == {"a": {"c": "2", "b": None}}


def test_a_resource_of_another_kind_is_replaced_whole() -> None:
    base = "r: {kind: dns, zones: 2, role: network}\n"
    assert over(base, "r: {kind: lockbox, versions: 1}\n") == {"r": {"kind": "lockbox", "versions": "1"}}
    assert over(base, "r: {kind: dns, zones: 3}\n") == {"r": {"kind": "dns", "zones": "3", "role": "network"}}


def test_places_are_those_of_the_document_that_a_value_comes_from() -> None:
    base, child = document("a: 1\nb: 2\n"), document("\n\nb: 3\n")
    both = merged(base, child)
    assert both.key_marks["b"].line == 3
    assert both.key_marks["a"].line == 1
    set_later = with_overrides(base, [override("c", "4")])
    assert set_later.key_marks["c"].file == "--set c"
    assert "a" not in with_overrides(base, [override("a", "~")]).key_places


def test_a_measured_value_replaces_an_assumed_one_whole() -> None:
    base = document("workload: {monthly_requests: {value: 1M, assumed: a guess}}")
    child = document("workload: {monthly_requests: {value: 2M, measured: run 3}}")
    assert to_plain(merged(base, child)) == {
        "workload": {"monthly_requests": {"value": "2M", "measured": "run 3"}}
    }


def test_resources_called_value_and_assumed_still_merge() -> None:
    base = document("resources: {value: {kind: dns, zones: 1}, assumed: {kind: dns}}")
    child = document("resources: {value: {zones: 2}}")
    assert to_plain(merged(base, child)) == {
        "resources": {"value": {"kind": "dns", "zones": "2"}, "assumed": {"kind": "dns"}}
    }


def test_an_override_around_an_earlier_one_clashes() -> None:
    with pytest.raises(InputError, match=r"the other sets `a\.b\.c`"):
        changed("a: {b: {c: 1}}", override("a.b.c", "2"), override("a", "{}"))
