"""Which options of `costplan bench` have an effect where: one that has none is refused, never dropped.

Every field of `BenchWords` stands in exactly one of these tables; a test walks them all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from costplan.messages.errors import InputError
from costplan.messages.reason import Reason
from costplan.messages.text import listed

if TYPE_CHECKING:
    from costplan.cli.bench.options import BenchWords

EVERYWHERE = frozenset(
    {
        "scenario", "model", "target", "address", "model_name", "shape", "inputs", "batch", "slo", "mode",
        "duration", "timeout", "seed", "instances", "utilisation", "assume_same_speed", "assume",
        "calibration", "currency", "as_of", "form", "output", "force", "journal", "plot", "catalog",
        "overlay", "verbose", "quick",
    }
)  # fmt: skip
"""What target and address have to do with each other is looked at where the target is chosen."""

IN_MODES = {
    "rate": ("open",),
    "budget": ("slo", "single", "open"),
    "concurrency": ("slo", "closed", "open", "batch"),
    "arrivals": ("slo", "open"),
}
"""Connections are opened in advance of an open loop; a single request has no others beside it."""

ON_TARGETS = {
    "threads": ("onnxruntime", "service"),
    "sessions": ("onnxruntime", "service"),
    "provider": ("onnxruntime", "service"),
    "model_version": ("triton-http", "triton-grpc", "tfserving-grpc", "tfserving-rest"),
    "signature": ("tfserving-grpc", "tfserving-rest"),
    "json_tensors": ("service", "triton-http", "triton-grpc"),
}

BESIDE = {
    "expected": ("inputs", Reason("--expected needs the inputs that it belongs to")),
    "preprocess": ("inputs", Reason("--preprocess makes inputs of files, and there are none")),
    "backend": ("backend_address", Reason("--backend is a model server that runs already: where?")),
    "backend_address": ("backend", Reason("--backend-address: nothing says how that server is spoken to")),
    "allow_public": ("address", Reason("--allow-public is about --address, and there is none")),
}
"""Options that mean nothing without another one."""

INSTEAD_OF = {
    "inputs": ("shape", "batch"),
    "backend": ("threads", "sessions", "provider"),
}
"""Options that leave others nothing to say: real inputs have their own sizes, a server its own threads. Of
files, several may be joined to a batch, and pictures can be made of any size."""


def refuse_without_effect(words: BenchWords, mode: str, target: str, *, is_remote: bool) -> None:
    """Check every option that was given against the mode and the target.

    Args:
        words: As the user wrote them.
        mode: Chosen or implied.
        target: Likewise.
        is_remote: Whether an address was given, as `--address` or as `--target`.

    Raises:
        InputError: One of them would be dropped.
    """
    given = {name for name, value in words._asdict().items() if value not in (None, False, ())}
    if is_remote or words.backend_address is not None:
        given.add("address")
    for table, option, chosen in ((IN_MODES, "--mode", mode), (ON_TARGETS, "--target", target)):
        for name, places in table.items():
            if name in given and chosen not in places:
                raise InputError(
                    Reason("{name} has no effect with {option} {chosen}", as_option(name), option, chosen),
                    hint=Reason("it is for {option} {places}", option, listed(places)),
                )
    for name, (other, why) in BESIDE.items():
        if name in given and other not in given:
            raise InputError(
                why, hint=Reason("add {other}, or leave {option} out", as_option(other), as_option(name))
            )
    for name, others in INSTEAD_OF.items():
        for other in others:
            if name in given and other in given and not _has_room(words, other):
                raise InputError(
                    Reason("{other} has no effect beside {option}", as_option(other), as_option(name)),
                    hint="leave one of them out",
                )


def _has_room(words: BenchWords, option: str) -> bool:
    """Whether files leave an option something to say."""
    from costplan.cli.bench.options import has_arrays

    return not has_arrays(words) and (option == "batch" or words.preprocess == "image")


def as_option(name: str) -> str:
    """Return a field of `BenchWords` as the option that the user writes."""
    return "--" + name.replace("_", "-")
