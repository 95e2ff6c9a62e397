"""The child process that opens a model first: `python -m costplan.bench.models.probe`, told what by stdin.

Limits are set before anything of the model is read. The last line of stdout is a JSON object: either `facts`,
or `error` with an optional `hint` and the shapes `tried`. Dying without it is an answer too: the parent tells
from the exit status.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from costplan.bench.models.facts import ModelFacts, ModelPort
from costplan.bench.models.limits import gib
from costplan.messages.errors import CostplanError, InputError
from costplan.messages.reason import Reason

_NAMED = re.compile(r"Name:'[^']*'|'[^']*'|`[^`]*`|for input: \S+")
"""Names of the model in ONNX Runtime's messages: a decoder calls its inputs and nodes `memory`."""
_MEMORY_SIGNS = re.compile(
    r"bad[_ ]alloc|failed to allocate memory|unable to allocate|std::length_error|(integer|size) overflow",
    re.IGNORECASE,
)
"""A real failed allocation: ONNX Runtime's own, the C++ library's, NumPy's, or a size beyond any integer."""
_HINTS = (
    (
        "NOT_IMPLEMENTED",
        Reason(
            "ONNX Runtime lacks this operator in this version; convert the model to opset 17 or so with "
            "onnx.version_converter.convert_version"
        ),
    ),
    ("locale", Reason("install the locale that the model names (Debian: `locales-all`)")),
)
"""Words of ONNX Runtime's messages -> what helps."""
_OF_INPUTS = ("INVALID_ARGUMENT", "Non-zero status")
"""Words of its messages about inputs that do not suit the model."""


def main() -> int:
    """Answer one order and return 0 when the model is good."""
    order = json.loads(sys.stdin.read())
    _limit(order["memory_bytes"], order["seconds"])
    answer: dict[str, Any]
    try:
        answer = {"facts": _probe(order)}
    except CostplanError as error:
        answer = {"error": error.faults[0].message, "hint": error.faults[0].hint}
    except MemoryError:
        answer = _too_large(order)
    except Exception as error:  # whatever the libraries raise over a hostile file is told, not thrown
        answer = _failure(error, order)
    print(json.dumps(answer), flush=True)
    return 0 if "facts" in answer else 1


def _failure(error: Exception, order: dict[str, Any]) -> dict[str, Any]:
    """Say what a library's exception means, with what to do where that is known."""
    text = " ".join(str(error).replace(order["path"], "the model").split())
    text = re.sub(r"/onnxruntime_src\S+ ", "", text)
    if _MEMORY_SIGNS.search(_NAMED.sub("", text)):
        return _too_large(order)
    hint = next((hint for sign, hint in _HINTS if sign in text), None)
    shapes = order.get("tried", "") if any(sign in text for sign in _OF_INPUTS) else ""
    return {"error": f"cannot be used: {text[:400]}", "hint": hint, "tried": shapes}


def _limit(memory_bytes: int, seconds: float) -> None:
    """Bound this process; on Windows, which has no such limits, only the parent's clock holds."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 5, int(seconds) + 5))


def _probe(order: dict[str, Any]) -> dict[str, Any]:
    import onnx

    from costplan.bench.models.external import external_files
    from costplan.bench.models.graph import index_limits, largest_constant_bytes
    from costplan.bench.models.session import open_session, ports_of

    path = Path(order["path"])
    content = path.read_bytes()
    try:
        model = onnx.load_model_from_string(content)
    except Exception:  # protobuf's DecodeError, and ValueError of the reader
        raise InputError("is not an ONNX model") from None
    if not model.HasField("graph") or not model.ir_version:
        raise InputError("is not an ONNX model: it has no graph")
    outside = external_files(model, path)
    _check_size(largest_constant_bytes(model), order["memory_bytes"], "a constant")
    limits = index_limits(model)
    opsets = {(entry.domain or "ai.onnx"): entry.version for entry in model.opset_import}
    producer = f"{model.producer_name} {model.producer_version}".strip()[:100]
    unranked = {i.name for i in model.graph.input if not i.type.tensor_type.HasField("shape")}
    del model
    started = time.perf_counter()
    session = open_session(str(path))
    loaded = time.perf_counter()
    declared = (replace(p, index_limit=limits.get(p.name)) for p in ports_of(session.get_inputs()))
    inputs = tuple(replace(p, shape=None) if p.name in unranked else p for p in declared)
    facts = ModelFacts(
        path=str(path),
        sha256=hashlib.sha256(content).hexdigest(),
        file_bytes=len(content),
        external_files=outside,
        opsets=opsets,
        producer=producer,
        inputs=inputs,
        outputs=ports_of(session.get_outputs()),
        load_ms=(loaded - started) * 1e3,
        run_ms=0.0,
        peak_memory_bytes=_peak_memory_bytes(),
    )
    return (_run(order, session, facts) if order["runs"] else facts).to_json()


def _run(order: dict[str, Any], session: Any, facts: ModelFacts) -> ModelFacts:
    """Run the model once, with the inputs that the order names or with made-up ones."""
    from costplan.bench.models.inputs import make_feeds
    from costplan.bench.models.npz import read_feed

    inputs = facts.inputs
    if order["npz"]:
        feed = read_feed(Path(order["npz"]), inputs)
    else:
        shapes = {name: tuple(sizes) for name, sizes in order["shapes"].items()}
        feed = make_feeds(inputs, shapes=shapes, batch=order["batch"], seed=order["seed"])[0]
    sizes = {name: ",".join(map(str, array.shape)) for name, array in feed.items()}
    order["tried"] = " ".join(f"--shape {name}:{shape}" for name, shape in sizes.items())
    before_run = time.perf_counter()
    answers = session.run(None, wrapped(feed, inputs))
    ended = time.perf_counter()
    return replace(
        facts,
        outputs=tuple(map(_with_rank, facts.outputs, answers)),
        run_ms=(ended - before_run) * 1e3,
        peak_memory_bytes=_peak_memory_bytes(),
    )


def _with_rank(port: ModelPort, answer: object) -> ModelPort:
    """Correct the shape of an output where the declared rank is unknown, and so reads as a scalar."""
    rank = getattr(answer, "ndim", None)
    if port.container or port.shape is None or rank is None or rank == len(port.shape):
        return port
    return replace(port, shape=(None,) * rank)


def wrapped(feed: dict[str, Any], inputs: Any) -> dict[str, Any]:
    """Put arrays that belong in a sequence into a list, as ONNX Runtime takes it."""
    in_list = {port.name for port in inputs if port.container == "seq"}
    return {name: [array] if name in in_list else array for name, array in feed.items()}


def _check_size(needed: int, limit: int, what: str) -> None:
    if needed > limit:
        raise InputError(
            Reason("needs {what} of {needed}, the limit is {limit}", what, gib(needed), gib(limit))
        )


def _too_large(order: dict[str, Any]) -> dict[str, Any]:
    return {
        "error": f"needs more memory than the limit of {gib(order['memory_bytes'])}",
        "hint": "make its inputs smaller with --shape",
    }


def _peak_memory_bytes() -> int:
    try:
        import resource
    except ImportError:
        return 0
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


if __name__ == "__main__":
    sys.exit(main())
