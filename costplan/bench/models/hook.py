"""The user's own `preprocess(path)`: it makes the inputs of one request of one file, in this process."""

from __future__ import annotations

import contextlib
import importlib.util
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import ModuleType

import numpy as np

from costplan.messages.errors import InputError
from costplan.messages.reason import Reason
from costplan.protocols.tensors import Array

FUNCTION = "preprocess"
_SHAPE_OF_HOOK = "def preprocess(path): return {'input': array}"

Preprocess = Callable[[Path], dict[str, Array]]
"""Makes the inputs of one request of a file, by name."""


def load_hook(path: Path) -> Preprocess:
    """Run the user's file and return its `preprocess`, wrapped so that what it raises names its line.

    This is the user's code, run as the user would run it: with all that this process may do. What it prints
    goes to standard error, as standard output is the answer's.

    Raises:
        InputError: It is no Python file, does not run, or has no such function.
    """
    if path.suffix != ".py" or not path.is_file():
        raise InputError(
            Reason("--preprocess {path}: is no Python file", path),
            hint=Reason("give `image`, or a file with {example}", _SHAPE_OF_HOOK),
        )
    module = _run(path.resolve())
    function = getattr(module, FUNCTION, None)
    if not callable(function):
        raise InputError(
            Reason("{path}: has no function `{name}`", path, FUNCTION),
            hint=Reason("write {example}", _SHAPE_OF_HOOK),
        )

    def preprocess(file: Path) -> dict[str, Array]:
        with _own_code(path, file.name), contextlib.redirect_stdout(sys.stderr):
            made = function(file)
        return _checked(made, path, file)

    return preprocess


def _run(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("costplan_preprocess_hook", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(path.parent))  # so that it can import what lies beside it
    try:
        with _own_code(path, ""), contextlib.redirect_stdout(sys.stderr):
            spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(path.parent))
    return module


@contextlib.contextmanager
def _own_code(path: Path, file: str) -> Iterator[None]:
    """Turn whatever the user's code raises into an error that names its file and line."""
    try:
        yield
    except (Exception, SystemExit) as error:
        where = f"{path}:{_line(error, path)}"
        what = f"{type(error).__name__}: {error}"[:300]
        said = Reason("{where}: {what}", where, what)
        if file:
            said = Reason("{where}: {what}, with {file}", where, what, file)
        raise InputError(said) from error


def _line(error: BaseException, path: Path) -> int:
    """Return the innermost line of the user's file that the error went through."""
    if isinstance(error, SyntaxError) and error.lineno:
        return error.lineno
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if Path(frame.filename) == path.resolve() and frame.lineno]
    return lines[-1] if lines else 1


def _checked(made: object, path: Path, file: Path) -> dict[str, Array]:
    if isinstance(made, Mapping) and all(isinstance(name, str) for name in made):
        values = {name: np.asarray(value) if np.isscalar(value) else value for name, value in made.items()}
        if values and all(isinstance(value, np.ndarray) for value in values.values()):
            return values
    raise InputError(
        Reason(
            "{path}: {name}({file}) must return arrays by input name, got {kind}",
            path,
            FUNCTION,
            file.name,
            type(made).__name__,
        ),
        hint=Reason("write {example}", _SHAPE_OF_HOOK),
    )
