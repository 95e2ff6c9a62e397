"""What a folder alone cannot tell is named and refused; what no plan knows is unknown there too."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from command_line import Ended, costplan

Capsys = pytest.CaptureFixture[str]
Run = Callable[..., Ended]
IMAGE = 'data "yandex_compute_image" "i" {\n  family = "ubuntu"\n}\n'
SUBNET = 'data "yandex_vpc_subnet" "s" {\n  name = "a"\n}\n'
RANDOM = 'resource "random_integer" "r" {\n  min = 1\n  max = 9\n}\n'


@pytest.fixture
def run(capsys: Capsys) -> Run:
    return partial(costplan, capsys)


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("infra").mkdir()


def write(text: str, name: str = "main.tf") -> None:
    path = Path("infra", name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def disk(text: str, name: str = "d") -> str:
    return f'resource "yandex_compute_disk" "{name}" {{\n{text}\n}}\n'


def refused(run: Run, text: str) -> str:
    write(text)
    ended = run("estimate", "infra/")
    assert ended.code == 2, ended.out
    assert ended.out == ""
    assert "made a mistake" not in ended.err
    return ended.err


def answer(run: Run, *line: str) -> Any:
    ended = run("estimate", "infra/", "-f", "json", *line)
    assert ended.code == 0, ended.err
    return json.loads(ended.out)


def statuses(run: Run, text: str) -> dict[str, str]:
    write(text)
    return {one["address"]: one["status"] for one in answer(run)["terraform"]["resources"]}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (disk("size = var.n") + 'variable "n" {}', "size: hangs on the variable `n`, which has no value"),
        (SUBNET + disk("size = length(data.yandex_vpc_subnet.s.v4_cidr_blocks)"), "data.yandex_vpc_subnet.s"),
        (disk("size = nosuch(4)"), "size: hangs on `nosuch`, which cannot be followed"),
        (disk("size = try(provider::x::y(4), 3)"), "size: hangs on `y`, which cannot be followed"),
        (RANDOM + disk("size = try(random_integer.r.result, 3)"), "may be known when Terraform runs"),
        (disk("size = 3") + disk("type = yandex_compute_disk.d.type", "e"), "which the provider fills in"),
        (disk("count = var.n") + 'variable "n" {}', "count: hangs on the variable `n`"),
        (disk("for_each = var.n") + 'variable "n" {}', "for_each: hangs on the variable `n`"),
        (IMAGE + disk("count = length(data.yandex_compute_image.i.labels)"), "count: hangs on `data.yandex"),
        (IMAGE + disk("for_each = toset(data.yandex_compute_image.i.labels)"), "for_each: hangs on"),
        (disk("count = 2") + disk("count = length(yandex_compute_disk.d)", "e"), "count: hangs on"),
        (disk("count = random_integer.r.result") + RANDOM, "count: hangs on `random_integer.r.result`"),
        (disk("count = nosuch(1)"), "count: hangs on `nosuch`"),
        (disk("size = length(abspath(path.module))"), "size: hangs on `abspath`, which cannot be followed"),
        (disk("size = length(path.cwd)"), "size: hangs on `path.cwd`"),
        (disk("size = length(timestamp())"), "size: hangs on `timestamp`"),
        (disk("for_each = { a = nosuch(1) }\nsize = each.value"), "d[\"a\"]: size: hangs on `nosuch`"),
    ],
)  # fmt: skip
def test_what_is_not_known_without_terraform_is_refused(run: Run, text: str, said: str) -> None:
    found = refused(run, text)
    assert found.startswith("infra/main.tf:")
    assert said in found
    assert "`terraform plan -out F`" in found


def test_every_place_is_named_at_once(run: Run) -> None:
    said = refused(run, disk("size = var.n") + disk("size = nosuch(1)", "e") + 'variable "n" {}')
    assert "infra/main.tf:2:1: yandex_compute_disk.d: size" in said
    assert "infra/main.tf:5:1: yandex_compute_disk.e: size" in said


def test_what_no_price_hangs_on_may_be_anything(run: Run) -> None:
    text = 'variable "folder" {}\nprovider "yandex" {\n  folder_id = var.folder\n}\n'
    text += disk(
        "size = 10\nname = var.folder\nlabels = { a = nosuch(1) }\nzone = data.yandex_vpc_subnet.s.zone"
    )
    assert statuses(run, SUBNET + text) == {"yandex_compute_disk.d": "priced"}


def test_what_no_plan_knows_is_unknown_until_apply(run: Run) -> None:
    secret = 'variable "secret" {\n  default = 9\n  sensitive = true\n}\n'
    text = RANDOM + IMAGE + secret + disk("size = random_integer.r.result + 1")
    text += disk("size = data.yandex_compute_image.i.min_disk_size", "image") + disk(
        "size = var.secret", "secret"
    )
    found = statuses(run, text)
    assert [found[f"yandex_compute_disk.{name}"] for name in ("d", "image", "secret")] == [
        "unknown-until-apply"
    ] * 3


def test_a_random_number_of_the_evaluator_is_never_a_size(run: Run) -> None:
    write(RANDOM + disk("size = random_integer.r.result"))
    assert answer(run)["total"]["monthly_cost"] == "0"


def group(inner: str, before: str = "") -> str:
    """Return a group of nodes that scales as `inner` says."""
    return f"""
resource "yandex_kubernetes_node_group" "g" {{
  {before}
  instance_template {{
    platform_id = "standard-v3"
    resources {{
      cores  = 2
      memory = 4
    }}
    boot_disk {{
      size = 64
      type = "network-ssd"
    }}
  }}
  scale_policy {{
    {inner}
  }}
}}
"""


FIXED = """dynamic "fixed_scale" {
      for_each = EACH
      content {
        size = fixed_scale.value
      }
    }
"""


@pytest.mark.parametrize(
    ("each", "before", "nodes"),
    [
        ("[3]", "", 3),
        ("{ a = 4 }", "", 4),
        ("toset([5])", "", 5),
        ("true ? [6] : []", "", 6),
        ("each.value == null ? [] : [each.value]", "for_each = { a = 7 }", 7),
        ("[count.index + 2]", "count = 1", 2),
    ],
)
def test_blocks_that_are_built_are_there(run: Run, each: str, before: str, nodes: int) -> None:
    write(group(FIXED.replace("EACH", each), before))
    lines = answer(run)["resources"][0]["line_items"]
    assert [one["quantity"] for one in lines if "core" in one["unit"]] == [str(nodes * 2 * 720)]


def test_blocks_that_are_built_of_something_unknown_are_refused(run: Run) -> None:
    said = refused(run, SUBNET + group(FIXED.replace("EACH", "data.yandex_vpc_subnet.s.v4_cidr_blocks")))
    assert "yandex_kubernetes_node_group.g: for_each: hangs on `data.yandex_vpc_subnet.s`" in said


def test_null_is_not_what_could_not_be_worked_out(run: Run) -> None:
    sizes = "{ a = { size = null }, b = { size = 20 } }"
    write(disk(f"for_each = {sizes}\nsize = each.value.size"))
    found = {one["name"]: one["line_items"][0]["quantity"] for one in answer(run)["resources"]}
    assert found == {"d-a": str(150 * 720), "d-b": str(20 * 720)}


def test_values_of_variables_are_read_as_terraform_reads_them(run: Run) -> None:
    names = ("default", "tfvars", "auto", "json")
    text = "".join(f'variable "{name}" {{\n  default = 1\n}}\n' for name in names)
    write(text + "".join(disk(f"size = var.{name}", name) for name in names))
    write("tfvars = 2\nauto = 2\n", "terraform.tfvars")
    write("auto = 3\n", "a.auto.tfvars")
    write('{"json": 4}', "b.auto.tfvars.json")
    write("default = 99\n", "prod.tfvars")
    found = {one["name"]: one["line_items"][0]["quantity"] for one in answer(run)["resources"]}
    assert found == {name: str(size * 720) for size, name in enumerate(names, 1)}


def test_an_error_of_syntax_has_its_place(run: Run) -> None:
    said = refused(run, 'resource "yandex_compute_disk" "d" {\n  size = \n}\n')
    assert said.startswith("infra/main.tf:2:10: Invalid expression")
    said = refused(run, 'resource "yandex_compute_disk" "d" {\n  size = 1\n')
    assert "infra/main.tf:1:36: Unclosed configuration block" in said


def test_modules_that_are_not_here_are_named(run: Run) -> None:
    said = refused(run, 'module "far" {\n  source = "git::https://example.com/x.git"\n}\n' + disk("size = 1"))
    assert "infra/main.tf:2:3: module `far` comes from elsewhere (git::https://example.com/x.git)" in said
    assert "hint: `terraform init` brings it into the folder" in said
    said = refused(run, 'module "near" {\n  source = "./near"\n}\n')
    assert "infra/main.tf:2:3: there is no folder `infra/near`" in said


def test_modules_that_terraform_init_has_brought_are_read(run: Run) -> None:
    write('module "far" {\n  source = "example/far/yandex"\n  version = "1.0"\n  size = 7\n}\n')
    write('variable "size" {}\n' + disk("size = var.size"), ".terraform/modules/far/main.tf")
    row = {"Key": "far", "Source": "registry", "Dir": ".terraform/modules/far"}
    write(
        json.dumps({"Modules": [{"Key": "", "Source": "", "Dir": "."}, row]}),
        ".terraform/modules/modules.json",
    )
    assert answer(run)["resources"][0]["line_items"][0]["quantity"] == str(7 * 720)


def test_a_module_beside_the_folder_is_read(run: Run) -> None:
    write('module "m" {\n  source = "../shared"\n  count = 2\n  size = count.index + 1\n}\n')
    Path("shared").mkdir()
    Path("shared/main.tf").write_text('variable "size" {}\n' + disk("size = var.size"))
    assert sum(int(one["line_items"][0]["quantity"]) for one in answer(run)["resources"]) == 3 * 720


def test_folders_that_hold_something_else(run: Run) -> None:
    said = run("estimate", "infra/").err
    assert said.startswith("`infra` holds no .tf file\n")
    write(disk("size = 1"))
    write("{}", "x.tf.json")
    write("", "x_override.tf")
    said = run("estimate", "infra/").err
    assert "infra/x.tf.json: the JSON form is not read" in said
    assert "infra/x_override.tf: files that override others are not read" in said


def test_a_file_that_is_not_utf_8(run: Run) -> None:
    Path("infra/main.tf").write_bytes(b"# caf\xe9\n")
    assert run("estimate", "infra/").err.startswith("infra/main.tf:1:6: ")
    Path("infra/main.tf").write_bytes("# x".encode("utf-16"))
    assert "the file is UTF-16" in run("estimate", "infra/").err


def test_links_that_leave_the_folder(run: Run) -> None:
    Path("secret.tf").write_text(disk("size = 1"))
    Path("infra/main.tf").symlink_to("../secret.tf")
    assert "infra/main.tf: is a link that leaves the folder" in run("estimate", "infra/").err


def test_a_template_may_begin_a_line(run: Run) -> None:
    write(disk('size = 10\ndescription = <<EOT\n%{ if true }yes%{ endif }\n${"a"}\nEOT\n'))
    assert answer(run)["terraform"]["counts"]["priced"] == 1


def test_a_template_may_take_its_blanks_away(run: Run) -> None:
    text = 'size = 10\ndescription = <<-EOT\n%{~ for one in ["a", "b"] ~}\n${~ one ~}\n%{ endfor ~}\nEOT\n'
    write(disk(text))
    assert answer(run)["terraform"]["counts"]["priced"] == 1


@pytest.mark.parametrize("count", ["1001", "1000000000", '"1001"', "1000 + var.more"])
def test_more_instances_than_are_worked_out(run: Run, count: str) -> None:
    said = refused(run, disk(f"count = {count}\nsize = 1") + 'variable "more" {\n  default = 1\n}\n')
    assert "yandex_compute_disk.d: count: has more than 1,000 instances" in said


def test_an_evaluator_that_does_not_end_is_stopped(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("costplan.terraform.folder.evaluator.LONGEST_WAIT_SECONDS", 0.01)
    said = refused(run, disk("size = 1"))
    assert said.startswith("infra/: takes longer than")


def test_modules_that_call_themselves(run: Run) -> None:
    twice = 'module "a" {\n  source = "./"\n}\nmodule "b" {\n  source = "./"\n}\n'
    assert "modules are nested deeper than 20" in refused(run, twice)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 2000 + "1" + ")" * 2000,
        '"${' * 300 + "1" + '}"' * 300,
        "[" * 300 + "1" + "]" * 300,
        "local.a",
    ],
)
def test_deep_and_circular_expressions_end_in_words(run: Run, text: str) -> None:
    write("locals {\n  a = local.b\n  b = local.a\n}\n" + disk(f"size = {text}"))
    ended = run("estimate", "infra/")
    assert ended.code in (0, 2)
    assert "made a mistake" not in ended.err


def test_blocks_are_nested_as_deep_as_anybody_writes(run: Run) -> None:
    said = refused(run, disk("b {\n" * 60 + "}\n" * 60 + "size = 1"))
    assert said.startswith("infra/main.tf:")


def test_an_address_that_is_there_twice(run: Run) -> None:
    assert "yandex_compute_disk.d" in refused(run, disk("size = 1") + disk("size = 2"))


def test_a_branch_that_is_chosen_counts_alone(run: Run) -> None:
    text = RANDOM + 'variable "dynamic" {\n  default = false\n}\n'
    write(text + disk("size = var.dynamic ? random_integer.r.result : (true ? 30 : random_integer.r.result)"))
    assert answer(run)["resources"][0]["line_items"][0]["quantity"] == str(30 * 720)
    write(text + disk("size = var.dynamic ? 30 : random_integer.r.result"))
    assert answer(run)["terraform"]["counts"]["unknown-until-apply"] == 1


def test_what_loops_make_is_followed_by_its_keys(run: Run) -> None:
    text = (
        RANDOM
        + """
locals {
  disks = { for name in ["a", "b"] : name => { size = 10, label = random_integer.r.result } }
  sized = merge(local.disks, { c = { size = 5, label = "c" } })
}
"""
    )
    write(text + disk("for_each = local.sized\nsize = each.value.size\nname = each.value.label"))
    found = {one["name"]: one["line_items"][0]["quantity"] for one in answer(run)["resources"]}
    assert found == {"d-a": str(10 * 720), "d-b": str(10 * 720), "d-c": str(5 * 720)}


def test_what_a_module_hands_out_is_followed(run: Run) -> None:
    write('module "m" {\n  source = "./m"\n  size = 7\n}\n' + disk("size = module.m.twice"))
    inner = 'variable "size" {}\noutput "twice" {\n  value = var.size * 2\n}\n'
    write(inner, "m/main.tf")
    assert answer(run)["resources"][0]["line_items"][0]["quantity"] == str(14 * 720)


def test_files_of_the_folder_are_read(run: Run) -> None:
    write(disk('size = yamldecode(file("${path.module}/conf/disk.yaml")).size'))
    write("size: 40\n", "conf/disk.yaml")
    assert answer(run)["resources"][0]["line_items"][0]["quantity"] == str(40 * 720)


def test_the_workspace_is_the_one_that_is_chosen(run: Run) -> None:
    write(disk('size = terraform.workspace == "prod" ? 50 : 5'))
    assert answer(run)["resources"][0]["line_items"][0]["quantity"] == str(5 * 720)
    write("prod", ".terraform/environment")
    assert answer(run)["resources"][0]["line_items"][0]["quantity"] == str(50 * 720)


def test_numbers_with_a_fraction_are_exact(run: Run) -> None:
    write(
        """
resource "yandex_compute_instance" "vm" {
  platform_id = "standard-v3"
  resources {
    cores  = 2
    memory = 1.5
    core_fraction = 20
  }
  boot_disk {
    initialize_params {
      size = 10
    }
  }
}
"""
    )
    assert "is not sold with 1.5 GB of memory" in run("estimate", "infra/").out


@pytest.mark.parametrize(
    "text",
    [
        'try(tonumber(trimspace(file("${path.module}/../size.txt"))), 3)',
        'try(tonumber(trimspace(file("/etc/hostname"))), 3)',
        'try(tonumber(trimspace(file("missing.txt"))), 3)',
        'length(fileset(path.module, "*.tf"))',
        'fileexists("main.tf") ? 3 : 4',
        'length(file("${path.module}/main.tf"))',
        'try(jsondecode(templatefile("main.tf", { n = 3 })).size, 3)',
    ],
)
def test_files_that_the_evaluator_may_not_find(run: Run, text: str) -> None:
    Path("size.txt").write_text("9")
    assert "which cannot be followed" in refused(run, disk(f"size = {text}"))


def test_null_is_the_default_of_a_variable_that_is_never_null(run: Run) -> None:
    call = 'module "{0}" {{\n  source = "./m"\n  size = {1}\n}}\n'
    write(call.format("a", "true ? null : 5") + call.format("b", "true ? 5 : null"))
    inner = 'variable "size" {\n  default = 44\n  nullable = false\n}\n' + disk("size = var.size")
    write(inner, "m/main.tf")
    found = {one["name"]: one["line_items"][0]["quantity"] for one in answer(run)["resources"]}
    assert found == {"a-d": str(44 * 720), "b-d": str(5 * 720)}
