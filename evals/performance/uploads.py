"""Read damaged files of each kind and count what became of them: none may crash or hang the program, or leave a file.

python -m evals.performance.uploads [--count 5000] [--seed 1] [--json]
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from assistant.documents.sandbox import SECONDS, Sandbox
from assistant.errors import InputError
from evals.performance.samples import damaged, samples


@dataclass
class Result:
    """Of one kind: how many were read and refused, how often the child fell, the slowest in seconds, files left behind."""

    read: int = 0
    refused: int = 0
    fallen: int = 0
    slowest: float = 0.0
    left: int = 0


def run(count: int, seed: int, seconds: float = SECONDS) -> dict[str, Result]:
    """Results by suffix. Files are looked for in the working folder and the temporary one, both fresh and empty."""
    results: dict[str, Result] = {}
    before = os.getcwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        os.environ["TMPDIR"], kept = folder, os.environ.get("TMPDIR")
        try:
            for suffix, content in samples().items():
                results[suffix] = _one_kind(suffix, content, count, seed, seconds)
                results[suffix].left = len(list(Path(folder).iterdir()))
        finally:
            os.chdir(before)
            os.environ.pop("TMPDIR")
            if kept is not None:
                os.environ["TMPDIR"] = kept
    return results


def _one_kind(suffix: str, content: bytes, count: int, seed: int, seconds: float) -> Result:
    result = Result()
    with Sandbox(seconds) as sandbox:
        sandbox.read(f"完好{suffix}", content)
        for spoilt in damaged(content, suffix, count, seed):
            began = time.perf_counter()
            try:
                sandbox.read(f"损坏{suffix}", spoilt)
                result.read += 1
            except InputError:
                result.refused += 1
            result.slowest = max(result.slowest, time.perf_counter() - began)
        result.fallen = sandbox.restarts
    return result


@click.command()
@click.option("--count", default=5000, show_default=True, help="每种文件的份数")
@click.option("--seed", default=1, show_default=True, help="随机种子")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def main(count: int, seed: int, as_json: bool) -> None:
    """测试读文件：逐份读入损坏的 docx、xlsx、pdf，看有没有崩溃、卡住或留下文件。"""
    results = run(count, seed)
    if as_json:
        click.echo(json.dumps({suffix: asdict(result) for suffix, result in results.items()}))
    else:
        for suffix, r in results.items():
            click.echo(
                f"{suffix} 读出 {r.read}，拒绝 {r.refused}，读取进程倒下 {r.fallen} 次，最慢 {r.slowest:.2f} 秒，留下文件 {r.left} 个"
            )
    sys.exit(any(r.left for r in results.values()))


if __name__ == "__main__":
    main()
