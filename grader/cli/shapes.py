"""`grade shapes`: what the layers of the course's networks make of an image, and what they cost."""

from __future__ import annotations

import difflib
import re
import sys
from collections.abc import Sequence

import click

from grader.cli import options
from grader.cli.console import terminal_width, wants_colour
from grader.cli.documented import Documented
from grader.errors import UnusableInput
from grader.network_table import NetworkTable, Volume
from grader.oracle import find_oracle
from grader.render.shapes import (
    Storage,
    network_json,
    networks_json,
    render_network,
    render_networks,
)

_LARGEST_SIDE = 100_000


def _volume(_context: click.Context, _option: click.Parameter, text: str | None) -> Volume | None:
    if text is None:
        return None
    match = re.fullmatch(r"([1-9]\d{0,5})[x×*]([1-9]\d{0,5})[x×*]([1-9]\d{0,5})", text.strip())
    if not match or max(map(int, match.groups())) > _LARGEST_SIDE:
        raise click.BadParameter(
            f"{text!r} is no size of an image; write height, width and channels as 224x224x3"
        )
    return Volume(*map(int, match.groups()))


@click.command(
    "shapes",
    cls=Documented,
    examples=[
        ("grade shapes", "all networks, with their totals"),
        ("grade shapes vgg16", "the lecture's table"),
        ("grade shapes resnet-50 --all", "with the layers inside blocks"),
        ("grade shapes vgg16 --batch 32", "memory for a batch"),
    ],
)
@click.argument("network", required=False)
@click.option("--all", "inside", is_flag=True, help="Show the layers inside modules and blocks.")
@click.option(
    "--input",
    "given",
    metavar="HxWxC",
    callback=_volume,
    help="The size of an image. Default: the network's own.",
)
@click.option(
    "--batch",
    metavar="N",
    type=click.IntRange(1, 10**6),
    default=1,
    show_default=True,
    help="Images that memory is counted for.",
)
@click.option(
    "--bytes",
    "size",
    type=click.Choice(["2", "4", "8"]),
    default="4",
    show_default=True,
    help="Bytes a number takes: 4 for float32, 8 for float64.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the same as JSON.")
@options.no_color
@options.tracebacks
def command(  # noqa: PLR0913, PLR0917 - one argument an option
    network: str | None,
    inside: bool,
    given: Volume | None,
    batch: int,
    size: str,
    as_json: bool,
    no_color: bool,
    verbose: bool,
) -> int:
    """Show a network's layers: shapes, parameters, memory.

    NETWORK is a name as vgg16 or resnet-50; without one, all networks are listed. Memory is what
    a forward pass keeps: the image and every layer's output, where activation functions, batch
    norm and dropout work in place. A multiply-add is counted once.
    """
    del verbose  # read by grader.cli.endings
    oracle = find_oracle()
    if oracle is None:
        raise UnusableInput(
            "the layers are computed by the reference solution, which is not installed here",
            hint="work them out: windows along one axis = (size + 2 pad - window) / stride + 1",
        )
    storage = Storage(batch, int(size))
    width, colour = terminal_width(), wants_colour(no_color, sys.stdout)
    if network is None:
        if given is not None:
            raise click.UsageError("--input needs a NETWORK")
        tables = oracle.networks()
        text = (
            networks_json(tables, storage)
            if as_json
            else render_networks(tables, storage, width=width, colour=colour)
        )
        click.echo(text, nl=False, color=colour)
        return 0
    name = _named(network, oracle.networks())
    try:
        table = oracle.network(name, given)
    except ValueError as error:
        raise UnusableInput(
            f"{name} cannot take images of {given}: {error}",
            hint="without --input it is shown for images of its own size",
        ) from error
    text = (
        network_json(table, storage)
        if as_json
        else render_network(table, storage, inside=inside, width=width, colour=colour)
    )
    click.echo(text, nl=False, color=colour)
    return 0


def _named(word: str, tables: Sequence[NetworkTable]) -> str:
    """The network of this name or alias, whatever its case, hyphens and blanks."""
    names = {_plain(known): (known, t.name) for t in tables for known in (t.name, *t.aliases)}
    if _plain(word) in names:
        return names[_plain(word)][1]
    close = difflib.get_close_matches(_plain(word), names, n=3, cutoff=0.6)
    raise UnusableInput(
        f"there is no network called {word!r}",
        hint=f"did you mean {', '.join(names[each][0] for each in close)}?"
        if close
        else "`grade shapes` lists all",
    )


def _plain(name: str) -> str:
    return re.sub(r"[\s_-]", "", name.casefold())
