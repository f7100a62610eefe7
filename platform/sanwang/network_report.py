"""The network as a person reads it: a tree, each hub with its pattern, and what public texts say beside it."""

from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.tree import Tree as Branch

from backbone.directory.regions import region_label
from ground_net.centres.published import PUBLISHED
from ground_net.network.kinds import KINDS

if TYPE_CHECKING:
    from ground_net.network.reading import Line, Tree


def show_tree(tree: "Tree") -> None:
    """Print the tree, the counts by kind, and the published figures with their days."""
    console = Console()
    counted = "，".join(f"{KINDS[kind].zh} {count}" for kind, count in tree.counts.items())
    root = Branch(f"地网 / the network: {counted}")
    above: list[Branch] = [root]
    for line in tree.lines:
        above[line.depth + 1 :] = [above[line.depth].add(_worded(line))]
    console.print(root)
    console.print(_published())


def _worded(line: "Line") -> str:
    node = line.node
    said = f"[bold]{escape(node.key)}[/] {escape(node.name)}  {KINDS[node.kind].zh}·{region_label(node.region_code).zh}"
    if node.park:
        said += f"·{escape(node.park)}"
    if line.pattern is None:
        return said
    declared = f"申报 declared {line.declared}，" if line.declared else ""
    return f"{said}  ({declared}现有 standing [green]{line.pattern.text}[/])"


def _published() -> Table:
    table = Table(title="公开报道的数据，非实时 / figures of public texts, no live counts")
    for heading in ("数据 figure", "数值 value", "截至 as of", "来源 source"):
        table.add_column(heading)
    for figure in PUBLISHED:
        table.add_row(
            figure.name.zh, f"{figure.value} {figure.unit.zh}", figure.as_of_on.isoformat(), figure.source
        )
    return table
