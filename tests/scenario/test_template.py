"""The file of a new scenario: all that is not its author's is marked, or left open."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from command_line import costplan

from costplan.catalog.store import Catalog
from costplan.language.translator import Translator
from costplan.messages.errors import InputError
from costplan.resources.kinds import KINDS
from costplan.resources.workload import Workload
from costplan.scenario.load import load_scenario
from costplan.scenario.loaded import LoadedScenario
from costplan.scenario.template import EXAMPLES, new_document
from costplan.scenario.template_values import FIGURE_EXAMPLES

STAGES = ("stage1", "stage2", "stage3")
WORDS = Translator()


def loaded(text: str, folder: Path) -> LoadedScenario:
    path = folder / "shop.yaml"
    path.write_text(text, encoding="utf-8")
    return load_scenario(str(path), lambda name: Catalog.shipped(name))


def filled(text: str) -> str:
    """Write its example for each key that is open; of the two times of a request only one."""
    examples = EXAMPLES | FIGURE_EXAMPLES | {"budget": "5000 RUB", "description": "Mine"}
    text = re.sub(r"( *)(\w+): ~ .*", lambda found: f"{found[1]}{found[2]}: {examples[found[2]]}", text)
    return text.replace(f"request_cpu_time: {EXAMPLES['request_cpu_time']}", "request_cpu_time: ~")


@pytest.mark.parametrize("base", STAGES)
def test_every_key_of_the_workload_is_written_out_and_what_is_the_stage_s_is_marked(base: str) -> None:
    text = new_document("shop", base, WORDS)
    section = text.partition("workload:\n")[2].partition("\n\n")[0]
    keys = re.findall(r"^  (# )?([a-z_]+): (.*)$", section, re.MULTILINE)
    assert [key for _, key, _ in keys] == list(Workload.model_fields)
    assert all(bool(comment) != value.endswith("# yours?") for comment, _, value in keys)
    stated = yaml.safe_load(Path(f"scenarios/{base}.yaml").read_text(encoding="utf-8"))["workload"]
    assert {key for comment, key, _ in keys if not comment} == set(stated)


@pytest.mark.parametrize("base", STAGES)
def test_neither_a_budget_nor_a_measured_figure_is_taken_over(base: str, tmp_path: Path) -> None:
    theirs = load_scenario(base, lambda name: Catalog.shipped(name))
    mine = loaded(new_document("shop", base, WORDS), tmp_path)
    assert theirs.model.budget is not None
    assert mine.model.budget is None
    assert theirs.description
    assert mine.description == {}
    measured = {one.path for one in theirs.origins if one.kind == "measured"}
    assert measured
    assert [one for one in mine.origins if one.kind == "measured"] == []
    assert measured <= {one.path for one in mine.origins if "the shipped example's" in one.reason}
    assert "workload.monthly_requests" not in mine.uncertain


def test_a_figure_of_the_example_has_three_digits_and_says_where_it_is_from() -> None:
    """5.77667 ms and 96.7548 a second, under p99 <= 50 ms, in measurements/resnet50-api.json."""
    text = new_document("shop", "stage2", WORDS)
    why = "the shipped example's, measured without a GPU; `costplan bench` measures yours"
    assert f'request_duration: {{value: 5.78 ms, assumed: "{why}"}}  # yours?' in text
    assert f'requests_per_second: {{value: 96.8, assumed: "{why}"}}  # yours?' in text
    assert "slo: p99 <= 50 ms  # yours?" in text
    assert "# Measured on 2 vCPU, AMD EPYC." in text


def test_a_measured_time_is_that_on_the_cores_of_the_design() -> None:
    """In measurements/resnet50-service.json a request takes 60.367 ms on two cores, 106.476 on one."""
    assert "request_duration: {value: 106 ms, assumed:" in new_document("shop", "stage1", WORDS)


@pytest.mark.parametrize("base", STAGES)
def test_what_is_left_out_may_be_uncommented(base: str, tmp_path: Path) -> None:
    text = new_document("shop", base, WORDS)
    for key in ("log_size", "log_retention", "stored_size", "retention", "seasonality"):
        text = text.replace(f"  # {key}: ", f"  {key}: ")
    workload = loaded(text, tmp_path).model.workload
    assert workload.stored_size is not None
    assert workload.seasonality is not None


def test_a_blank_form_says_what_it_lacks(tmp_path: Path) -> None:
    with pytest.raises(InputError) as raised:
        loaded(new_document("shop", None, WORDS, is_blank=True), tmp_path)
    assert [fault.path for fault in raised.value.faults] == ["workload.monthly_requests", "resources"]


def test_a_blank_form_has_an_example_for_each_key_and_kind(tmp_path: Path) -> None:
    text = filled(new_document("shop", None, WORDS, is_blank=True))
    for kind in KINDS:
        text = text.replace(f"  # {kind}: ", f"  {kind}: ")
    scenario = loaded(text, tmp_path)
    assert list(scenario.resources) == list(KINDS)
    assert scenario.model.budget is not None
    assert scenario.model.workload.slo is not None


@pytest.mark.parametrize("base", STAGES)
def test_a_blank_form_of_a_stage_has_its_resources_and_none_of_its_figures(base: str, tmp_path: Path) -> None:
    text = new_document("shop", base, WORDS, is_blank=True)
    with pytest.raises(InputError, match="monthly_requests"):
        loaded(text, tmp_path)
    mine = loaded(filled(text), tmp_path)
    theirs = load_scenario(base, lambda name: Catalog.shipped(name))
    assert list(mine.resources) == list(theirs.resources)
    assert not [one for one in mine.origins if one.kind == "measured" or one.path.startswith("workload.")]


def test_comments_and_reasons_are_in_the_language_asked_for() -> None:
    text = new_document("shop", "stage2", Translator("ru"))
    assert "yours?" not in text
    assert 'assumed: "одна небольшая картинка JPEG"}  # ваше?' in text
    comments = re.findall(r"^ *# (?!yaml-|\w+: )(.*)$", text, re.MULTILINE)
    assert [one for one in comments if not re.search("[а-я]", one)] == []


def test_a_form_is_asked_for_on_the_command_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "shop.yaml"
    ended = costplan(capsys, "scenario", "new", "shop", "--blank", "-o", str(path))
    assert ended.code == 0
    assert ended.err.splitlines()[1].startswith("state what is `~` in it; then `costplan estimate")
    assert costplan(capsys, "scenario", "new", "shop", "--blank", "-o", "-").out == path.read_text(
        encoding="utf-8"
    )


def test_the_file_points_to_the_page_of_its_keys(capsys: pytest.CaptureFixture[str]) -> None:
    assert "all keys: `costplan help --page scenario`.\n" in new_document("shop", "stage1", WORDS)
    assert costplan(capsys, "help", "--page", "scenario").out.startswith("# ")


def test_a_shipped_name_is_not_given_to_another_scenario(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ended = costplan(capsys, "scenario", "new", "stage1")
    assert (ended.code, ended.out, list(tmp_path.iterdir())) == (2, "", [])
    assert ended.err == (
        "NAME: `stage1` is a scenario that comes with costplan\n  hint: give yours another name: my-stage1\n"
    )


@pytest.mark.parametrize("name", ["null", "true", "yes", "off", "n"])
@pytest.mark.parametrize("more", [(), ("--blank",)])
def test_a_name_that_yaml_reads_as_no_text_is_not_given(
    capsys: pytest.CaptureFixture[str], name: str, more: tuple[str, ...]
) -> None:
    ended = costplan(capsys, "scenario", "new", name, "-o", "-", *more)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == (
        f"NAME: YAML reads `{name}` as something else than a text\n"
        f"  hint: give yours another name: my-{name}\n"
    )


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "NAME: is empty, and must be a name\n"),
        ("1", "NAME: is not a name: `1`; a name begins with a letter\n"),
        ("1e3", "NAME: is not a name: `1e3`; a name begins with a letter\n"),
        ("~", "NAME: is not a name: `~`; use lower-case letters, digits and single `-`\n"),
        ("a/b", "digits and single `-`\n  hint: the file may lie elsewhere: -o FILE\n"),
        ("a" * 64, "NAME: is not a name: `" + "a" * 60 + "` and so on, of more than 63 characters\n"),
    ],
)
def test_what_is_no_name_is_told_so(capsys: pytest.CaptureFixture[str], name: str, said: str) -> None:
    ended = costplan(capsys, "scenario", "new", name)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.endswith(said)
