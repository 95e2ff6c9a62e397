"""Options of the service: from the command line, else from the environment, else the defaults."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from costplan.cpus import usable_cpus
from costplan.datafiles import model_file
from costplan.service.backends import BACKENDS
from costplan.service.providers import PROVIDERS

_PREFIX = "COSTPLAN_SERVICE_"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_MIB = 1 << 20

EPILOG = f"""
Every option can also be set in the environment: --max-body-mib is {_PREFIX}MAX_BODY_MIB. PORT alone, which
container platforms set, is taken when neither --port nor {_PREFIX}PORT is there.

  python -m costplan.service --port 8080
  python -m costplan.service --model mine.onnx --name mine --record postgresql://app@db/predictions
  python -m costplan.service --backend triton-grpc --backend-address 10.0.0.5:8001 --name digits
"""


@dataclass(frozen=True, slots=True)
class Settings:
    """What one instance of the service is told."""

    host: str = "127.0.0.1"
    port: int = 8080
    model_file: Path | None = None
    """The ONNX file; the demo model unless given, None with a remote backend."""
    model_name: str = "digits"
    backend: str = "onnxruntime"
    backend_address: str = field(default="", repr=False)
    backend_timeout_seconds: float = 10.0
    provider: str = "cpu"
    """ONNX Runtime's execution provider."""
    threads: int = 1
    """Threads inside one inference."""
    parallel: int = 1
    """Inferences at the same time."""
    record: str = field(default="none", repr=False)
    max_body_bytes: int = 16 * _MIB
    max_json_bytes: int = 4 * _MIB
    """Of the JSON in a request for an inference: it takes ten times its size to read, and all others wait."""
    max_held_bytes: int = 64 * _MIB
    """Of all bodies that are read or worked on at a time."""
    max_pixels: int = 25_000_000
    """Of a picture: a camera's 24 million, which take about 100 MB while they are decoded."""
    max_in_flight: int = 256
    """Inferences that run or wait; one more is answered 503 at once, because a long queue helps nobody."""
    body_timeout_seconds: float = 10.0
    grace_seconds: float = 20.0
    """How long requests may still run after SIGTERM; then records get up to ten seconds."""
    log: str = "all"
    """Which requests are logged: `all`, `errors`, `none`."""


def read_settings(
    arguments: Sequence[str] | None = None, environ: Mapping[str, str] = os.environ
) -> Settings:
    """Return the settings; wrong usage ends the process with exit code 2, as argparse does."""
    parser = _parser(environ)
    given = parser.parse_args(arguments)
    is_local = given.backend == "onnxruntime"
    if not is_local and not given.backend_address:
        parser.error(f"--backend {given.backend} needs --backend-address")
    if not is_local and given.model:
        parser.error("--model is opened by the onnxruntime backend only; a remote server has its own")
    if not is_local and given.provider != "cpu":
        parser.error("--provider is for the onnxruntime backend only; a remote server has its own")
    model = model_file(given.model) if is_local else None
    name = given.name or (_name_of(model) if model else "digits")
    if not _NAME.fullmatch(name):
        parser.error(f"--name: letters, digits, `.`, `_` and `-` only, at most 100; got {name[:120]!r}")
    cpus = usable_cpus()
    threads = given.threads or 1
    return Settings(
        host=given.host,
        port=given.port,
        model_file=model,
        model_name=name,
        backend=given.backend,
        backend_address=given.backend_address,
        backend_timeout_seconds=given.backend_timeout,
        provider=given.provider,
        threads=threads,
        parallel=given.parallel or (max(1, cpus // threads) if is_local else 32),
        record=given.record,
        max_body_bytes=given.max_body_mib * _MIB,
        max_json_bytes=given.max_json_mib * _MIB,
        max_held_bytes=max(given.max_held_mib, given.max_body_mib) * _MIB,
        max_pixels=given.max_megapixels * 1_000_000,
        max_in_flight=given.max_in_flight,
        grace_seconds=given.grace,
        log=given.log,
    )


def _name_of(model: Path) -> str:
    """Return a name for addresses: the file's, with what an address cannot hold replaced."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", model.stem)[:100].lstrip("._-") or "model"


def _parser(environ: Mapping[str, str]) -> argparse.ArgumentParser:
    def default(option: str, otherwise: object) -> object:
        return environ.get(_PREFIX + option.upper().replace("-", "_"), otherwise)

    parser = argparse.ArgumentParser(
        prog="python -m costplan.service",
        description="Serve an ONNX model, or a remote model server, over the Open Inference Protocol.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )

    def add(option: str, otherwise: object, text: str, **more: object) -> None:
        parser.add_argument(f"--{option}", default=default(option, otherwise), help=text, **more)  # type: ignore[arg-type]

    add("host", "127.0.0.1", "address to listen on (default %(default)s)")
    add("port", environ.get("PORT", "8080"), "port, 0 for a free one (default %(default)s)", type=_port)
    add("model", None, "ONNX file, or a shipped one: digits (default), resnet50", type=Path, metavar="FILE")
    add("name", None, "name of the model in addresses (default: the file's name without its ending)")
    add("backend", "onnxruntime", "who runs the model (default %(default)s)", choices=[*BACKENDS])
    add("backend-address", "", "host:port of a remote server", metavar="ADDRESS")
    add("backend-timeout", "10", "seconds to wait for it (default %(default)s)", type=_seconds)
    add("provider", "cpu", "what ONNX Runtime computes with (default %(default)s)", choices=[*PROVIDERS])
    add("threads", "1", "threads inside one inference (default %(default)s)", type=_count)
    add("parallel", None, "inferences at once (default: processors over threads; remote 32)", type=_count)
    add(
        "record",
        "sqlite:///predictions.db",
        "where predictions are recorded: sqlite:///FILE, "
        "postgresql://..., s3://bucket/prefix?endpoint=URL, or none (default %(default)s)",
        metavar="ADDRESS",
    )
    add("max-body-mib", "16", "largest request in MiB (default %(default)s)", type=_count)
    add("max-json-mib", "4", "largest JSON for an inference in MiB (default %(default)s)", type=_count)
    add("max-held-mib", "64", "all requests worked on at a time, in MiB (default %(default)s)", type=_count)
    add("max-megapixels", "25", "largest picture in million pixels (default %(default)s)", type=_count)
    add("max-in-flight", "256", "inferences that run or wait before 503 (default %(default)s)", type=_count)
    add(
        "grace",
        "20",
        "seconds that requests may still run after SIGTERM (default %(default)s)",
        type=_seconds,
    )
    add("log", "all", "which requests are logged (default %(default)s)", choices=["all", "errors", "none"])
    return parser


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= 65535):
        raise argparse.ArgumentTypeError(f"must be 0 to 65535, got {text[:40]!r}")
    return int(text)


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= 4096):
        raise argparse.ArgumentTypeError(f"must be 1 to 4096, got {text[:40]!r}")
    return int(text)


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0.0 < value <= 3600.0:
        raise argparse.ArgumentTypeError(f"must be above 0 and at most 3600, got {text[:40]!r}")
    return value
