"""`python -m evals read|edge|interview|search`: measure an engine; `--json` prints one object."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from assistant.errors import IiamError
from evals.engines import app, engine
from evals.profiles import DATASETS
from evals.strategies import STRATEGIES
from knowledge.errors import KnowledgeError

PROFILES = (DATASETS / "profile-condiments.json", DATASETS / "profile-finechem.json")
FILE = click.Path(path_type=Path, dir_okay=False)
ENGINE = click.option("--engine", "name", default="rules", show_default=True, help="rules or llm.")
JOBS = click.option("--jobs", default=1, show_default=True, type=click.IntRange(1, 64), help="Answers read at a time.")
AS_JSON = click.option("--json", "as_json", is_flag=True)


@click.group()
def cli() -> None:
    """Measure how well an engine reads and interviews."""


@cli.command()
@click.option("--cases", "files", multiple=True, type=FILE, default=PROFILES, help="Profile files; repeatable.")
@click.argument("more", nargs=-1, type=FILE)
@ENGINE
@JOBS
@AS_JSON
def read(files: tuple[Path, ...], more: tuple[Path, ...], name: str, jobs: int, as_json: bool) -> None:
    """One reading of each profile's full answers."""
    from evals.run_read import run

    parts = app()
    show(run(parts, engine(parts, name), [*files, *more], jobs), as_json)


@cli.command()
@click.option("--cases", "file", type=FILE, default=DATASETS / "edge.json")
@ENGINE
@JOBS
@AS_JSON
def edge(file: Path, name: str, jobs: int, as_json: bool) -> None:
    """Hard answers, by kind."""
    from evals.run_edge import run

    parts = app()
    show(run(parts, engine(parts, name), file, jobs), as_json)


@cli.command()
@click.option("--profile", "file", type=FILE, default=PROFILES[0])
@ENGINE
@click.option("--opening", type=click.Choice(["vague", "answer"]), default="vague", show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.option("--strategy", type=click.Choice([*STRATEGIES, "all"]), default="agenda", show_default=True)
@click.option("--topics", "only", default="", help="Only the first so many topics (10), or these (1.1,5.2).")
@click.option("--transcript", is_flag=True, help="Print what was said.")
@AS_JSON
def interview(
    file: Path, name: str, opening: str, seed: int, strategy: str, only: str, transcript: bool, as_json: bool
) -> None:
    """A simulated respondent through the whole interview."""
    from evals.run_interview import chosen, run

    parts = app()
    topics = chosen(only, parts.standard)
    if strategy == "all":
        results = {s: run(parts, engine(parts, name), file, opening, seed, s, topics) for s in STRATEGIES}
        show({s: {k: v for k, v in r.items() if k != "transcript"} for s, r in results.items()}, as_json)
        return
    result = run(parts, engine(parts, name), file, opening, seed, strategy, topics)
    said = result.pop("transcript")
    if transcript:
        for code, question, reply in said:
            click.echo(f"[{code}] 问：{question}\n      答：{reply}")
    show(result, as_json)


@cli.command()
@click.option("--profile", "files", multiple=True, type=FILE, default=PROFILES, help="Profile files; repeatable.")
@click.argument("more", nargs=-1, type=FILE)
@AS_JSON
def search(files: tuple[Path, ...], more: tuple[Path, ...], as_json: bool) -> None:
    """Is the right sub-item found from an answer alone?"""
    from evals.run_search import run

    show(run(app(), [*files, *more]), as_json)


@cli.command()
@click.argument("files", nargs=-1, type=FILE)
@ENGINE
@click.option("--seed", default=1, show_default=True)
@AS_JSON
def minutes(files: tuple[Path, ...], name: str, seed: int, as_json: bool) -> None:
    """Minutes read in, and an interview on the rest; FILES are keys (minutes-*.json)."""
    from evals.run_minutes import SETS, run

    parts = app()
    router = parts.router(lambda line: None)
    chosen_engine = engine(parts, name)
    for file in files or SETS:
        show({"file": file.stem} | run(parts, chosen_engine, file, router, seed), as_json)


@cli.command()
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option("--schema", is_flag=True, help="Print the JSON schema of a profile first.")
def check(files: tuple[Path, ...], schema: bool) -> None:
    """Check profiles that assessors wrote: form, codes, quotes, and levels against clauses."""
    from evals.profiles import Profile, load_profile

    if schema:
        click.echo(json.dumps(Profile.model_json_schema(), ensure_ascii=False, indent=1))
    standard = app().standard
    for file in files:
        profile = load_profile(file, standard)
        click.echo(f"{file.name}：{len(profile.subitems)} 个子项，没有问题。")


@cli.command()
@click.option("--write", "renew", is_flag=True, help="Renew the recorded baseline.")
@AS_JSON
def baseline(renew: bool, as_json: bool) -> None:
    """All measures of the rules engine on the shipped cases, beside the record."""
    from evals import baseline as record

    parts = app()
    table = record.measure(parts, engine(parts, "rules"))
    if renew:
        record.write(table)
    if as_json:
        click.echo(json.dumps(table, ensure_ascii=False, indent=1))
        return
    for where, measures in table.items():
        click.echo(f"{where:28}" + "  ".join(f"{key} {value:g}" for key, value in measures.items()))
    for line in record.worse(table, record.recorded()):
        click.echo(f"below the record: {line}")


@cli.command()
@click.option("--write", "renew", is_flag=True, help="Renew the example that ships with the product.")
def example(renew: bool) -> None:
    """The example assessment: what is decided and open."""
    from assistant.assessment.record import export_rows
    from assistant.assessment.state import fold
    from evals import example as shipped

    rows = shipped.make(app())
    state = fold(rows)
    if renew:
        shipped.FILE.write_text(export_rows(rows), encoding="utf-8")
    click.echo(f"rows {len(rows)}  answers {len(state.answers)}  decisions {len(state.decisions)}")
    for code, proposal in state.proposals.items():
        decision = state.decisions.get(code)
        click.echo(f"{code:5} proposed {proposal.level} decided {decision.level if decision else '-'}")


def show(result: Mapping[str, Any], as_json: bool) -> None:
    """Print a result: one JSON object, or a line a measure and the rest below."""
    if as_json:
        click.echo(json.dumps(result, ensure_ascii=False, indent=1, default=str))
        return
    for key, value in result.items():
        if isinstance(value, float):
            click.echo(f"{key:24}{value:.3f}")
        elif isinstance(value, list):
            click.echo(f"{key} ({len(value)})")
            for entry in value:
                click.echo(
                    f"  {json.dumps(entry, ensure_ascii=False, default=str) if not isinstance(entry, str) else entry}"
                )
        elif isinstance(value, dict):
            click.echo(f"{key}")
            for name, inner in value.items():
                shown = round(inner, 3) if isinstance(inner, float) else inner
                click.echo(f"  {name}: {json.dumps(shown, ensure_ascii=False, default=str)}"[:400])
        else:
            click.echo(f"{key:24}{value}")


if __name__ == "__main__":
    try:
        cli()
    except (IiamError, KnowledgeError) as error:
        click.echo(str(error), err=True)
        sys.exit(2)
