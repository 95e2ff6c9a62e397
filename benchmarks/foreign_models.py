"""Which ONNX models `costplan bench` measures with the file alone, with shapes, or refuses, and why.

    python benchmarks/foreign_models.py FOLDER... [--shapes FILE] [--most N]

Takes every `.onnx` file below the folders; nothing is downloaded. A line of the file of shapes is the end of
a path and what `--shape` gets, such as `silero_vad.onnx input:1,576 state:2,1,128`; it is used only for
a model that does not run alone.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import NamedTuple

QUICK = ("--target", "onnxruntime", "--mode", "single", "--duration", "1s")


class Tried(NamedTuple):
    """What became of one model."""

    kind: str
    """`alone`, `with --shape`, `refused` or `DEFECT`."""
    said: str


def main() -> None:
    """Try every model, print a line each, and the counts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--shapes", type=Path)
    parser.add_argument("--most", type=int)
    chosen = parser.parse_args()
    shapes = shapes_of(chosen.shapes) if chosen.shapes else {}
    models = sorted(path for folder in chosen.folders for path in folder.rglob("*.onnx"))
    counts: Counter[str] = Counter()
    for model in models[: chosen.most]:
        given = next((words for end, words in shapes.items() if str(model).endswith(end)), [])
        tried = try_model(model, given)
        counts[tried.kind] += 1
        print(f"{tried.kind:12} {'/'.join(model.parts[-2:])}: {tried.said}", flush=True)
    print(f"{counts.total()} models: " + ", ".join(f"{count} {kind}" for kind, count in counts.items()))


def shapes_of(path: Path) -> dict[str, list[str]]:
    """Return what `--shape` gets, by the end of a model's path."""
    lines = (line.split() for line in path.read_text().splitlines() if line.strip())
    return {words[0]: words[1:] for words in lines}


def try_model(model: Path, shapes: list[str]) -> Tried:
    """Measure a model with its file alone; where that does not do, with the shapes that are given."""
    alone = measured(model, [])
    if alone.kind != "refused" or not shapes:
        return alone
    shaped = measured(model, shapes)
    kind = "with --shape" if shaped.kind == "alone" else shaped.kind
    return Tried(kind, f"{shaped.said} (alone: {alone.said})")


def measured(model: Path, shapes: list[str]) -> Tried:
    """Run the command as a user would and say what it did."""
    options = [word for shape in shapes for word in ("--shape", shape)]
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "result.json"
        command = [sys.executable, "-m", "costplan", "bench", "--model", str(model), *QUICK, *options]
        done = subprocess.run(
            [*command, "--journal", f"{folder}/run.jsonl", "-o", str(result)], capture_output=True, text=True
        )
        if result.exists() and done.returncode in (0, 1):
            return judged(json.loads(result.read_text()))
    told = " ".join(line.strip() for line in done.stderr.splitlines() if line.strip())
    told = told.replace(str(model), model.name)
    is_defect = done.returncode not in (1, 2) or "Traceback" in told
    return Tried("DEFECT" if is_defect else "refused", f"exit {done.returncode}: {told[:300]}")


def judged(document: dict) -> Tried:
    """Say what a result holds: a model that gave no right answer was not measured."""
    point = document["points"][-1]
    inputs = ", ".join(
        f"{port['name']} {port['datatype']} {'x'.join(map(str, port['shape'])) or 'scalar'}"
        for port in document["model"]["inputs"]
    )
    middle = point["service_ms"]["p50"]
    if point["verdict"] == "INVALID" or middle is None:
        return Tried("DEFECT", f"{point['verdict']}: {'; '.join(point['reasons'])[:200]}; {inputs}")
    return Tried("alone", f"p50 {middle:.3g} ms, {point['requests']} requests, {point['verdict']}; {inputs}")


if __name__ == "__main__":
    main()
