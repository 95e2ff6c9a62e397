"""What commands do not import: heavy libraries stay at the door of the commands that need them."""

from __future__ import annotations

import subprocess
import sys

import pytest
from command_line import environment

HEAVY = {
    "pandas",
    "numpy",
    "scipy",
    "matplotlib",
    "jinja2",
    "babel",
    "onnxruntime",
    "onnx",
    "grpc",
    "duckdb",
    "asyncio",
    "fastapi",
    "uvicorn",
    "uvloop",
    "httptools",
    "psycopg",
    "boto3",
    "tfparse",
}
DRIVER = """\
import sys
sys.argv = ["costplan", *sys.argv[1:]]
from costplan.cli.entry import main
try:
    main()
except SystemExit as end:
    assert end.code in (0, 1, None), end.code
sys.stdout.flush()
print("\\nimported:", *sorted(sys.modules))
"""


def imported(*arguments: str) -> set[str]:
    """Run a command in a process of its own and return the modules that it imported."""
    ended = subprocess.run(
        [sys.executable, "-c", DRIVER, *arguments],
        capture_output=True,
        env=environment(),
        timeout=120,
        check=True,
        text=True,
    )
    return set(ended.stdout.rpartition("imported:")[2].split())


@pytest.mark.parametrize(
    "line",
    [
        "--help",
        "estimate --help",
        "estimate stage2",
        "estimate stage2 --format json",
        "estimate stage2 --format csv",
        "estimate stage2 --format md",
        "compare",
        "compare stage2 --variants --requests 5M",
        "diff stage1 stage2",
        "check stage2",
        "explain stage2",
        "explain stage3 inference",
        "catalog list",
        "catalog quotas",
        "catalog verify",
        "scenario list",
        "doctor",
        "config",
    ],
)
def test_nothing_heavy_is_imported(line: str) -> None:
    assert imported(*line.split()) & HEAVY == set()


def test_the_version_is_answered_before_anything_is_imported() -> None:
    assert not imported("--version") & {*HEAVY, "typer", "rich", "pydantic", "yaml", "decimal", "argparse"}


@pytest.mark.parametrize("line", ["estimate stage2", "compare", "check stage2", "explain stage2"])
def test_a_plain_line_is_read_without_typer_and_rich(line: str) -> None:
    assert not imported(*line.split()) & {"typer", "click", "rich"}


@pytest.mark.parametrize("line", ["estimate stage2", "estimate stage3 --format json"])
def test_a_scenario_that_is_right_is_priced_without_pydantic(line: str) -> None:
    assert not imported(*line.split()) & {"pydantic", "pydantic_core"}


@pytest.mark.parametrize("line", ["estimate stage2", "compare"])
def test_what_was_read_before_is_priced_without_libyaml(line: str) -> None:
    imported(*line.split())
    assert not imported(*line.split()) & {"yaml", "costplan.source.composer"}


def test_help_is_not_kept_waiting_for_what_writes_numbers() -> None:
    found = imported("--help")
    assert not found & {
        "costplan.language.translator",
        "costplan.quantities.money",
        "costplan.catalog.store",
        "yaml",
    }
