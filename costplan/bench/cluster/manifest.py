"""The manifest of an Indexed Job: as many workers as are asked for, each of which knows its index.

Kubernetes starts the pods, numbers them (`JOB_COMPLETION_INDEX`), ends them and takes them away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import yaml

FOLDER: Final = "/results"
"""Where the volume is mounted."""
USER: Final = 10001
"""Of the image that `templates/service/Dockerfile` makes."""
KEPT_S: Final = 86_400
"""The finished Job and its logs are kept for a day."""


@dataclass(frozen=True, slots=True)
class JobOptions:
    """What the manifest says."""

    run_id: str
    workers: int
    arguments: Sequence[str]
    """Of `costplan bench worker`, the same for all."""
    image: str
    deadline_s: int
    """After which Kubernetes ends the Job, whatever it does."""
    cpu: str = "2"
    memory: str = "1Gi"
    namespace: str | None = None
    claim: str | None = None
    """A PersistentVolumeClaim that is there (ReadWriteMany); None: one of its own."""
    storage_class: str | None = None
    storage: str = "1Gi"


def manifest(options: JobOptions) -> list[dict[str, Any]]:
    """Return the documents: the claim, unless there is one, and the Job."""
    claim = options.claim or f"{options.run_id}-samples"
    job = {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": _metadata(options, options.run_id),
        "spec": {
            "completionMode": "Indexed",
            "completions": options.workers,
            "parallelism": options.workers,
            "backoffLimit": 0,
            "activeDeadlineSeconds": options.deadline_s,
            "ttlSecondsAfterFinished": KEPT_S,
            "template": {"metadata": {"labels": _labels(options)}, "spec": _pod(options, claim)},
        },
    }
    return [job] if options.claim else [_own_claim(options, claim), job]


def as_yaml(documents: Sequence[dict[str, Any]]) -> str:
    """Write documents for `kubectl apply -f`."""
    text: str = yaml.safe_dump_all(documents, sort_keys=False, allow_unicode=True, explicit_start=True)
    return text


def _labels(options: JobOptions) -> dict[str, str]:
    return {"app.kubernetes.io/name": "costplan-bench", "app.kubernetes.io/instance": options.run_id}


def _metadata(options: JobOptions, name: str) -> dict[str, Any]:
    place = {"namespace": options.namespace} if options.namespace else {}
    return {"name": name, **place, "labels": _labels(options)}


def _own_claim(options: JobOptions, name: str) -> dict[str, Any]:
    chosen = {"storageClassName": options.storage_class} if options.storage_class else {}
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": _metadata(options, name),
        "spec": {
            "accessModes": ["ReadWriteMany"],
            **chosen,
            "resources": {"requests": {"storage": options.storage}},
        },
    }


def _pod(options: JobOptions, claim: str) -> dict[str, Any]:
    return {
        "restartPolicy": "Never",
        "automountServiceAccountToken": False,
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": USER,
            "runAsGroup": USER,
            "fsGroup": USER,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "topologySpreadConstraints": [
            {
                "maxSkew": 1,
                "topologyKey": "kubernetes.io/hostname",
                "whenUnsatisfiable": "ScheduleAnyway",
                "labelSelector": {"matchLabels": _labels(options)},
            }
        ],
        "containers": [_container(options)],
        "volumes": [
            {"name": "results", "persistentVolumeClaim": {"claimName": claim}},
            {"name": "scratch", "emptyDir": {}},
        ],
    }


def _container(options: JobOptions) -> dict[str, Any]:
    size = {"cpu": options.cpu, "memory": options.memory}
    return {
        "name": "worker",
        "image": options.image,
        "imagePullPolicy": "IfNotPresent",
        "command": ["costplan", "bench", "worker"],
        "args": [_literal(argument) for argument in options.arguments],
        "env": [{"name": "HOME", "value": "/tmp"}],  # noqa: S108 -- a volume of the pod's own
        "resources": {"requests": dict(size), "limits": dict(size)},
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "volumeMounts": [
            {"name": "results", "mountPath": FOLDER},
            {"name": "scratch", "mountPath": "/tmp"},  # noqa: S108
        ],
    }


def _literal(argument: str) -> str:
    """Keep Kubernetes from filling in variables: it reads `$(NAME)`."""
    return argument.replace("$(", "$$(")
