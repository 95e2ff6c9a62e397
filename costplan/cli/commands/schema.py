"""`costplan schema`."""

from __future__ import annotations

from typing import Annotated

from costplan.cli import completions, options
from costplan.cli.parameters import Argument


def schema(
    name: Annotated[
        str | None,
        Argument(
            metavar="[NAME]",
            completes=completions.schemas,
            help="scenario, catalog, catalog-index, estimate, comparison, explanation or checks.",
        ),
    ] = None,
    output: options.OutputOption = None,
    force: options.ForceOption = False,
) -> None:
    """The JSON Schema of a file that costplan reads or an answer that it writes; without a name, the list.

    [dim]costplan schema scenario -o scenario.schema.json[/dim]
    """
    import json

    from costplan.cli.output import write
    from costplan.cli.places import refuse_file
    from costplan.inputs.values import one_of
    from costplan.output.schemas import SCHEMAS, schema_of

    refuse_file(output, [".txt" if name is None else ".json"], force=force)
    if name is None:
        write("\n".join(SCHEMAS) + "\n", output, force=force)
        return
    found = schema_of(one_of("schema", name, list(SCHEMAS)))
    write(json.dumps(found, ensure_ascii=False, indent=2) + "\n", output, force=force)
