"""Every option of `costplan bench` in every mode and on every target: it has an effect, or it is refused."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from costplan.bench.targets import NEEDS_ADDRESS, TARGETS
from costplan.cli.bench.effects import (
    BESIDE,
    EVERYWHERE,
    IN_MODES,
    ON_TARGETS,
    as_option,
    refuse_without_effect,
)
from costplan.cli.bench.options import MODES, BenchWords, mode_of, place_of, session_options, target_of
from costplan.cli.run import run
from costplan.messages.errors import InputError

DEMO = Path(__file__).parents[2] / "models" / "digits.onnx"
ADDRESS = "127.0.0.1:1"
BEHIND = f"--backend triton-grpc --backend-address {ADDRESS}"

SAMPLES: dict[str, Any] = {
    "rate": "5",
    "budget": "20 s",
    "concurrency": "3",
    "arrivals": "constant",
    "threads": "3",
    "provider": "cuda",
    "json_tensors": True,
    "expected": Path("out.npz"),
    "allow_public": True,
    "duration": "7 s",
    "timeout": "3 s",
    "seed": "9",
    "slo": "p90:1s",
    "batch": "4",
    "shape": ("image:1,64",),
    "inputs": Path("in.npz"),
    "preprocess": "image",
    "model_name": "other",
    "model_version": "2",
    "signature": "classify",
    "utilisation": "50%",
}
"""A value other than the default, for all that reaches the run; prices and files are not here."""


def words_for(mode: str, target: str, **more: Any) -> BenchWords:
    """Return the fewest words that ask for a mode on a target."""
    needed: dict[str, Any] = {"mode": mode, "target": target, "model": DEMO}
    if target in NEEDS_ADDRESS:
        needed["address"] = ADDRESS
    if mode == "open":
        needed["rate"] = "100"
    return BenchWords(**(needed | more))


def checked(words: BenchWords) -> tuple[Any, Any]:
    """Return what the run would be told, as `run_bench` does."""
    name, chosen = target_of(words)
    refuse_without_effect(words, mode_of(words), name, is_remote=chosen.endpoint is not None)
    told = session_options(words)
    return name, (chosen, told.__class__(**{f: getattr(told, f) for f in told.__slots__ if f != "flags"}))


def test_every_option_is_in_exactly_one_table() -> None:
    tables = [EVERYWHERE, IN_MODES.keys(), ON_TARGETS.keys(), BESIDE.keys()]
    for field in BenchWords._fields:
        assert sum(field in table for table in tables) == 1, (
            f"say in effects.py where `{field}` has an effect"
        )
    assert {name for table in tables for name in table} == set(BenchWords._fields)


@pytest.mark.parametrize(("mode", "target"), list(product(MODES, TARGETS)))
def test_an_option_changes_what_the_run_is_told_or_is_refused(mode: str, target: str) -> None:
    plain = checked(words_for(mode, target))
    for name, value in SAMPLES.items():
        words = words_for(mode, target, **{name: value})
        in_mode = mode in IN_MODES.get(name, (mode,))
        on_target = target in ON_TARGETS.get(name, (target,))
        is_alone = name in ("expected", "preprocess") or (
            name == "allow_public" and target not in NEEDS_ADDRESS
        )
        if in_mode and on_target and not is_alone:
            told = checked(words)
            assert told != plain or name == "allow_public", f"{name} is dropped in {mode} on {target}"
        else:
            with pytest.raises(InputError, match=as_option(name)):
                checked(words)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("--mode closed --rate 5", "--rate has no effect with --mode closed"),
        ("--mode single --rate 5", "--rate has no effect with --mode single"),
        ("--mode batch --rate 5", "--rate has no effect with --mode batch"),
        ("--mode single --concurrency 4", "--concurrency has no effect with --mode single"),
        ("--mode closed --budget 9s", "--budget has no effect with --mode closed"),
        ("--mode closed --arrivals constant", "--arrivals has no effect with --mode closed"),
        ("--json-tensors", "--json-tensors has no effect with --target onnxruntime"),
        ("--allow-public", "--allow-public is about --address"),
        ("--target service --backend triton-grpc", "--backend is a model server that runs already: where?"),
        ("--target service --backend-address 127.0.0.1:1", "nothing says how that server is spoken to"),
        (f"--target onnxruntime {BEHIND}", "target `onnxruntime` has none"),
        (f"--target service --threads 2 {BEHIND}", "--threads has no effect beside --backend"),
        ("--backend triton --backend-address 127.0.0.1:1", "`triton` is not one of triton-http"),
        ("--backend triton-grpc --backend-address 8.8.8.8:1", "a public host"),
        (
            "--backend triton-grpc --backend-address http://127.0.0.1:1",
            "--backend-address is not host:port",
        ),
        ("--expected out.npz", "--expected needs the inputs"),
        ("--npz in.npz --shape image:1,64", "--shape has no effect beside --inputs"),
        ("--npz in.npz --batch 4", "--batch has no effect beside --inputs"),
        ("--inputs . --shape image:1,64", "--shape has no effect beside --inputs"),
        ("--preprocess image", "--preprocess makes inputs of files"),
        (
            "--backend triton-grpc --backend-address 127.0.0.1:1 --provider openvino",
            "--provider has no effect beside --backend",
        ),
        ("--target triton-http --address 127.0.0.1:1 --threads 2", "--threads has no effect with --target"),
        ("--arrivals offsets.txt", "is a schedule of its own"),
        ("--mode open --rate 5 --arrivals offsets.txt", "is a schedule of its own"),
        ("--target 127.0.0.1:1 --address 127.0.0.1:2", "are both an address"),
        ("--target triton-http --address grpc://127.0.0.1:1", "does not speak what grpc://127.0.0.1:1 says"),
        ("--target triton-grpc --address http://127.0.0.1:1", "does not speak what http://127.0.0.1:1 says"),
        ("--address http://127.0.0.1:1/base?token=x", "address ends before `?`"),
        ("--address http://127.0.0.1:1/#model", "address ends before `?`"),
        ("--address grpc://127.0.0.1:1/base", "gRPC has no path"),
    ],
)
def test_what_would_be_dropped_is_refused_before_anything_is_sent(
    words: str, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("offsets.txt").write_text("0\n1\n")
    np.savez("in.npz", image=np.zeros((1, 64), np.float32))
    assert run(["bench", "--model", str(DEMO), *words.split()]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert why in " ".join(err.split())


@pytest.mark.parametrize(
    ("words", "place"),
    [
        (BenchWords(target="127.0.0.1:8000", model_name="m"), ("triton-http", "127.0.0.1:8000")),
        (
            BenchWords(target="GRPC://127.0.0.1:8001", model_name="m"),
            ("triton-grpc", "GRPC://127.0.0.1:8001"),
        ),
        (BenchWords(address="grpcs://h.example:1", model_name="m"), ("triton-grpc", "grpcs://h.example:1")),
        (BenchWords(target="[::1]:8000", model_name="m"), ("triton-http", "[::1]:8000")),
    ],
)
def test_an_address_is_one_in_each_spelling(words: BenchWords, place: tuple[str, str]) -> None:
    assert place_of(words) == place
    if "example" not in place[1]:
        name, chosen = target_of(words)
        assert name == place[0]
        assert chosen.endpoint is not None
        assert session_options(words).model_path is None, "a running server has its own model"
        assert session_options(words).concurrency == 8, "and as many connections as any server"
