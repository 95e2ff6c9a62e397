"""`costplan catalog import`: what it shows, what it writes, and what it never touches."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import costplan
from price_answers import SAVED, of_catalog, page, vcpu

from costplan.catalog.store import Catalog
from costplan.datafiles import data_folder

Capsys = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("skus.json").write_bytes(SAVED.read_bytes())


def test_the_difference_is_shown_and_nothing_is_written(capsys: Capsys) -> None:
    for options in ((), ("--dry-run", "-o", "mine")):
        ended = costplan(capsys, "catalog", "import", "skus.json", *options)
        assert ended.code == 0, ended.err
        assert "as in the catalog: 1; other prices: 1; not in the catalog: 1; refused: 0" in ended.out
        assert "compute.vm.cpu.c100.v3 [c]" in ended.out
        assert "Something new" in ended.out
        assert sorted(path.name for path in Path().iterdir()) == ["skus.json"]


def test_the_overlay_prices_and_verifies(capsys: Capsys) -> None:
    ended = costplan(capsys, "catalog", "import", "skus.json", "-o", "mine/", "--date", "2026-11-29")
    assert (ended.code, ended.err) == (0, "wrote mine/compute.yaml\n")
    assert costplan(capsys, "catalog", "verify", "--overlay", "mine").code == 0
    shown = costplan(capsys, "explain", "stage2", "compute.vm.cpu.c100.v3", "--overlay", "mine")
    assert "price API, contract price, skus.json" in shown.out
    again = costplan(capsys, "catalog", "import", "skus.json", "--overlay", "mine", "-o", "other")
    assert "as in the catalog: 2" in again.out
    assert again.err == "nothing differs: other is not written\n"
    assert not Path("other").exists()


def test_an_account_names_the_overlay(capsys: Capsys) -> None:
    costplan(capsys, "catalog", "import", "skus.json", "-o", "mine")
    Path("account.yaml").write_text("account: a\ndesigns: {shop: stage2}\nprices: ./mine\n")
    by_account = json.loads(costplan(capsys, "estimate", "account.yaml", "-f", "json").out)
    by_option = json.loads(costplan(capsys, "estimate", "stage2", "--overlay", "mine", "-f", "json").out)
    assert by_account["total"] == by_option["total"]
    assert (
        by_account["total"] != json.loads(costplan(capsys, "estimate", "stage2", "-f", "json").out)["total"]
    )


def test_files_that_are_there_are_replaced_only_when_asked(capsys: Capsys) -> None:
    Path("mine").mkdir()
    Path("mine/compute.yaml").write_text("mine")
    ended = costplan(capsys, "catalog", "import", "skus.json", "-o", "mine")
    assert (ended.code, ended.out) == (2, "")
    assert Path("mine/compute.yaml").read_text() == "mine"
    assert costplan(capsys, "catalog", "import", "skus.json", "-o", "mine", "--force").code == 0
    assert "service: compute" in Path("mine/compute.yaml").read_text()


def test_a_catalog_is_never_written(capsys: Capsys) -> None:
    shipped = data_folder("catalogs") / "yandex-cloud"
    for folder in (shipped, shipped / "new", data_folder("catalogs")):
        ended = costplan(capsys, "catalog", "import", "skus.json", "-o", str(folder), "--force")
        assert ended.code == 2
        assert "is a catalog" in ended.err
    Path("own").mkdir()
    Path("own/catalog.yaml").write_text("catalog: own")
    assert costplan(capsys, "catalog", "import", "skus.json", "-o", "own", "--force").code == 2


def test_a_refused_row_ends_with_1_and_the_others_are_written(capsys: Capsys) -> None:
    Path("bad.json").write_text(json.dumps(page(vcpu("9"), {"id": 7})))
    ended = costplan(capsys, "catalog", "import", "bad.json", "-o", "mine")
    assert ended.code == 1
    assert "refused: 1" in ended.out
    assert Path("mine/compute.yaml").exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"skus": [{"id": "dn2', "the JSON is cut off"),
        ("", "the file is empty"),
        ("<html>", "is not JSON"),
        ('{"skus": [], "skus": []}', "names the key `skus` twice"),
        ('{"skus": [NaN]}', "NaN"),
        ("[" * 100_000, "nested too deep"),
        ('{"code": 7, "message": "permission denied"}', "it has no list `skus`"),
        ('{"skus": [{"x": "\\ud800"}]}', "names a currency"),
    ],
)
def test_what_is_no_answer_is_one_error_with_the_file(capsys: Capsys, text: str, said: str) -> None:
    Path("bad.json").write_text(text)
    ended = costplan(capsys, "catalog", "import", "bad.json", "-o", "mine")
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err
    assert not Path("mine").exists()


def test_a_file_made_of_the_catalogs_own_prices_shows_no_difference(capsys: Capsys) -> None:
    Path("own.json").write_text(json.dumps(page(*of_catalog(Catalog.shipped()))))
    ended = costplan(capsys, "catalog", "import", "own.json", "-f", "json")
    assert ended.code == 0
    counts = json.loads(ended.out)["counts"]
    assert counts.pop("same") > 200
    assert set(counts.values()) == {0}
