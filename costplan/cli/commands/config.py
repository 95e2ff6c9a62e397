"""`costplan config`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from costplan.cli import options

if TYPE_CHECKING:
    from costplan.cli.settings import Found
    from costplan.cli.settings_file import SettingsFile


def config(
    answer: options.Answer,
) -> None:
    """What commands do unless their line says otherwise: each setting, its value, and where it comes from.

    An option goes before the environment (COSTPLAN_CURRENCY), that before the nearest costplan.toml or
    [tool.costplan] in pyproject.toml, that before the default.

    [dim]costplan config[/dim]
    """
    from costplan.analysis.inventory.configuration import (
        CONFIGURATION_SCHEMA,
        Configuration,
        ConfiguredSetting,
    )
    from costplan.cli.output import check_places, show
    from costplan.cli.settings import SETTINGS, variable_of
    from costplan.cli.settings_file import nearest_file

    check_places(answer.form, answer.path, force=answer.force)
    file = nearest_file(SETTINGS)
    found = [
        ConfiguredSetting(name, variable_of(name), *_holding(name, file), one.about)
        for name, one in SETTINGS.items()
    ]
    show(
        Configuration(CONFIGURATION_SCHEMA, None if file is None else file.shown, tuple(found)),
        *answer,
    )


def _holding(name: str, file: SettingsFile | None) -> Found:
    """Say what holds on this line: of the settings, `--lang` is the only option that it may have."""
    from costplan.cli.language import OPTION, asked_language
    from costplan.cli.settings import Found, find_setting

    asked = asked_language()
    if asked is not None and name == OPTION.setting:
        return Found((asked,), OPTION.names[0])
    return find_setting(name, file)
