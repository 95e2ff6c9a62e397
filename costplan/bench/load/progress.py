"""How far a measurement is, told to whoever draws the progress line."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Called some times per second from the event loop: must return at once and not raise."""

    def __call__(self, fraction: float, seconds_left: float) -> None:
        """Take the share of this step that is done (0..1) and the seconds until its window ends."""


def no_progress(fraction: float, seconds_left: float) -> None:
    """Draw nothing."""


class PhaseProgress(Protocol):
    """What the whole measurement tells: which step, and how far."""

    def __call__(self, phase: str, fraction: float, seconds_left: float) -> None:
        """Take a phase such as `open loop at 120 requests/s`, the share done, and the seconds left of it."""


def silent(phase: str, fraction: float, seconds_left: float) -> None:
    """Draw nothing."""


def for_phase(progress: PhaseProgress, phase: str) -> Progress:
    """Return a step's progress that names its phase."""

    def report(fraction: float, seconds_left: float) -> None:
        progress(phase, fraction, seconds_left)

    return report
