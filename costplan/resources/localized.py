"""Texts for people, in the languages that a page may be written in."""

from __future__ import annotations

from typing import Annotated

from costplan.checked.markers import BeforeValidator, WithJsonSchema
from costplan.source.fields import checked_text


def _localized(value: object) -> dict[str, str]:
    texts = {"en": value} if isinstance(value, str) else value
    if not isinstance(texts, dict) or not texts or set(texts) - {"en", "ru"}:
        raise ValueError("must be a text, or a mapping with `en` and `ru`")
    return {language: checked_text(text) for language, text in texts.items()}


Localized = Annotated[
    dict[str, str],
    BeforeValidator(_localized),
    WithJsonSchema(
        {
            "oneOf": [
                {"type": "string"},
                {
                    "type": "object",
                    "properties": {"en": {"type": "string"}, "ru": {"type": "string"}},
                    "additionalProperties": False,
                },
            ]
        }
    ),
]
"""A text in English, or in several languages by their code."""
