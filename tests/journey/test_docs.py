"""The documents do not lie: every example is run, every setting and every command is named."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from assistant.cli.app import COMMANDS, cli
from assistant.settings import Settings
from evals.terminal import environment
from tests.journey.warm import ROOT, run

DOCUMENTS = {name: (ROOT / name).read_text() for name in ("README.md", "README.zh-CN.md", "CONTRIBUTING.md")}
BLOCKS = {
    f"{name}, block {number}": re.findall(r"^\$ (.+)$", block, re.MULTILINE)
    for name, text in DOCUMENTS.items()
    for number, block in enumerate(re.findall(r"^```console\n(.*?)^```", text, re.MULTILINE | re.DOTALL), start=1)
}
INLINE = [
    (name, code) for name, text in DOCUMENTS.items() for code in re.findall(r"`(iiam [^`]+)`", text) if "--" in code
]


@pytest.fixture
def folder(tmp_path) -> Path:
    """A working folder as the documents speak of it: the repository's data, and the file of levels."""
    (tmp_path / "knowledge").symlink_to(ROOT / "knowledge")
    (tmp_path / "evals").symlink_to(ROOT / "evals")
    (levels,) = re.findall(r"^`levels.json` 的内容如 `(.+)`。$", DOCUMENTS["README.zh-CN.md"], re.MULTILINE)
    (tmp_path / "levels.json").write_text(levels)
    return tmp_path


@pytest.mark.parametrize("block", BLOCKS)
def test_every_example_runs(folder, block):
    assert BLOCKS[block]
    for line in BLOCKS[block]:
        program, *args = shlex.split(line)
        assert program == "iiam" or (program, args[0]) == ("python", "-m")
        module, args = ("assistant.cli", args) if program == "iiam" else (args[1], args[2:])
        done = run(module, *args, env=environment(folder / "home"), cwd=folder)
        assert (done.returncode, line) == (0, line), done.stderr
        assert done.stdout.strip(), line


def test_the_settings_table_names_every_setting_and_no_other():
    rows = [line for line in DOCUMENTS["README.md"].splitlines() if line.startswith("| `IIAM_")]
    named = [name for row in rows for name in re.findall(r"`(IIAM_\w+)`", row.split("|")[1])]
    assert named == [f"IIAM_{field.upper()}" for field in Settings.model_fields]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_named(command):
    assert re.search(rf"\biiam {command}\b", DOCUMENTS["README.md"] + DOCUMENTS["README.zh-CN.md"])


@pytest.mark.parametrize(("name", "code"), INLINE, ids=[code for _, code in INLINE])
def test_options_spoken_of_exist(name, code):
    _, command, *args = shlex.split(code)
    found = cli.get_command(click.Context(cli), command)
    known = {option for parameter in found.params for option in parameter.opts} if found else {"--help"}
    assert {arg for arg in args if arg.startswith("--")} <= known
