"""Texts and numbers as a language writes them.

English is the source: a message is its own key. `Translator` is called with the message itself, so that a
test can find every one of them in the code. What every command needs is written here without a library; days,
lists and the signs of rarer currencies are Babel's, imported when they are asked for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from string import Formatter
from typing import Final

from costplan.language.catalog import LANGUAGES, plural_form
from costplan.language.terms import UNITS
from costplan.language.texts import Texts
from costplan.messages.reason import Reason, Value
from costplan.messages.spans import Span, Text
from costplan.messages.text import in_language
from costplan.quantities import shown as english
from costplan.quantities.money import EXACT, plain, rounded, shortest
from costplan.quantities.pricing_units import pricing_unit
from costplan.quantities.shown import ShownNumber, whole_percents

__all__ = ["ENGLISH", "LANGUAGES", "Translator"]

_NO_BREAK: Final = "\u00a0"
_NUMBER: Final = re.compile(r"(?<![\w.,-])\d[\d,]*(?:\.\d+)?(?![\w.-])")
"""A number of an English text that is no part of a name."""
_SIGNS: Final = {
    "en": {"RUB": "RUB", "USD": "$", "KZT": "KZT"},
    "ru": {"RUB": "₽", "USD": "$", "KZT": "KZT"},
}
"""Currencies whose sign needs no library."""
_STEPS: Final = ((10**9, "B", "млрд"), (10**6, "M", "млн"), (10**3, "K", "тыс."))
"""Steps of large counts, with how English and Russian write them."""


def _two_digits(number: Decimal) -> Decimal:
    return Decimal(plain(rounded(number, 1 - number.adjusted()))) if number else number


class Translator(Texts):
    """One language.

    Args:
        language: One of `LANGUAGES`.
    """

    def many(self, one: str, other: str, count: int, **values: object) -> str:
        """Translate a message about a number of things; its field `{count}` is the number."""
        forms = self._texts.get(one, (one, other))
        found = forms[plural_form(self.language, count)] if len(forms) > 1 else one
        return found.format(count=self.number(Decimal(count)), **values)

    def reason(self, said: str) -> str:
        """Say a reason, or a text of the shipped scenarios; what somebody else wrote stays as it is."""
        if not isinstance(said, Reason):
            return self._text(said) if said else said
        values = {key: self._value(value) for key, value in said.values.items()}
        return self._text(said.message).format(**values)

    def price_name(self, name: str) -> str:
        """Say the name of a price: whole, else part by part, as names are made of parts that come again."""
        return ", ".join(map(self._text, name.split(", "))) if name else name

    def _value(self, value: Value) -> str:
        if isinstance(value, Reason):
            return self.reason(value)
        return value if isinstance(value, str) else self.number(Decimal(value))

    def spans(self, message: str, **values: str | Span) -> Text:
        """Translate a message whose fields keep their meaning: bold, code, a link."""
        found: list[Span] = []
        for literal, field, _, _ in Formatter().parse(self._text(message)):
            if literal:
                found.append(Span(literal))
            if field:
                value = values[field]
                found.append(value if isinstance(value, Span) else Span(value))
        return tuple(found)

    def title(self, texts: Mapping[str, str], otherwise: str = "") -> str:
        """Return a scenario's own text in this language, else in the one that it has."""
        return in_language(dict(texts), self.language) if texts else otherwise

    def term(self, word: str, known: Mapping[str, str]) -> str:
        """Translate a word of a closed vocabulary; one that is not in it stays as it is."""
        message = known.get(word, word)
        return self(message) if message else ""  # the empty message of a catalog is its heading

    # Numbers

    def number(self, number: Decimal, decimals: int | None = None) -> ShownNumber:
        """Write a number: with so many decimals, or exactly."""
        shown = number if decimals is None else rounded(number, decimals)
        places = max(0, -int(shown.as_tuple().exponent)) if decimals is None else decimals
        return ShownNumber(self.figure(f"{shown:,.{places}f}"), number)

    def figure(self, number: str) -> str:
        """Write a number that is written in English with the separators of the language."""
        if self.language != "ru":
            return number
        written = number.replace(",", _NO_BREAK).replace(".", ",")
        return ShownNumber(written, number.value) if isinstance(number, ShownNumber) else written

    def amount(self, amount: Decimal) -> ShownNumber:
        """Write an amount of money without its currency, for columns that name it: `57,447.60`.

        One that is not 0 but would round to it keeps two significant digits.
        """
        if amount and abs(amount) < Decimal("0.005"):
            return self.significant(amount, 2)
        return self.number(amount, 2)

    def difference(self, more: Decimal, less: Decimal) -> ShownNumber:
        """Write what one amount is above another, both as shown: what a reader gets who subtracts them."""
        return self.all_digits(english.gap(more, less))

    def money(self, amount: Decimal, currency: str) -> str:
        """Write an amount with its currency: `RUB 57,447.60`, `57 447,60 ₽`."""
        return self._with_currency(self.amount(amount), currency)

    def round_money(self, amount: Decimal, currency: str) -> str:
        """Write an amount for reading and not for calculating: without decimals from 1000 on."""
        shown = self.number(amount, 0) if abs(amount) >= 1000 else self.amount(amount)
        return self._with_currency(shown, currency)

    def _with_currency(self, shown: str, currency: str) -> str:
        sign = self.currency(currency)
        if self.language == "ru":
            return f"{shown}{_NO_BREAK}{sign}"
        minus = "-" if shown.startswith("-") else ""
        return f"{minus}{sign}{_NO_BREAK if sign.isalpha() else ''}{shown.removeprefix('-')}"

    def currency(self, code: str) -> str:
        """Return a currency's sign, or its code where the language has no sign of its own for it."""
        known = _SIGNS[self.language].get(code)
        if known is not None:
            return known
        from babel.numbers import get_currency_symbol

        return get_currency_symbol(code, locale=self.language)

    def significant(self, number: Decimal, digits: int) -> ShownNumber:
        """Write a number with so many significant digits, without exponent."""
        if not number:
            return ShownNumber("0", number)
        places = digits - 1 - number.adjusted()
        return ShownNumber(self.number(Decimal(plain(rounded(number, places)))), number)

    def quantity(self, quantity: Decimal, unit: str) -> ShownNumber:
        """Write a quantity with its unit, to six significant digits: `500,000 requests`."""
        count = pricing_unit(unit).count if unit[:1].isdigit() else 1
        word = unit.partition(" ")[2] if count > 1 else unit
        shown = self.short(quantity * count)
        return shown + f"{_NO_BREAK}{self.term(word, UNITS)}" if word else shown

    def usage(self, quantity: Decimal, unit: str) -> ShownNumber:
        """Write a quantity with its unit for a narrow column: `1 request`, `0.5 GB*month`."""
        if self.language == "en":
            return english.usage(quantity, unit)
        many = f"{unit}s"
        return self.quantity(quantity, many if many in UNITS else unit)

    def unit(self, unit: str) -> str:
        """Write the unit that a price is for: `1M requests`, `GB*month`."""
        count, blank, word = unit.partition(" ") if unit[:1].isdigit() else ("", "", unit)
        return f"{count}{blank}{self.term(word, UNITS)}"

    def plain_unit(self, unit: str) -> str:
        """Write a unit for any screen: `1M requests`, `GB*month`."""
        return unit if self.language == "en" else self.unit(unit)

    def exact(self, number: Decimal) -> str:
        """Write a number with all its digits and nothing between them, as it may be typed in again."""
        return self.figure(plain(number))

    def short(self, number: Decimal) -> ShownNumber:
        """Write a number exactly where that is short, else to six significant digits."""
        exact = Decimal(plain(number))
        if len(exact.as_tuple().digits) <= 7:
            return self.number(exact)
        shown = self.number(exact, 0) if abs(exact) >= 100_000 else self.significant(exact, 6)
        return ShownNumber(shown, number)

    def requests(self, count: Decimal, decimals: int = 2) -> ShownNumber:
        """Write a number of requests in few letters: `5M`, `5 млн`."""
        if count < 1000:
            return self.short(count)
        step, english, russian = next(one for one in _STEPS if rounded(count / one[0], decimals + 3) >= 1)
        found = rounded(count / step, decimals)
        shown = self.number(Decimal(plain(found)))
        step_word = f"{_NO_BREAK}{russian}" if self.language == "ru" else english
        return ShownNumber(shown + step_word, count)

    def about(self, count: Decimal) -> str:
        """Write a number of requests that rests on assumptions, with two significant digits: `76M`."""
        return self.requests(_two_digits(count))

    def rough_money(self, amount: Decimal, currency: str) -> str:
        """Write an amount that rests on assumptions, with two significant digits: `RUB 240,000` or `$1.3`."""
        rough = _two_digits(amount)
        return self._with_currency(self.number(rough) if rough else self.amount(rough), currency)

    def share(self, part: Decimal, whole: Decimal) -> str:
        """Write a share in percent, without decimals: `42%`, `<1%`."""
        if not whole:
            return "–"
        share = part / whole
        if 0 < share < Decimal("0.005"):
            return ShownNumber(f"<{self.percent(Decimal('0.01'))}", share)
        return ShownNumber(self.percent(share), share)

    def shares(self, parts: Sequence[Decimal], whole: Decimal) -> list[str]:
        """Write the shares of parts so that they add up: `43%`, `<1%`, `-` of nothing."""
        if not whole:
            return ["-" for _ in parts]
        least = f"<{self.percent(Decimal('0.01'))}"
        found = zip(parts, whole_percents(parts, whole), strict=True)
        return [
            ShownNumber(least if part and not n else self.percent(Decimal(n) / 100), part / whole)
            for part, n in found
        ]

    def all_digits(self, amount: Decimal) -> ShownNumber:
        """Write an amount that is made of shown ones: with all its digits, so that it adds up."""
        return self.number(amount, max(2, len(plain(amount).partition(".")[2])))

    def percent(self, share: Decimal) -> str:
        """Write a share in whole percent."""
        return self._with_percent(rounded(share, 2))

    def _with_percent(self, share: Decimal) -> ShownNumber:
        shown = self.number(Decimal(plain(EXACT.multiply(share, Decimal(100)))))
        text = f"{shown}{_NO_BREAK}%" if self.language == "ru" else f"{shown}%"
        return ShownNumber(text, share)

    def percents_of(self, percent: Decimal) -> str:
        """Write a number of percents with one decimal: `87.3%`."""
        blank = _NO_BREAK if self.language == "ru" else ""
        return ShownNumber(f"{self.figure(f'{percent:.1f}')}{blank}%", percent / 100)

    def about_percent(self, share: Decimal) -> str:
        """Write a share in percent with one significant digit: `0.3%`."""
        percent = EXACT.multiply(share, Decimal(100))
        return self._with_percent(Decimal(english.significant(percent, 1)) / 100)

    def chance(self, share: Decimal) -> str:
        """Write a probability: `87%`; what is neither impossible nor certain is not rounded to it: `>99%`."""
        if Decimal("0.995") <= share < 1:
            return f">{self.percent(Decimal('0.99'))}"
        return self.share(share, Decimal(1)) if share else self.percent(Decimal(0))

    def times(self, ratio: Decimal) -> str:
        """Write how many times as much, on any screen: `2.4x`."""
        return self.figure(english.ratio(ratio))

    def ratio(self, ratio: Decimal) -> str:
        """Write how many times as much: `2.4×`."""
        return self.number(ratio, 2 if ratio < 10 else 1 if ratio < 100 else 0) + "×"

    def day(self, day: date) -> str:
        """Write a day: `October 6, 2026`, `6 октября 2026 г.`."""
        from babel.dates import format_date

        return format_date(day, "long", locale=self.language)

    def month(self, day: date) -> str:
        """Write a month: `October 2026`, `октябрь 2026`."""
        from babel.dates import format_date

        return format_date(day, "LLLL y", locale=self.language)

    def short_month(self, day: date) -> str:
        """Write a month in few letters: `Oct 2026`, `окт. 2026`."""
        from babel.dates import format_date

        return format_date(day, "LLL y", locale=self.language)

    def growth(self, share: Decimal) -> str:
        """Write a rate of growth in percent: `15%`, `2.5%`."""
        return self._with_percent(rounded(share, 3))

    def exact_percent(self, share: Decimal) -> str:
        """Write a share in percent with all of its digits: `99.95%`."""
        return self._with_percent(share)

    def seconds(self, seconds: Decimal) -> str:
        """Write a time in the unit that people use for it: `100 ms`, `2 s`."""
        words = self
        if seconds >= 1:
            return words("{time} s", time=self.short(seconds))
        return words("{time} ms", time=self.short(seconds * 1000))

    def rate(self, rate: float) -> str:
        """Write requests per second with at least four significant digits: `33,940`, `708.3`."""
        exact = shortest(rate)
        return self.number(exact, 0) if rate >= 1000 else self.significant(exact, 4)

    def milliseconds(self, milliseconds: float) -> str:
        """Write a measured time: `0.42 ms`, `1.25 s`."""
        exact = shortest(milliseconds)
        if milliseconds >= 1000:
            return self("{time} s", time=self.number(exact / 1000, 2))
        return self("{time} ms", time=self.significant(exact, 3))

    def digits(self, text: str) -> str:
        """Write the numbers of an English text as the language writes them: `12,345.6` as `12 345,6`."""

        def written(found: re.Match[str]) -> str:
            whole, _, fraction = found[0].replace(",", "").partition(".")
            return self.number(Decimal(f"{whole}.{fraction}" if fraction else whole))

        return _NUMBER.sub(written, text)

    def listed(self, items: list[str]) -> str:
        """Join items: `a, b and c`."""
        from babel.lists import format_list

        return format_list(items, locale=self.language) if items else ""


ENGLISH: Final = Translator()
"""The source of all messages."""
