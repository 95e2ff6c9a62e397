"""Designs that are held against policies, as they are named on a command line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from costplan.analysis.policy.subject import Subject
from costplan.inputs.bundles import Changes, Layers, Prices
from costplan.inputs.repository import in_repository
from costplan.inputs.scenarios import loaded_designs, price_design
from costplan.inputs.values import currency_of, day_of
from costplan.messages.errors import InputError
from costplan.messages.reason import Reason
from costplan.messages.text import listed, visible
from costplan.scenario.account.loaded import LoadedAccount
from costplan.scenario.loaded import LoadedScenario


class Before(NamedTuple):
    """What designs are compared with, for rules about an increase."""

    bases: Sequence[str] = ()
    """Designs, or saved estimates, that go by their names; one alone with the one design that there is."""
    revision: str | None = None
    """Of git, at which each design was as it is before."""
    in_plans: bool = False
    """Whether a plan of Terraform that nothing else is named for is held against what is there before it."""


class Reading(NamedTuple):
    """How designs are read and priced."""

    prices: Prices = Prices()
    layers: Layers = Layers()
    changes: Changes = Changes()

    @property
    def at_load(self) -> Changes:
        """Changes of the load only: what is compared with is read so."""
        return Changes(requests=self.changes.requests, workload=self.changes.workload)


@contextmanager
def subjects_of(
    references: Sequence[str], how: Reading, before: Before, variants: Sequence[str] | None = None
) -> Iterator[list[Subject]]:
    """Load and price designs, each beside the one that it replaces where that is known.

    Files of the past are there until the end only.

    Args:
        references: Designs; one that is named twice is one.
        how: How they are read and priced.
        before: What they are compared with.
        variants: Of the designs.

    Raises:
        InputError: One of them is wrong, or a base goes with none of them.
    """
    names = list(dict.fromkeys(references))
    found = _priced(names, how, how.changes, variants)
    with ExitStack() as stack:
        if before.revision is not None:
            bases = [stack.enter_context(_at_revision(name, before.revision, how)) for name in names]
            yield [replace(one, base=base) for one, base in zip(found, bases, strict=True)]
        elif before.bases:
            yield _paired(found, _bases(before.bases, how))
        elif before.in_plans:
            yield [replace(one, base=_planned(name, how)) for one, name in zip(found, names, strict=True)]
        else:
            yield found


def _priced(
    references: Sequence[str], how: Reading, changes: Changes, variants: Sequence[str] | None = None
) -> list[Subject]:
    loaded = loaded_designs(references, how.layers, changes, variants)
    return [_subject(one, how) for one in loaded]


def _subject(
    design: LoadedScenario | LoadedAccount, how: Reading, shown_path: Callable[[str], str] = in_repository
) -> Subject:
    currency, day = currency_of(how.prices.currency, design.catalog), day_of(how.prices.as_of)
    return Subject(price_design(design, currency=currency, as_of=day), design, shown_path=shown_path)


def _bases(references: Sequence[str], how: Reading) -> list[Subject]:
    """Read the designs before; a saved estimate is one."""
    from costplan.inputs.diff.saved import is_saved, load_saved

    saved = [one for one in dict.fromkeys(references) if is_saved(one)]
    others = [one for one in dict.fromkeys(references) if one not in saved]
    found = [Subject(load_saved(Path(one), visible(one)), file=in_repository(one)) for one in saved]
    return [*found, *(_priced(others, how, how.at_load) if others else ())]


@contextmanager
def _at_revision(reference: str, revision: str, how: Reading) -> Iterator[Subject | None]:
    """Read a design at a revision of git; None where it is new since."""
    from costplan.inputs.diff.revision import sides_of_revision
    from costplan.inputs.revision.past import AbsentError

    with ExitStack() as stack:
        try:
            found = stack.enter_context(sides_of_revision(revision, reference, how.layers, how.at_load))
        except AbsentError:
            yield None
            return
        yield _of_side(found.sides[0].found, how)


def _planned(reference: str, how: Reading) -> Subject | None:
    """Read what is there before a plan of Terraform; None of anything else."""
    from costplan.inputs.diff.planned import sides_of_plan
    from costplan.scenario.planned_change import names_plan

    if reference == "-" or not names_plan(reference):
        return None
    try:
        sides, _ = sides_of_plan(reference, how.layers, how.at_load)
    except InputError:
        return None  # a state, or a plan that does not say: its own reading has said what is wrong with it
    return _of_side(sides[0].found, how)


def _of_side(found: object, how: Reading) -> Subject | None:
    return _subject(found, how) if isinstance(found, (LoadedScenario, LoadedAccount)) else None


def _paired(subjects: list[Subject], bases: list[Subject]) -> list[Subject]:
    """Give each design the one before it: that of its name."""
    if len(subjects) == len(bases) == 1:
        return [replace(subjects[0], base=bases[0])]
    by_name: dict[str, Subject] = {}
    for base in bases:
        name = base.names[0]
        if name in by_name:
            raise InputError(Reason("--base: two are called `{name}`", name))
        by_name[name] = base
    names = [one.names[0] for one in subjects]
    lost = [name for name in by_name if name not in names]
    if lost:
        raise InputError(
            Reason("--base: `{name}` is none of the scenarios: {names}", lost[0], listed(names)),
            hint="a scenario goes with the base of its own name",
        )
    return [replace(one, base=by_name.get(one.names[0])) for one in subjects]
