"""The rows of `capacities/published.csv`: what they are checked for, and what one of them says by hand."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from costplan.capacity.published_rows import COLUMNS, PublishedRow, published_rows, read_rows
from costplan.datafiles import data_folder
from costplan.messages.errors import CatalogError

GOOD = {
    "id": "net-t4-runtime-fp16-batch1", "model": "Net", "key": "net", "task": "images", "input": "8x8",
    "precision": "fp16", "card": "T4", "cards": "1", "hardware": "1x T4 16GB", "vcpu": "",
    "runtime": "Runtime", "scenario": "batch", "batch": "1", "clients": "", "unit": "requests", "rate": "50",
    "latency_ms": "20", "percentile": "p99", "bound_ms": "", "preprocessing": "excluded", "strength": "B",
    "source": "a page", "date": "2021-01", "note": "",
}  # fmt: skip


def written(folder: Path, *rows: dict[str, str], head: str = ",".join(COLUMNS)) -> Path:
    path = folder / "rows.csv"
    lines = [head, *(",".join(row[name] for name in COLUMNS) for row in rows)]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def row(name: str) -> PublishedRow:
    return next(one for one in published_rows() if one.id == name)


def test_all_rows_are_read_and_small() -> None:
    assert len(published_rows()) == 321
    assert (data_folder("capacities") / "published.csv").stat().st_size < 2 * 2**20


def test_only_the_share_of_one_card_counts() -> None:
    """44504.8 of eight cards are 5563.1 of one; 21506.3 of four are 5376.575."""
    assert row("resnet50-t4-tensorrt-int8-server-of8-mlperf07").rate_per_card == Fraction("5563.1")
    assert row("resnet50-t4-tensorrt-int8-server-of4-dell").rate_per_card == Fraction("5376.575")
    assert row("resnet50-t4-tensorrt-int8-offline").rate_per_card == Fraction("6035.57")


def test_what_must_be_in_flight() -> None:
    """48 clients that wait are 48 requests; a batch of 8 is 8; nobody counted what lies ready offline."""
    assert row("resnet50-t4-triton-fp16-dynamic-48").in_flight == 48
    assert row("resnet50-t4-triton-fp16-batch8").in_flight == 8
    assert row("resnet50-t4-tensorrt-int8-offline").in_flight is None


def test_a_request_alone() -> None:
    """3.189 ms as published; 18 a second, one after the other, are 1/18 s each."""
    assert row("resnet50-t4-triton-fp16-batch1").alone_seconds == Fraction("0.003189")
    assert row("distilbert-seq128-cpu-pytorch-fp32-batch1").alone_seconds == Fraction(1, 18)
    assert row("resnet50-t4-triton-fp16-batch8").alone_seconds is None


def test_a_good_row_is_taken(tmp_path: Path) -> None:
    (found,) = read_rows(written(tmp_path, GOOD), "rows.csv")
    assert (found.rate, found.latency_ms, found.vcpu, found.cards) == (Decimal(50), Decimal(20), None, 1)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"id": "other-t4"}, "the id must be a name that begins with `key`"),
        ({"rate": ""}, "`rate` is empty"),
        ({"rate": "-3"}, "`rate` must be a number above 0, got `-3`"),
        ({"batch": "1.5"}, "`batch` must be a number above 0, got `1.5`"),
        ({"strength": "b"}, "`strength` is `b`: did you mean `B`?"),
        ({"scenario": "online"}, "`scenario` is `online`"),
        ({"batch": ""}, "a load of batches needs `batch`"),
        ({"clients": "4"}, "`clients` goes with a closed loop"),
        ({"hardware": "8x T4 16GB"}, "`hardware` must begin with `1x T4`"),
        ({"cards": ""}, "`cards` counts the cards of a system, and a CPU has none"),
        ({"percentile": ""}, "`latency_ms` and `percentile` go together"),
        ({"bound_ms": "15"}, "`bound_ms` goes with a load of arrivals"),
        ({"source": " "}, "`source` is empty"),
    ],
)
def test_a_bad_row_is_an_error_with_file_and_line(tmp_path: Path, changed: dict[str, str], said: str) -> None:
    path = written(tmp_path, GOOD, {**GOOD, "id": "net-t4-second", **changed})
    with pytest.raises(CatalogError) as caught:
        read_rows(path, "rows.csv")
    assert str(caught.value).startswith("rows.csv:3:1: ")
    assert said in str(caught.value)


def test_an_id_stands_once(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match=r"rows\.csv:3:1: .*the id is already in line 2"):
        read_rows(written(tmp_path, GOOD, GOOD), "rows.csv")


def test_other_columns_and_short_lines_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match=r"rows\.csv:1:1: the columns must be id,model"):
        read_rows(written(tmp_path, GOOD, head="id,rate"), "rows.csv")
    path = written(tmp_path, GOOD)
    path.write_text(path.read_text(encoding="utf-8") + "\nnet-t4,1\n", encoding="utf-8")
    with pytest.raises(CatalogError, match=f"rows.csv:3:1: has 2 cells of {len(COLUMNS)}"):
        read_rows(path, "rows.csv")
