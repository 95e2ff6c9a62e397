"""costplan: what an AI inference service on Yandex Cloud will cost, before it is built."""

from typing import TYPE_CHECKING

from costplan._version import __version__

if TYPE_CHECKING:
    from costplan.api import compare, curve, estimate, load_scenario, plan, timeline
    from costplan.messages.errors import InputError

__all__ = ["InputError", "__version__", "compare", "curve", "estimate", "load_scenario", "plan", "timeline"]


def __getattr__(name: str) -> object:
    """Import what is asked for when it is asked for: the command line does without."""
    if name not in __all__:
        raise AttributeError(f"module 'costplan' has no attribute '{name}'")
    from importlib import import_module

    module = "costplan.messages.errors" if name == "InputError" else "costplan.api"
    return getattr(import_module(module), name)
