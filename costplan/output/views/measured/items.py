"""What a request carries: its inputs, and where it has several items, items beside requests."""

from __future__ import annotations

from collections.abc import Iterator

from costplan.language.measured import measured_reason
from costplan.language.translator import Translator
from costplan.measurement.model import CostRow, MeasuredModel, MeasuredPoint, Measurement
from costplan.output.views.measured.figures import figure_of, shown_number
from costplan.output.views.view import Column

Figures = list[float | None]
_MAX_INPUTS = 6


def inputs_text(model: MeasuredModel, words: Translator) -> str:
    """Say what was sent, which sizes of it nobody but costplan chose, and where the values came from."""
    inputs = model.inputs
    shown = [
        f"{port.name} {port.datatype} {'x'.join('?' if d is None else str(d) for d in port.shape) or '1'}"
        + (f" ({words('chosen: give --shape')})" if port.made_up else "")
        for port in inputs[:_MAX_INPUTS]
    ]
    left = len(inputs) - _MAX_INPUTS
    said = words("inputs: {inputs}", inputs=", ".join(shown))
    if left > 0:
        said += words("; and {count} more", count=left)
    return f"{said}; {words.reason(measured_reason(model.inputs_from))}" if model.inputs_from else said


def items_line(measurement: Measurement, words: Translator) -> Iterator[str]:
    """Say how many items a request carries, how many were answered in a second, and what a million cost."""
    model, point = measurement.model, measurement.headline_point
    if model.items_per_request <= 1 or point is None or point.achieved_items_per_second is None:
        return
    message = (
        "{count} images in a request: {rate} images/s"
        if model.item == "image"
        else "{count} items in a request: {rate} items/s"
    )
    rate = words.rate(point.achieved_items_per_second)
    said = words(message, count=model.items_per_request, rate=rate)
    known = [row for row in measurement.cost if row.cost_per_million_items is not None]
    if known:
        said += "; " + _cost(min(known, key=lambda row: row.cost_per_million_items or 0), measurement, words)
    yield said


def _cost(row: CostRow, measurement: Measurement, words: Translator) -> str:
    message = (
        "{currency} per million images: {cost} on {machine}"
        if measurement.model.item == "image"
        else "{currency} per million items: {cost} on {machine}"
    )
    cost = ("" if row.is_claim else "~") + figure_of(row.cost_per_million_items, row, words)
    return words(message, currency=row.currency, cost=cost, machine=row.instance)


def point_columns(measurement: Measurement, words: Translator) -> list[Column]:
    """Return the columns that only some measurements have: items, and what the server computed at once."""
    model, columns = measurement.model, []
    if model.items_per_request > 1:
        columns.append(Column(words("Images/s") if model.item == "image" else words("Items/s"), right=True))
    if _has_batches(measurement):
        columns.append(Column(words("Mean batch"), right=True))
    return columns


def point_cells(measurement: Measurement, point: MeasuredPoint, words: Translator) -> list[str]:
    """Return the cells of `point_columns`."""
    figures: Figures = [point.achieved_items_per_second] if measurement.model.items_per_request > 1 else []
    figures += [point.mean_server_batch] if _has_batches(measurement) else []
    return [shown_number(figure, words) for figure in figures]


def cost_columns(measurement: Measurement, words: Translator) -> list[Column]:
    """Return the column of what a million items cost, where a request carries several."""
    model = measurement.model
    if model.items_per_request <= 1:
        return []
    message = "{currency}/million images" if model.item == "image" else "{currency}/million items"
    return [Column(words(message, currency=measurement.cost[0].currency), right=True)]


def cost_cells(measurement: Measurement, row: CostRow, words: Translator) -> list[str]:
    """Return the cell of `cost_columns`."""
    if measurement.model.items_per_request <= 1:
        return []
    if row.cost_per_million_items is None:
        return ["-"]
    return [("" if row.is_claim else "~") + figure_of(row.cost_per_million_items, row, words)]


def _has_batches(measurement: Measurement) -> bool:
    """Whether the server joins requests: our own service never does."""
    counted = any(point.mean_server_batch is not None for point in measurement.points)
    return counted and measurement.target != "service"
