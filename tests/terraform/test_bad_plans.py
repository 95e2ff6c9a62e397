"""Plans that are cut off, of other things, of odd shapes, or full of hostile names: words, no traceback."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import plans
import pytest
from command_line import Ended, costplan

from costplan.messages.errors import InputError
from costplan.terraform.document import plan_document
from costplan.terraform.types import TYPES

Capsys = pytest.CaptureFixture[str]
Run = Callable[..., Ended]


@pytest.fixture
def run(capsys: Capsys) -> Run:
    return partial(costplan, capsys)


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def refused(run: Run, data: str | bytes, name: str = "plan.json") -> str:
    Path(name).write_bytes(data.encode() if isinstance(data, str) else data)
    ended = run("estimate", name)
    assert ended.code == 2, ended.err
    assert "made a mistake" not in ended.err
    assert ended.out == ""
    return ended.err


WHOLE = json.dumps(plans.plan(plans.machine()))


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.999])
def test_a_plan_that_is_cut_off(run: Run, part: float) -> None:
    said = refused(run, WHOLE[: int(len(WHOLE) * part)])
    assert said.startswith("plan.json:1:")
    assert "hint: write it anew" in said


def test_other_formats_are_named(run: Run) -> None:
    said = refused(run, WHOLE.replace('"format_version": "1.2"', '"format_version": "7.0"'))
    assert "format version 7.0 is not read" in said
    assert "is not an object" in refused(run, b'["format_version"]', "list.tfplan")
    assert "a zip archive, not JSON" in refused(run, b"PK\x03\x04tfplan", "plan.tfplan")
    assert "a zip archive, not JSON" in refused(run, b"PK\x03\x04tfplan")
    assert "hint: write it anew" in refused(run, '{"@level":"info","terraform":"1.9.8"}\n{"@level":"info"}\n')
    assert "holds neither" in refused(run, '{"format_version": "1.2"}')
    assert "not UTF-8" in refused(run, WHOLE.encode("utf-16"))


def test_plans_of_other_providers_only(run: Run) -> None:
    bucket = plans.resource("aws_s3_bucket.b", {})
    said = refused(run, json.dumps(plans.plan(bucket, plans.resource("random_id.x", {}))))
    assert said == "plan.json: holds no resource of Yandex Cloud, but of: aws, random\n"
    assert "holds no resource of Yandex Cloud\n" in refused(run, json.dumps(plans.plan()))


def test_an_address_that_is_there_twice(run: Run) -> None:
    assert "`yandex_vpc_network.n` appears twice" in refused(
        run, json.dumps(plans.plan(*[plans.resource("yandex_vpc_network.n", {})] * 2))
    )


def test_an_object_that_waits_to_be_destroyed_is_one_of_its_own(run: Run) -> None:
    document = plans.state(plans.machine(), plans.machine())
    document["values"]["root_module"]["resources"][1]["deposed_key"] = "ab12"
    plans.written(Path(), document)
    assert "2 resources: 2 priced" in run("estimate", "plan.json").out


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"size": -5}, "resources.data.disk.size"),
        ({"size": "many"}, "resources.data.disk.size"),
        ({"size": [1, 2]}, "size: must be a single value"),
        ({"type": "\x1b[31mred"}, "resources.data.disk.type"),
    ],
)
def test_values_that_cannot_be_are_named_with_their_resource(run: Run, values: Any, said: str) -> None:
    text = refused(run, json.dumps(plans.plan(plans.resource("yandex_compute_disk.data", values))))
    assert text.startswith("plan.json: yandex_compute_disk.data: ")
    assert said in text
    assert "\x1b" not in text


def test_numbers_may_be_texts(run: Run) -> None:
    plans.written(Path(), plans.plan(plans.machine()), "numbers.json")
    texts = plans.machine(
        resources=[{"cores": "2", "memory": "4.0", "core_fraction": "100", "gpus": "0"}],
        boot_disk=[{"initialize_params": [{"type": "network-ssd", "size": "20"}]}],
    )
    plans.written(Path(), plans.plan(texts), "texts.json")
    found = [
        json.loads(run("estimate", name, "-f", "json").out)["total"]
        for name in ("numbers.json", "texts.json")
    ]
    assert found[0] == found[1]


def test_deep_modules_are_read_and_deeper_ones_refused(run: Run) -> None:
    def nested(depth: int) -> str:
        module = plans.state(plans.machine())["values"]["root_module"]
        for _ in range(depth):
            module = {"child_modules": [module]}
        return json.dumps({"format_version": "1.0", "values": {"root_module": module}})

    Path("plan.json").write_text(nested(150))
    assert "1 resource: 1 priced" in run("estimate", "plan.json").out
    assert "nested deeper than 200" in refused(run, nested(210))
    assert "nested too deep" in refused(run, '{"format_version":"1.0","values":' + "[" * 100_000)


SHAPES: tuple[Any, ...] = (
    None,
    True,
    7,
    "text",
    [],
    {},
    [[]],
    [{}],
    [None],
    {"a": None},
    {"a": {}},
    [[{"a": [1]}]],
)
KEYS = (
    "resources",
    "boot_disk",
    "network_interface",
    "scheduling_policy",
    "instance_template",
    "scale_policy",
    "allocation_policy",
    "external_ipv4_address",
    "master",
    "config",
    "host",
    "hosts",
    "clickhouse",
    "zookeeper",
    "shard",
    "listener",
    "memory",
    "size",
    "type",
    "provision_policy",
    "retention_period",
    "default_storage_class",
    "auto_scale_policy",
    "local_disk",
    "platform_id",
)


@pytest.mark.parametrize("kind", TYPES)
def test_values_of_any_shape_end_in_a_class_or_in_words(kind: str) -> None:
    for shape in SHAPES:
        for key in KEYS:
            read(plans.resource(f"{kind}.it", {key: shape}))
        everywhere = {key: shape for key in KEYS}  # noqa: C420
        read(plans.resource(f"{kind}.it", everywhere))
        read(plans.resource(f"{kind}.it", {}, unknown=everywhere))
        rows = {key: [{}] for key in KEYS}
        read(plans.resource(f"{kind}.it", rows, unknown={key: [shape] for key in KEYS}))


def read(one: dict[str, Any]) -> None:
    """Read a plan; what is wrong with it must be said as an error of the user's, and nothing else."""
    with suppress(InputError):
        plan_document(json.dumps(plans.plan(one)).encode(), "plan.json")


@pytest.mark.parametrize("key", ["resource_changes", "prior_state", "configuration"])
@pytest.mark.parametrize("shape", SHAPES)
def test_parts_of_a_document_may_have_any_shape(run: Run, key: str, shape: Any) -> None:
    address = plans.resource("yandex_vpc_address.a", {"external_ipv4_address": [{}]})
    document = plans.plan(plans.machine(), address)
    for changed in (document | {key: shape}, document | {key: {"root_module": shape}}):
        Path("plan.json").write_text(json.dumps(changed))
        ended = run("estimate", "plan.json")
        assert ended.code in (0, 2)
        assert "made a mistake" not in ended.err
    inner = {"resources": shape, "module_calls": shape, "outputs": shape}
    Path("plan.json").write_text(json.dumps(document | {"configuration": {"root_module": inner}}))
    assert "made a mistake" not in run("estimate", "plan.json").err
    assert "made a mistake" not in run("terraform", "redact", "plan.json").err


def test_everything_unknown(run: Run) -> None:
    kinds = [plans.resource(f"{kind}.it", {}, unknown=dict.fromkeys(KEYS, True)) for kind in TYPES]
    plans.written(Path(), plans.plan(*kinds))
    ended = run("estimate", "plan.json", "-f", "json")
    assert ended.code == 0, ended.err
    found = json.loads(ended.out)["terraform"]
    assert found["count"] == len(TYPES) == sum(found["counts"].values())


HOSTILE = (
    "\x1b[31mred\x1b[0m",
    "[bold]x[/bold]",
    "a|b`c",
    "</script><b>",
    "\u202egpj.exe",
    "x\ny",
    "{name}",
    "ключ",
    "a" * 900,
)


def test_hostile_names_act_nowhere(run: Run) -> None:
    machines = [plans.machine(f"yandex_compute_instance.vm[{json.dumps(name)}]") for name in HOSTILE]
    odd = [plans.resource(f"yandex_new_thing.t[{json.dumps(name)}]", {}) for name in HOSTILE]
    bucket = [plans.resource(f"yandex_storage_bucket.b[{json.dumps(name)}]", {}) for name in HOSTILE]
    plans.written(Path(), plans.plan(*machines, *odd, *bucket))
    plans.written(Path(), plans.plan(plans.machine()), "empty.json")
    lines = [
        *(("estimate", "plan.json", "-f", form) for form in ("table", "json", "csv", "md", "jsonl")),
        ("explain", "plan.json"),
        ("check", "plan.json", "--max", "1"),
        *(("compare", "plan.json", "-f", form) for form in ("table", "csv", "md")),
        *(("diff", "empty.json", "plan.json", "-f", form) for form in ("table", "csv", "md")),
        ("report", "plan.json", "-o", "report.md"),
        ("terraform", "scenario", "plan.json"),
        ("terraform", "usage", "plan.json"),
        ("report", "plan.json", "-o", "report.html"),
    ]
    for line in lines:
        ended = run(*line)
        assert ended.code in (0, 1), (line, ended.err)
        written = ended.out + ended.err
        if "report.html" in line:
            written = Path("report.html").read_text()
            assert "</script><b>" not in written
        if "report.md" in line:
            written += Path("report.md").read_text()
        assert "\x1b[31m" not in written, line
        assert "\u202e" not in written, line
    Path("shop.yaml").write_text(run("terraform", "scenario", "plan.json").out)
    files = ("plan.json", "shop.yaml")
    totals = [json.loads(run("estimate", name, "-f", "json").out)["total"] for name in files]
    assert totals[0] == totals[1]


def test_more_resources_than_a_person_would_write(run: Run) -> None:
    machines = [plans.machine(f"yandex_compute_instance.vm[{number}]") for number in range(2001)]
    plans.written(Path(), plans.plan(*machines))
    assert "2,001 resources: 2,001 priced" in run("estimate", "plan.json").out


def test_a_plan_that_is_cut_off_shows_nothing_of_itself(run: Run) -> None:
    """What stands at its end may be a secret."""
    machine = plans.machine(metadata={"user-data": "hunter2" * 50})
    text = json.dumps(plans.plan(machine))
    assert "hunter2" not in refused(run, text[: text.index("hunter2") + 200])


def test_a_plan_of_some_targets_says_that_it_is_not_complete(run: Run) -> None:
    plans.written(Path(), plans.plan(plans.machine()) | {"complete": False})
    assert "the plan is not complete" in run("estimate", "plan.json").out
    assert json.loads(run("estimate", "plan.json", "-f", "json").out)["terraform"]["complete"] is False
    Path("shop.yaml").write_text(run("terraform", "scenario", "plan.json").out)
    assert "the plan is not complete" in run("estimate", "shop.yaml").out


def test_a_number_of_thousands_of_digits_is_refused_in_words(run: Run) -> None:
    said = refused(run, f'{{"format_version": "1.2", "timestamp": {"9" * 5000}}}')
    assert said.startswith("plan.json:1:1: holds a number with too many digits\n")
