"""The form of an error: place, sentence, source line with a caret, hint."""

from __future__ import annotations

from costplan.messages.errors import (
    CostplanError,
    ExitCode,
    Fault,
    InputError,
    MissingExtraError,
    SourceLocation,
    did_you_mean,
)
from costplan.messages.installation import install_line


def test_a_fault_shows_its_place_the_line_and_what_to_do() -> None:
    mark = SourceLocation("chat.yaml", 14, 12, "      vcpu: 1", 1)
    fault = Fault("must be at least 2, got 1", mark, "resources.api.vcpu", "write 2")
    assert str(fault) == (
        "chat.yaml:14:12: resources.api.vcpu: must be at least 2, got 1\n"
        "  14 |       vcpu: 1\n"
        "     |            ^\n"
        "  hint: write 2"
    )


def test_the_caret_runs_under_all_that_is_meant() -> None:
    mark = SourceLocation("chat.yaml", 3, 1, "wrokload: x", 8)
    assert str(Fault("unknown key", mark)).splitlines()[-1] == "    | ^^^^^^^^"


def test_the_caret_stays_in_place_after_characters_that_are_written_out() -> None:
    mark = SourceLocation("chat.yaml", 1, 3, "\u202ea: b", 1)
    [_, line, caret] = str(Fault("wrong", mark)).splitlines()
    assert line == "  1 | \\u202ea: b"
    assert line[caret.index("^")] == ":"


def test_a_line_of_a_megabyte_is_shown_around_the_mark_only() -> None:
    mark = SourceLocation("chat.yaml", 1, 500_001, "x" * 500_000 + "!" + "y" * 500_000, 1)
    [_, line, caret] = str(Fault("wrong", mark)).splitlines()
    assert len(line) < 140
    assert line[caret.index("^")] == "!"


def test_a_file_name_cannot_act_on_the_terminal() -> None:
    assert str(Fault("wrong", SourceLocation("\x1b[31m.yaml", 1, 1))) == "\\x1b[31m.yaml:1:1: wrong"


def test_an_error_says_all_faults_in_their_order() -> None:
    error = InputError([Fault("one"), Fault("two", hint="fix it")])
    assert str(error) == "one\ntwo\n  hint: fix it"
    assert error.exit_code is ExitCode.USAGE


def test_a_missing_extra_names_the_one_line_that_installs_it() -> None:
    error = MissingExtraError("`costplan plan`", "plan")
    assert isinstance(error, CostplanError)
    assert str(error) == (
        f"`costplan plan` needs the `plan` extra, which is not installed\n  hint: {install_line('plan')}"
    )


def test_a_hint_names_the_nearest_word_or_nothing() -> None:
    assert did_you_mean("vcpus", ["vcpu", "memory"]) == "did you mean `vcpu`?"
    assert did_you_mean("zzz", ["vcpu", "memory"]) is None
