"""The manifest against the published schema of Kubernetes, strictly, and against what was asked for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from costplan.bench.cluster.manifest import JobOptions, as_yaml, manifest
from costplan.cli.run import run

SCHEMA = json.loads((Path(__file__).parent / "kubernetes-1.33.json").read_text())
KINDS = {
    "Job": "io.k8s.api.batch.v1.Job",
    "PersistentVolumeClaim": "io.k8s.api.core.v1.PersistentVolumeClaim",
}
SOUND = [
    "bench", "cluster", "--workers", "8", "--rate", "4000", "--run-id", "monday",
    "--address", "http://triton.default.svc:8000", "--model-name", "resnet",
]  # fmt: skip
Capsys = pytest.CaptureFixture[str]


def check(document: dict[str, Any]) -> None:
    reference = {"$ref": f"#/$defs/{KINDS[document['kind']]}", "$defs": SCHEMA["$defs"]}
    faults = [error.message for error in Draft202012Validator(reference).iter_errors(document)]
    assert not faults


def written(capsys: Capsys, *more: str) -> list[dict[str, Any]]:
    assert run([*SOUND, *more]) in (None, 0)
    documents = list(yaml.safe_load_all(capsys.readouterr().out))
    for document in documents:
        check(document)
    return documents


def test_the_schema_is_strict(capsys: Capsys) -> None:
    _, job = written(capsys)
    job["spec"]["template"]["spec"]["containers"][0]["imagepullpolicy"] = "Always"
    with pytest.raises(AssertionError, match="imagepullpolicy"):
        check(job)


def test_a_job_has_an_index_for_each_worker_and_ends_by_itself(capsys: Capsys) -> None:
    claim, job = written(capsys)
    spec = job["spec"]
    assert job["metadata"]["name"] == "monday"
    assert (spec["completionMode"], spec["completions"], spec["parallelism"]) == ("Indexed", 8, 8)
    assert spec["backoffLimit"] == 0
    assert spec["ttlSecondsAfterFinished"] == 86_400
    # 2 min to get ready, 10 min for the others, 10 s until the start, twice 1 + 10 + 10 s, 1 min to collect.
    assert spec["activeDeadlineSeconds"] == 120 + 600 + 10 + 2 * (1 + 10 + 10) + 60
    pod = spec["template"]["spec"]
    assert pod["restartPolicy"] == "Never"
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    (container,) = pod["containers"]
    assert container["image"] == "costplan-service"
    assert container["command"] == ["costplan", "bench", "worker"]
    assert container["args"] == [
        "--address=http://triton.default.svc:8000", "--model-name=resnet", "--rate=4000", "--workers=8",
        "--run-id=monday", "--folder=/results", "--collect",
    ]  # fmt: skip
    assert container["resources"]["limits"] == {"cpu": "2", "memory": "1Gi"}
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert claim["spec"]["accessModes"] == ["ReadWriteMany"]
    assert pod["volumes"][0]["persistentVolumeClaim"]["claimName"] == claim["metadata"]["name"]


def test_every_option_arrives_where_it_belongs(capsys: Capsys) -> None:
    (job,) = written(
        capsys, "--claim", "shared", "--namespace", "load", "--cpu", "500m", "--memory", "2Gi", "--image",
        "registry.example:5000/team/costplan@sha256:" + "a" * 64, "--seed", "7", "--shape", "x:1,3,8,8",
        "--shape", "y:1", "--slo", "p95:20ms", "--duration", "1 min", "--json-tensors", "--wait", "2 min",
        "--allow-public", "--arrivals", "constant", "--timeout", "3 s",
    )  # fmt: skip
    pod = job["spec"]["template"]["spec"]
    arguments = pod["containers"][0]["args"]
    for expected in (
        "--shape=x:1,3,8,8", "--shape=y:1", "--slo=p95:20ms", "--duration=1 min", "--json-tensors",
        "--wait=2 min", "--allow-public", "--arrivals=constant", "--timeout=3 s", "--seed=7",
    ):  # fmt: skip
        assert expected in arguments
    assert job["metadata"]["namespace"] == "load"
    assert pod["volumes"][0]["persistentVolumeClaim"]["claimName"] == "shared"
    assert pod["containers"][0]["resources"]["requests"] == {"cpu": "500m", "memory": "2Gi"}
    assert job["spec"]["activeDeadlineSeconds"] == 120 + 120 + 10 + 2 * (1 + 60 + 3) + 60


def test_inputs_lie_on_the_volume(capsys: Capsys) -> None:
    (job,) = written(capsys, "--claim", "shared", "--inputs", "/results/in", "--preprocess", "image")
    arguments = job["spec"]["template"]["spec"]["containers"][0]["args"]
    assert "--inputs=/results/in" in arguments
    assert "--preprocess=image" in arguments


def test_a_worker_takes_the_arguments_of_the_manifest(capsys: Capsys, tmp_path: Path) -> None:
    _, job = written(capsys, "--seed", "7")
    arguments = job["spec"]["template"]["spec"]["containers"][0]["args"]
    there = [word.replace("/results", str(tmp_path)) for word in arguments if "--address" not in word]
    assert run(["bench", "worker", *there, "--index=0", "--address=127.0.0.1:1"]) == 2
    assert "nothing listens there" in capsys.readouterr().err


def test_a_claim_of_its_own_may_name_its_storage_class(capsys: Capsys) -> None:
    claim, _ = written(capsys, "--storage-class", "csi-s3")
    assert claim["spec"]["storageClassName"] == "csi-s3"


def test_values_are_text_to_yaml_and_to_kubernetes() -> None:
    hostile = ["--model-name=$(HOSTNAME)", "--model-name=: {}\n---\nkind: Pod", "--model-name=on", "\u202e"]
    options = JobOptions("a", 1, hostile, "image", 60)
    documents = list(yaml.safe_load_all(as_yaml(manifest(options))))
    assert len(documents) == 2
    check(documents[1])
    args = documents[1]["spec"]["template"]["spec"]["containers"][0]["args"]
    assert args == ["--model-name=$$(HOSTNAME)", *hostile[1:]]


WRONG = {
    "no workers": (["--workers", "0"], "must be a whole number from 1"),
    "too many": (["--workers", "10001"], "workers must be from 1 to 10000"),
    "own pod": (["--address", "http://localhost:8000"], "localhost is the worker's own pod"),
    "own pod by number": (["--address", "127.0.0.1:8000"], "127.0.0.1 is the worker's own pod"),
    "metadata": (["--address", "http://169.254.169.254"], "nothing is ever sent to"),
    "public": (["--address", "http://93.184.215.14"], "a public host"),
    "own server": (["--target", "service"], "takes no --address"),
    "long name": (["--run-id", "a" * 53], "--run-id: must be of small letters"),
    "name": (["--run-id", "Monday"], "got `Monday`"),
    "image": (["--image", "-x"], "--image: Kubernetes takes no `-x` there"),
    "cpu": (["--cpu", "many"], "--cpu: Kubernetes takes no `many` there"),
    "memory": (["--memory", "1 GB"], "--memory: Kubernetes takes no `1 GB` there"),
    "claim": (["--claim", "../x"], "--claim: Kubernetes takes no `../x` there"),
    "namespace": (["--namespace", "\x1b[31m"], r"--namespace: Kubernetes takes no `\x1b[31m` there"),
    "files of no volume": (["--inputs", "in.npz", "--claim", "a"], "in.npz: the workers see no files"),
    "files of a new volume": (["--inputs", "/results/in.npz"], "/results/in.npz: the workers see no files"),
    "a hook of no volume": (
        ["--inputs", "/results/a", "--preprocess", "hook.py", "--claim", "a"],
        "hook.py: the workers see no files",
    ),
    "rate": (["--rate", "0"], "--rate: must be above 0"),
    "ending": (["-o", "job.txt"], ".yaml"),
}


@pytest.mark.parametrize(("more", "said"), WRONG.values(), ids=WRONG)
def test_wrong_options_of_a_cluster_are_refused(
    more: list[str], said: str, capsys: Capsys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run([*SOUND, *more]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert said in " ".join(err.split())


def test_a_file_is_written_and_the_next_step_said(capsys: Capsys, tmp_path: Path) -> None:
    path = tmp_path / "job.yaml"
    assert run([*SOUND, "-o", str(path)]) in (None, 0)
    said = capsys.readouterr().err
    assert f"kubectl apply -f {path}" in said
    assert "batch.kubernetes.io/job-name=monday,batch.kubernetes.io/job-completion-index=0" in said
    assert [document["kind"] for document in yaml.safe_load_all(path.read_text())] == [
        "PersistentVolumeClaim",
        "Job",
    ]
