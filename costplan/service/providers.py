"""ONNX Runtime's execution providers by the names that users write; one that is not there is never replaced.

The library warns and computes on the CPU where a provider is missing or does not start: a figure would then
carry the wrong name.

Source: microsoft/onnxruntime, `docs/execution-providers` of its site and
`onnxruntime/python/onnxruntime_inference_collection.py` (the fallback).
"""

from __future__ import annotations

import contextlib
import json
import warnings
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

from costplan.messages.errors import InputError
from costplan.messages.reason import Reason


@dataclass(frozen=True, slots=True)
class Provider:
    """What is known of an execution provider."""

    full_name: str
    """As the library names it."""
    package: str
    """The distribution that brings it."""
    options: Mapping[str, str] = field(default_factory=dict)
    """What the library is told; `{threads}` stands for the number of threads."""
    then: tuple[str, ...] = ("cpu",)
    """Who takes what it leaves, in this order."""
    parts: tuple[str, ...] = ()
    """Distributions whose versions change the numbers, where they are installed."""


_CUDA_PARTS: Final = (
    "onnxruntime-gpu",
    "nvidia-cuda-runtime-cu12",
    "nvidia-cudnn-cu12",
    "nvidia-cublas-cu12",
)
PROVIDERS: Final[dict[str, Provider]] = {
    "cpu": Provider("CPUExecutionProvider", "onnxruntime", then=()),
    "cuda": Provider("CUDAExecutionProvider", "onnxruntime-gpu", {"device_id": "0"}, parts=_CUDA_PARTS),
    "tensorrt": Provider(
        "TensorrtExecutionProvider",
        "onnxruntime-gpu",
        {"device_id": "0"},
        ("cuda", "cpu"),
        (*_CUDA_PARTS, "tensorrt", "tensorrt-cu12"),
    ),
    "openvino": Provider(
        "OpenVINOExecutionProvider",
        "onnxruntime-openvino",
        {"device_type": "CPU", "num_of_threads": "{threads}"},
        parts=("onnxruntime-openvino", "openvino"),
    ),
}


def check_installed(name: str) -> None:
    """Refuse a provider that the installed library does not have.

    Raises:
        InputError: It is not there; the hint names the package that brings it.
    """
    import onnxruntime

    there = onnxruntime.get_available_providers()
    if PROVIDERS[name].full_name in there:
        return
    known = [short for short, provider in PROVIDERS.items() if provider.full_name in there]
    raise InputError(
        Reason(
            "provider `{name}` is not in the installed ONNX Runtime {version}, which has {providers}",
            name,
            onnxruntime.__version__,
            ", ".join(known),
        ),
        hint=Reason("install {package} in place of onnxruntime", PROVIDERS[name].package),
    )


def open_on(name: str, model: str | bytes, options: Any, threads: int) -> Any:
    """Open a session on a provider; what that does not run is left to others, at last to the CPU.

    Args:
        name: A key of `PROVIDERS`.
        model: The file, or its content.
        options: The library's session options.
        threads: For the provider's own threads, where it has such.

    Raises:
        InputError: The provider is not installed, or did not start and the CPU took its place.
    """
    import onnxruntime

    check_installed(name)
    chosen = PROVIDERS[name]
    providers = [_told(one, threads) for one in (name, *chosen.then)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what they warn of is checked below
        session = onnxruntime.InferenceSession(model, options, providers=providers)
    if chosen.full_name not in session.get_providers():
        raise InputError(
            Reason(
                "provider `{name}` did not start, and ONNX Runtime took the CPU in its place: nothing is "
                "measured",
                name,
            ),
            hint="its driver or libraries are missing, or of other versions than this ONNX Runtime wants",
        )
    return session


def _told(name: str, threads: int) -> tuple[str, dict[str, str]]:
    """Return a provider with its options, as the library takes them."""
    chosen = PROVIDERS[name]
    return chosen.full_name, {key: value.format(threads=threads) for key, value in chosen.options.items()}


def kernels_by_provider(profile: Path) -> dict[str, int]:
    """Count the steps of a run by the provider that took them, as a profile of the library lists them."""
    short = {provider.full_name: name for name, provider in PROVIDERS.items()}
    events = json.loads(profile.read_text(encoding="utf-8"))
    steps = {
        event["name"]: event["args"]["provider"]
        for event in events
        if event.get("cat") == "Node" and event.get("args", {}).get("provider")
    }
    return dict(Counter(short.get(full, full) for full in steps.values()))


def check_used(name: str, kernels: Mapping[str, int]) -> None:
    """Refuse a model of which a provider ran nothing.

    Raises:
        InputError: Every step ran elsewhere.
    """
    if not kernels.get(name):
        raise InputError(
            Reason("provider `{name}` ran no part of this model: all of it ran on the CPU", name),
            hint="its operators or shapes are not supported there; measure it with --provider cpu",
        )


def versions_of(name: str) -> dict[str, str]:
    """Return the versions of what a provider is made of, as far as packages tell."""
    found = {}
    for part in PROVIDERS[name].parts:
        with contextlib.suppress(PackageNotFoundError):
            found[part] = version(part)
    return found
