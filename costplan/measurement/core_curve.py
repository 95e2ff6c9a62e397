"""How throughput grows with cores."""

from __future__ import annotations

from dataclasses import dataclass

from costplan.measurement.environment import Count, Number


@dataclass(frozen=True, slots=True)
class CoreCurve:
    """Throughput over pinned cores, fitted by the universal scalability law.

    X(n) = first x n / (1 + contention (n - 1) + coherency n (n - 1)), n in cores, X in requests per second.

    Source: N. J. Gunther, "A General Theory of Computational Scalability Based on Rational Functions", 2008.
    """

    points: tuple[tuple[Count, Number], ...]
    """Cores and requests per second."""
    contention: Number
    coherency: Number
    """0 where there are too few points to tell it from contention."""

    @property
    def largest(self) -> int:
        """Return the most cores that were measured."""
        return max(cores for cores, _ in self.points)

    def relative(self, cores: int) -> float:
        """Return X(cores) over X(1)."""
        return cores / (1 + self.contention * (cores - 1) + self.coherency * cores * (cores - 1))
