"""The view of a document, imported when it is first asked for."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module

from costplan.language.translator import ENGLISH, Translator
from costplan.output.registry import document_row
from costplan.output.views.marks import without_marks
from costplan.output.views.price_notes import price_notes
from costplan.output.views.view import View
from costplan.pricing.catalog_stamp import CatalogStamp


def document_view(document: object, words: Translator = ENGLISH, *, is_brief: bool = False) -> View:
    """Return the view of a document, with what its prices rest on.

    Args:
        document: One of `DOCUMENTS`.
        words: The language.
        is_brief: Keep only the notes that say what the answer lacks: a price, a capacity; and no marks, which
            the others explain.
    """
    module, _, function = document_row(document).view.partition(":")
    view: View = getattr(import_module(f"costplan.output.views.{module}"), function)(document, words)
    stamp = getattr(document, "catalog", None)
    currency = getattr(document, "currency", "")  # one that prices nothing has none
    notes = list(price_notes(stamp, currency, words)) if isinstance(stamp, CatalogStamp) else []
    view = replace(view, notes=[*notes, *view.notes])
    return _briefly(view) if is_brief else view


def _briefly(view: View) -> View:
    details = None if view.details is None else _briefly(view.details)
    notes = [note for note in view.notes if note.tone == "bad"]
    return replace(without_marks(view), notes=notes, details=details)
