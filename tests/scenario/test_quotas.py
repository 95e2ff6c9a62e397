"""Quotas that a scenario states, by any of their names, and exports of the provider's command line."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import pytest

from costplan.catalog.store import Catalog
from costplan.messages.errors import InputError
from costplan.scenario.load import load_scenario

SHIPPED = Catalog.shipped()

EXPORT = """\
{
  "resource": {"id": "b1g0example", "type": "resource-manager.cloud"},
  "quota_limits": [
    {"quota_id": "compute.instanceT4Gpus.count", "limit": 2, "usage": 0},
    {"quota_id": "compute.instanceMemory.size", "limit": 1116691496960, "usage": 137438953472},
    {"quota_id": "compute.instanceCores.count", "limit": 6.4e1, "usage": 8},
    {"quota_id": "compute.diskPools.count", "limit": 0, "usage": 0},
    {"quota_id": "compute.ssdDisks.size", "limit": 1610612736, "usage": 0},
    {"quota_id": "compute.images.count"}
  ]
}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def stated(
    quotas: str, *, sets: tuple[str, ...] = (), exports: tuple[str, ...] = ()
) -> Mapping[str, Fraction]:
    Path("mine.yaml").write_text(
        "scenario: mine\ntitle: Mine\nworkload: {monthly_requests: 1M}\n"
        f"resources: {{logs: {{kind: logging, role: logs, written: 1 GB}}}}\n{quotas}\n",
        encoding="utf-8",
    )
    loaded = load_scenario(
        "./mine.yaml", lambda _: SHIPPED, sets=sets, quotas=[Path(name) for name in exports]
    )
    return loaded.quotas


def test_nothing_is_stated_unless_it_is() -> None:
    assert stated("") == {}
    assert stated("quotas: {}") == {}


@pytest.mark.parametrize(
    ("entry", "key", "value"),
    [
        ("vcpu: 64", "compute.instanceCores.count", 64),
        ("memory: 1 TB", "compute.instanceMemory.size", 1024),
        ("machines: 20", "compute.instances.count", 20),
        ("compute-gpu-t4: 1", "compute.instanceT4Gpus.count", 1),
        ("compute.instanceT4Gpus.count: 1", "compute.instanceT4Gpus.count", 1),
        ("mdb.cpu.count: 96", "mdb.cpu.count", 96),
        ("kafka-vcpu: 96", "mdb.cpu.count", 96),
        ("alb-balancers: 8", "alb-balancers", 8),
        ("logging.write.rate: 5K", "logging.write.rate", 5000),
        ("storage.volume.size: 1.5 TB", "storage.volume.size", 1536),
        ("compute-vcpu: {value: 48, measured: asked for in May}", "compute.instanceCores.count", 48),
    ],
)
def test_a_quota_has_a_short_name_a_code_and_the_providers_id(entry: str, key: str, value: int) -> None:
    assert stated(f"quotas: {{{entry}}}") == {key: Fraction(value)}


def test_gpu_is_every_model_of_it() -> None:
    found = stated("quotas: {gpu: 2}")
    assert set(found.values()) == {Fraction(2)}
    assert {"compute.instanceT4Gpus.count", "compute.instanceT4Gpus.count.ru-central1-d"} <= set(found)
    assert all(key.startswith("compute.") for key in found)


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("gpus: 2", "did you mean `gpu`?"),
        ("compute.instanceT4Gpu.count: 2", "did you mean `compute.instanceT4Gpus.count`?"),
        ("api-gateway-body: 5", "is a limit of the provider, which is not raised"),
        ("compute-vcpu: 1.5", "must be a whole number, got `1.5`"),
        ("compute-memory: 128", "is a size without a unit"),
        ("compute-vcpu: many", "is not a number"),
        ("compute-vcpu: -1", "must not be negative"),
        ("compute-vcpu: [1]", "compute-vcpu"),
    ],
)
def test_what_is_no_quota_is_told_with_its_line(entry: str, said: str) -> None:
    with pytest.raises(InputError) as refused:
        stated(f"quotas: {{{entry}}}")
    assert said in str(refused.value)
    assert "mine.yaml:5:" in str(refused.value)


def test_an_export_is_read_with_sizes_in_bytes_and_what_the_catalog_does_not_know_left_out() -> None:
    Path("compute.json").write_text(EXPORT, encoding="utf-8")
    assert stated("quotas: {file: compute.json}") == {
        "compute.instanceT4Gpus.count": 2,
        "compute.instanceMemory.size": 1040,  # 1,116,691,496,960 / 2^30
        "compute.instanceCores.count": 64,
        "compute.ssdDisks.size": Fraction(3, 2),  # 1,610,612,736 / 2^30
    }


def test_what_is_stated_beside_an_export_wins_over_it_and_an_option_over_both() -> None:
    Path("compute.json").write_text(EXPORT, encoding="utf-8")
    Path("more.yaml").write_text(
        "quotaLimits: [{quotaId: compute.instanceCores.count, limit: 96}]\n", "utf-8"
    )
    own = "quotas: {vcpu: 16, compute-gpu-t4: 4, file: compute.json}"
    found = stated(own)
    assert (found["compute.instanceCores.count"], found["compute.instanceT4Gpus.count"]) == (16, 4)
    assert found["compute.instanceMemory.size"] == 1040
    over = stated(own, exports=("more.yaml",))
    assert (over["compute.instanceCores.count"], over["compute.instanceT4Gpus.count"]) == (96, 4)
    assert stated("", exports=("compute.json", "more.yaml"))["compute.instanceCores.count"] == 96
    both = stated("quotas: {file: [compute.json, more.yaml]}")
    assert (both["compute.instanceCores.count"], both["compute.instanceT4Gpus.count"]) == (96, 2)


def test_an_option_sets_a_quota_by_its_code() -> None:
    assert stated("quotas: {vcpu: 16}", sets=("quotas.compute-gpu-t4=1",)) == {
        "compute.instanceCores.count": 16,
        "compute.instanceT4Gpus.count": 1,
    }


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"quota_limits"', '"quotas"', "is no export of quotas: it has no `quota_limits`"),
        (
            '"limit": 2,',
            '"limit": "two",',
            "compute.json:4:59: quota_limits[0].limit: is not a number: `two`",
        ),
        ('"limit": 2,', '"limit": -1,', "is no quota: `-1`"),
        ('"limit": 2,', '"limit": NaN,', "is no quota: `NaN`"),
        ('"limit": 2,', '"limit": [2],', "quota_limits[0].limit: must be a number"),
        ('"quota_id": "compute.instanceT4Gpus.count", ', "", "quota_limits[0]: missing `quota_id`"),
        ("instanceCores", "instanceT4Gpus", "`compute.instanceT4Gpus.count` appears twice"),
        ('"quota_limits": [', '"quota_limits": [7,', "must be a mapping with `quota_id` and `limit`"),
    ],
)
def test_an_export_that_is_none_is_refused_with_its_line(old: str, new: str, said: str) -> None:
    Path("compute.json").write_text(EXPORT.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError) as refused:
        stated("quotas: {file: compute.json}")
    assert said in " ".join(str(refused.value).split())
    assert "compute.json:" in str(refused.value)


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("../compute.json", "inside the project"),
        ("no.json", "cannot read"),
        ("[]", ""),
        ("{a: 1}", "must name"),
    ],
)
def test_the_file_of_an_export_must_be_one_of_the_project(file: str, said: str) -> None:
    if not said:
        assert stated(f"quotas: {{file: {file}}}") == {}
        return
    with pytest.raises(InputError, match=said):
        stated(f"quotas: {{file: {file}}}")
