"""Read a catalog from its folder, service by service, and layer a user's own prices over it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol, TypeVar

from costplan.catalog.bounds import Bounds, Limit, Quota, ServiceLimits, ServiceQuotas
from costplan.catalog.bounds_files import bounds_files, read_bounds
from costplan.catalog.model import (
    CatalogIndex,
    CurrencyRules,
    KnownMissing,
    Rule,
    Service,
    Sku,
)
from costplan.catalog.price import Currency, Price, price_on, vat_rate_on
from costplan.datafiles import data_folder
from costplan.messages.errors import CatalogError, Fault, InputError, did_you_mean
from costplan.messages.reason import Reason
from costplan.messages.text import listed
from costplan.source.fields import validate
from costplan.source.guard import read_file
from costplan.source.parse_cache import Document, read_document
from costplan.source.reader import CATALOG_LIMIT_BYTES, locate

INDEX_FILE = "catalog.yaml"
DEFAULT_FILE = "default.txt"
"""Names, in the folder of the shipped catalogs, the one that scenarios take which name none."""


class _Named(Protocol):
    @property
    def name(self) -> str: ...


Item = TypeVar("Item", bound=_Named)
B = TypeVar("B", bound=Bounds)


def default_catalog() -> str:
    """Return the name of the catalog that holds where nobody names one."""
    return (data_folder("catalogs") / DEFAULT_FILE).read_text(encoding="utf-8").strip()


class Catalog:
    """Dated prices and valid configurations; services are read when first asked for.

    Args:
        folders: Layers, the lowest first. A later layer's SKU, platform, disk type, preset, rule, quota or
            limit replaces the earlier one of the same code or name; its `catalog.yaml` is optional.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self.folders = tuple(folders)
        self._services: dict[str, Service] = {}
        self._layers: dict[tuple[Path, str], tuple[Service, Document]] = {}
        self._skus: dict[str, dict[str, Sku]] = {}
        self._bounds: dict[tuple[type[Bounds], str], Any] = {}
        self.index = self._read_index()
        self.currencies: dict[str, CurrencyRules] = {rules.currency: rules for rules in self.index.currencies}

    @classmethod
    def shipped(cls, name: str | None = None, *overlays: Path) -> Catalog:
        """Open a catalog that comes with costplan, with layers of the user's own over it."""
        return cls([data_folder("catalogs") / (name or default_catalog()), *overlays])

    def _read_index(self) -> CatalogIndex:
        found = [folder / INDEX_FILE for folder in self.folders if (folder / INDEX_FILE).is_file()]
        if not found:
            raise CatalogError(
                Reason("no catalog in `{folders}`: it has no {index_file}", self.folders[0], INDEX_FILE),
                hint="name a folder with one, or layer prices over the shipped catalog with --overlay",
            )
        document = read_document(found[-1])
        index = validate(CatalogIndex, document.plain, lambda: document.node)
        assert index is not None
        return index

    @property
    def default_currency(self) -> Currency:
        """The currency that is named first."""
        return self.index.currencies[0].currency

    @cached_property
    def sha256(self) -> str:
        """Hash of every file's name and bytes, in order: two catalogs with the same hash price alike."""
        digest = hashlib.sha256()
        for folder in self.folders:
            for path in (*sorted(folder.glob("*.yaml")), *bounds_files(folder)):
                content = read_file(path, str(path), CATALOG_LIMIT_BYTES)
                name = path.relative_to(folder).as_posix()
                digest.update(f"{name}\0{len(content)}\0".encode())
                digest.update(content)
        return digest.hexdigest()

    @cached_property
    def newest(self) -> date:
        """The day of the newest prices that are known: the catalog's own, or of a layer over it."""
        laid_over = [
            self.layer(folder, path.stem)[0]
            for folder in self.folders[1:]
            for path in sorted(folder.glob("*.yaml"))
            if path.name != INDEX_FILE
        ]
        days = [
            max(version.checked, version.effective_from)
            for service in laid_over
            for sku in service.skus
            for version in sku.prices
        ]
        return max([self.index.as_of, *days])

    @cached_property
    def service_names(self) -> tuple[str, ...]:
        """Names of all services, sorted; each is a file."""
        names = {path.stem for folder in self.folders for path in folder.glob("*.yaml")}
        return tuple(sorted(names - {Path(INDEX_FILE).stem}))

    def service(self, name: str) -> Service:
        """Return one service's prices and rules.

        Raises:
            CatalogError: No layer has it.
        """
        if name not in self._services:
            self._services[name] = self._read_service(name)
            skus = self._services[name].skus
            former = {code: sku for sku in skus for code in sku.former_codes}
            self._skus[name] = former | {sku.code: sku for sku in skus}
        return self._services[name]

    def offer(self, name: str) -> Service:
        """Return what the catalog sells of a service; nothing where it does not have it."""
        if name in self.service_names:
            return self.service(name)
        return Service.model_construct(service=name, title=name)

    def layer(self, folder: Path, name: str) -> tuple[Service, Document]:
        """Return what one layer's file says of a service, with the document.

        Raises:
            CatalogError: It cannot be read, or is not right.
        """
        key = (folder, name)
        if key not in self._layers:
            document = read_document(folder / f"{name}.yaml")
            self._layers[key] = _checked_service(document, name, tuple(self.currencies)), document
        return self._layers[key]

    def below(self, layers: int) -> Catalog:
        """Return the catalog of the lowest so many layers."""
        lower = Catalog(self.folders[:layers])
        lower._layers = self._layers
        return lower

    def _read_service(self, name: str) -> Service:
        layers = [
            self.layer(folder, name)[0] for folder in self.folders if (folder / f"{name}.yaml").is_file()
        ]
        if not layers:
            raise CatalogError(
                Reason("the catalog `{catalog}` has no service `{service}`", self.index.catalog, name),
                hint=did_you_mean(name, self.service_names)
                or Reason("known are {names}", listed(self.service_names)),
            )
        merged = layers[0]
        for layer in layers[1:]:
            merged = _layered(merged, layer)
        return merged

    @cached_property
    def bounded_services(self) -> tuple[str, ...]:
        """Names of the services with quotas or limits, sorted."""
        return tuple(sorted({path.stem for folder in self.folders for path in bounds_files(folder)}))

    def bounds(self, model: type[B], service: str) -> B | None:
        """Return a service's quotas or limits with their sources; None where nothing is known of it."""
        key = (model, service)
        if key not in self._bounds:
            self._bounds[key] = read_bounds(self.folders, model, service)
        found: B | None = self._bounds[key]
        return found

    def quotas(self, service: str) -> tuple[Quota, ...]:
        """Return a service's quotas."""
        found = self.bounds(ServiceQuotas, service)
        return found.quotas if found is not None else ()

    def limits(self, service: str) -> tuple[Limit, ...]:
        """Return a service's limits."""
        found = self.bounds(ServiceLimits, service)
        return found.limits if found is not None else ()

    def limit(self, service: str, code: str) -> Limit | None:
        """Return one limit; None where the catalog does not know it."""
        return next((row for row in self.limits(service) if row.code == code), None)

    def sku(self, service: str, code: str) -> Sku | None:
        """Return a SKU by its code or a former one, or None when the service has none of that code."""
        self.offer(service)
        return self._skus.get(service, {}).get(code)

    def known_missing(self, service: str, code: str) -> KnownMissing | None:
        """Return the entry that says a price is known not to be there."""
        entries = self.offer(service).known_missing
        return next((entry for entry in entries if code in (entry.code, *entry.former_codes)), None)

    def metered_sku(self, service: str, meter: str) -> str:
        """Return the SKU that a meter is billed by; `SERVICE.METER` where the catalog does not say."""
        return self.offer(service).meters.get(meter, f"{service}.{meter}")

    def current_code(self, service: str, code: str) -> str:
        """Return the code that a SKU has now, where a former one is given."""
        return self.codes_of(service, code)[0]

    def codes_of(self, service: str, code: str) -> tuple[str, ...]:
        """Return every code by which a SKU is known, the one that it has now first."""
        found = self.sku(service, code) or self.known_missing(service, code)
        return (found.code, *found.former_codes) if found else (code,)

    def price(self, service: str, code: str, currency: Currency, day: date) -> Price | str:
        """Return the price that holds on a day, or the sentence that says why there is none."""
        sku = self.sku(service, code)
        if sku is not None:
            return price_on(sku, currency, day, self.currencies)
        missing = self.known_missing(service, code)
        if missing is not None:
            return missing.reason
        return self._absence(service, code)

    def _absence(self, service: str, code: str) -> str:
        """Say that something is not in the catalog."""
        name = self.index.catalog
        if service not in self.service_names:
            return Reason("catalog `{catalog}` has no service `{service}`", name, service)
        meter = code.removeprefix(f"{service}.")
        if meter != code and meter not in self.service(service).meters:
            return Reason(
                "catalog `{catalog}` has no meter `{meter}` of service `{service}`", name, meter, service
            )
        return Reason("SKU `{code}` is not in catalog `{catalog}`", code, name)

    def name_of(self, service: str, code: str) -> str:
        """Return a SKU's name, also of one that is known to be missing; empty for an unknown one."""
        found = self.sku(service, code) or self.known_missing(service, code)
        return found.name if found else ""

    def vat_rate(self, currency: Currency, day: date) -> Any:
        """Return the VAT rate that is inside prices of a currency on a day, or None."""
        return vat_rate_on(self.currencies[currency], day)

    def rule(self, service: str, name: str) -> Rule | None:
        """Return a billing rule; None where the provider has no such rule, or the catalog not the service."""
        return next((rule for rule in self.offer(service).rules if rule.name == name), None)

    def rule_value(self, service: str, name: str, otherwise: int = 0) -> Decimal:
        """Return the number of a billing rule.

        Args:
            service: Name of the service.
            name: Name of the rule.
            otherwise: What holds where there is no such rule.
        """
        rule = self.rule(service, name)
        return rule.value if rule is not None else Decimal(otherwise)


def _checked_service(document: Document, name: str, currencies: tuple[str, ...]) -> Service:
    try:
        service = validate(Service, document.plain, lambda: document.node, context={"currencies": currencies})
    except InputError as error:
        raise CatalogError(error.faults) from None
    assert service is not None
    faults = list(rate_faults(service, document))
    if service.service != name:
        mark = document.node.entries["service"].mark
        faults.append(Fault(Reason("must be `{name}`, the name of its file", name), mark, "service"))
    if faults:
        raise CatalogError(faults)
    return service


def rate_faults(service: Service, document: Document) -> list[Fault]:
    """Find rates and versions out of order: pricing relies on both, so a catalog is refused when they are."""
    faults = []
    for position, sku in enumerate(service.skus):
        starts = [version.effective_from for version in sku.prices]
        if starts != sorted(set(starts)):
            mark, path = locate(document.node, ["skus", position, "prices"])
            faults.append(Fault("versions must ascend by `effective_from`, each date once", mark, path))
        for number, version in enumerate(sku.prices):
            for currency, rates in version.rates.items():
                quantities = [rate.start_quantity for rate in rates]
                if quantities[0] != 0 or any(b <= a for a, b in pairwise(quantities)):
                    place: list[str | int] = ["skus", position, "prices", number, "rates", currency]
                    mark, path = locate(document.node, place)
                    shown = ", ".join(f"{quantity:f}" for quantity in quantities)
                    faults.append(Fault(Reason("starts must ascend from 0, got {values}", shown), mark, path))
    return faults


def configured_skus(service: Service) -> set[str]:
    """Return the SKUs that a service's platforms and disk types name."""
    codes = {found.sku for found in service.disk_types}
    codes |= {found.filesystem_sku for found in service.disk_types if found.filesystem_sku}
    for platform in service.platforms:
        for fraction in platform.fractions:
            for skus in (fraction.on_demand, fraction.preemptible):
                if skus is not None:
                    codes |= {code for code in (skus.cpu, skus.ram, skus.gpu) if code}
    return codes


def _layered(lower: Service, upper: Service) -> Service:
    return lower.model_copy(
        update={
            "title": upper.title,
            "closing": upper.closing or lower.closing,
            "defaults": lower.defaults | upper.defaults,
            "meters": lower.meters | upper.meters,
            "skus": _by_code(lower.skus, upper.skus),
            "known_missing": tuple(
                {e.code: e for e in (*lower.known_missing, *upper.known_missing)}.values()
            ),
            "commitments": tuple({c.covers: c for c in (*lower.commitments, *upper.commitments)}.values()),
            "platforms": _by_name(lower.platforms, upper.platforms),
            "disk_types": _by_name(lower.disk_types, upper.disk_types),
            "presets": _by_name(lower.presets, upper.presets),
            "rules": _by_name(lower.rules, upper.rules),
        }
    )


def _by_code(lower: tuple[Sku, ...], upper: tuple[Sku, ...]) -> tuple[Sku, ...]:
    """Let upper SKUs replace those of their code; a former code means the one that had it.

    What a layer's SKU does not say of the provider's ids stays: it is the same SKU at another price.
    """
    renamed = {code: sku for sku in lower for code in sku.former_codes}
    merged = {sku.code: sku for sku in lower}
    for sku in upper:
        now = renamed.get(sku.code)
        below = now or merged.get(sku.code)
        if below is not None and sku.id is None and not sku.billing_ids:
            sku = sku.model_copy(update={"id": below.id, "billing_ids": below.billing_ids})
        if now is None:
            merged[sku.code] = sku
        else:
            merged[now.code] = sku.model_copy(update={"code": now.code, "former_codes": now.former_codes})
    return tuple(merged.values())


def _by_name(lower: tuple[Item, ...], upper: tuple[Item, ...]) -> tuple[Item, ...]:
    replaced = {item.name for item in upper}
    return (*(item for item in lower if item.name not in replaced), *upper)
