"""The rule about what a design costs more than before."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from costplan.analysis.policy.documents import Unit
from costplan.analysis.policy.money_rules import cost_of, costliest, lacking_in, percent
from costplan.analysis.policy.outcome import Outcome, Verdict
from costplan.analysis.policy.subject import Question
from costplan.checked.records import dataclass
from costplan.messages.reason import Reason, join_reasons
from costplan.pricing.estimate import Estimate
from costplan.quantities.money import EXACT, Money, quantized, rounded


@dataclass(frozen=True, slots=True)
class _Change:
    """What the resources that a rule is about cost before and now."""

    before: Decimal
    now: Decimal
    currency: str
    lacked: int
    """Cost components without a price before: what it cost was at least that."""
    lacks: int
    """Those of now."""

    @property
    def more(self) -> Decimal:
        return EXACT.subtract(self.now, self.before)

    @property
    def share(self) -> Decimal | None:
        """The increase as a part of what it cost; None where that was nothing."""
        return quantized(Fraction(self.more) / Fraction(self.before)) if self.before else None


def max_increase(asked: Question) -> Outcome:
    """Hold what a design costs more than before against a limit, in money or in parts of what it cost."""
    limit, subject = asked.rule.max_increase, asked.subject
    assert limit is not None
    currency = limit.currency if isinstance(limit, Money) else subject.estimate.currency
    if subject.base is None:
        reason = Reason("nothing says what it cost before: name that with --base or --from")
        return _outcome("unknown", reason, limit)
    head, base = subject.bill_in(currency), subject.base.bill_in(currency)
    if head is None or base is None:
        was = subject.base.estimate.currency
        reason = Reason(
            "there is no price in {currency} of both: the design before is in {before}", currency, was
        )
        return _outcome("unknown", reason, limit)
    change = _change(asked, head, base)
    value = change.more if isinstance(limit, Money) else change.share
    return _outcome(_verdict(change, limit), _said(change, limit), limit, value, costliest(asked, head))


def _change(asked: Question, head: Estimate, base: Estimate) -> _Change:
    return _Change(
        cost_of(asked, base),
        cost_of(asked, head),
        head.currency,
        lacking_in(asked, base),
        lacking_in(asked, head),
    )


def _verdict(change: _Change, limit: Money | Fraction) -> Verdict:
    """A price that is missing now makes the increase a lower bound; one missing before, an upper one."""
    allowed = Fraction(limit.amount) if isinstance(limit, Money) else limit * Fraction(change.before)
    if Fraction(change.more) > allowed:
        return "unknown" if change.lacked else "broken"
    return "unknown" if change.lacks else "kept"


def _said(change: _Change, limit: Money | Fraction) -> str:
    words = {"before": rounded(change.before), "now": rounded(change.now), "currency": change.currency}
    if change.more < 0:
        parts: list[str] = [
            Reason("from {before} to {now} {currency}, {less} less", **words, less=rounded(-change.more))
        ]
    else:
        parts = [Reason("from {before} to {now} {currency}, {more} more", **words, more=rounded(change.more))]
    if isinstance(limit, Money):
        parts.append(Reason("at most {most} {currency} more", rounded(limit.amount), limit.currency))
    elif change.share is None:
        parts.append(Reason("at most {most}% more", percent(_most(limit))))
    else:
        share, most = percent(change.share, _most(limit)), percent(_most(limit))
        parts.append(Reason("that is {share}%, of at most {most}% more", share, most))
    if change.lacked or change.lacks:
        parts.append(
            Reason("without a price: {before} before, {now} now", before=change.lacked, now=change.lacks)
        )
    return join_reasons(parts)


def _most(limit: Money | Fraction) -> Decimal:
    return limit.amount if isinstance(limit, Money) else quantized(limit)


def _outcome(
    verdict: Verdict,
    reason: str,
    limit: Money | Fraction,
    value: Decimal | None = None,
    resources: tuple[str, ...] = (),
) -> Outcome:
    unit: Unit = "money" if isinstance(limit, Money) else "share"
    currency = limit.currency if isinstance(limit, Money) else ""
    return Outcome(verdict, reason, _most(limit), value, unit, currency, resources)
