"""A layer of prices is read whole or refused, on every command that prices."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import costplan

Capsys = pytest.CaptureFixture[str]

SCENARIO = """
scenario: s
title: S
workload: {monthly_requests: 1M, growth: 10%/month, slo: p99 <= 1 s}
budget: {currency: RUB, total: 10000}
resources:
  vm: {kind: compute-instance, role: compute, vcpu: 2, memory: 4 GB,
       capacity: {requests_per_second: {value: 100, uncertain: {low: 90, high: 110}}}}
"""
CORE = "compute.vm.cpu.c100.v3"


def prices(service: str = "compute", code: str = CORE, more: str = "", price: str = "0.5") -> str:
    return (
        f"service: {service}\ntitle: T\n{more}skus:\n  - code: {code}\n    name: vCPU\n"
        "    pricing_unit: core*hour\n    prices:\n      - {effective_from: 2026-09-01, source: contract, "
        f"checked: 2026-09-01, confidence: list, rates: {{RUB: {price}}}}}\n"
    )


@pytest.fixture
def scenario(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "s.yaml").write_text(SCENARIO)
    return "s.yaml"


def layer(folder: Path, files: dict[str, str | bytes]) -> str:
    place = folder / "layer"
    place.mkdir()
    for name, content in files.items():
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return "layer"


REFUSED: list[tuple[dict[str, str | bytes], str]] = [
    ({}, "holds no prices"),
    ({".keep": ""}, "holds no prices"),
    ({"README.md": "contract"}, "holds no prices"),
    ({"compute.yml": prices()}, "name it compute.yaml"),
    ({"compute.yaml": prices(), "vpc.YAML": prices()}, "vpc.YAML: is not read"),
    ({"compute.yaml": prices(), "deal.csv": "1"}, "deal.csv: is not read"),
    ({"x/compute.yaml": prices()}, "name it compute.yaml, in `layer` itself"),
    ({"compute.yaml": prices(), "2026/vpc.yaml": prices("vpc")}, "2026/vpc.yaml: is not read"),
    ({"conpute.yaml": prices("conpute")}, "did you mean `compute`?"),
    ({"deal.yaml": prices()}, "must be `deal`, the name of its file"),
    ({"deal.yaml": prices("deal")}, "`new: true` beside it"),
    ({"compute.yaml": prices(code=CORE + "3")}, f"did you mean `{CORE}`?"),
    ({"compute.yaml": prices(), "vpc.yaml": prices("vpc")}, f"`vpc` has no `{CORE}` below to replace"),
    ({"compute.yaml": "just words"}, "compute.yaml"),
    ({"compute.yaml": "a: [1\n"}, "compute.yaml"),
    ({"compute.yaml": b"\x89PNG\r\n\x1a\n\0\0"}, "compute.yaml"),
    ({"compute.yaml": prices(), "kms.yaml": ""}, "kms.yaml"),
    ({"kms.yaml": "service: kms\ntitle: KMS\n"}, "changes nothing"),
    (
        {"compute.yaml": prices() + "rules: [{name: metering-unti, value: 1, unit: h, note: n, source: s}]"},
        "`compute` has no `metering-unti` below",
    ),
    ({"limits/computer.yaml": "service: computer\nsources: {}\nlimits: []\n"}, "did you mean `compute`?"),
]  # fmt: skip


@pytest.mark.parametrize(("files", "said"), REFUSED, ids=[said for _, said in REFUSED])
def test_a_layer_that_is_not_read_whole_is_refused(
    capsys: Capsys, tmp_path: Path, scenario: str, files: dict[str, str | bytes], said: str
) -> None:
    ended = costplan(capsys, "estimate", scenario, "--overlay", layer(tmp_path, files))
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err


EVERY = (
    "estimate s.yaml", "estimate s.yaml --uncertain --draws 8", "compare s.yaml", "explain s.yaml",
    "check s.yaml", "curve s.yaml", "plan s.yaml", "timeline s.yaml", "sensitivity s.yaml",
    "report s.yaml -o r.html", "catalog list", f"catalog show {CORE}", "catalog verify",
)  # fmt: skip


@pytest.mark.parametrize("line", EVERY)
def test_every_command_refuses_it(capsys: Capsys, tmp_path: Path, scenario: str, line: str) -> None:
    ended = costplan(capsys, *line.split(), "--overlay", layer(tmp_path, {"compute.yml": prices()}))
    assert (ended.code, ended.out) == (2, "")
    assert "layer/compute.yml: is not read" in ended.err
    assert scenario


def test_a_layer_with_notes_and_hidden_files_is_used(capsys: Capsys, tmp_path: Path, scenario: str) -> None:
    """2 x 0.5 + 4 x 0.33 = 2.32 an hour, 1,670.40 a month."""
    files: dict[str, str | bytes] = {
        "compute.yaml": prices(), "README.md": "contract 17", ".git/config": "", "notes.txt": ""
    }  # fmt: skip
    ended = costplan(capsys, "estimate", scenario, "--overlay", layer(tmp_path, files))
    assert ended.code == 0
    assert "1,670.40" in ended.out


def test_what_a_layer_adds_is_said_to_be_new(capsys: Capsys, tmp_path: Path, scenario: str) -> None:
    files: dict[str, str | bytes] = {
        "compute.yaml": prices(code="compute.vm.cpu.c100.v9", more="adds: [compute.vm.cpu.c100.v9]\n"),
        "own.yaml": prices("own", "own.core", "new: true\n"),
    }
    use = "{kind: metered, role: other, service: own, uses: [{sku: own.core, quantity: 8}]}"
    args = ("estimate", scenario, "--overlay", layer(tmp_path, files), "--set", f"resources.x={use}")
    ended = costplan(capsys, *args)
    assert ended.code == 0, ended.err
    assert "4.00" in ended.out  # 8 x 0.5


def test_a_second_layer_may_change_what_the_first_one_added(
    capsys: Capsys, tmp_path: Path, scenario: str
) -> None:
    for name, more in (("one", "new: true\n"), ("two", "")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "own.yaml").write_text(prices("own", "own.core", more))
    both = costplan(capsys, "estimate", scenario, "--overlay", "one", "--overlay", "two")
    assert both.code == 0, both.err
    assert costplan(capsys, "estimate", scenario, "--overlay", "two").code == 2


def test_a_catalog_of_one_s_own_is_read_whole_too(capsys: Capsys, tmp_path: Path, scenario: str) -> None:
    index = "catalog: own\ntitle: Own\nregion: here\nas_of: 2026-10-06\n"
    index += "currencies: [{currency: RUB, vat: included, vat_rates: "
    index += "[{effective_from: 2026-01-01, rate: 0.22, source: law}]}]\n"
    own = layer(tmp_path, {"catalog.yaml": index, "compute.yml": prices()})
    ended = costplan(capsys, "estimate", scenario, "--catalog", own)
    assert ended.code == 2
    assert "layer/compute.yml: is not read" in ended.err


def test_a_layer_may_change_what_is_taken_where_nothing_is_named(
    capsys: Capsys, tmp_path: Path, scenario: str
) -> None:
    text = "service: compute\ntitle: T\ndefaults: {platform: standard-v2}\n"
    ended = costplan(capsys, "estimate", scenario, "--overlay", layer(tmp_path, {"compute.yaml": text}))
    assert ended.code == 0
    assert "v2" in ended.out
    assert "v2" not in costplan(capsys, "estimate", scenario).out
