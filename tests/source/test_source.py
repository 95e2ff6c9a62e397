"""The guarded YAML reader: text stays text, each fault has a place and a hint, no file hangs it."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from own_time import slowness

from costplan.messages.errors import Fault, InputError
from costplan.source import composer
from costplan.source.composer import ALIAS_LIMIT, DEPTH_LIMIT
from costplan.source.guard import FAULT_LIMIT
from costplan.source.reader import (
    CATALOG_LIMIT_BYTES,
    SCENARIO_LIMIT_BYTES,
    Mapping,
    Scalar,
    Sequence,
    locate,
    parse_yaml,
    read_yaml,
    scalar_from_text,
    to_plain,
)

MIB = 2**20
HANG_S = 2.0
"""The limit is 0.2 s for bombs; a busy machine gets more, a hang gets caught."""

LARGEST_S = 4.0
"""The limit is 2 s for 5 MiB of anything; a slow machine gets twice that; a hang takes minutes."""


def plain(text: str) -> object:
    return to_plain(parse_yaml(text.encode(), "f.yaml"))


def faults_of(data: str | bytes) -> list[Fault]:
    with pytest.raises(InputError) as raised:
        parse_yaml(data.encode() if isinstance(data, str) else data, "f.yaml")
    return list(raised.value.faults)


def only_fault(data: str | bytes) -> Fault:
    (fault,) = faults_of(data)
    return fault


def place(fault: Fault) -> tuple[int, int]:
    assert fault.mark is not None
    return fault.mark.line, fault.mark.column


# --- scalars are text -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "no", "yes", "on", "off", "true", "False", "010", "0x1F", "0o17", "1_000", "1e3", "1.0e+309", ".nan",
        ".inf", "-.inf", "12:30:45", "2026-01-01", "2026-01-01T10:00:00Z", "1.10", "0.1", "2.675", "+1", "-0",
        "1234567890.123456789", "5M", "=", "nUll", "NaN", "123456789012345678901234567890", "1,5", "٣",
    ],
)  # fmt: skip
def test_a_plain_scalar_comes_out_as_the_text_that_was_written(text: str) -> None:
    assert plain(f"a: {text}") == {"a": text}


@pytest.mark.parametrize("text", ["", "~", "null", "Null", "NULL", "# only a comment"])
def test_an_unquoted_empty_value_tilde_or_null_is_none(text: str) -> None:
    assert plain(f"a: {text}\nb: 1") == {"a": None, "b": "1"}


@pytest.mark.parametrize("text", ['""', "''", '"~"', "'null'", '"NULL"'])
def test_a_quoted_null_is_text(text: str) -> None:
    assert plain(f"a: {text}") == {"a": text[1:-1]}


def test_an_empty_block_scalar_is_text() -> None:
    assert plain("a: |\nb: 1") == {"a": "", "b": "1"}


def test_keys_that_look_like_numbers_or_bools_are_text() -> None:
    assert plain("1: a\nno: b\n2026-01-01: c\n'': d") == {"1": "a", "no": "b", "2026-01-01": "c", "": "d"}


def test_folded_literal_and_quoted_texts_follow_yaml() -> None:
    text = "a: >-\n  one\n  two\nb: |\n  one\n  two\nc: 'it''s'\nd: \"tab\\there\"\n"
    assert plain(text) == {"a": "one two", "b": "one\ntwo\n", "c": "it's", "d": "tab\there"}


def test_lists_and_mappings_keep_the_order_of_the_file() -> None:
    value = plain("z: [3, {y: 1, x: 2}, []]\na:\n  - b\n  -\n  - {}\n")
    assert value == {"z": ["3", {"y": "1", "x": "2"}, []], "a": ["b", None, {}]}
    assert list(value) == ["z", "a"]


def test_a_very_long_text_is_read() -> None:
    assert plain(f"a: {'x' * 200_000}") == {"a": "x" * 200_000}


# --- marks ------------------------------------------------------------------------------------------------


def test_a_value_and_its_key_know_line_column_text_and_length() -> None:
    root = parse_yaml("title: чат\nresources:\n  vm: {vcpus: 16}  # big\n".encode(), "f.yaml")
    resources = root.entries["resources"]
    assert isinstance(resources, Mapping)
    vm = resources.entries["vm"]
    assert isinstance(vm, Mapping)
    mark = vm.entries["vcpus"].mark
    assert (mark.file, mark.line, mark.column, mark.length) == ("f.yaml", 3, 15, 2)
    assert mark.text == "  vm: {vcpus: 16}  # big"
    key = vm.key_mark("vcpus")
    assert (key.line, key.column, key.length) == (3, 8, 5)
    assert vm.key_marks == {"vcpus": key}
    assert (vm.mark.column, resources.mark.line, resources.mark.column) == (7, 3, 3)


def test_columns_count_characters_not_bytes() -> None:
    root = parse_yaml("{имя: 😀, b: x}".encode(), "f.yaml")
    # {имя: is 5 characters and a space, the emoji one, so `b` stands at column 10 and `x` at 13
    assert (root.key_mark("b").column, root.entries["b"].mark.column) == (10, 13)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
def test_lines_count_the_same_for_every_kind_of_line_break(newline: str) -> None:
    mark = parse_yaml(newline.join(["a: 1", "", "b: two"]).encode(), "f.yaml").entries["b"].mark
    assert (mark.line, mark.column, mark.text, mark.length) == (3, 4, "b: two", 3)


def test_a_text_over_several_lines_is_marked_to_the_end_of_its_first() -> None:
    mark = parse_yaml(b"note: some\n  more\n", "f.yaml").entries["note"].mark
    assert (mark.line, mark.column, mark.length) == (1, 7, 4)


def test_a_byte_order_mark_at_the_start_does_not_count_as_a_column() -> None:
    root = parse_yaml(b"\xef\xbb\xbfa: 1", "f.yaml")
    assert to_plain(root) == {"a": "1"}
    assert root.key_mark("a").column == 1


# --- locate -----------------------------------------------------------------------------------------------

SCENARIO = parse_yaml(
    textwrap.dedent("""\
        title: chat
        resources:
          inference:
            kind: vm
            disks:
              - {size: 10}
              - {size: 20, sort: ssd}
        skus:
          compute.gpu: 1
        """).encode(),
    "chat.yaml",
)


def test_locate_finds_the_value_and_writes_the_path() -> None:
    mark, path = locate(SCENARIO, ("resources", "inference", "disks", 0, "size"))
    assert (str(mark), mark.length, path) == ("chat.yaml:6:16", 2, "resources.inference.disks[0].size")


def test_locate_skips_union_tags_which_are_not_in_the_data() -> None:
    path = ("resources", "inference", "vm", "disks", "list[Disk]", 1, "function-after[f(), Disk]", "size")
    mark, written = locate(SCENARIO, path)
    assert (str(mark), written) == ("chat.yaml:7:16", "resources.inference.disks[1].size")


def test_locate_gives_the_mapping_for_a_key_that_is_missing() -> None:
    mark, path = locate(SCENARIO, ("resources", "inference", "disks", 1, "iops"))
    assert (str(mark), path) == ("chat.yaml:7:9", "resources.inference.disks[1]")


def test_locate_gives_the_key_for_a_key_that_is_unknown() -> None:
    mark, path = locate(SCENARIO, ("resources", "inference", "disks", 1, "sort"), at_key=True)
    assert (str(mark), mark.length, path) == ("chat.yaml:7:20", 4, "resources.inference.disks[1].sort")
    assert str(locate(SCENARIO, ("resources", "inference", "[key]"))[0]) == "chat.yaml:3:3"


def test_locate_writes_a_key_with_dots_in_brackets() -> None:
    assert locate(SCENARIO, ("skus", "compute.gpu"))[1] == 'skus["compute.gpu"]'


@pytest.mark.parametrize("path", [(), ("nothing",), (3,), ("title", "deeper", 0)])
def test_locate_always_gives_the_nearest_place(path: tuple[str | int, ...]) -> None:
    mark, _ = locate(SCENARIO, path)
    assert mark.line == 1


def test_locate_leaves_out_an_index_beyond_the_list() -> None:
    assert locate(SCENARIO, ("resources", "inference", "disks", 9))[1] == "resources.inference.disks"
    assert locate(SCENARIO, ("resources", "inference", "disks", -1))[1] == "resources.inference.disks"


# --- one value from the command line ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", "true"), ("5M", "5M"), ("[a, b]", ["a", "b"]), ("{low: 1}", {"low": "1"}), ("", None),
        ("~", None), ('"x: y"', "x: y"), ("a, b", "a, b"), ("-5", "-5"), ("2026-01-01", "2026-01-01"),
    ],
)  # fmt: skip
def test_an_option_value_is_read_like_a_value_in_a_file(text: str, value: object) -> None:
    assert to_plain(scalar_from_text(text, "--set a=" + text)) == value


def test_a_mark_in_an_option_names_the_option_and_the_column_of_the_value() -> None:
    node = scalar_from_text("[a, bcd]", "--set x=[a, bcd]")
    assert isinstance(node, Sequence)
    assert str(node.items[1].mark) == "--set x=[a, bcd]:1:5"
    assert node.items[1].mark.text == "[a, bcd]"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: b", "not a single value"), ("- a", "not a single value"), ("#fff", "`#` begins a comment"),
        ("[a", "never closed"), ("!t 1", "the tag `!t` is not read"), ("*x", "no anchor `&x`"),
        ("@x", "a value cannot begin with `@`"), ("a\0", "a NUL byte"), ("{a: 1, a: 2}", "duplicate key `a`"),
        ("\udcff", "a lone surrogate"), ("{a: 1}x", "after the end"), ("a\n--- b", "a second document"),
    ],
)  # fmt: skip
def test_an_option_value_is_refused_with_the_option_named(text: str, message: str) -> None:
    with pytest.raises(InputError) as raised:
        scalar_from_text(text, "--set a")
    (fault,) = raised.value.faults
    assert message in fault.message
    assert fault.mark is not None
    assert fault.mark.file == "--set a"


# --- keys -------------------------------------------------------------------------------------------------


def test_a_duplicate_key_is_refused_with_both_places() -> None:
    fault = only_fault("a: 1\nb: 2\n  \na: 3\n")
    assert fault.message == "duplicate key `a`, first at line 1, column 1"
    assert (place(fault), fault.hint) == ((4, 1), "keep one of the two")


def test_the_written_error_names_file_line_column_and_shows_the_line() -> None:
    (fault,) = faults_of("{a: 1, a: 2}")
    assert str(fault).splitlines() == [
        "f.yaml:1:8: duplicate key `a`, first at line 1, column 2",
        "  1 | {a: 1, a: 2}",
        "    |        ^",
        "  hint: keep one of the two",
    ]


@pytest.mark.parametrize(
    "text",
    ["a: 1\n'a': 2", 'a: 1\n"\\x61": 2', "? a\n: 1\n? a\n: 2", "x: [{a: 1, a: 2}]", "x: {y: {a: , a: }}"],
)
def test_keys_are_equal_however_they_are_written_and_wherever(text: str) -> None:
    assert "duplicate key `a`" in only_fault(text).message


def test_equal_keys_in_different_mappings_are_fine() -> None:
    assert plain("a: {x: 1}\nb: {x: 2, X: 3}") == {"a": {"x": "1"}, "b": {"x": "2", "X": "3"}}


def test_the_third_of_three_equal_keys_names_the_first() -> None:
    assert [place(fault) for fault in faults_of("a: 1\na: 2\na: 3")] == [(2, 1), (3, 1)]


@pytest.mark.parametrize(
    ("text", "message", "at"),
    [
        ("~: 1", "a key is `~`", (1, 1)),
        ("a: 1\nnull: 1", "a key is `null`", (2, 1)),
        ("? \n: 1", "a key is empty", (1, 2)),
        ("? [a, b]\n: 1", "a key is a list or a mapping", (1, 3)),
        ("{a: b}: 1", "a key is a list or a mapping", (1, 1)),
        ("a: &k x\n*k : 1", "an alias is used as a key", (2, 1)),
        ("!!str a: 1", "the tag `!!str` is not read", (1, 1)),
        ("<<: {a: 1}", "merge keys (`<<`) are not read", (1, 1)),
        ("a: &a {x: 1}\nb:\n  <<: *a", "merge keys (`<<`) are not read", (3, 3)),
    ],
)
def test_a_key_that_is_not_a_text_is_refused(text: str, message: str, at: tuple[int, int]) -> None:
    fault = only_fault(text)
    assert (fault.message, place(fault)) == (message, at)
    assert fault.hint


def test_a_merge_key_points_to_extends() -> None:
    hint = only_fault("<<: {a: 1}").hint
    assert hint is not None
    assert "`extends`" in hint


def test_a_quoted_merge_key_is_an_ordinary_key() -> None:
    assert plain('"<<": 1') == {"<<": "1"}


# --- tags, directives, documents, top level ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("!!python/object/apply:os.system [ls]", "!!python/object/apply:os.system"),
        ("!!binary aGVsbG8=", "!!binary"),
        ("!!set {x: }", "!!set"),
        ("!!omap []", "!!omap"),
        ("!!timestamp 2026-01-01", "!!timestamp"),
        ("!!str 1", "!!str"),
        ("!!int 1", "!!int"),
        ("!foo 1", "!foo"),
        ("!<tag:example.com,2026:x> 1", "tag:example.com,2026:x"),
        ("! 1", "!"),
        ("!foo &a [1]", "!foo"),
    ],
)
def test_a_tag_of_any_kind_is_refused_at_its_place(written: str, shown: str) -> None:
    fault = only_fault(f"a: 1\nb: {written}")
    assert (fault.message, place(fault)) == (f"the tag `{shown}` is not read", (2, 4))


def test_a_tag_with_an_unknown_handle_is_refused() -> None:
    assert only_fault("a: !e!foo 1").message == "tags are not read"


@pytest.mark.parametrize("line", ["%YAML 1.1", "%YAML 1.2", "%TAG ! tag:example.com,2026:", "%FOO bar"])
def test_directives_are_refused(line: str) -> None:
    fault = only_fault(f"# first\n{line}\n---\na: 1\n")
    assert fault.message == f"a line begins with `{line.split()[0]}`: YAML directives are not read"
    assert place(fault) == (2, 1)


@pytest.mark.parametrize("text", ["a: 1\n---\nb: 2\n", "---\na: 1\n---\n", "a: 1\n...\n---\nb: 1"])
def test_a_second_document_is_refused_where_it_begins(text: str) -> None:
    fault = only_fault(text)
    assert fault.message == "a second document begins here"
    assert place(fault)[0] == text[: text.rindex("---")].count("\n") + 1


def test_one_document_between_its_markers_is_read() -> None:
    assert plain("---\na: 1\n...\n") == {"a": "1"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is empty"),
        (" \n\n", "the file is empty"),
        ("# only a comment\n", "the file holds no values"),
        ("---\n", "the file holds no values"),
        ("~", "the file holds no values"),
        ("- a\n- b\n", "the top level is a list, not `key: value` lines"),
        ("[a]", "the top level is a list, not `key: value` lines"),
        ("just words", "the top level is a single text, not `key: value` lines"),
        ("vcpus:4", "the top level is a single text, not `key: value` lines"),
    ],
)
def test_a_top_level_that_is_not_a_mapping_is_refused(text: str, message: str) -> None:
    fault = only_fault(text)
    assert fault.message == message
    assert fault.hint == "begin with a line such as `title: chat`, with a space after the colon"


def test_all_faults_of_a_file_are_reported_in_its_order() -> None:
    text = "a: !x 1\nb: {c: 1, c: !y 2}\n? [k]\n: !z 3\na: *nowhere\nd: ]\n"
    assert [(place(fault), fault.message) for fault in faults_of(text)] == [
        ((1, 4), "the tag `!x` is not read"),
        ((2, 11), "duplicate key `c`, first at line 2, column 5"),
        ((2, 14), "the tag `!y` is not read"),
        ((3, 3), "a key is a list or a mapping"),
        ((4, 3), "the tag `!z` is not read"),
        ((5, 1), "duplicate key `a`, first at line 1, column 1"),
        ((5, 4), "there is no anchor `&nowhere` before this alias"),
        ((6, 4), "a value was expected here"),
    ]


def test_a_bracket_never_closed_is_reported_before_the_faults_inside_it() -> None:
    assert [place(fault) for fault in faults_of("a: {b: !x 1, c: !y 2")] == [(1, 4), (1, 8), (1, 17)]


def test_reading_ends_when_a_file_has_too_many_faults() -> None:
    faults = faults_of("a: !x 1\n" * 1000)
    assert len(faults) == FAULT_LIMIT + 1
    assert faults[-1].message == f"reading ends here, after {FAULT_LIMIT} faults"


# --- anchors and bombs ------------------------------------------------------------------------------------


def test_an_alias_repeats_the_value_of_its_anchor() -> None:
    assert plain("a: &a [1, {x: y}]\nb: *a\nc: &n 5\nd: [*n, *n]") == {
        "a": ["1", {"x": "y"}],
        "b": ["1", {"x": "y"}],
        "c": "5",
        "d": ["5", "5"],
    }


@pytest.mark.parametrize(
    ("text", "at"),
    [("a: &a [*a]", (1, 8)), ("a: &a {b: *a}", (1, 11)), ("&r\na: {b: [*r]}", (2, 9))],
)
def test_a_cycle_is_refused(text: str, at: tuple[int, int]) -> None:
    fault = only_fault(text)
    assert "is inside the value that it repeats" in fault.message
    assert place(fault) == at


def test_an_alias_without_an_anchor_names_the_nearest_one() -> None:
    fault = only_fault("a: &disk 1\nb: *disc")
    assert fault.message == "there is no anchor `&disc` before this alias"
    assert (place(fault), fault.hint) == ((2, 4), "did you mean `disk`?")


def test_an_anchor_given_twice_is_refused() -> None:
    assert only_fault("a: &x 1\nb: &x 2").message == "duplicate anchor `&x`"


def test_aliases_may_stand_for_the_limit_and_no_value_more() -> None:
    # the anchored list holds 99 values: 100 with itself
    head = "a: &a [" + ", ".join(["x"] * 99) + "]\nb:\n"
    parse_yaml((head + "- *a\n" * (ALIAS_LIMIT // 100)).encode(), "f.yaml")
    fault = only_fault(head + "- *a\n" * (ALIAS_LIMIT // 100 + 1))
    assert fault.message == "the aliases stand for more than 10,000 keys and values"
    assert place(fault) == (2 + ALIAS_LIMIT // 100 + 1, 3)


def test_values_inside_values_count_each_time_that_they_are_repeated() -> None:
    # a0 stands for 10 values, a1 for 1 + 10 * 10, a2 for 1 + 10 * 101; ten times a2 is over 10,000
    text = "a0: &a0 [1,2,3,4,5,6,7,8,9]\n"
    text += "".join(f"a{i}: &a{i} [{','.join([f'*a{i - 1}'] * 10)}]\n" for i in (1, 2))
    parse_yaml((text + "b: [" + ",".join(["*a2"] * 8) + "]").encode(), "f.yaml")
    assert "aliases" in only_fault(text + "b: [" + ",".join(["*a2"] * 9) + "]").message


def test_many_aliases_of_one_long_text_are_refused() -> None:
    fault = only_fault(f"a: &a {'x' * 300_000}\nb: [*a, *a, *a, *a]")
    assert fault.message == "the aliases stand for more than 1,000,000 characters"


def test_nesting_through_aliases_counts_as_nesting() -> None:
    text = "a0: &a0 x\n" + "".join(f"a{i}: &a{i} {'[' * 20}*a{i - 1}{']' * 20}\n" for i in range(1, 5))
    # the root is one level and each line adds twenty: 1 + 60 is allowed, 1 + 80 is not
    fault = only_fault(text)
    assert (fault.message, place(fault)[0]) == ("nested deeper than 64 levels through aliases", 5)


def test_a_file_without_aliases_may_hold_more_values_than_aliases_may_stand_for() -> None:
    resource = "  r{0}:\n    kind: vm\n" + "".join(f"    key{i}: value\n" for i in range(14))
    root = parse_yaml(("resources:\n" + "".join(map(resource.format, range(1000)))).encode(), "f.yaml")
    resources = root.entries["resources"]
    assert isinstance(resources, Mapping)
    assert len(resources.entries) == 1000


def test_more_keys_and_values_than_the_limit_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(composer, "NODE_LIMIT", 12)
    # the key `a` and its list are 2, so ten items fit
    parse_yaml(("a:\n" + "- x\n" * 10).encode(), "f.yaml")
    fault = only_fault("a:\n" + "- x\n" * 11)
    assert (fault.message, place(fault)) == ("more than 12 keys and values", (12, 3))


def test_more_anchors_than_the_limit_are_refused() -> None:
    fault = only_fault("a:\n" + "".join(f"- &k{i}\n" for i in range(ALIAS_LIMIT + 1)))
    assert (fault.message, place(fault)[0]) == ("more than 10,000 anchors", ALIAS_LIMIT + 2)


def laughs() -> str:
    lines = ["a0: &a0 [" + ",".join("x" * 9) + "]"]
    lines += [f"a{i}: &a{i} [{','.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 10)]
    return "\n".join(lines)


def merge_bomb() -> str:
    lines = ["a0: &a0 {x: 1}"]
    lines += [f"a{i}: &a{i} {{<<: [*a{i - 1}, *a{i - 1}], k{i}: 1}}" for i in range(1, 24)]
    return "\n".join(lines)


@pytest.mark.parametrize("bomb", [laughs, merge_bomb], ids=["billion laughs", "merge keys"])
def test_an_alias_bomb_is_refused_at_once(bomb: Callable[[], str]) -> None:
    began = time.process_time()
    assert "aliases stand for more than" in faults_of(bomb())[-1].message
    took = time.process_time() - began
    assert took < HANG_S or took < HANG_S * slowness()


# --- nesting ----------------------------------------------------------------------------------------------


def test_nesting_up_to_the_limit_is_read_and_one_level_more_refused() -> None:
    inside = DEPTH_LIMIT - 1  # the root is the first level
    assert plain(f"a: {'[' * inside}{']' * inside}")
    fault = only_fault(f"a: {'[' * (inside + 1)}{']' * (inside + 1)}")
    assert (fault.message, place(fault)) == ("nested deeper than 64 levels", (1, 4 + inside))


HOSTILE = {
    "brackets": "'[' * 100_000",
    "braces": "'{a: ' * 100_000",
    "bare braces": "'{' * 100_000",
    "dashes": "'- ' * 100_000",
    "question marks": "'? ' * 100_000",
    "5 MiB of brackets": "'a: ' + '[' * (5 * 2**20 - 3)",
    "indented keys": "''.join(' ' * i + 'a:\\n' for i in range(3000))",
    "5 MiB in one line": "'a: ' + 'x' * (5 * 2**20 - 3)",
    "5 MiB of words": "'a: ' + 'x ' * (5 * 2**19 - 2)",
    "5 MiB in quotes": "'a: \"' + 'x' * (5 * 2**20 - 5) + '\"'",
    "5 MiB quote never closed": "'a: \"' + 'x' * (5 * 2**20 - 4)",
    "5 MiB comment": "'#' * (5 * 2**20)",
    "5 MiB of line breaks": "'\\n' * (5 * 2**20)",
    "5 MiB of anchors": "'a: &a\\n' * (5 * 2**20 // 6)",
    "5 MiB of different anchors": "'a:\\n' + ''.join(f'- &k{i}\\n' for i in range(480_000))",
    "5 MiB of aliases": "'a: &a x\\nb: [' + '*a,' * 1_700_000 + ']'",
    "5 MiB of empty lists": "'a: [' + '[],' * 1_740_000 + ']'",
    "5 MiB of deep lists": "'a:\\n' + '\\n'.join('- ' * 60 + 'a' for _ in range(42_000))",
    "5 MiB of keys": "'a: 1\\n' * (5 * 2**20 // 5)",
    "5 MiB of %TAG": "''.join(f'%TAG !a{i}! b\\n' for i in range(300_000))",
    "5 MiB of documents": "'---\\n' * (5 * 2**18)",
    "5 MiB of NUL": "'\\0' * (5 * 2**20)",
    "5 MiB folded": "'a: >\\n' + '  x\\n   y\\n' * 500_000",
    "5 MiB tag": "'a: !' + 'x' * (5 * 2**20 - 4)",
}


@pytest.mark.skipif(sys.platform == "win32", reason="needs resource limits")
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_ends_soon_in_little_memory_and_without_a_crash(text: str) -> None:
    program = f"""
import resource, time
from costplan.messages.errors import InputError
from costplan.source.reader import parse_yaml, to_plain
data = ({text}).encode()
resource.setrlimit(resource.RLIMIT_AS, (512 * 2**20, 512 * 2**20))
began = time.process_time()
try:
    to_plain(parse_yaml(data, "f"))
except InputError as error:
    assert len(str(error)) < 100_000
print(time.process_time() - began)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
    took = float(done.stdout)
    assert took < LARGEST_S or took < LARGEST_S * slowness()


# --- size and kinds of file -------------------------------------------------------------------------------


def test_the_limits_are_5_mib_for_scenarios_and_20_mib_for_catalogs() -> None:
    assert (SCENARIO_LIMIT_BYTES, CATALOG_LIMIT_BYTES) == (5 * MIB, 20 * MIB)


def test_a_file_over_the_limit_is_refused_with_its_size_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.yaml"
    with path.open("wb") as file:
        file.truncate(2**40)  # sparse: takes no room, and reading it would take minutes
    with pytest.raises(InputError) as raised:
        read_yaml(path, shown_as="huge.yaml")
    assert raised.value.faults[0].message == "huge.yaml: holds 1,099,511,627,776 bytes, the limit is 5 MiB"


def test_a_file_of_the_limit_is_read_and_one_byte_more_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"a: 1\n#" + b"x" * 94)
    assert to_plain(read_yaml(path, limit_bytes=100)) == {"a": "1"}
    with pytest.raises(InputError, match="holds 100 bytes, the limit is 99 bytes"):
        read_yaml(path, limit_bytes=99)
    with pytest.raises(InputError, match="100 bytes or more, the limit is 99 bytes"):
        parse_yaml(path.read_bytes(), "-", limit_bytes=99)


def test_marks_name_the_file_as_it_should_be_shown(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("a: 1", encoding="utf-8")
    assert read_yaml(path, shown_as="scenarios/a.yaml").mark.file == "scenarios/a.yaml"
    assert read_yaml(path).mark.file == str(path)


def test_a_missing_file_is_named_with_the_nearest_one_beside_it(tmp_path: Path) -> None:
    (tmp_path / "stage1.yaml").touch()
    with pytest.raises(InputError) as raised:
        read_yaml(tmp_path / "stagel.yaml", shown_as="stagel.yaml")
    (fault,) = raised.value.faults
    assert (fault.message, fault.hint) == (
        "stagel.yaml: there is no such file",
        "did you mean `stage1.yaml`?",
    )


def test_a_missing_folder_is_no_defect(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such file"):
        read_yaml(tmp_path / "no" / "such.yaml")


@pytest.mark.parametrize(
    ("name", "message"),
    [("a\0b", "is not a path"), ("x" * 5000, "the name is too long")],
    ids=["nul", "long"],
)
def test_a_name_that_cannot_be_a_file_is_refused(name: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_yaml(Path(name))


def test_a_directory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a directory, not a file"):
        read_yaml(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs FIFOs")
@pytest.mark.timeout(60)
def test_a_fifo_is_refused_without_waiting_for_a_writer(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="is a FIFO, not a file"):
        read_yaml(tmp_path / "pipe")


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs device files")
@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null", "/dev/stdin"])
@pytest.mark.timeout(60)
def test_a_device_file_is_refused(device: str) -> None:
    if not Path(device).is_char_device():
        pytest.skip("is no device here")
    with pytest.raises(InputError, match="is a device, not a file"):
        read_yaml(Path(device))


def test_a_circle_of_links_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    with pytest.raises(InputError, match="symbolic links lead in a circle"):
        read_yaml(tmp_path / "a")


# --- bytes ------------------------------------------------------------------------------------------------

RUSSIAN = "title: чат для партнёров\nnote: оценка стоимости в месяц\n"


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r", "cp866"])
def test_a_file_in_another_cyrillic_encoding_is_recognised(encoding: str) -> None:
    fault = only_fault(RUSSIAN.encode(encoding))
    assert place(fault) == (1, 8)
    assert fault.message == f"byte 0x{'ч'.encode(encoding)[0]:02x} is not UTF-8"
    assert fault.hint is not None
    assert f"the file looks like {encoding.upper()}" in fault.hint


def test_single_accents_are_recognised_as_a_western_encoding() -> None:
    fault = only_fault("a: 1\nb: café\n".encode("latin-1"))
    assert place(fault) == (2, 7)
    assert fault.hint is not None
    assert "looks like CP1252" in fault.hint


@pytest.mark.parametrize(
    ("data", "guess"),
    [
        (RUSSIAN.encode("utf-16"), "UTF-16"),
        (b"\xfe\xff" + RUSSIAN.encode("utf-16-be"), "UTF-16"),
        (b"title: chat\n".decode().encode("utf-16-le"), "UTF-16 without a byte order mark"),
        (b"title: chat\n".decode().encode("utf-16-be"), "UTF-16 without a byte order mark"),
        (RUSSIAN.encode("utf-32"), "UTF-32"),
        (b"\x1f\x8b\x08\0\0\0\0\0", "gzip data"),
        (b"PK\x03\x04rest", "a zip archive"),
    ],
    ids=["utf-16", "utf-16-be", "utf-16-le bare", "utf-16-be bare", "utf-32", "gzip", "zip"],
)
def test_bytes_that_are_no_utf_8_text_are_refused_with_a_guess(data: bytes, guess: str) -> None:
    fault = only_fault(data)
    assert (fault.message, place(fault)) == (f"the file is {guess}, not UTF-8 text", (1, 1))


@pytest.mark.parametrize(
    ("data", "message", "at"),
    [
        ("a: привет, это текст".encode() + b"\xff\n", "byte 0xff is not UTF-8", (1, 21)),
        (b"a: 1\nb: \xc0\xaf\n", "byte 0xc0 is not UTF-8", (2, 4)),
        (b"a: \xf5\x80\x80\x80", "byte 0xf5 is not UTF-8", (1, 4)),
        ("a: привет".encode()[:-1], "the file ends in the middle of a character", (1, 9)),
        (b"a: x\xed\xa0\x80y", "a lone surrogate, which is not a character", (1, 5)),
    ],
    ids=["stray", "overlong", "beyond unicode", "cut short", "surrogate"],
)
def test_bytes_that_are_not_utf_8_are_refused_at_their_place(
    data: bytes, message: str, at: tuple[int, int]
) -> None:
    fault = only_fault(data)
    assert (fault.message, place(fault)) == (message, at)


@pytest.mark.parametrize(
    ("character", "message"),
    [
        ("\0", "a NUL byte is not allowed"),
        ("\x07", "the control character U+0007 is not allowed"),
        ("\x0b", "the control character U+000B is not allowed"),
        ("\x1b", "the control character U+001B is not allowed"),
        ("\x7f", "the control character U+007F is not allowed"),
        ("\x85", "the control character U+0085 is not allowed"),
        ("\x9b", "the control character U+009B is not allowed"),
        ("\u2028", "the invisible line break U+2028 is not allowed"),
        ("\ufeff", "a byte order mark inside the text (U+FEFF) is not allowed"),
        ("\uffff", "the control character U+FFFF is not allowed"),
    ],
)
@pytest.mark.parametrize("around", ["a: 1\nb: x{}y", "# note\n# x {}y", "a: 1\nk: '{}'"])
def test_a_control_character_is_refused_at_its_place(character: str, message: str, around: str) -> None:
    fault = only_fault(around.format(character))
    assert (fault.message, place(fault)) == (message, (2, 5))


@pytest.mark.parametrize("escape", ["\\0", "\\e", "\\x1b", "\\u009b", "\\N", "\\L", "\\uFEFF"])
def test_a_control_character_written_as_an_escape_is_refused(escape: str) -> None:
    fault = only_fault(f'a: "x{escape}"')
    assert fault.message.endswith("written as an escape, is not allowed")
    assert place(fault) == (1, 4)


def test_every_control_character_of_a_file_is_reported() -> None:
    assert [place(fault) for fault in faults_of("a\0: 1\nb: \x1b\x1b\n")] == [(1, 2), (2, 4), (2, 5)]


def test_letters_and_emoji_of_any_plane_are_read() -> None:
    assert plain("ключ: 值 𝒜 😀 \u00a0.") == {"ключ": "值 𝒜 😀 \u00a0."}


# --- syntax -----------------------------------------------------------------------------------------------

SYNTAX = [
    ("a: b: c", (1, 5), "a second `: ` in one line", "put the value in quotes"),
    ("a: 1\n  b: 2", (2, 4), "a key inside the value that began above", "line it up"),
    ("a:\n    b: 1\n  c: 2", (3, 3), "this fits nothing above it", "line it up"),
    ("vcpus:4\nb: 1", (1, 1), "this is not `key: value`", "a space after the key"),
    ("a: 1\nfoo\nb: 2", (2, 1), "this is not `key: value`", "write the colon"),
    ('a: "x" y', (1, 8), "nothing may follow the value here", "one pair of quotes"),
    (": x", (1, 1), "there is no key before the `:`", "write the key"),
    ("{: 1}", (1, 2), "there is no key before the `:`", "write the key"),
    ("a: @x", (1, 4), "a value cannot begin with `@`", "in quotes"),
    ("a: `x`", (1, 4), "a value cannot begin with a backquote", "in quotes"),
    ("a: %x", (1, 4), "a value cannot begin with `%`", "in quotes"),
    ('a: "x\nb: 1', (1, 4), "the quote that opens here is never closed", None),
    ("a: 'x", (1, 4), "the quote that opens here is never closed", None),
    ("a: [1, 2", (1, 4), "the `[` that opens here is never closed", "close it: `]`"),
    ("a: {x: 1\nb: [", (2, 2), "`,` or `}` was expected; `{` is at line 1, column 4", "add a comma"),
    ("a: - b", (1, 4), "a list cannot begin here", "lines of their own"),
    ("a: ]", (1, 4), "a value was expected here", "bracket too many"),
    ("a: * b", (1, 5), "`&` and `*` begin an anchor or an alias, and no name follows", "in quotes"),
    ("a:\n\tb: 1", (2, 1), "a tab in the indentation", "indent with spaces"),
    ("a: 1\n\tb: 2", (2, 1), "a tab in the indentation", "indent with spaces"),
    ("a:\n  b: 1\n  \tc: 2", (3, 3), "a tab in the indentation", "indent with spaces"),
]


@pytest.mark.parametrize("parser", ["libyaml", "pure Python"])
@pytest.mark.parametrize(("text", "at", "message", "hint"), SYNTAX, ids=[case[0] for case in SYNTAX])
def test_a_syntax_error_says_in_plain_words_what_to_change(
    text: str,
    at: tuple[int, int],
    message: str,
    hint: str | None,
    parser: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if parser == "pure Python":
        monkeypatch.setattr(composer, "_Parser", yaml.SafeLoader)
    fault = only_fault(text)
    assert (fault.message, place(fault)) == (message, at)
    assert fault.hint is None if hint is None else hint in (fault.hint or "")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('a: "\\q"', "an unknown escape in double quotes"),
        ("- a\nb: 1", "an item of the list was expected here"),
        ('a: "x\n---\ny"', "`---` or `...` is inside a quoted text"),
        ("a: ? b", "`? ` cannot begin a key here"),
        ("{a: 1}\nb: 1", "this comes after the end of the document"),
    ],
)
def test_a_rare_syntax_error_has_words_of_its_own(text: str, message: str) -> None:
    assert only_fault(text).message == message


def test_tabs_elsewhere_than_in_the_indentation_are_read() -> None:
    assert plain("a:\t1\t# note\nb: [x,\n\ty]\n") == {"a": "1", "b": ["x", "y"]}


def test_the_pure_python_parser_builds_the_same_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    text = b"a: [1, {b: ~, c: 'x'}]\nd: &d |\n  text\ne: *d\n? long\n: no\n"
    with_libyaml = parse_yaml(text, "f.yaml")
    monkeypatch.setattr(composer, "_Parser", yaml.SafeLoader)
    without = parse_yaml(text, "f.yaml")
    assert to_plain(without) == to_plain(with_libyaml)
    assert without.key_marks == with_libyaml.key_marks
    first, second = without.entries["a"], with_libyaml.entries["a"]
    assert isinstance(first, Sequence)
    assert isinstance(second, Sequence)
    assert isinstance(first.items[0], Scalar)
    assert [item.mark for item in first.items] == [item.mark for item in second.items]
