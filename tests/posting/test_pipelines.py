"""Ready pipeline files are what their programs read: by the published schemas, and by pre-commit itself."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import check_jsonschema
import jsonschema
import pytest
import yaml
from pre_commit.clientlib import load_config, load_manifest

from costplan.cli.app import named_command
from costplan.cli.parameters import Option, parameters_of
from costplan.messages.errors import InputError
from costplan.posting.pipelines import PIPELINES, pipeline_text

ROOT = Path(__file__).parents[2]
VENDORED = Path(check_jsonschema.__file__).parent / "builtin_schemas" / "vendor"
NAMES = pytest.mark.parametrize("name", list(PIPELINES))
SOURCECRAFT: dict[str, Any] = {
    # SourceCraft publishes none: this is what its reference of `.sourcecraft/ci.yaml` describes, where used.
    "type": "object",
    "required": ["on", "workflows"],
    "additionalProperties": False,
    "properties": {
        "env": {"$ref": "#/$defs/env"},
        "on": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                event: {"$ref": "#/$defs/event"} for event in ("pull_request", "push", "schedule")
            },
        },
        "workflows": {"type": "object", "additionalProperties": {"$ref": "#/$defs/workflow"}},
    },
    "$defs": {
        "env": {"type": "object", "additionalProperties": {"type": "string"}},
        "event": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["workflows"],
                "additionalProperties": False,
                "properties": {"workflows": {"type": "array", "items": {"type": "string"}}, "filter": {}},
            },
        },
        "workflow": {
            "type": "object",
            "required": ["tasks"],
            "additionalProperties": False,
            "properties": {
                "env": {"$ref": "#/$defs/env"},
                "tasks": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/task"}},
            },
        },
        "task": {
            "type": "object",
            "required": ["name", "cubes"],
            "additionalProperties": False,
            "properties": {
                "name": {"type": "string"},
                "env": {"$ref": "#/$defs/env"},
                "cubes": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/cube"}},
            },
        },
        "cube": {
            "type": "object",
            "required": ["name", "script"],
            "additionalProperties": False,
            "properties": {
                "name": {"type": "string", "pattern": "^[a-z0-9-]+$"},
                "image": {"type": "string"},
                "env": {"$ref": "#/$defs/env"},
                "script": {"type": "array", "minItems": 1, "items": {"type": "string"}},
                "artifacts": {
                    "type": "object",
                    "required": ["paths"],
                    "properties": {"paths": {"type": "array", "items": {"type": "string"}}},
                },
            },
        },
    },
}


def read(name: str) -> Any:
    """Read a pipeline as YAML 1.2 does, where `on` is no boolean."""
    found = yaml.load(pipeline_text(name, "shop.yaml"), Loader=yaml.BaseLoader)
    assert isinstance(found, dict)
    return found


def scripts(name: str) -> list[str]:
    """Return what a pipeline runs in a shell."""
    found = read(name)
    if name == "gitlab":
        return [*found["cost"]["before_script"], *found["cost"]["script"]]
    if name == "github":
        return [step["run"] for step in found["jobs"]["cost"]["steps"] if "run" in step]
    if name == "sourcecraft":
        return list(found["workflows"]["cost"]["tasks"][0]["cubes"][0]["script"])
    hook = found["repos"][0]["hooks"][0]
    return [" ".join([hook["entry"], *hook["args"]])]


def schema(name: str) -> Any:
    return json.loads((VENDORED / f"{name}.json").read_text(encoding="utf-8"))


def test_gitlab_s_own_schema_takes_its_pipeline() -> None:
    jsonschema.validate(yaml.safe_load(pipeline_text("gitlab", "infra")), schema("gitlab-ci"))


def test_the_schema_of_github_s_workflows_takes_its_pipeline() -> None:
    found = yaml.safe_load(pipeline_text("github", "infra"))
    found["on"] = found.pop(True)
    jsonschema.validate(found, schema("github-workflows"))


def test_the_documented_form_of_sourcecraft_takes_its_pipeline() -> None:
    jsonschema.Draft202012Validator.check_schema(SOURCECRAFT)
    jsonschema.validate(read("sourcecraft"), SOURCECRAFT)


def test_pre_commit_reads_its_file_and_the_hook_of_this_repository(tmp_path: Path) -> None:
    config = tmp_path / ".pre-commit-config.yaml"
    config.write_text(pipeline_text("pre-commit", "shop.yaml"), encoding="utf-8")
    (hook,) = load_config(config)["repos"][0]["hooks"]
    assert (hook["entry"], hook["args"]) == ("costplan check", ["shop.yaml"])
    (own,) = load_manifest(ROOT / ".pre-commit-hooks.yaml")
    assert (own["id"], own["entry"], own["pass_filenames"]) == ("costplan-check", "costplan check", False)
    assert all(re.search(own["files"], name) for name in ("shop.yaml", "a.yml", "infra/main.tf", "plan.json"))


@pytest.mark.live
@NAMES
def test_shellcheck_finds_nothing_in_their_lines(name: str, tmp_path: Path) -> None:
    shellcheck = shutil.which("shellcheck")
    assert shellcheck is not None, "the package shellcheck is needed"
    script = tmp_path / "script.sh"
    script.write_text("#!/bin/sh\nset -eu\n" + "\n".join(scripts(name)) + "\n", encoding="utf-8")
    done = subprocess.run([shellcheck, str(script)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@NAMES
def test_what_they_run_are_commands_with_options_that_they_have(name: str) -> None:
    lines = [line for line in re.split(r"; |\n", "\n".join(scripts(name))) if "costplan " in line]
    assert lines
    for line in lines:
        words = line.partition("costplan ")[2].split()
        command = named_command(words)
        if words[0] == "--quiet":  # of pip
            continue
        assert command is not None, line
        known = {
            option
            for found in parameters_of(command[0])
            if isinstance(found.marker, Option)
            for option in found.marker.names
        }
        asked = {word.partition("=")[0] for word in words if re.fullmatch(r"-{1,2}[a-z][a-z-]*(=.*)?", word)}
        assert asked <= known, line


@NAMES
def test_the_design_and_the_wheel_are_put_in(name: str) -> None:
    text = pipeline_text(name, "designs/shop.yaml", "wheels/own-1.0-py3-none-any.whl")
    assert "designs/shop.yaml" in text
    assert "<<" not in text
    assert ("wheels/own-1.0-py3-none-any.whl" in text) == (name != "pre-commit")


@NAMES
def test_usage_and_policies_go_wherever_they_are_read(name: str) -> None:
    text = pipeline_text(name, "infra", workload="usage.yaml", policies=["a.yaml", "b/c.yaml"])
    found = yaml.load(text, Loader=yaml.BaseLoader)
    lines = [line for line in json.dumps(found).split("costplan ")[1:] if "infra" in line]
    assert lines
    for line in lines:
        words = re.findall(r"[\w./-]+", line)
        assert words[words.index("infra") + 1 :][:2] == ["--workload", "usage.yaml"]
        rules = ["--policy", "a.yaml", "--policy", "b/c.yaml"]
        assert (words[words.index("usage.yaml") + 1 :][:4] == rules) == (line[:5] != "repor")
    with pytest.raises(InputError, match="a path in a pipeline"):
        pipeline_text(name, "infra", workload="$(id)")
    with pytest.raises(InputError, match="not in the repository"):
        pipeline_text(name, "infra", policies=["../p.yaml"])


def test_a_folder_of_terraform_brings_its_evaluator() -> None:
    assert 'py3-none-any.whl[terraform]"' in pipeline_text("gitlab", "infra")
    assert "[terraform]" not in pipeline_text("gitlab", "shop.yaml")


@pytest.mark.parametrize(
    "design",
    ["a b.yaml", "$(id)", "a;b", "a'b", '"', "-x", "/etc/x", "../x", "a/../../x", "é.yaml", "a\nb", ""],
)
def test_a_path_that_a_shell_or_yaml_would_read_is_refused(design: str) -> None:
    with pytest.raises(InputError, match=r"a path in a pipeline|not in the repository"):
        pipeline_text("gitlab", design)


@pytest.mark.parametrize("wheel", ["$X", '"', "a\nb", "`id`", "-r x", "a;b"])
def test_a_wheel_that_a_shell_or_yaml_would_read_is_refused(wheel: str) -> None:
    with pytest.raises(InputError, match="--wheel"):
        pipeline_text("gitlab", "shop.yaml", wheel)
