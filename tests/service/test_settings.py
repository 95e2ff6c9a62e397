"""Options, the environment, processors, and the choice between the loop and a thread."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from service_process import DIGITS, ROOT

from costplan.cpus import cpu_quota, usable_cpus
from costplan.service.pace import QUICK_NS, SLOW_NS, Pace
from costplan.service.settings import read_settings


def test_the_demo_model_and_a_file_of_records_are_the_defaults() -> None:
    found = read_settings([], {})
    assert (found.model_file, found.model_name) == (DIGITS, "digits")
    assert (found.record, found.host, found.port) == ("sqlite:///predictions.db", "127.0.0.1", 8080)
    assert (found.threads, found.parallel) == (1, usable_cpus())


def test_an_option_wins_over_the_environment_which_wins_over_the_default() -> None:
    environ = {"COSTPLAN_SERVICE_PORT": "81", "COSTPLAN_SERVICE_MAX_BODY_MIB": "3", "PORT": "82"}
    assert read_settings(["--port", "80"], environ).port == 80
    assert read_settings([], environ).port == 81
    assert read_settings([], {"PORT": "82"}).port == 82
    assert read_settings([], environ).max_body_bytes == 3 * 1024 * 1024


@pytest.mark.parametrize(
    ("file", "name"),
    [("my-model.v2.onnx", "my-model.v2"), ("my model (1).onnx", "my-model-1-"),
     ("\u043c\u043e\u0434.onnx", "model"),
     (".hidden.onnx", "hidden"), ("a" * 120 + ".onnx", "a" * 100)],
)  # fmt: skip
def test_the_name_follows_the_file(file: str, name: str) -> None:
    assert read_settings(["--model", f"/x/{file}"], {}).model_name == name


@pytest.mark.parametrize(
    ("arguments", "environ", "message"),
    [
        (["--port", "65536"], {}, "must be 0 to 65535"),
        (["--port", "\u0663"], {}, "must be 0 to 65535"),
        (["--threads", "0"], {}, "must be 1 to 4096"),
        (["--grace", "nan"], {}, "above 0"),
        (["--backend", "triton"], {}, "invalid choice"),
        (["--backend", "triton-http"], {}, "needs --backend-address"),
        (
            ["--backend", "triton-http", "--backend-address", "x", "--model", "m.onnx"],
            {},
            "--model is opened by",
        ),
        (["--name", "a/b"], {}, "letters, digits"),
        ([], {"COSTPLAN_SERVICE_PORT": "x"}, "must be 0 to 65535"),
    ],
)
def test_wrong_usage_ends_with_2_and_says_what(
    arguments: list[str], environ: dict[str, str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        read_settings(arguments, environ)
    assert ended.value.code == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("text.onnx", b"not a model", "cannot be opened"),
        ("none.onnx", None, "no file"),
        ("empty.onnx", b"", "--model"),
    ],
)
def test_a_file_that_is_no_model_ends_with_2_and_no_traceback(
    name: str, content: bytes | None, message: str, tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    command = [sys.executable, "-m", "costplan.service", "--port", "0", "--model", str(tmp_path / name)]
    environment = {"PYTHONPATH": str(ROOT), "COSTPLAN_SERVICE_RECORD": "none"}
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert message in ended.stderr
    assert "Traceback" not in ended.stderr


def group(folder: Path, membership: str, **files: str) -> float | None:
    own = folder / "cgroup"
    own.write_text(membership)
    for name, content in files.items():
        target = folder / "fs" / name.replace("__", "/").replace("cpu_", "cpu.")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content)
    return cpu_quota(own, folder / "fs")


def test_the_tightest_quota_of_the_group_and_those_above_it_holds(tmp_path: Path) -> None:
    quota = group(
        tmp_path, "0::/pod/box\n", pod__cpu_max="150000 100000", pod__box__cpu_max="400000 100000\n"
    )
    assert quota == 150_000 / 100_000


def test_max_is_no_quota(tmp_path: Path) -> None:
    assert group(tmp_path, "0::/\n", cpu_max="max 100000") is None


def test_the_older_hierarchy_is_read(tmp_path: Path) -> None:
    membership = "4:cpu,cpuacct:/docker/x\n0::/\n"
    folder = {
        "cpu,cpuacct__docker__x__cpu_cfs_quota_us": "50000",
        "cpu,cpuacct__docker__x__cpu_cfs_period_us": "100000",
    }
    assert group(tmp_path, membership, **folder) == 0.5
    assert usable_cpus(tmp_path / "cgroup", tmp_path / "fs") == 1


def test_no_groups_means_no_quota(tmp_path: Path) -> None:
    assert cpu_quota(tmp_path / "none", tmp_path) is None


def test_a_model_earns_the_event_loop_and_loses_it() -> None:
    pace = Pace()
    for _ in range(100):
        assert not pace.is_quick(64)
        pace.ran(64, QUICK_NS)
    assert pace.is_quick(64)
    assert not pace.is_quick(65)  # a larger input than any seen
    pace.ran(64, SLOW_NS + 1)
    for _ in range(100 * 10 - 1):
        pace.ran(64, QUICK_NS)
    assert not pace.is_quick(64)
    pace.ran(64, QUICK_NS)
    assert pace.is_quick(64)


@given(st.lists(st.tuples(st.integers(1, 100), st.integers(0, 2 * SLOW_NS)), max_size=300))
def test_only_a_streak_of_quick_runs_leads_to_the_event_loop(runs: list[tuple[int, int]]) -> None:
    pace = Pace()
    for elements, took in runs:
        pace.ran(elements, took)
    tail = runs[-100:]
    if pace.is_quick(1):
        assert len(tail) == 100
        assert all(took <= QUICK_NS for _, took in tail)
