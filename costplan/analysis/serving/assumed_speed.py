"""What the user supposes of a machine that nobody measured: `t4=10x`. Never a claim."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from costplan.analysis.serving.cost import ServingCandidate
from costplan.messages.errors import InputError, did_you_mean
from costplan.messages.reason import Reason
from costplan.messages.text import listed, visible
from costplan.quantities.money import parse_decimal
from costplan.resources.deployment import MachineType

MOST = 10_000
_WRITTEN = re.compile(r"(?P<machine>[a-z0-9][a-z0-9-]{0,60})=(?P<times>\d{1,5}(\.\d{1,3})?)x?", re.ASCII)


def assumed_speeds(written: Sequence[str], candidates: Sequence[ServingCandidate]) -> Mapping[str, Decimal]:
    """Read `standard-v3-t4=10x`, or the end of a platform's name: `t4=10x`.

    Args:
        written: As the user gave them.
        candidates: What is priced; each must be of one of these.

    Returns:
        How many times as fast as what measured, by platform.

    Raises:
        InputError: Not so written, or no machine that is priced is meant.
    """
    platforms = {one.runs_on.platform for one in candidates if isinstance(one.runs_on, MachineType)}
    found: dict[str, Decimal] = {}
    for text in written:
        match = _WRITTEN.fullmatch(text.strip())
        times = parse_decimal(match["times"]) if match is not None else Decimal(0)
        if match is None or not 0 < times <= MOST:
            raise InputError(
                Reason("--assume: `{text}` is no machine with a factor", visible(text[:60])),
                hint=Reason("write MACHINE=TIMES such as t4=10x, above 0 and at most {most}", MOST),
            )
        ending = f"-{match['machine']}"
        meant = [name for name in platforms if f"-{name}".endswith(ending)]
        if not meant:
            known = sorted(platforms)
            raise InputError(
                Reason("--assume: no machine that is priced is a `{name}`", match["machine"]),
                hint=did_you_mean(match["machine"], known) or Reason("priced: {names}", listed(known)),
            )
        found |= dict.fromkeys(meant, times)
    return found
