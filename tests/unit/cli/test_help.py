"""Help is Chinese and answers at once: no heavy library is imported for it."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest
from click.testing import CliRunner

from assistant.cli.app import COMMANDS, cli

HEAVY = {"gradio", "chromadb", "sqlalchemy", "rich", "yaml", "pydantic", "sklearn", "numpy", "openai", "prompt_toolkit"}
ENGLISH = re.compile(r"usage:|options|commands|arguments|show this|message and exit|required|default:|show the", re.I)
LOOK = """
import json, sys
from assistant.cli.app import main
code = main(["--help"])
print(json.dumps([code, sorted(sys.modules)]))
"""


def helped(*args: str) -> str:
    result = CliRunner().invoke(cli, [*args, "--help"], prog_name="iiam")
    assert result.exit_code == 0
    return result.output


def test_the_help_names_every_command_with_its_purpose():
    text = helped()
    assert [line.split() for line in text.partition("命令：\n")[2].splitlines()] == [
        [name, *purpose.split()] for name, (_, purpose) in COMMANDS.items()
    ]


@pytest.mark.parametrize("args", [(), *((name,) for name in COMMANDS)], ids=" ".join)
def test_help_is_chinese(args):
    text = helped(*args)
    assert ENGLISH.findall(text) == []
    assert text.startswith(f"用法：{' '.join(('iiam', *args))} [选项]")
    options = text.partition("选项：\n")[2].partition("\n\n")[0].splitlines()
    assert options[-1].split() == ["-h,", "--help", "显示帮助"]
    assert [line for line in options if not re.search(r"[一-鿿]", line) or not line.startswith("  -")] == []


def test_the_columns_stand_straight_under_wide_characters():
    options = helped("confirm").partition("选项：\n")[2].splitlines()
    widths = []
    for line in options:
        term = re.match(r"  (?:\S+ ?)+ {2,}", line)
        widths.append(sum(2 if ord(c) > 0x2E80 else 1 for c in term[0]))
    assert widths == [17] * len(options)


def test_help_imports_nothing_heavy():
    done = subprocess.run([sys.executable, "-c", LOOK], capture_output=True, text=True, check=True)
    code, modules = json.loads(done.stdout.splitlines()[-1])
    assert code == 0
    assert HEAVY.intersection(modules) == set()


def test_version():
    assert CliRunner().invoke(cli, ["--version"]).output.startswith("iiam ")
