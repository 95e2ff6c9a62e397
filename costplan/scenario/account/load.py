"""Load an account: its own file, its contract prices, and each design with its own workload."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path

from costplan.catalog.overlay import check_overlays
from costplan.catalog.store import Catalog
from costplan.messages.errors import Fault, InputError, did_you_mean
from costplan.messages.reason import Reason
from costplan.messages.text import listed
from costplan.scenario.account.agreement import agreed, disagreements
from costplan.scenario.account.design import folder_of, load_designs
from costplan.scenario.account.loaded import LoadedAccount
from costplan.scenario.account.model import Account
from costplan.scenario.document.files import project_root, safe_path, shown_path
from costplan.scenario.document.overrides import with_overrides
from costplan.scenario.document.value_origins import ValueOrigins, plain_data
from costplan.scenario.load import difference_of, in_file_order, opened_catalog, set_override
from costplan.scenario.quota_export import with_quota_files
from costplan.scenario.quotas import stated_quotas
from costplan.source.fields import validate
from costplan.source.reader import Mapping as MappingNode
from costplan.source.reader import locate


def load_account(
    document: MappingNode,
    open_catalog: Callable[[str], Catalog],
    *,
    path: Path | None,
    sets: Sequence[str] = (),
    quotas: Sequence[Path] = (),
) -> LoadedAccount:
    """Check an account's document and load all that it names.

    Args:
        document: With all that it extends.
        open_catalog: Opens the catalog that it names.
        path: Its file; None for standard input.
        sets: Overrides as `path=value`, of the account's own keys.
        quotas: Exports of the account's quotas.

    Raises:
        InputError: With every fault that was found.
    """
    overrides = [set_override(text) for text in sets]
    changed = with_overrides(document, overrides) if overrides else document
    changed = with_quota_files(changed, quotas)
    root = project_root(path)
    model, base, own_quotas = _checked(changed, open_catalog, root)
    catalog = _with_prices(model, changed, base, root)
    _check_services(model, changed, catalog)

    def open_for_design(name: str) -> Catalog:
        opened = open_catalog(name)
        return catalog if opened.folders == base.folders else opened

    designs = load_designs(model, changed, open_for_design, root)
    faults = list(disagreements(model, designs, changed, catalog, own_quotas))
    if faults:
        raise InputError(in_file_order(faults))
    quotas_of_all = {key: value for one in designs.values() for key, value in one.quotas.items()}
    return LoadedAccount(
        model,
        agreed(model, designs, quotas_of_all | {**own_quotas}),
        catalog,
        changed,
        quotas_of_all | {**own_quotas},
        tuple(difference_of(one) for one in overrides),
    )


def _checked(
    document: MappingNode, open_catalog: Callable[[str], Catalog], root: Path
) -> tuple[Account, Catalog, Mapping[str, Fraction]]:
    """Read the account's own keys.

    Raises:
        InputError: With every fault of them.
    """
    faults: list[Fault] = []
    plain = plain_data(document, ValueOrigins(faults=faults))
    catalog = opened_catalog(document, open_catalog, faults)
    context = {"currencies": tuple(catalog.currencies)}
    model = validate(Account, plain, document, context=context, faults=faults)
    given = plain.get("quotas") if isinstance(plain, dict) else None
    quotas = stated_quotas(given, document, catalog, faults)
    if model is not None:
        faults += _part_faults(model, document)
    if faults:
        raise InputError(in_file_order(faults))
    assert model is not None
    return model, catalog, quotas


def _with_prices(model: Account, document: MappingNode, catalog: Catalog, root: Path) -> Catalog:
    """Lay the contract prices over the catalog, below what the command line lays over it."""
    named = (model.prices,) if isinstance(model.prices, str) else model.prices or ()
    if not named:
        return catalog
    folders = []
    for position, text in enumerate(named):
        at: list[str | int] = ["prices"] if isinstance(model.prices, str) else ["prices", position]
        mark, shown = locate(document, at)
        folders.append(safe_path(text, folder_of(mark), root, mark, at=shown, is_folder=True))
    base, *layers = catalog.folders
    opened = Catalog([base, *map(Path, map(shown_path, folders)), *layers])
    check_overlays(opened)
    return opened


def _check_services(model: Account, document: MappingNode, catalog: Catalog) -> None:
    """Refuse a discount on a service that the catalog does not have.

    Raises:
        InputError: With every such service.
    """
    faults = []
    for service in model.discount.services if model.discount is not None else ():
        if service not in catalog.service_names:
            mark, path = locate(document, ["discount", "services", service], at_key=True)
            hint = did_you_mean(service, catalog.service_names) or Reason(
                "services: {names}", names=listed(catalog.service_names, 40)
            )
            faults.append(Fault(Reason("the catalog has no service `{service}`", service), mark, path, hint))
    if faults:
        raise InputError(faults)


def _part_faults(model: Account, document: MappingNode) -> Iterator[Fault]:
    """Parts of the budget name designs, each one once."""
    budgeted: set[str] = set()
    for number, part in enumerate(model.budget.parts if model.budget else ()):
        for position, name in enumerate(part.resources):
            mark, path = locate(document, ["budget", "parts", number, "resources", position])
            if name not in model.designs:
                hint = did_you_mean(name, model.designs) or "parts of an account's budget name its designs"
                yield Fault(Reason("there is no design `{name}`", name), mark, path, hint)
            elif name in budgeted:
                yield Fault(Reason("`{other}` is in another part of the budget already", name), mark, path)
            budgeted.add(name)
