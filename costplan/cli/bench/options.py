"""The options of `costplan bench`, and what they mean: load, SLO, model, target."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from costplan.cli.paths import ask_of_path
from costplan.messages.errors import InputError
from costplan.messages.reason import Reason
from costplan.messages.text import visible
from costplan.quantities.money import parse_decimal
from costplan.quantities.units import parse_duration, parse_rate

if TYPE_CHECKING:
    from costplan.bench.session import SessionMode, SessionOptions
    from costplan.bench.targets.options import TargetOptions
    from costplan.cli.bench.output import CostWords
    from costplan.scenario.loaded import LoadedScenario

MODES = ("slo", "single", "closed", "open", "batch")
_MAX_S = 86_400
_BUDGET_S, _QUICK_BUDGET_S = 45.0, 7.0
_WINDOW_S, _LEAST_WINDOW_S, _POINTS = 3.0, 0.5, 15


class BenchWords(NamedTuple):
    """The options of `costplan bench`, as the user wrote them."""

    scenario: str | None = None
    model: Path | None = None
    target: str | None = None
    address: str | None = None
    model_name: str | None = None
    model_version: str | None = None
    signature: str | None = None
    shape: Sequence[str] = ()
    inputs: Path | None = None
    preprocess: str | None = None
    expected: Path | None = None
    batch: str | None = None
    slo: str | None = None
    mode: str | None = None
    rate: str | None = None
    concurrency: str | None = None
    arrivals: str | None = None
    duration: str | None = None
    budget: str | None = None
    timeout: str | None = None
    seed: str | None = None
    threads: str | None = None
    sessions: str | None = None
    provider: str | None = None
    json_tensors: bool = False
    backend: str | None = None
    backend_address: str | None = None
    instances: str | None = None
    utilisation: str | None = None
    assume_same_speed: bool = False
    assume: Sequence[str] = ()
    calibration: Sequence[Path] = ()
    currency: str | None = None
    as_of: str | None = None
    form: str | None = None
    output: Path | None = None
    force: bool = False
    journal: Path | None = None
    plot: Path | None = None
    allow_public: bool = False
    catalog: Path | None = None
    overlay: Sequence[Path] = ()
    verbose: bool = False
    quick: bool = False

    def costs(self) -> CostWords:
        """Return those about prices."""
        from costplan.cli.bench.output import CostWords

        return CostWords(
            self.scenario, self.instances, self.utilisation, self.assume_same_speed, self.calibration,
            self.currency, self.as_of, self.catalog, self.overlay, self.assume,
        )  # fmt: skip

    def flags(self) -> dict[str, Any]:
        """Return what was given, for the result file; of paths the names only."""
        said = {}
        for name, value in self._asdict().items():
            if value in (None, False, ()):
                continue
            several = value if isinstance(value, tuple) else (value,)
            shown = [one.name if isinstance(one, Path) else one for one in several]
            said[name] = shown if isinstance(value, tuple) else shown[0]
        return said


def mode_of(words: BenchWords) -> str:
    """Return the mode that was chosen, or that a rate or a concurrency asks for.

    Raises:
        InputError: There is no such mode.
    """
    from costplan.inputs.values import one_of

    mode = words.mode or ("open" if words.rate else "closed" if words.concurrency else "slo")
    return one_of("--mode", mode, MODES)


def session_options(words: BenchWords) -> SessionOptions:
    """Check the options about the load.

    Raises:
        InputError: One of them is wrong.
    """
    from costplan.bench.load.schedule import Arrivals
    from costplan.bench.session import SessionOptions
    from costplan.bench.transport.interface import TransportLimits
    from costplan.cli.bench.output import utilisation_of

    mode = mode_of(words)
    arrivals, recorded = Arrivals.POISSON, None
    if words.arrivals in ("poisson", "constant"):
        arrivals = Arrivals(words.arrivals)
    elif words.arrivals is not None:
        arrivals, recorded = Arrivals.RECORDED, Path(words.arrivals)
        if not recorded.is_file():
            raise InputError(
                Reason("--arrivals: `{arrivals}` is no kind and no file", visible(words.arrivals[:80]))
            )
    if mode == "open" and words.rate is None and recorded is None:
        raise InputError("--mode open needs the offered rate", hint="give it with --rate 100")
    if recorded is not None and (mode != "open" or words.rate is not None):
        raise InputError(
            "--arrivals: a file of offsets is a schedule of its own, for --mode open without --rate",
            hint="leave --rate out" if mode == "open" else "add --mode open",
        )
    model = model_path(words)
    limits = (
        TransportLimits()
        if words.timeout is None
        else TransportLimits(timeout_s=seconds("--timeout", words.timeout))
    )
    usual_s = _QUICK_BUDGET_S if words.quick else _BUDGET_S
    budget_s = usual_s if words.budget is None else seconds("--budget", words.budget)
    return SessionOptions(
        slo=_slo(words),
        mode=cast("SessionMode", mode),
        rate=None if words.rate is None else rate_of("--rate", words.rate),
        concurrency=_concurrency(words),
        window_s=_window_s(words, budget_s),
        keeps_window=words.duration is not None,
        budget_s=budget_s,
        is_quick=words.quick,
        seed=whole("--seed", words.seed, 1, least=0),
        arrivals=arrivals,
        recorded=recorded,
        limits=limits,
        utilisation=float(utilisation_of(words.utilisation)),
        title=words.scenario or "",
        model_name=words.model_name or (model.stem if model else ""),
        model_path=model,
        flags=words.flags(),
    )


def _window_s(words: BenchWords, budget_s: float) -> float:
    """Return the window of a load point: as given, else in proportion to the time for all of them."""
    if words.duration is not None:
        return seconds("--duration", words.duration)
    return min(_WINDOW_S, max(_LEAST_WINDOW_S, budget_s / _POINTS))


def _concurrency(words: BenchWords) -> int:
    from costplan.cpus import usable_cpus

    in_process = place_of(words)[0] == "onnxruntime"
    least = max(usable_cpus(), whole("--sessions", words.sessions, 1)) if in_process else 8
    return whole("--concurrency", words.concurrency, least)


def slo_of(text: str) -> Any:
    """Read an SLO such as `p99:100ms` or `p95 <= 1.5 s`.

    Raises:
        InputError: Not an SLO.
    """
    from costplan.inputs import values
    from costplan.measurement.model import MeasuredSlo

    read = values.slo_of(text)
    return MeasuredSlo(float(read.percentile.value * 100), float(read.latency.value * 1000))


def seconds(option: str, text: str) -> float:
    """Read a time above 0; a bare number is in seconds."""
    with contextlib.suppress(ValueError):
        text = f"{parse_decimal(text)} s"
    try:
        found = float(parse_duration(text))
    except ValueError as error:
        raise InputError(Reason("{option}: {why}", option=option, why=error)) from None
    if not 0 < found <= _MAX_S:
        raise InputError(
            Reason("{option}: must be above 0 and at most a day, got {text}", option, visible(text[:40]))
        )
    return found


def rate_of(option: str, text: str) -> float:
    """Read a rate above 0 in requests per second: `10`, `10 rps`, `600 req/min`."""
    try:
        found = float(parse_rate(text))
    except ValueError as error:
        raise InputError(Reason("{option}: {why}", option=option, why=error)) from None
    if found <= 0:
        raise InputError(Reason("{option}: must be above 0, got {text}", option, visible(text[:40])))
    return found


def whole(option: str, text: str | None, default: int, least: int = 1) -> int:
    """Read a whole number, or take the default."""
    if text is None:
        return default
    try:
        found = parse_decimal(text)
    except ValueError as error:
        raise InputError(Reason("{option}: {why}", option=option, why=error)) from None
    if found != int(found) or found < least:
        raise InputError(
            Reason(
                "{option}: must be a whole number from {least}, got {text}", option, least, visible(text[:40])
            )
        )
    return int(found)


def model_path(words: BenchWords) -> Path | None:
    """Return the model's file: the user's, the demo model for what we start, none for a running server."""
    from costplan.datafiles import model_file

    if words.model is not None:
        return model_file(words.model)
    if words.backend is not None or place_of(words)[1] is not None:
        return None
    if words.scenario is None and words.target is None:
        raise InputError(
            "nothing to measure",
            hint="name a scenario (costplan bench stage1) or a model (--model FILE.onnx)",
        )
    return model_file(_model_of_scenario(words))


def _slo(words: BenchWords) -> Any:
    """Return the SLO: given, else that of the scenario, else p99 <= 100 ms."""
    scenario = None if words.slo is not None else _scenario_of(words)
    if scenario is None or scenario.model.workload.slo is None:
        return slo_of(words.slo or "p99:100ms")
    from costplan.measurement.model import MeasuredSlo

    slo = scenario.model.workload.slo
    return MeasuredSlo(float(slo.percentile.value * 100), float(slo.latency.value * 1000))


def _scenario_of(words: BenchWords) -> LoadedScenario | None:
    if words.scenario is None:
        return None
    from costplan.inputs.scenarios import catalog_opener
    from costplan.scenario.load import load_scenario

    return load_scenario(words.scenario, catalog_opener(words.catalog, words.overlay))


def _model_of_scenario(words: BenchWords) -> Path | None:
    """Return the shipped model that a scenario's own measurements are of; None where they are of none."""
    from costplan.datafiles import model_file

    scenario = _scenario_of(words)
    if scenario is None:
        return None
    measured = [origin.measured_at for origin in scenario.origins if origin.measured_at is not None]
    names = [Path(one.model) for one in measured if one.model]
    return next((name for name in names if model_file(name).exists()), None)


def place_of(words: BenchWords) -> tuple[str, str | None]:
    """Return the target's name and, for a running server, its address.

    A scenario and the demo model are measured in the reference service, a model alone in this process, an
    address by the protocol that its scheme says. `--target` may be an address itself.

    Raises:
        InputError: There is no such target, or it lacks an address, or takes none.
    """
    from costplan.bench.targets import NEEDS_ADDRESS, TARGETS
    from costplan.inputs.values import one_of

    name, address = words.target, words.address
    # Whatever is no word is an address, if a mistyped one: what is wrong with it is said without showing it.
    if name is not None and name not in TARGETS and not name.replace("-", "").replace("_", "").isalnum():
        if address is not None:
            raise InputError("--target and --address are both an address", hint="give one of them")
        name, address = None, name
    if name is None:
        is_grpc = (address or "").lower().startswith(("grpc://", "grpcs://"))
        by_address = "triton-grpc" if is_grpc else "triton-http"
        name = by_address if address else "service" if words.scenario or words.backend else "onnxruntime"
    one_of("--target", name, list(TARGETS))
    if name in NEEDS_ADDRESS and address is None:
        raise InputError(
            Reason("target `{name}` needs the address of a running server", name), hint="give --address URL"
        )
    if name not in NEEDS_ADDRESS and address is not None:
        raise InputError(Reason("target `{name}` is started by costplan itself; it takes no --address", name))
    return name, address


def has_arrays(words: BenchWords) -> bool:
    """Whether the inputs are the arrays of one request, not a folder whose files become requests."""
    return (
        words.inputs is not None and words.preprocess is None and not ask_of_path(words.inputs, Path.is_dir)
    )


def target_of(words: BenchWords) -> tuple[str, TargetOptions]:
    """Choose the target and its options.

    Raises:
        InputError: There is no such target, or the address is refused.
    """
    from costplan.bench.guard import check_target
    from costplan.bench.models.shapes import parse_shape
    from costplan.bench.models.workload import InputChoice
    from costplan.bench.targets.options import TargetOptions
    from costplan.inputs.values import one_of
    from costplan.service.providers import PROVIDERS

    name, address = place_of(words)
    endpoint = None
    if address is not None:
        scheme = "grpc" if name.endswith("grpc") else "http"
        endpoint = check_target(
            address, is_explicit=True, allow_public=words.allow_public, default_scheme=scheme
        )
        if not endpoint.scheme.startswith(scheme):
            raise InputError(
                Reason("target `{name}` does not speak what {address} says", name, visible(address[:80])),
                hint=Reason("write {scheme}://HOST:PORT, or choose another --target", scheme),
            )
    is_npz = has_arrays(words)
    inputs = InputChoice(
        model=model_path(words),
        shapes=dict(parse_shape(text) for text in words.shape),
        npz=words.inputs if is_npz else None,
        folder=None if is_npz else words.inputs,
        preprocess=words.preprocess or "",
        expected=words.expected,
        batch=None if words.batch is None else whole("--batch", words.batch, 1),
        seed=whole("--seed", words.seed, 1, least=0),
    )
    threads = None if words.threads in (None, "sweep") else whole("--threads", words.threads, 1)
    return name, TargetOptions(
        inputs=inputs,
        endpoint=endpoint,
        model_name=words.model_name or "",
        model_version=words.model_version or "",
        signature=words.signature or "",
        is_binary=not words.json_tensors,
        threads=threads,
        sessions=None if words.sessions is None else whole("--sessions", words.sessions, 1),
        provider=one_of("--provider", words.provider or "cpu", list(PROVIDERS)),
        backend=words.backend or "",
        backend_address=_backend_address(words, name) or "",
    )


def _backend_address(words: BenchWords, target: str) -> str | None:
    """Check the model server behind the service: load on the one is load on the other."""
    from costplan.bench.guard import check_target
    from costplan.inputs.values import one_of
    from costplan.service.backends import BACKENDS
    from costplan.service.backends.address import parse_address

    if words.backend is None or words.backend_address is None:
        return None
    if target != "service":
        raise InputError(
            Reason("--backend: target `{name}` has none", target), hint="only --target service has one"
        )
    one_of("--backend", words.backend, [name for name in BACKENDS if name != "onnxruntime"])
    scheme = "grpc" if words.backend.endswith("grpc") else "http"
    parse_address(words.backend_address, (scheme, f"{scheme}s"), 8001 if scheme == "grpc" else 8000)
    check_target(
        words.backend_address, is_explicit=True, allow_public=words.allow_public, default_scheme=scheme
    )
    return words.backend_address
