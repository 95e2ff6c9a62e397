"""What `costplan diff` prints: the answer first, the largest change on top, the small ones together."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from pathlib import Path

import pytest
from command_line import Ended, costplan

Capsys = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def design(name: str, fees: dict[str, str], requests: str = "1M") -> None:
    rows = "".join(
        f"  {fee}: {{kind: fixed-cost, role: other, amounts: {{RUB: {amount}}}, source: offer}}\n"
        for fee, amount in fees.items()
    )
    Path(f"{name}.yaml").write_text(
        f"scenario: {name}\ntitle: {name}\nworkload: {{monthly_requests: {requests}}}\nresources:\n{rows}",
        encoding="utf-8",
    )


def test_the_answer_stands_first_and_the_largest_change_on_top(capsys: Capsys) -> None:
    design("old", {"kept": "100", "gone": "50", "grown": "10"})
    design("new", {"kept": "100", "grown": "30", "new": "20"}, "2M")
    ended = costplan(capsys, "diff", "old.yaml", "new.yaml")
    assert ended.code == 0
    lines = ended.out.splitlines()
    # 160 -> 150; a million requests cost 160, then 75.
    assert lines[0] == "old.yaml -> new.yaml: 160.00 -> 150.00 RUB a month (-6.3%)"
    assert lines[2] == "why: quantity -30.00; price +20.00"
    assert lines[3:5] == ["requests a month: 1M -> 2M", "per million requests: 160.00 -> 75.00"]
    rows = [" ".join(line.split()) for line in lines[7:]]
    assert rows[1:5] == [
        "gone removed 50.00 - -50.00",
        "grown price 10.00 30.00 +20.00",
        "offer price 10 -> 30 10.00 30.00 +20.00",
        "new added - 20.00 +20.00",
    ]
    assert "total 160.00 150.00 -10.00" in rows


def test_of_a_lower_bound_nothing_is_a_multiple(capsys: Capsys) -> None:
    """In January 2026 the price of the registry alone is known of stage 1: 137 times that says nothing."""
    days = ("--as-of", "2026-01-15", "--as-of", "2026-10-06")
    lines = costplan(capsys, "diff", "stage1", *days).out.splitlines()
    # 452.55 - 3.29
    assert lines[0].endswith(": 3.29+ -> 452.55 RUB a month (+449.26, as far as prices are known)")
    assert "per million requests: 3.29+ -> 452.55" in lines
    assert [line for line in lines if "without a price" in line] == [
        "9 cost components were without a price and no longer are"
    ]
    note = costplan(capsys, "note", "stage1", *days).out
    assert "**+449.26 RUB a month**: 3.29+ -&gt; 452.55" in note


def test_more_beyond_a_free_part_is_no_other_price(capsys: Capsys) -> None:
    for size in (100, 500):
        Path(f"of{size}.yaml").write_text(
            f"scenario: store\ntitle: Store\nworkload: {{monthly_requests: 0}}\nresources:\n"
            f"  media: {{kind: object-storage, size: {size} GB, put_requests: 0, get_requests: 0}}\n",
            encoding="utf-8",
        )
    out = " ".join(costplan(capsys, "diff", "of100.yaml", "of500.yaml").out.split())
    assert "100 GB*month -> 500 GB*month" in out
    assert "price" not in out.partition("Resource")[2]


def test_what_cost_nothing_is_not_less_by_nothing(capsys: Capsys) -> None:
    """A million calls are free: without them it costs neither more nor less."""
    assert "-0.00" not in costplan(capsys, "diff", "stage1", "stage2").out


def test_a_design_that_no_longer_works_is_said_at_once(capsys: Capsys) -> None:
    text = "scenario: slow\nextends: stage1\nworkload: {slo: p99 <= 100 ms}\n"
    Path("slow.yaml").write_text(text, encoding="utf-8")
    worse = costplan(capsys, "diff", "stage1", "slow.yaml").out.splitlines()
    assert worse[0] == "stage1 -> slow.yaml: 452.55 RUB a month, as before"
    assert worse[2:4] == ["does not work at this load", "SLO: p95 <= 2 s -> p99 <= 100 ms"]
    assert any(line.startswith("no longer enough: ") for line in worse)
    better = costplan(capsys, "diff", "slow.yaml", "stage1").out.splitlines()
    assert better[2] == "works at this load, as it did not before"


def test_a_budget_that_no_longer_holds_is_a_change(capsys: Capsys) -> None:
    for name, budget in (("old", 200), ("new", 100)):
        design(name, {"a": "150"})
        with Path(f"{name}.yaml").open("a", encoding="utf-8") as file:
            file.write(f"budget: {{currency: RUB, total: {budget}}}\n")
    worse = costplan(capsys, "diff", "old.yaml", "new.yaml", "--exit-code")
    assert worse.code == 1
    assert "over the budget" in worse.out.splitlines()
    better = costplan(capsys, "diff", "new.yaml", "old.yaml").out
    assert "within the budget again" in better.splitlines()


def test_what_is_small_is_counted_together(capsys: Capsys) -> None:
    old = {f"fee{number:02}": "1" for number in range(20)}
    design("old", old)
    design("new", {name: str(1 + 2 ** (20 - number)) for number, name in enumerate(old)})
    ended = costplan(capsys, "diff", "old.yaml", "new.yaml")
    # The last ten grow by 1024 to 2: 2046 in all.
    assert "and 10 more together +2,046.00" in " ".join(ended.out.split())
    assert "fee10" not in ended.out
    assert "fee19" in costplan(capsys, "diff", "old.yaml", "new.yaml", "-v").out


def test_nothing_changed_prints_nothing_but_json(capsys: Capsys) -> None:
    design("old", {"a": "1"})
    for form in ("table", "md", "csv", "jsonl"):
        ended = costplan(capsys, "diff", "old.yaml", "old.yaml", "--format", form, "--exit-code")
        assert ended == Ended(0, "", "")
    document = json.loads(costplan(capsys, "diff", "old.yaml", "old.yaml", "--format", "json").out)
    assert (document["changed"], document["delta"], document["ratio"]) == (False, "0", "1")
    assert costplan(capsys, "diff", "old.yaml", "old.yaml", "-o", "answer.md").code == 0
    assert "nothing changed" in Path("answer.md").read_text(encoding="utf-8")


def test_any_change_is_one_under_exit_code(capsys: Capsys) -> None:
    design("old", {"a": "1"})
    design("new", {"b": "1"})
    assert costplan(capsys, "diff", "old.yaml", "new.yaml").code == 0
    assert costplan(capsys, "diff", "old.yaml", "new.yaml", "--exit-code").code == 1


def test_rows_have_exact_amounts_and_causes(capsys: Capsys) -> None:
    design("old", {"a": "0.1", "b": "7"})
    design("new", {"a": "0.30000000001", "b": "7"})
    ended = costplan(capsys, "diff", "old.yaml", "new.yaml", "--format", "csv")
    [row] = csv.DictReader(io.StringIO(ended.out))
    assert (row["resource"], row["delta"], row["by_price"]) == ("a", "0.20000000001", "0.20000000001")
    document = json.loads(costplan(capsys, "diff", "old.yaml", "new.yaml", "--format", "json").out)
    assert document["resources"][0]["causes"] == [{"what": "price", "delta": "0.20000000001", "rule": ""}]


def test_two_days_are_named(capsys: Capsys) -> None:
    ended = costplan(capsys, "diff", "stage2", "--as-of", "2026-05-01", "--as-of", "2026-10-06")
    assert ended.out.startswith("stage2 (2026-05-01) -> stage2 (2026-10-06): ")
    assert "as of 2026-05-01 -> 2026-10-06" in ended.out
    by_day = [
        json.loads(costplan(capsys, "estimate", "stage2", "--as-of", day, "--format", "json").out)
        for day in ("2026-05-01", "2026-10-06")
    ]
    words = ("--as-of", "2026-05-01", "--as-of", "2026-10-06", "--format", "json")
    document = json.loads(costplan(capsys, "diff", "stage2", *words).out)
    costs = [Decimal(one["total"]["monthly_cost"]) for one in by_day]
    assert Decimal(document["delta"]) == costs[1] - costs[0]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "a diff needs two: name a second one, a revision of git, or two days"),
        (["stage1"], "a diff needs two"),
        (["stage1", "stage2", "stage3"], "a diff is of two, not of 3"),
        (["stage1", "--as-of", "2026-05-01"], "a diff needs two"),
        (["stage1", *["--as-of", "2026-05-01"] * 3], "--as-of: at most two days, not 3"),
        (["stage1", "stage9"], "there is no scenario `stage9`"),
        (["stage1", "stage2:lea"], "there is no variant `lea`"),
        (["-", "-"], "standard input (`-`) can be read once only"),
        (["stage1", "missing.json"], "missing.json: there is no such file"),
    ],
)
def test_what_is_wrong_is_said(capsys: Capsys, words: list[str], said: str) -> None:
    ended = costplan(capsys, "diff", *words)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err


def test_hostile_names_do_no_harm(capsys: Capsys) -> None:
    design("old", {"a": "1"})
    assert costplan(capsys, "estimate", "old.yaml", "-o", "old.json").code == 0
    document = json.loads(Path("old.json").read_text(encoding="utf-8"))
    document["resources"][0]["name"] = "a\x1b[31m|<script>\u202e`"
    Path("evil.json").write_text(json.dumps(document), encoding="utf-8")
    design("new", {"b": "5"})
    table = costplan(capsys, "diff", "evil.json", "new.yaml").out
    assert "\x1b" not in table
    assert "\u202e" not in table
    markdown = costplan(capsys, "diff", "evil.json", "new.yaml", "--format", "md").out
    assert "<script>" not in markdown
    assert "\x1b" not in markdown
