"""Search in one process: seconds to load the libraries, build the index, open it again; milliseconds a query.

python -m evals.performance.search [--most 1000] [--json]
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TypeVar

import click

from knowledge.embedding import HashingEmbedder
from knowledge.loader import load_standard
from knowledge.model import Standard
from knowledge.search import open_searcher

T = TypeVar("T")


def queries(standard: Standard) -> Iterator[str]:
    """What people type: a name, the middle of a requirement, a whole requirement."""
    for subitem in standard.subitems.values():
        yield from (subitem.name, *subitem.aliases)
        for requirement in subitem.requirements:
            yield requirement.text[3:12]
            yield requirement.text


def measure(most: int) -> dict[str, float | int]:
    """With at most so many queries: `load_seconds` (libraries), `build_seconds`, `open_seconds`, number of `queries`, their `p50_ms` and `p95_ms`."""
    standard = load_standard()
    _, load_seconds = _timed(_load)
    with tempfile.TemporaryDirectory() as home:
        opening = partial(open_searcher, standard, HashingEmbedder(), Path(home) / "index", lambda line: None)
        first, build_seconds = _timed(opening)
        first.close()
        searcher, open_seconds = _timed(opening)
        times = [_timed(partial(searcher.search, query))[1] for query in islice(queries(standard), most)]
        searcher.close()
    hundredths = statistics.quantiles(times, n=100)
    return {
        "load_seconds": round(load_seconds, 3),
        "build_seconds": round(build_seconds, 3),
        "open_seconds": round(open_seconds, 3),
        "queries": len(times),
        "p50_ms": round(hundredths[49] * 1000, 3),
        "p95_ms": round(hundredths[94] * 1000, 3),
    }


@click.command()
@click.option("--most", default=1000, show_default=True, type=click.IntRange(min=2), help="至多检索几次")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def main(most: int, as_json: bool) -> None:
    """测量检索速度：建索引、再次打开、单次检索。"""
    result = measure(most)
    if as_json:
        click.echo(json.dumps(result))
        return
    click.echo(
        f"载入各库 {result['load_seconds']:.2f} 秒，建索引 {result['build_seconds']:.2f} 秒，"
        f"再次打开 {result['open_seconds']:.2f} 秒"
    )
    click.echo(f"检索 {result['queries']} 次：p50 {result['p50_ms']:.1f} 毫秒，p95 {result['p95_ms']:.1f} 毫秒")


def _load() -> None:
    """Import what search uses, so that it is not counted as building."""
    import bm25s  # noqa: F401
    import chromadb.api.client  # noqa: F401

    HashingEmbedder().embed([""])


def _timed(run: Callable[[], T]) -> tuple[T, float]:
    start = time.perf_counter()
    result = run()
    return result, time.perf_counter() - start


if __name__ == "__main__":
    main()
