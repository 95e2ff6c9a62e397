"""Every exit code of the documentation is reached, and says why on standard error."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import costplan, process

from costplan.messages.errors import ExitCode

Capsys = pytest.CaptureFixture[str]


def raising(error: BaseException) -> Callable[..., str]:
    def render(*_: object, **__: object) -> str:
        raise error

    return render


def test_the_codes_are_those_of_the_documentation() -> None:
    assert {code.name: code.value for code in ExitCode} == {
        "DONE": 0,
        "NO": 1,
        "USAGE": 2,
        "DEFECT": 70,
        "INTERRUPTED": 130,
    }


@pytest.mark.parametrize(
    "line",
    [
        "estimate stage1",
        "compare",
        "explain stage1 api",
        "check stage2 --variant lean",
        "catalog list --match t4",
        "catalog show network.egress.inet",
        "catalog quotas --match t4",
        "catalog verify",
        "scenario list",
        "schema",
        "schema estimate",
        "doctor",
        "config",
        "--version",
        "--help",
        "estimate --help",
        "catalog --help",
    ],
)
def test_done_is_0_with_nothing_on_standard_error(capsys: Capsys, line: str) -> None:
    ended = costplan(capsys, *line.split())
    assert ended.code == 0
    assert ended.out
    assert ended.err == ""


@pytest.mark.parametrize(
    "line",
    [
        "check stage2",
        "check stage1 --variant archive --max 1",
        "estimate stage3 --variant managed-opensearch --strict",
        "compare stage3:managed-opensearch stage2 --strict",
        "check stage3 --variant managed-opensearch --max 1000000",
    ],
)
def test_a_no_is_1_with_the_answer_on_standard_output(capsys: Capsys, line: str) -> None:
    ended = costplan(capsys, *line.split())
    assert ended.code == 1
    assert ended.out
    assert ended.err == ""


def test_missing_prices_are_a_no_only_when_they_are_asked_about(capsys: Capsys) -> None:
    assert costplan(capsys, "estimate", "stage3:managed-opensearch").code == 0
    args = ("check", "stage3:managed-opensearch", "--max", "1000000", "--set", "budget=~")
    assert costplan(capsys, *args).code == 1
    assert costplan(capsys, *args, "--allow-unpriced").code == 0


def test_a_catalog_with_findings_is_a_no(capsys: Capsys, tmp_path: Path) -> None:
    (tmp_path / "vpc.yaml").write_text(
        "service: vpc\ntitle: VPC\nadds: [compute.vm.ram.v3]\n"
        "skus:\n  - code: compute.vm.ram.v3\n    name: RAM twice\n"
        "    pricing_unit: GB*hour\n    prices:\n      - {effective_from: 2026-05-01, source: mine, "
        "checked: 2026-05-01, confidence: list, rates: {RUB: 1}}\n",
        encoding="utf-8",
    )
    ended = costplan(capsys, "catalog", "verify", "--overlay", str(tmp_path))
    assert ended.code == 1
    assert "the code is in compute too" in " ".join(ended.out.split())


USAGE = [
    ("estimat stage1", "Did you mean"),
    ("estimate", "Missing argument"),
    ("estimate stage1 --nope", "No such option"),
    ("estimate stage1 --format xml", "--format: `xml` is not one of table, json, csv, md"),
    ("estimate stage9", "there is no scenario `stage9`"),
    ("estimate stage1 --currency EUR", "--currency: `EUR` is not one of RUB, USD, KZT"),
    ("estimate stage1 --as-of 2026-13-01", "--as-of: `2026-13-01` is not a date"),
    ("estimate stage1 --as-of yesterday", "write it like --as-of 2026-05-01"),
    ("estimate stage1 --requests many", "is not a number"),
    ("estimate stage1 --set resources.api.vcpus=4", "did you mean `vcpu`?"),
    ("estimate stage1 --set nonsense", "--set nonsense"),
    ("estimate stage2 --variant premptible", "did you mean `preemptible`?"),
    ("estimate no/such/file.yaml", "no/such/file.yaml"),
    ("estimate stage1 --overlay no/such/folder", "`no/such/folder` is not a folder"),
    ("explain stage1 apii", "did you mean `api`?"),
    ("explain stage1 network.egress.int", "did you mean `network.egress.inet`?"),
    ("check stage1 --max lots", "--max: is not a number: `lots`"),
    ("check stage1 --set budget=~ --parts", "there are no parts to check: the scenario has no budget"),
    ("catalog list --match no-such-thing", "no SKU matches `no-such-thing`"),
    ("catalog list --service vpcc", "did you mean `vpc`?"),
    ("catalog show network.egress.int", "did you mean `network.egress.inet`?"),
    ("catalog quotas --match compute.instanceT4Gpus.coun.", "did you mean `compute.instanceT4Gpus.count`?"),
    ("catalog quotas --service computee", "did you mean `compute`?"),
    ("scenario new Shop -o -", "is not a name: `Shop`"),
    ("scenario new shop --from stage9 -o -", "there is no scenario `stage9`"),
    ("schema estimat", "did you mean `estimate`?"),
]


@pytest.mark.parametrize(("line", "said"), USAGE, ids=[line for line, _ in USAGE])
def test_a_mistake_is_2_and_says_how_to_mend_it(capsys: Capsys, line: str, said: str) -> None:
    ended = costplan(capsys, *line.split())
    assert ended.code == 2
    assert ended.out == ""
    assert said in ended.err
    assert "Traceback" not in ended.err


def test_no_arguments_show_the_help_and_are_wrong_usage(capsys: Capsys) -> None:
    """A pipeline whose variable came out empty must not pass."""
    ended = costplan(capsys)
    assert ended.code == 2
    assert "Usage" in ended.out + ended.err


def test_a_wrong_input_shows_the_place_the_line_and_the_nearest_key(capsys: Capsys, tmp_path: Path) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text("scenario: wrong\nextends: stage1\nworkload:\n  monthly_request: 5M\n", encoding="utf-8")
    ended = costplan(capsys, "estimate", str(path))
    assert ended.code == 2
    assert ended.err == (
        f"{path}:4:3: workload.monthly_request: unknown key\n"
        "  4 |   monthly_request: 5M\n"
        "    |   ^^^^^^^^^^^^^^^\n"
        "  hint: did you mean `monthly_requests`?\n"
    )


def test_a_defect_is_70_and_asks_to_be_reported(capsys: Capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("costplan.cli.output.rendered", raising(ZeroDivisionError("by hand")))
    ended = costplan(capsys, "estimate", "stage1")
    assert ended.code == 70
    assert ended.out == ""
    assert ended.err == (
        "costplan made a mistake: ZeroDivisionError: by hand\n"
        "  hint: run it again with --debug and report what it prints, please\n"
    )


def test_debug_shows_the_traceback_of_a_defect(capsys: Capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("costplan.cli.output.rendered", raising(ZeroDivisionError("by hand")))
    ended = costplan(capsys, "estimate", "stage1", "--debug")
    assert ended.code == 70
    assert "Traceback" in ended.err
    assert "please report the output above" in ended.err


def test_debug_shows_the_traceback_of_a_mistake_and_keeps_its_code(capsys: Capsys) -> None:
    ended = costplan(capsys, "--debug", "estimate", "stage9")
    assert ended.code == 2
    assert "Traceback" in ended.err
    assert "there is no scenario `stage9`" in ended.err


@pytest.mark.parametrize("line", ["estimate stage1", "estimate -fjson stage1"], ids=["quick", "by-typer"])
def test_an_interrupt_is_130(capsys: Capsys, monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    monkeypatch.setattr("costplan.cli.output.rendered", raising(KeyboardInterrupt()))
    ended = costplan(capsys, *line.split())
    assert ended.code == 130
    assert ended.out == ""
    assert "Traceback" not in ended.err


def test_codes_leave_the_process(tmp_path: Path) -> None:
    assert process("check", "stage2").code == 1
    assert process("estimate", "stage9").code == 2
    assert process("--version").code == 0
