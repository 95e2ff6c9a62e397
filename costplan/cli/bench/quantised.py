"""`costplan bench --quantise int8`: a model and the same with 8-bit weights, in turns."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from costplan.analysis.measured.documents import AnswerDifference, BenchComparison
from costplan.cli.bench.compare import AnswerWords, answer
from costplan.cli.bench.options import BenchWords, target_of
from costplan.cli.bench.turns import compared_in_turns, short_runs
from costplan.cli.output import check_places
from costplan.cli.places import refuse_file
from costplan.messages.errors import InputError
from costplan.messages.reason import Reason

KINDS = ("int8",)


def run_quantised(words: BenchWords, kind: str | None, save: Path | None) -> int | None:
    """Quantise the model, say how far its answers are off, measure both in turns, compare.

    Args:
        words: The options of `costplan bench`.
        kind: One of `KINDS`.
        save: Where the quantised model stays; None: it goes with the run.

    Returns:
        As of `costplan bench compare`.

    Raises:
        InputError: An option is wrong or has no effect here, or the model cannot be quantised.
    """
    from costplan.inputs.values import one_of

    if kind is None:
        raise InputError("--save-quantised: nothing is quantised", hint="add --quantise int8")
    one_of("--quantise", kind, KINDS)
    check_places(words.form, words.output, words.plot, force=words.force)
    refuse_file(save, [".onnx"], force=words.force)
    _refuse_without_effect(words)
    with TemporaryDirectory() as folder:
        found = _compared(words, kind, save or Path(folder) / "quantised.onnx")
    return answer(found, AnswerWords(words.form, words.output, words.plot, words.force))


def _compared(words: BenchWords, kind: str, file: Path) -> BenchComparison:
    from costplan.bench.models.quantise import answer_gap, quantise

    target, options = target_of(words)
    choice = options.inputs
    if choice.model is None or options.endpoint is not None:
        raise InputError(
            Reason("--quantise: `{target}` is not started with a model's file by costplan", target),
            hint="give --model FILE.onnx with --target onnxruntime or service",
        )
    has_inputs = words.inputs is not None
    quantise(choice, file, is_static=has_inputs)
    gap = answer_gap(choice, file)
    name = choice.model.stem
    changed = f"{name} {kind}"
    difference = AnswerDifference(
        inputs=gap.inputs,
        seed=None if has_inputs else choice.seed,
        largest=gap.largest,
        mean=gap.mean,
        scale=gap.scale,
        same_first_choice=gap.same_first_choice,
    )
    short = short_runs(words)
    return compared_in_turns({name: short, changed: short._replace(model=file)}, None, {changed: difference})


def _refuse_without_effect(words: BenchWords) -> None:
    """Refuse what single runs take and comparisons do not.

    Raises:
        InputError: It was given.
    """
    given = {"--journal": words.journal, "--verbose": words.verbose, "--expected": words.expected}
    if words.threads == "sweep":
        given["--threads sweep"] = True
    named = next((option for option, value in given.items() if value), None)
    if named is not None:
        raise InputError(Reason("{option} has no effect beside --quantise", named))
