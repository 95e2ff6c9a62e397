"""`--lang` and COSTPLAN_LANG: every command says its tables, notes and errors in the language asked for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from command_line import costplan

from costplan.cli.registry import COMMANDS, Group

Capsys = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def no_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COSTPLAN_LANG", raising=False)


@pytest.mark.parametrize(
    "line",
    [
        ("estimate", "stage2", "--lang", "ru"),
        ("--lang", "ru", "estimate", "stage2"),
        ("estimate", "--lang=ru", "stage2"),
        ("estimate", "stage2", "--lang", "RU"),
    ],
)
def test_the_option_is_taken_anywhere_on_the_line(capsys: Capsys, line: tuple[str, ...]) -> None:
    ended = costplan(capsys, *line)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith(
        "stage2: Тестирование с партнёрами\n5\u00a0млн запросов в месяц; цены в RUB, с НДС"
    )


def test_the_option_goes_before_the_variable_and_that_before_english(
    capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COSTPLAN_LANG", "ru")
    assert "Итого" in costplan(capsys, "estimate", "stage2").out
    assert "Total" in costplan(capsys, "estimate", "stage2", "--lang", "en").out
    monkeypatch.delenv("COSTPLAN_LANG")
    assert "Total" in costplan(capsys, "estimate", "stage2").out


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (("estimate", "stage2", "--lang", "de"), "--lang: `de` is not one of en, ru\n"),
        (("estimate", "stage2", "--lang"), "--lang: needs a language\n  hint: --lang ru\n"),
        (("estimate", "stage2", "--lang="), "--lang: `` is not one of en, ru\n"),
    ],
)
def test_a_language_without_texts_is_an_error(capsys: Capsys, line: tuple[str, ...], said: str) -> None:
    ended = costplan(capsys, *line)
    assert (ended.code, ended.out, ended.err) == (2, "", said)


def test_a_variable_without_texts_is_an_error_in_english(
    capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COSTPLAN_LANG", "de")
    ended = costplan(capsys, "estimate", "stage2")
    assert (ended.code, ended.out, ended.err) == (2, "", "COSTPLAN_LANG: `de` is not one of en, ru\n")


@pytest.mark.parametrize("form", ["json", "csv"])
@pytest.mark.parametrize(
    "line",
    [("estimate", "stage2"), ("compare",), ("check", "stage2"), ("timeline",), ("diff", "stage1", "stage2")],
)
def test_what_programs_read_is_the_same_in_every_language(
    capsys: Capsys, line: tuple[str, ...], form: str
) -> None:
    english = costplan(capsys, *line, "--format", form)
    russian = costplan(capsys, *line, "--format", form, "--lang", "ru")
    assert russian == english


def test_markdown_and_the_note_of_a_written_file_are_in_the_language(
    capsys: Capsys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ended = costplan(capsys, "estimate", "stage2", "-o", "bill.md", "--lang", "ru")
    assert ended.err == "записано в bill.md\n"
    assert "| Ресурс | Роль | Количество |" in Path("bill.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", ["estimate", "bench", "schema", "catalog list"])
def test_every_help_names_the_option(capsys: Capsys, command: str) -> None:
    assert "--lang" in costplan(capsys, *command.split(), "--help").out


LINES = (
    "estimate stage1",
    "estimate stage2:lean",
    "estimate stage3 --uncertain --draws 1K",
    "compare --requests 5M",
    "diff stage1 stage2",
    "diff stage2 stage2:preemptible",
    "diff stage1 --as-of 2025-10-01 --as-of 2026-10-06",
    "curve",
    "check stage2 --parts",
    "plan stage2",
    "timeline --growth 30% --switching 150000RUB",
    "sensitivity stage2 --draws 1K",
    "scenario list",
    "scenario kinds",
    "catalog verify",
    "catalog list",
)
PROSE = re.compile(r"(?:(?<![\w./:-])[a-z][a-z']{1,}(?![\w./:-]) ){2}[a-z][a-z']+")
"""Three words of English in a row: no name, code, key or unit looks like this."""
EXAMPLES = re.compile(r"`[^`]*`|costplan [\w -]+")


def _below(entry: str | Group) -> list[str]:
    """Return the words below a group of commands."""
    return list(entry.commands) if isinstance(entry, Group) else []


@pytest.mark.parametrize("line", LINES)
def test_no_english_is_left_in_what_the_shipped_stages_say(capsys: Capsys, line: str) -> None:
    ended = costplan(capsys, *line.split(), "--lang", "ru")
    assert ended.code in (0, 1)
    said = EXAMPLES.sub("", ended.out + ended.err)
    assert "а" in said
    assert PROSE.findall(said) == []


@pytest.mark.parametrize(
    "command",
    ["", *(f"{name} {word}" for name, entry in COMMANDS.items() for word in ("", *_below(entry)))],
)
def test_no_english_is_left_in_help(capsys: Capsys, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    monkeypatch.setenv("COSTPLAN_LANG", "ru")
    said = costplan(capsys, *command.split(), "--help").out
    assert "Использование: costplan" in said
    assert "Показать эту" in said
    assert PROSE.findall(EXAMPLES.sub("", said)) == []


def test_help_in_russian_leaves_that_in_english_as_it_is(capsys: Capsys) -> None:
    english = costplan(capsys, "estimate", "--help").out
    assert "Usage: costplan" in english
    assert "─ Параметры ─" in costplan(capsys, "estimate", "--help", "--lang", "ru").out
    assert costplan(capsys, "estimate", "--help").out == english


def test_completion_says_what_commands_are_for_in_the_language(
    capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COSTPLAN_LANG", "ru")
    monkeypatch.setenv("_COSTPLAN_COMPLETE", "complete_fish")
    monkeypatch.setenv("_TYPER_COMPLETE_FISH_ACTION", "get-args")
    monkeypatch.setenv("_TYPER_COMPLETE_ARGS", "costplan estimate --cat")
    said = costplan(capsys).out
    assert said == "--catalog\tБрать цены из этого каталога, а не из поставки.\n"


def test_prose_is_told_from_names_and_codes() -> None:
    assert PROSE.search("нет цены: what they add is not here")
    assert not PROSE.search("standard-v3 Intel Ice Lake, 100% vCPU: p99 <= 100 ms; workload.slo latency")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("estimate stag2", "нет сценария `stag2`\n  совет: может быть, `stage2`?\n"),
        ("estimate stage2 --currency EUR", "--currency: `EUR` — не одно из: RUB, USD, KZT\n"),
        ("estimate nofile.yaml", "nofile.yaml: такого файла нет\n"),
        (
            "estimate stage2 --as-of never",
            "--as-of: `never` — не дата\n  совет: пишите так: --as-of 2026-05-01\n",
        ),
        (
            "curve --slo fast",
            "--slo fast: не SLO; пишите так: `p99 <= 100 ms`\n  совет: --slo 'p99 <= 100 ms'\n",
        ),
        (
            "estimate stage2 --set resources.api.vcpus=4",
            "--set resources.api.vcpus=4: resources.api.vcpus: неизвестный ключ\n  1 | 4\n    | ^\n"
            "  совет: может быть, `vcpu`?\n",
        ),
        (
            "estimate stage2 --set resources.api.vcpu=x",
            "--set resources.api.vcpu=x: resources.api.vcpu: не число: `x`\n  1 | x\n    | ^\n",
        ),
    ],
)
def test_the_errors_that_people_meet_first_are_in_the_language(capsys: Capsys, line: str, said: str) -> None:
    ended = costplan(capsys, *line.split(), "--lang", "ru")
    assert (ended.code, ended.out, ended.err) == (2, "", said)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("estimate", "не хватает `SCENARIO`"),
        ("estimate stage2 --currncy USD", "нет параметра `--currncy`; может быть, --currency?"),
        ("estimate stage2 --currency", "--currency: нужно значение"),
        ("estimate stage2 --strict=1", "--strict: значения не принимает"),
        ("estimate stage2 stage3", "слов больше, чем принимает команда: stage3"),
        ("nope", "нет команды `nope`"),
        ("catalog nope", "нет команды `nope`"),
    ],
)
def test_a_wrong_line_is_refused_in_the_language(capsys: Capsys, line: str, said: str) -> None:
    ended = costplan(capsys, *line.split(), "--lang", "ru")
    assert (ended.code, ended.out) == (2, "")
    assert said in " ".join(ended.err.replace("│", "").split())


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("estimate stage9", "нет сценария `stage9`\n  совет: может быть, `stage3`?\n"),
        ("estimate stage2 --currency EUR", "--currency: `EUR` — не одно из: RUB, USD, KZT\n"),
        (
            "curve stage2 --from 10 --to 5",
            "кривая идёт от меньшего числа запросов к большему, а здесь от 10 до 5\n"
            "  совет: задайте границы, например --from 1K --to 1B\n",
        ),
        ("plan stage2 --quota gpu", "--quota gpu: пишите имя=предел\n  совет: --quota gpu=2\n"),
        ("explain stage2 nothing", "в счёте нет ресурса или SKU `nothing`\n  совет: ресурсы: api, "),
        ("report stage2 -o x.txt", "`x.txt`: окончание .txt; формат узнаётся по окончанию: .html, "),
        ("bench --model none.onnx", "none.onnx: не удалось прочитать: нет такого файла или папки\n"),
        ("scenario kind valky", "нет вида ресурса `valky`\n  совет: возьмите один из этих\n"),
    ],
)
def test_an_error_is_said_in_the_language(
    capsys: Capsys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    ended = costplan(capsys, *line.split(), "--lang", "ru")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(said)


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ("kind: message-queue, requests: 3M", "3 000 000 запросов"),
        ("kind: smart-web-security, package: pro", "1 аккаунт·мес"),
    ],
)
def test_amounts_without_a_price_are_in_the_language(
    keys: str, said: str, capsys: Capsys, tmp_path: Path
) -> None:
    path = tmp_path / "shop.yaml"
    path.write_text(
        f"scenario: shop\ntitle: Shop\nworkload: {{monthly_requests: 1M}}\nresources: {{it: {{{keys}}}}}\n"
    )
    out = costplan(capsys, "estimate", str(path), "--lang", "ru").out
    assert said in re.sub(r"[^\S\n]+", " ", out)


def test_parts_of_price_names_are_in_the_language(capsys: Capsys) -> None:
    out = costplan(capsys, "catalog", "list", "--lang", "ru", "-f", "md").out
    for english in (
        "CVoS 1 year",
        "input tokens",
        "Broker ",
        "ClickHouse host",
        "with NVIDIA",
        "Configuration ",
    ):
        assert english not in out
    for russian in (
        "CVoS на 1 год",
        "Брокер Intel Ice Lake",
        "Хост ClickHouse AMD Zen 4",
        "с NVIDIA T4i",
        "один T4",
    ):
        assert russian in out


def test_quotas_are_in_the_language(capsys: Capsys) -> None:
    line = ("catalog", "quotas", "-f", "md", "--lang")
    english, russian = (costplan(capsys, *line, language).out for language in ("en", "ru"))
    rows = [row.split("|") for row in russian.splitlines() if row.startswith("|")]
    names = {row[1].strip(" `*"): [cell.strip() for cell in row[2:6]] for row in rows if len(row) > 6}
    assert names["api-gateway-body"] == ["запрос и ответ", "лимит", "2,5 МБ", "запрос"]
    assert names["api-gateway-user-networks"] == ["пользовательские сети", "квота", "10 шт.", "облако"]
    assert "2.5 MB" in english
    assert " yes " in english
    assert " да " in russian
    assert " yes " not in russian
