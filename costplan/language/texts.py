"""Texts in a language, without numbers: all that help needs."""

from __future__ import annotations

from costplan.language.catalog import messages_in


class Texts:
    """Messages of one language; `Translator` writes numbers, too.

    Args:
        language: One of `LANGUAGES`.
    """

    def __init__(self, language: str = "en") -> None:
        self.language = language
        self._texts = messages_in(language)

    def __call__(self, message: str, **values: object) -> str:
        """Translate a message and fill its fields: `words("{cost} a month", cost=...)`."""
        found = self._text(message)
        return found.format(**values) if values else found

    def reason(self, said: str) -> str:
        """Say a text that is a message where it is one of ours; what somebody else wrote stays as it is."""
        return self._text(said) if said else said

    def _text(self, message: str) -> str:
        return self._texts.get(message, (message,))[0] or message
