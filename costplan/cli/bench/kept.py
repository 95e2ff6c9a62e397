"""The folder in which runs are kept: `costplan bench list` and `clean`."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from costplan.analysis.inventory.kept_runs import RESULT, SAMPLES, BenchList, KeptRun, kept_runs, older_than
from costplan.cli.paths import shown_path
from costplan.messages.errors import InputError, did_you_mean, reason_of
from costplan.messages.reason import Reason
from costplan.messages.text import visible
from costplan.quantities.units import parse_duration

if TYPE_CHECKING:
    from costplan.measurement.model import Measurement

_STILL_WRITTEN_S = 60
"""Samples that were written less long ago may be those of a run that goes on."""


def state_folder() -> Path:
    """Return the folder for runs in the user's state folder, whether it is there or not."""
    base = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(base) / "costplan" / "bench"


def listed() -> BenchList:
    """Return the runs that are kept.

    Raises:
        InputError: The folder cannot be read.
    """
    folder = state_folder()
    return kept_runs(folder, shown_path(folder))


def kept_file(name: str) -> Path | None:
    """Return the file of a kept run: its result, else its samples; None for a name of no run."""
    found = (state_folder() / f"{name}{ending}" for ending in (RESULT, SAMPLES))
    with contextlib.suppress(OSError):
        return next((file for file in found if name.startswith("run-") and file.is_file()), None)
    return None


def keep_result(measured: Measurement, samples: Path | None) -> Path | None:
    """Write the result beside the samples of its run, where those are in the state folder.

    Returns:
        The file from which the run can be shown again; None where there is none.
    """
    from costplan.output.formats import rendered

    if samples is None or samples.parent != state_folder():
        return samples
    result = samples.with_suffix(RESULT)
    try:
        result.write_text(str(rendered(measured, "json")), encoding="utf-8")
    except OSError:  # the samples are there, and the answer is shown
        return samples
    return result


def age_of(option: str, text: str | None) -> float | None:
    """Read an age in seconds: `30d`, `12 h`.

    Raises:
        InputError: It is none.
    """
    if text is None:
        return None
    try:
        return float(parse_duration(text))
    except ValueError as error:
        raise InputError(Reason("{option}: {why}", option=option, why=error)) from None


def cleaned(names: Sequence[str], older: float | None, *, force: bool) -> BenchList:
    """Remove kept runs, or say which would go.

    Args:
        names: Of runs; all if there are none.
        older: Only those that started more seconds ago.
        force: Whether to remove them.

    Raises:
        InputError: The folder cannot be read, there is no such run, or a file cannot be removed.
    """
    found = listed()
    _check_names(names, [run.name for run in found.runs])
    chosen = [run for run in found.runs if not names or run.name in names]
    if older is not None:
        chosen = list(older_than(chosen, older, datetime.now(UTC)))
    folder = state_folder()
    chosen = [run for run in chosen if not _is_written(folder, run)]
    if force:
        for run in chosen:
            _remove(folder, run)
    return replace(found, action="removed" if force else "would-remove", runs=tuple(chosen))


def _check_names(names: Collection[str], known: Sequence[str]) -> None:
    for name in names:
        if name not in known:
            raise InputError(
                Reason("there is no run `{name}`", visible(name[:80])),
                hint=did_you_mean(name, known) or "`costplan bench list` names them",
            )


def _is_written(folder: Path, run: KeptRun) -> bool:
    """Say whether a run that has no result yet may still be going on."""
    if run.verdict is not None:
        return False
    with contextlib.suppress(OSError):
        return any(time.time() - (folder / file).stat().st_mtime < _STILL_WRITTEN_S for file in run.files)
    return False


def _remove(folder: Path, run: KeptRun) -> None:
    for file in run.files:
        try:
            (folder / file).unlink(missing_ok=True)
        except OSError as error:
            raise InputError(
                Reason("cannot remove `{path}`: {why}", shown_path(folder / file), reason_of(error))
            ) from None
