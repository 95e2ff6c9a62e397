"""Why a measurement is doubted: sentences of result files, taken for reasons again, so that they can be said.

A result file keeps the English of the harness, as what was measured stays as it is.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import Final

from costplan.messages.reason import Reason

MEASURED: Final = (
    "{wrong} of {total} answers are wrong: a wrong answer is not a measurement",
    "{dropped} of {total} requests dropped: the cap on requests in flight was reached",
    "{share} of {total} requests failed ({parts}), the limit is {most}",
    "sent {sent} of the {due} requests that were due",
    "{rate} requests/s is more than half of what the generator itself reaches ({most} requests/s)",
    "the generator used {share} of its core",
    "p99 send lag {lag} ms is above {share} of the SLO ({bound} ms)",
    "p99 send lag {lag} ms is above {share} of the p99 response ({bound} ms)",
    "p{percentile} is not claimable from {total} requests: {needed} are needed at 99 % confidence",
    "throughput varies by {share} over 10 sub-windows, the limit is {most}",
    "p{percentile} response varies by {share} over 10 sub-windows, the limit is {most}",
    "the median response of the second half is {ratio} times that of the first",
    "load above capacity: {why}",
    "requests in flight rose from {low} to {high} over a third of the window",
    "send lag rose from {low} to {high} ms over a third of the window",
    "interrupted {seconds} s after its start",
    "none of {total} requests succeeded in {seconds} s",
    "the run was killed",
    "no measured rate keeps {slo}",
    "given up after {seconds} s: {late} of {total} requests took longer than {bound} ms",
    "one request alone takes {alone} ms (p50): {slo} cannot be kept",
    "{count} requests at {rate}/s do not fit into the budget of {seconds} s: give --budget {budget}s",
    "no answer came within the timeout of {seconds} s: a longer --timeout is needed",
    "no request alone was answered rightly within {latency} ms",
    "the warm-up of {seconds} s held too few answers to say whether the server had settled",
    "passed and failed in repeated runs: {rates}",
    "the bracket is wider than {share}: {low}/s passes, {high}/s fails",
    "the bracket is wider than {share}: {low}/s passes, no rate that fails was found",
    "the time budget of {seconds} s is used up",
    "no request was answered rightly in the closed loop",
    "the hypervisor gave {share} of the processor time to others (steal; the limit is {most})",
    "other processes used {share} of the processor time during the run (the limit is {most}): "
    "measure on an idle machine",
    "other processes used {share} of the processor time during the run (the limit is {most}; "
    "a server under test on this machine is among them): measure on an idle machine",
    "a quota of {cpus} processors throttles the run part of the time",
    "generator and server shared this machine and took its time from each other: "
    "a server of its own holds more",
    "the server was still getting faster or slower when the warm-up reached its limit",
    "the warm-up did not settle within {seconds} s: its medians still moved by {share}",
    "the warm-up did not settle within {seconds} s",
    "made up, {count} different",
    "{count} made-up JPEGs of {pixels}, {bytes} bytes in the mean",
    "{count} files of the folder, {pixels}, {bytes} bytes in the mean",
    "{count} of {all} files of {folder}: {what}",
    "decoded with Pillow, {mode}, resized to {size} (bilinear), {layout}, {scale}",
    "sizes that the model leaves open were made up ({sizes}): give yours with --shape",
    "at {rate}/s: {why}",
    "{missing} of {count} workers are missing: {names}",
    "worker {index} sent nothing",
    "{affected} of {count} workers were at their limit; worker {index}: {why}",
    "the workers started {spread} ms apart, more than {share} of the window",
    "point {number} was cut off after {count} samples",
    "point {number}: {ended} requests ended, {count} are in the file",
    "worker {index}: {why}",
    "the server's processor time cannot be read: costplan did not start it",
    "priced as if a container's core equalled {here}",
    "one request at a time, without cold starts",
    "an offline job, which promises no time",
    "on {cores} taken as {longer} times as long as measured",
    "on {cores} a call takes {time} ms, as measured there",
    "on {cores} a call is taken as {time} ms, that on {fewest} over the share of a core",
    "on {cores} a call is taken as {time} ms, between measured ones",
    "priced as if {name} ({title}) equalled {here}",
    "priced as if {name} equalled the server's machine, which this result does not describe",
    "computed on a GPU, and {difference}: nothing says how that changes it",
    "provider {name} left {left} of {total} steps of the model to the CPU",
    "measured on a machine with {has}; this one has no GPU",
    "has {gpu} x {wanted}, measured with {there}: measure on one",
    "assumed: {times} x as fast as what was measured",
    "measured on {name}",
    "measured with {cpus} vCPU",
    "measured with {measured} vCPU and no curve over cores: {vcpu} are not inferred",
    "{vcpu} vCPU is more than twice the {largest} that were measured: measure on more",
    "what processors {name} ({title}) has is not known here",
    "{name} has {title} processors, not {processor}",
    "cannot be scaled: its calibration does not speak for it ({why})",
    "no rate is known at which p{percentile} stays within {latency} ms",
)
"""What the harness writes, those first that say more."""

_NUMBER: Final = re.compile(r"[0-9]{1,3}\.[0-9]+")
"""A number that another language writes with another sign; a longer one would get separators in English."""


def measured_reason(sentence: str) -> Reason:
    """Return the reason that a sentence of the harness was made from; another sentence stays as it is."""
    made: type[Reason] = Reason  # its messages are those of MEASURED, which the catalogs hold
    for message, pattern in _patterns():
        if found := pattern.fullmatch(sentence):
            fields = found.groupdict()
            inner = {name: measured_reason(said) for name, said in fields.items() if name in ("why", "what")}
            numbers = {name: Decimal(said) for name, said in fields.items() if _NUMBER.fullmatch(said)}
            return made(message, **fields | numbers | inner)
    if "; " in sentence:
        parts = [measured_reason(part) for part in sentence.split("; ")]
        return made("; ".join(f"{{part{n}}}" for n in range(len(parts))), *parts)
    return Reason.of(sentence)


@lru_cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (message, re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^;]+?)", re.escape(message), flags=re.ASCII)))
        for message in MEASURED
    )
