"""What both targets of TensorFlow Serving know of a server: the signature that is called."""

from __future__ import annotations

from costplan.bench.targets.base import ServerFacts
from costplan.bench.targets.options import TargetOptions
from costplan.protocols.tfserving import DEFAULT_SIGNATURE, Signature

_SERVER = "TensorFlow Serving protocol"


def facts_of(found: Signature) -> ServerFacts:
    """Return what a signature says of a server."""
    return ServerFacts(_SERVER, found.inputs, found.outputs, found.version, found.name)


def without_metadata(options: TargetOptions) -> ServerFacts:
    """Return what is known of a server that says nothing: the signature is the user's, or the default."""
    return ServerFacts(_SERVER, signature=options.signature or DEFAULT_SIGNATURE)
