"""What `estimate --uncertain`, `check --probability` and `costplan sensitivity` share."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from costplan.cli.extras import needs_extra
from costplan.cli.options import Draws
from costplan.cli.report.progress import ReportProgress
from costplan.inputs.bundles import Changes, Layers, Prices
from costplan.inputs.scenarios import loaded_scenarios
from costplan.inputs.values import currency_of, day_of
from costplan.messages.errors import InputError
from costplan.messages.reason import Reason
from costplan.messages.text import visible
from costplan.quantities.money import quantized
from costplan.quantities.units import parse_count, parse_share

if TYPE_CHECKING:
    from costplan.analysis.uncertainty.documents import UncertainComparison, UncertainEstimate

MOST_SEED = 2**63 - 1


def uncertain_estimate_of(
    scenario: str,
    prices: Prices,
    layers: Layers,
    changes: Changes,
    variants: Sequence[str] | None,
    draws: Draws,
    limit: Decimal | None = None,
) -> UncertainEstimate:
    """Load a scenario and simulate how sure its bill is.

    Raises:
        InputError: An option or the scenario is wrong, or nothing in it is uncertain.
    """
    seed, count = seed_of(draws), draws_of(draws)
    day = day_of(prices.as_of)
    [loaded] = loaded_scenarios([scenario], layers, changes, variants)
    money = currency_of(prices.currency, loaded.catalog)
    with needs_extra("--uncertain", "plan"), ReportProgress() as line:
        from costplan.analysis.uncertainty.uncertainty import uncertain_estimate

        return uncertain_estimate(
            loaded, currency=money, as_of=day, seed=seed, draws=count, limit=limit,
            progress=lambda part: line(Reason("drawing: {share}", f"{part:.0%}")),
        )  # fmt: skip


def uncertain_comparison_of(
    scenarios: Sequence[str], prices: Prices, layers: Layers, changes: Changes, draws: Draws
) -> UncertainComparison:
    """Load scenarios and simulate how sure their comparison is.

    Raises:
        InputError: As for `uncertain_estimate_of`; currencies differ.
    """
    seed, count = seed_of(draws), draws_of(draws)
    day = day_of(prices.as_of)
    loaded = loaded_scenarios(scenarios, layers, changes)
    money = currency_of(prices.currency, loaded[0].catalog)
    with needs_extra("--uncertain", "plan"), ReportProgress() as line:
        from costplan.analysis.uncertainty.compare import uncertain_comparison

        return uncertain_comparison(
            loaded, currency=money, as_of=day, seed=seed, draws=count,
            progress=lambda part: line(Reason("drawing: {share}", f"{part:.0%}")),
        )  # fmt: skip


def share_of(option: str, text: str) -> Decimal:
    """Read a share above 0 and at most 1, such as `90%`."""
    try:
        share = parse_share(text)
    except ValueError as error:
        raise InputError(Reason("{option}: {why}", option=option, why=error)) from None
    if not share:
        raise InputError(Reason("{option}: must be above 0%, got {text}", option, visible(text[:40])))
    return quantized(share)


def swing_of(text: str | None) -> Decimal:
    """Read --swing; a fifth where it is left out."""
    share = share_of("--swing", text or "20%")
    if share == 1:
        raise InputError("--swing: must be below 100%: no input can be moved to nothing")
    return share


def seed_of(draws: Draws) -> int:
    """Read --seed; 1 where it is left out."""
    return _whole("--seed", draws.seed or "1", 0, MOST_SEED)


def draws_of(draws: Draws) -> int:
    """Read --draws; 100,000 where it is left out."""
    return _whole("--draws", draws.draws or "100K", 1, 1 << 22)


def _whole(option: str, text: str, least: int, most: int) -> int:
    try:
        number = parse_count(text)
    except ValueError as error:
        raise InputError(Reason("{option}: {why}", option=option, why=error)) from None
    if number.denominator != 1 or not least <= number <= most:
        raise InputError(
            Reason(
                "{option}: must be a whole number from {least} to {most}, got {text}",
                option,
                least,
                most,
                visible(text[:40]),
            )
        )
    return int(number)
