"""Load whatever can be estimated: a scenario, a plan of Terraform, or an account of several designs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from costplan.catalog.store import Catalog
from costplan.messages.errors import Fault, InputError
from costplan.messages.reason import Reason
from costplan.scenario.document.usage_file import open_with_usage
from costplan.scenario.document.variants import split_reference
from costplan.scenario.load import ACCOUNT, apply_changes, is_account
from costplan.scenario.loaded import LoadedScenario
from costplan.source.reader import Mapping, locate

if TYPE_CHECKING:
    from costplan.scenario.account.loaded import LoadedAccount

HINT = Reason(
    "say it of one design in the account: `scenario: ./shop.yaml:lean`, `requests`, `workload`, `set`"
)


def load_design(
    reference: str,
    open_catalog: Callable[[str], Catalog],
    *,
    variants: Sequence[str] = (),
    sets: Sequence[str] = (),
    requests: str | None = None,
    quotas: Sequence[Path] = (),
    workload: Path | None = None,
) -> LoadedScenario | LoadedAccount:
    """Load a scenario as `load_scenario` does, or an account with all of its designs.

    Raises:
        InputError: With every fault that was found.
    """
    name, named_variants = split_reference(reference)
    document, whole = open_with_usage(name, workload, requests)
    chosen = (*named_variants, *variants)
    if not is_account(whole):
        return apply_changes(whole, open_catalog, chosen, sets=sets, requests=requests, quotas=quotas)
    refuse_changes(whole, chosen, requests, workload)
    from costplan.scenario.account.load import load_account  # most designs are no account

    return load_account(whole, open_catalog, path=document.path, sets=sets, quotas=quotas)


def refuse_changes(
    document: Mapping, chosen: Sequence[str], requests: str | None, workload: Path | None
) -> None:
    """Refuse what changes one design: an account has several.

    Raises:
        InputError: With the option.
    """
    given = {
        "--variant": bool(chosen),
        "--requests": requests is not None,
        "--workload": workload is not None,
    }
    for option, is_given in given.items():
        if is_given:
            message = Reason("is an account of several designs, and {option} is for one", option=option)
            raise InputError(Fault(message, *locate(document, [ACCOUNT]), HINT))
