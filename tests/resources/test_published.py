"""Published capacities in a scenario: machine counts by hand, what they mean, what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import costplan

from costplan.catalog.store import Catalog
from costplan.language.translator import ENGLISH, Translator
from costplan.messages.errors import InputError
from costplan.output.views.estimate import estimate_view
from costplan.pricing.engine import price_scenario
from costplan.pricing.feasibility import Feasibility, feasibility
from costplan.quantities.quantity import Quantity
from costplan.resources.sizing.serving_resource import ServingResource
from costplan.scenario.load import load_scenario
from costplan.scenario.loaded import LoadedScenario

MACHINES = {
    "t4": "platform: standard-v3-t4, vcpu: 4, memory: 16 GB",
    "t4i": "platform: standard-v3-t4i, vcpu: 4, memory: 16 GB",
    "v100": "platform: gpu-standard-v2, vcpu: 8, memory: 48 GB",
    "two": "platform: gpu-standard-v2, vcpu: 16, memory: 96 GB, gpu: 2",
    "a100": "platform: gpu-standard-v3, vcpu: 28, memory: 119 GB",
    "cpu": "platform: standard-v2, vcpu: 4, memory: 8 GB",
    "small": "platform: standard-v2, vcpu: 2, memory: 4 GB",
}


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def loaded(
    capacity: str,
    machine: str = "t4",
    load: str = "10000 req/s",
    workload: str = "",
    sets: tuple[str, ...] = (),
) -> LoadedScenario:
    text = (
        f"scenario: mine\ntitle: Mine\nworkload: {{monthly_requests: {load}{workload}}}\n"
        "resources:\n"
        f"  card: {{kind: compute-instance, role: inference, {MACHINES[machine]},\n"
        f"    capacity: {{{capacity}}}}}\n"
    )
    Path("mine.yaml").write_text(text, encoding="utf-8")
    return load_scenario("./mine.yaml", lambda name: Catalog.shipped(name), sets=sets)


def machines(scenario: LoadedScenario) -> int:
    most = scenario.resources["card"].most_replicas(scenario.context)
    assert most is not None
    return int(most.value)


def verdict(capacity: str, machine: str = "t4", load: str = "1000 req/s", workload: str = "") -> Feasibility:
    return feasibility(loaded(capacity, machine, load, workload))


def unknown(found: Feasibility) -> list[str]:
    return [one.what for one in found.unknowns]


# 10,000 requests a second, machines planned to 60 %: the count is 10,000 / (0.6 x rate), rounded up.
BY_HAND = [
    ("resnet50-t4-triton-fp16-dynamic-48", "t4", 8),  # 2133.1 x 0.6 = 1279.86; 7.81
    ("resnet50-t4-triton-fp16-batch1", "t4", 51),  # 332.4 x 0.6 = 199.44; 50.14
    ("resnet50-t4-tensorrt-int8-offline", "t4", 3),  # 6035.57 x 0.6 = 3621.342; 2.76
    ("resnet50-t4-tensorrt-int8-server-of8-mlperf07", "t4", 3),  # 44504.8 / 8 = 5563.1; 3337.86; 2.996
    ("resnet50-t4-tensorrt-int8-server-of4-dell", "t4", 4),  # 21506.3 / 4 = 5376.575; 3225.945; 3.10
    ("resnet50-t4-triton-tensorrt-int8-server-of8", "t4", 4),  # 42006.9 / 8 = 5250.8625; 3150.5175; 3.17
    ("resnet50-t4-pytorch-amp-batch1", "t4", 211),  # 79 x 0.6 = 47.4; 210.97
    ("resnet50-v100-triton-fp16-dynamic-256", "v100", 5),  # 3558.4 x 0.6 = 2135.04; 4.68
    ("resnet50-a100-triton-fp16-dynamic-128", "a100", 4),  # 5411.5 x 0.6 = 3246.9; 3.08
    ("bert-base-seq128-t4-tensorrt-int8-batch8", "t4", 10),  # 1716.74 x 0.6 = 1030.044; 9.71
    ("bert-large-seq384-v100-triton-tensorrt-fp16-batch8", "v100", 81),  # 208 x 0.6 = 124.8; 80.13
    ("yolov6s-t4-tensorrt-fp16-batch32", "t4", 35),  # 484 x 0.6 = 290.4; 34.44
    ("yolov8s-t4-tensorrt-fp16-batch1", "t4", 45),  # 375.94 x 0.6 = 225.564; 44.33
    ("distilbert-seq128-cpu-pytorch-fp32-batch1", "cpu", 926),  # 18 x 0.6 = 10.8; 925.93
    ("resnet50-t4-triton-fp16", "t4", 79),  # the family's weakest row, 211.7 x 0.6 = 127.02; 78.73
    ("bert-large-seq384-t4-int8", "t4", 122),  # weakest of batch 1, 8, 32: 137.174 x 0.6 = 82.3044; 121.5
]


@pytest.mark.parametrize(("name", "machine", "count"), BY_HAND)
def test_machines_for_a_load(name: str, machine: str, count: int) -> None:
    assert machines(loaded(f"published: {name}", machine)) == count


DYNAMIC = "published: resnet50-t4-triton-fp16-dynamic-48"


def test_the_processor_may_be_less_than_the_card() -> None:
    """4 vCPU / 6 ms = 666.67 a second, less than 2133.1; 10,000 / (0.6 x 666.67) = 25."""
    assert machines(loaded(f"{DYNAMIC}, cpu_time_per_request: 6 ms")) == 25


def test_the_network_may_be_less_than_both() -> None:
    """1 Gbit/s are 125,000,000 bytes; / 602,112 = 207.6 a second; 10,000 / (0.6 x 207.6) = 80.3."""
    capacity = f"{DYNAMIC}, cpu_time_per_request: 6 ms, bandwidth: 1 Gbit/s"
    assert machines(loaded(capacity, workload=", request_size: 602112 B")) == 81


def test_a_request_may_reach_the_machine_in_another_form() -> None:
    """The users' 20 KB are a picture; decoded before this machine it is a tensor of 602,112 bytes."""
    capacity = f"{DYNAMIC}, cpu_time_per_request: 6 ms, bandwidth: 1 Gbit/s, request_size: 602112 B"
    assert machines(loaded(capacity, workload=", request_size: 20 KB")) == 81


def test_on_a_processor_both_kinds_of_work_share_its_cores() -> None:
    """10.3915 ms of the model and 6 ms / 2 vCPU: 74.67 a second; 10,000 / (0.6 x 74.67) = 223.2."""
    row = "published: mobilenet-v1-cpu-paddle-onnxruntime-fp32-batch1"
    assert machines(loaded(f"{row}, cpu_time_per_request: 6 ms", "small")) == 224


def test_no_more_in_flight_than_stated() -> None:
    """16 in flight reach the row of 16 clients, 1078.4; 10,000 / (0.6 x 1078.4) = 15.5; 4 that of batch 1."""
    assert machines(loaded(f"{DYNAMIC}, concurrency: 16")) == 16
    assert machines(loaded(f"{DYNAMIC}, concurrency: 4")) == 51


SLO = ", request_size: 100 KB, slo: p99 <= 100 ms"


def test_without_arrivals_no_percentile_is_known() -> None:
    found = verdict(f"{DYNAMIC}, cpu_time_per_request: 1 ms", workload=SLO)
    assert (found.verdict, unknown(found)) == ("unknown", ["published-slo"])


def test_a_benchmark_under_arrivals_holds_for_its_own_bound() -> None:
    """15 ms of the model and 0.5 ms of the processor fit into 100 ms and 16 ms, and not into 15 ms.

    At 1 ms the four cores do 4,000 a second, less than the card's 5,563: how long requests wait for them,
    nothing says.
    """
    row = "published: resnet50-t4-tensorrt-int8-server-of8-mlperf07"
    fast = f"{row}, cpu_time_per_request: 0.5 ms"
    assert verdict(fast, workload=SLO).verdict == "kept"
    assert verdict(fast, workload=", slo: p99 <= 16 ms").verdict == "kept"
    assert unknown(verdict(fast, workload=", slo: p99 <= 15 ms")) == ["published-slo"]
    assert unknown(verdict(fast, workload=", slo: p99.9 <= 100 ms")) == ["published-slo"]
    assert unknown(verdict(f"{row}, cpu_time_per_request: 1 ms", workload=SLO)) == ["published-slo"]


def test_a_waiting_model_takes_the_time_of_a_request_alone() -> None:
    """3.189 ms of the card and 6 ms of the processor: at 100 a second one machine is 92 % busy, and requests
    wait 0.92 x 9.189 / (2 x 0.08) = 52 ms for it in the mean, which no p99 of 100 ms leaves room for."""
    row = "published: resnet50-t4-triton-fp16-batch1"
    scenario = loaded(f"{row}, cpu_time_per_request: 6 ms, waiting: M/D/c", load="100 req/s", workload=SLO)
    found = feasibility(scenario)
    assert (found.verdict, unknown(found), machines(scenario)) == ("kept", [], 2)
    card = scenario.resources["card"]
    assert isinstance(card, ServingResource)
    time = card.request_time(scenario.context)
    assert time is not None
    assert float(time.value) == pytest.approx(0.009189)


def test_what_decodes_must_be_stated() -> None:
    assert unknown(verdict(DYNAMIC, workload=", slo: p99 <= 100 ms")) == ["published-cpu", "published-slo"]
    included = verdict("published: distilbert-seq128-cpu-pytorch-fp32-batch1", "cpu", workload=SLO)
    assert "published-cpu" not in unknown(included)


def test_a_batch_that_a_client_sends_says_nothing_of_single_requests() -> None:
    row = "published: resnet50-t4-triton-fp16-batch128, cpu_time_per_request: 1 ms"
    assert "published-batch" in unknown(verdict(row, workload=SLO))


def test_batches_do_not_form_at_a_low_load() -> None:
    """20 a second x 27.241 ms = 0.54 in flight, of 48; so a request takes 3.189 ms."""
    found = verdict(f"{DYNAMIC}, cpu_time_per_request: 1 ms", load="20 req/s", workload=SLO)
    (said,) = [str(one.reason) for one in found.caveats if one.what == "published-batch"]
    assert "0.54 are in flight on a machine" in said
    assert "published with 48; a request takes the 3.189 ms of one alone" in said


def test_what_the_network_takes_is_said() -> None:
    """2133.1 x 602,112 bytes x 8 = 10.275 Gbit/s."""
    found = verdict(DYNAMIC, workload=", request_size: 602112 B")
    (said,) = [str(one.reason) for one in found.caveats if one.what == "published-network"]
    assert "this rate takes 10.275 Gbit/s of it" in said


def test_two_cards_are_taken_as_one() -> None:
    """Nothing says that two make twice as much: 10,000 / (0.6 x 3558.4) = 4.7 machines of 2 cards."""
    row = "published: resnet50-v100-triton-fp16-dynamic-256"
    scenario = loaded(row, "two", workload=SLO)
    assert machines(scenario) == 5
    said = [str(one.reason) for one in feasibility(scenario).caveats if one.what == "other-machine"]
    assert said == ["the figure is of one card: the 2 of a machine are taken as no faster"]


def test_a_whole_server_is_not_divided_by_its_cores() -> None:
    found = verdict("published: resnet50-cpu-openvino-int8-server-6330-mlperf11", "cpu", workload=SLO)
    assert unknown(found)[0] == "smaller-machine"


REFUSED = [
    ("resnet50-t4i-triton-fp16", "t4i", "nothing is published for ResNet-50 v1.5 on t4i", "t4, v100"),
    ("resnet50-t4-triton-fp16", "t4i", "is published for T4, and the machine has T4i", "costplan bench"),
    ("resnet50-512x512-t4-fp16", "t4", "nothing is published for ResNet-50 v1.5 at 512x512", "224x224"),
    ("bert-large-seq512-t4-int8", "t4", "nothing is published for BERT-large at seq512", "seq128, seq384"),
    ("vgg16-t4-fp16", "t4", "no published row fits `vgg16-t4-fp16`: its model has none", "costplan bench"),
    ("resnet51-t4-fp16", "t4", "its model has none", "did you mean `resnet50`?"),
    ("yolov6s-t4-fp32", "t4", "no published row of YOLOv6-S has `fp32` in its name", "batch32, fp16"),
    ("resnet50-t4-triton-fp16", "cpu", "the machine has no card", "take a platform with that card"),
    ("resnet50-t4", "t4", "names rows of several precisions", "add one of"),
    ("whisper-small-cpu-int8", "cpu", "counts seconds of audio, not requests", "lists all"),
]


@pytest.mark.parametrize(("name", "machine", "said", "hint"), REFUSED)
def test_what_has_no_row_is_refused_with_the_nearest_that_has(
    name: str, machine: str, said: str, hint: str
) -> None:
    with pytest.raises(InputError) as caught:
        loaded(f"published: {name}", machine)
    (fault,) = caught.value.faults
    assert (fault.path, str(fault.mark).partition(":")[0]) == (
        "resources.card.capacity.published",
        "mine.yaml",
    )
    assert said in fault.message
    assert hint in str(fault.hint)


def test_only_machines_have_a_published_capacity() -> None:
    text = (
        "scenario: mine\ntitle: Mine\nworkload: {monthly_requests: 1M}\nresources:\n"
        "  api: {kind: serverless-container, role: inference, vcpu: 1, memory: 1 GB,\n"
        "    capacity: {published: distilbert-seq128-cpu-pytorch-fp32-batch1}}\n"
    )
    Path("api.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="is not for `serverless-container`"):
        load_scenario("./api.yaml", lambda name: Catalog.shipped(name))


def test_a_figure_is_said_once() -> None:
    with pytest.raises(InputError, match="says what `published` says already"):
        loaded(f"{DYNAMIC}, requests_per_second: 100")
    with pytest.raises(InputError, match="says what `published` says already"):
        loaded(f"{DYNAMIC}, measured: digits-service")


def test_an_override_takes_the_place_of_a_published_figure() -> None:
    """10,000 / (0.6 x 100) = 166.7; no mark is left of the rate that was replaced."""
    scenario = loaded(DYNAMIC, sets=("resources.card.capacity.requests_per_second=100",))
    assert machines(scenario) == 167
    rate = "resources.card.capacity.requests_per_second"
    assert rate not in {origin.path for origin in scenario.origins}
    other = loaded(DYNAMIC, sets=("resources.card.capacity.published=resnet50-t4-triton-fp16-batch1",))
    assert machines(other) == 51


SAID = (
    "published for ResNet-50 v1.5, 224x224, fp16, Triton 20.11 + ONNX Runtime TensorRT, dynamic batching, "
    "1x T4 16GB by NVIDIA/DeepLearningExamples, 2020-11; a ceiling; without pre-processing; "
    "not measured on this machine"
)
SPREAD = (
    "row resnet50-t4-triton-fp16-dynamic-48; 211.7 (resnet50-t4-triton-tftrt-fp16-batch1) to 2,145.3 "
    "(resnet50-t4-triton-fp16-dynamic-96) requests a second"
)


def test_a_published_figure_is_marked_wherever_it_counts() -> None:
    estimate = price_scenario(loaded(DYNAMIC, workload=SLO))
    assert {line.quantity_provenance for line in estimate.resources[0].line_items} == {"published"}
    rate, time = estimate.assumptions
    assert (rate.kind, time.kind) == ("published", "published")
    assert SAID in rate.reason
    assert SPREAD in rate.reason
    assert any(SAID in str(caveat) for caveat in estimate.caveats)
    view = estimate_view(estimate, ENGLISH)
    assert all("[p]" in row.cells[0].text for row in view.tables[0].rows[1:4])
    notes = [note.text for note in view.notes]
    assert sum(SAID in note for note in notes) == 1
    assert any(note.startswith("published [p]: ") and SPREAD in note for note in notes)


def test_the_figures_of_a_row_go_with_its_name() -> None:
    """What is left says nothing of how much the machine serves: not the row's rate under no name."""
    with pytest.raises(InputError, match="missing `requests_per_second`"):
        loaded(DYNAMIC, sets=("resources.card.capacity.published=~",))
    own = ("resources.card.capacity.published=~", "resources.card.capacity.requests_per_second=70")
    capacity = loaded(DYNAMIC, sets=own).resources["card"].capacity  # type: ignore[attr-defined]
    assert (capacity.published, capacity.requests_per_second, capacity.request_duration) == (
        None,
        Quantity(70),
        None,
    )


LINES = (
    "explain mine.yaml",
    "check mine.yaml --max 1000000",
    "curve mine.yaml --from 1M --to 9M",
    "plan mine.yaml",
    "compare mine.yaml",
    "timeline mine.yaml --months 2 --growth 1%",
    "report mine.yaml --md -o -",
)


@pytest.mark.parametrize("line", LINES)
def test_every_command_says_so(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    loaded(DYNAMIC, load="1M", workload=SLO)
    ended = costplan(capsys, *line.split())
    assert SAID in " ".join(ended.out.split()), ended.err


def test_a_plan_keeps_the_name_of_the_row(capsys: pytest.CaptureFixture[str]) -> None:
    """A design that is written as a file is read with the same figures."""
    loaded(f"{DYNAMIC}, cpu_time_per_request: 6 ms", load="1M", workload=SLO)
    assert costplan(capsys, *["plan", "mine.yaml", "-o", "planned.yaml"]).code == 0
    card = load_scenario("./planned.yaml", lambda name: Catalog.shipped(name)).resources["card"]
    assert isinstance(card, ServingResource)
    assert card.capacity is not None
    assert card.capacity.published == DYNAMIC.removeprefix("published: ")


def test_in_russian_too() -> None:
    view = estimate_view(price_scenario(loaded(DYNAMIC, workload=SLO)), Translator("ru"))
    notes = [note.text for note in view.notes]
    said = "верхняя граница; без предобработки; измерено не на этой машине"
    assert any(note.startswith("опубликовано [p]: ") and "строка resnet50-t4" in note for note in notes)
    assert any(note.startswith("card: опубликовано для ResNet-50 v1.5") and said in note for note in notes)
