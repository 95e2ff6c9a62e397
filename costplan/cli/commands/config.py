"""`costplan config`."""

from __future__ import annotations

from costplan.cli import options


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
    from costplan.cli.settings import SETTINGS, find_setting, variable_of
    from costplan.cli.settings_file import nearest_file

    check_places(answer.form, answer.path, force=answer.force)
    file = nearest_file(SETTINGS)
    found = [
        ConfiguredSetting(name, variable_of(name), *find_setting(name, file), one.about)
        for name, one in SETTINGS.items()
    ]
    show(
        Configuration(CONFIGURATION_SCHEMA, None if file is None else file.shown, tuple(found)),
        *answer,
    )
