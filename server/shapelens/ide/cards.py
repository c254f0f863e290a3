"""Cards in Markdown that read well as plain text, too: not every editor renders it."""

from __future__ import annotations

from collections.abc import Sequence

from shapelens.engine.analysis import Analysis, Range, SiteAt
from shapelens.ide.models import ModelTable, Row
from shapelens.ide.words import nest_text
from shapelens.shapes.shape import SpecNest, TensorSpec
from shapelens.values.value import DatasetValue, TensorValue, Unknown, Value

# A place in a loop or in a function that is called often has many shapes; the first few tell the rest.
_MOST_SITES = 3

_KINDS = {
    "numpy": "NumPy array",
    "tensor": "tensor",
    "keras": "Keras tensor",
    "variable": "variable",
    "frame": "data frame",
    "series": "series",
}


def layer_card(sites: Sequence[SiteAt], analysis: Analysis, place: Range) -> str:
    """What goes into a layer and comes out, at each of its calls, and how the sizes come about.

    ``place`` is what the card is shown for: the constructor, or a call.
    """
    site = sites[0].site
    title = f"**{site.layer or 'Layer'}**" + (f" `{site.name}`" if site.name else "")
    parts = [title]
    for at in sites[:_MOST_SITES]:
        lines = []
        if at.site.input is not None:
            lines.append(f"- input: `{nest_text(at.site.input)}`")
        lines.append(_output_line(at.site.output, _why(at)))
        if at.site.params is not None:
            lines.append(f"- parameters: {at.site.params:,}")
        if at.site.answered_by:
            lines.append(f"- answered by {at.site.answered_by}")
        parts.append("\n".join(lines))
        if at.site.steps:
            # Fenced: in running text, the asterisks of a product would make italics.
            parts.append("```text\n" + "\n".join(at.site.steps) + "\n```")
    parts += _rest(sites)
    made = sites[0].made
    calls = sites[0].range
    if made == place and not (calls.start <= place.start < calls.end):
        parts.append(f"It is called {_on_line(sites[0].range.start, analysis)}.")
    elif made is not None and not (place.start <= made.start < place.end):
        parts.append(f"The layer was made {_on_line(made.start, analysis)}.")
    return "\n\n".join(parts)


def site_card(sites: Sequence[SiteAt], analysis: Analysis, place: Range) -> str:
    """The card of a place of any kind."""
    if sites[0].site.kind == "layer":
        return layer_card(sites, analysis, place)
    name = f"`{sites[0].site.name}`" if sites[0].site.name else "value"
    parts = [_value_lines(name, at.site.output, at.site.value, _why(at)) for at in sites[:_MOST_SITES]]
    return "\n\n".join(parts + _rest(sites))


def refusals(analysis: Analysis, place: Range) -> list[str]:
    """What the installed library says of the call at ``place``, where it confirmed that it raises."""
    failures = [at.problem.failure for at in analysis.problems if at.range == place]
    return [
        f"{failure.confirmed} raises here:\n\n```text\n{(failure.keras or failure.sentence).strip()}\n```"
        for failure in failures
        if failure.confirmed
    ]


def value_card(name: str, value: Value, analysis: Analysis, lost: Range | None = None) -> str | None:
    """The card of a tensor or dataset where it is used, or why it is not known; `None` for other values.

    ``lost`` is the place where an unknown value, or what it was made from, became unknown.
    """
    if isinstance(value, TensorValue):
        text = _value_lines(f"`{name}`", value.spec, value, "")
    elif isinstance(value, DatasetValue):
        text = f"`{name}`: {_kind_of(value)}"
    elif isinstance(value, Unknown) and value.reason:
        text = f"`{name}`: not known: {value.reason}"
        return text if lost is None else f"{text}\n\nThat was {_on_line(lost.start, analysis)}."
    else:
        return None
    made = analysis.range_of(value.origin)
    return text if made is None else f"{text}\n\nIt was made {_on_line(made.start, analysis)}."


def model_card(name: str, table: ModelTable) -> str:
    """A model as ``model.summary()`` shows it."""
    title = f"**{table.class_name}** `{name}`"
    if table.outputs is not None:
        arrow = f"`{nest_text(table.inputs)}` → " if table.inputs is not None else ""
        title += f": {arrow}`{nest_text(table.outputs)}`"
    parts = [title]
    if table.rows:
        parts.append("```text\n" + summary(table) + "\n```")
    if table.params is not None:
        parts.append(f"Parameters: {table.params:,}")
    if table.lost:
        parts.append(f"Not complete: {table.lost}.")
    return "\n\n".join(parts)


def row_card(name: str, row: Row) -> str:
    """A layer that a name stands for."""
    lines = [f"**{row.class_name}** `{name}`", ""]
    if row.output is None:
        lines.append("It has not been called here.")
    else:
        lines.append(_output_line(row.output, ""))
    if row.params is not None:
        lines.append(f"- parameters: {row.params:,}")
    return "\n".join(lines)


def supposed_card(name: str, meant: str) -> str:
    """A name that nothing defines, and what it is taken for."""
    return f"`{name}` is not imported here. It is taken to be `{meant}`."


def summary(table: ModelTable) -> str:
    """The layers of a model in columns."""
    cells = [("layer", "output shape", "params")]
    for row in table.rows:
        name = f"{row.name} ({row.class_name})" if row.name else row.class_name
        output = "?" if row.output is None else nest_text(row.output)
        cells.append((name, output, "?" if row.params is None else f"{row.params:,}"))
    widths = [max(len(line[column]) for line in cells) for column in range(3)]
    return "\n".join(f"{a:<{widths[0]}}  {b:<{widths[1]}}  {c:>{widths[2]}}" for a, b, c in cells)


def _why(at: SiteAt) -> str:
    """Why the output of a site is not known."""
    value = at.site.value
    return at.site.reason or (value.reason if isinstance(value, Unknown) else "")


def _output_line(output: SpecNest | None, reason: str) -> str:
    if output is None:
        return f"- output: not known{f': {reason}' if reason else ''}"
    return f"- output: `{nest_text(output, dtypes=True)}`"


def _value_lines(name: str, output: SpecNest | None, value: Value | None, reason: str) -> str:
    if output is None:
        return f"{name}: shape not known{f': {reason}' if reason else ''}"
    kind = _kind_of(value)
    text = f"{name}: `{nest_text(output, dtypes=True)}`" + (f" {kind}" if kind else "")
    if isinstance(output, TensorSpec) and output.shape.known:
        text = f"{text}, {output.shape.size():,} elements"
    if isinstance(value, TensorValue) and value.answered_by:
        text = f"{text}, answered by {value.answered_by}"
    return text


def _kind_of(value: Value | None) -> str:
    if isinstance(value, DatasetValue):
        return "one element of a dataset"
    return _KINDS[value.kind] if isinstance(value, TensorValue) else ""


def _rest(sites: Sequence[SiteAt]) -> list[str]:
    more = len(sites) - _MOST_SITES
    return [f"And {more} more."] if more > 0 else []


def _on_line(offset: int, analysis: Analysis) -> str:
    """A place in words, with a link to it where there can be one: a notebook's cells have none that opens them."""
    document = analysis.document
    part = document.part_at(offset)
    line = part.document.position(offset - part.start).line + 1
    if document.cells:
        return f"on line {line} of code cell {document.cells.index(part) + 1}"
    return f"on [line {line}]({document.uri}#L{line})" if document.uri.startswith("file:") else f"on line {line}"
