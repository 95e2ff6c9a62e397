"""Whether a design works, in words: what is broken, what is not known, and what goes with it besides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from costplan.language.translator import Translator
from costplan.messages.spans import Span, Text
from costplan.pricing.estimate import Estimate
from costplan.pricing.feasibility import SERVICE, Caveat, Violation


def caveats_of(estimate: Estimate) -> tuple[Caveat, ...]:
    """Return what a verdict on a design must not leave out: what is not known first."""
    return (*estimate.unknowns, *estimate.caveats)


DETAILS = frozenset({"not-billed", "published-bounds", "published-network"})


def reservations(caveats: Iterable[Caveat]) -> list[Caveat]:
    """Return the caveats about how a design serves; what its bill leaves out has a note of its own, and what
    bounds a published figure, and by how much, is a detail of it."""
    return [found for found in caveats if found.what not in DETAILS]


def is_served_always(estimate: Estimate) -> bool:
    """Say whether nothing is known by which answers fail at times."""
    return not any(found.what in SERVICE for found in estimate.caveats)


def caveats_text(caveats: Iterable[Caveat | Violation], words: Translator) -> str:
    """Say caveats in a row, each once."""
    return "; ".join(dict.fromkeys(_one(found, words) for found in caveats))


def _quotas_text(raises: Sequence[Violation], words: Translator) -> str:
    """Say which quotas must be raised, from what to what."""
    message = "{quota} from {available} to {needed}"
    said = (words(message, **dict(found.reason.values)) for found in raises)
    return ", ".join(
        f"{found.resource}: {text}" if found.resource else text
        for found, text in zip(raises, said, strict=True)
    )


def _one(found: Caveat | Violation, words: Translator) -> str:
    why = words.reason(found.reason)
    return f"{found.resource}: {why}" if found.resource else why


def new_caveats(estimate: Estimate, base: Estimate) -> tuple[Caveat, ...]:
    """Return the caveats of a design that another does not have."""
    had = {(found.resource, found.what, str(found.reason)) for found in caveats_of(base)}
    return tuple(
        found for found in caveats_of(estimate) if (found.resource, found.what, str(found.reason)) not in had
    )


def reservation(caveats: Sequence[Caveat], words: Translator) -> str:
    """Say what is other about a design than about the one that it stands for."""
    message = (
        "It is another level of service: {why}."
        if any(found.what in SERVICE for found in caveats)
        else "With a reservation: {why}."
    )
    return words(message, why=caveats_text(caveats, words))


def works_span(estimate: Estimate, words: Translator) -> Span:
    """Say in a few words whether a design works at its load."""
    if estimate.verdict == "broken":
        return Span(words("does not work at this load"), "bad")
    if estimate.verdict == "unknown":
        return Span(words("not known whether it works"), "warn")
    if not is_served_always(estimate):
        return Span(words("keeps its SLO only while its machines run"), "warn")
    if reservations(estimate.caveats):
        return Span(words("keeps its SLO at this load, with a reservation"), "warn")
    return Span(words("keeps its SLO at this load"), "good")


def _reservation_sentences(stages: Sequence[tuple[str, Estimate]], words: Translator) -> Iterator[Text]:
    """Say each reservation once, with all the designs that have it."""
    having: dict[str, list[str]] = {}
    for name, estimate in stages:
        if caveats := reservations(estimate.caveats):
            having.setdefault(caveats_text(caveats, words), []).append(name)
    for why, names in having.items():
        yield words.spans(
            "Every verdict on {stage} has this reservation: {why}.",
            stage=Span(words.listed(names), "strong"),
            why=Span(why, "warn"),
        )


def caveat_sentences(stages: Sequence[tuple[str, Estimate]], words: Translator) -> Iterator[Text]:
    """Say of each design what its verdict rests on."""
    yield from _reservation_sentences(stages, words)
    for name, estimate in stages:
        if estimate.unmet:
            yield words.spans(
                "{stage} does not work at its own load: {why}.",
                stage=Span(name, "strong"),
                why=Span(caveats_text(estimate.unmet, words), "bad"),
            )
        if estimate.unknowns:
            yield words.spans(
                "Whether {stage} works is not known: {why}.",
                stage=Span(name, "strong"),
                why=Span(caveats_text(estimate.unknowns, words), "warn"),
            )
        if estimate.quota_raises:
            yield words.spans(
                "Before {stage} can run, raise quotas: {quotas}.",
                stage=Span(name, "strong"),
                quotas=Span(_quotas_text(estimate.quota_raises, words), "warn"),
            )
