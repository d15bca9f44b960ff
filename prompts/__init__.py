"""Prompts of the language-model engine: one Jinja file each, rendered with strict variables, named by a hash.

What a person said reaches a prompt only through the filter `data`, so that it cannot pass for the prompt's own marks.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment

FOLDER = Path(__file__).parent
SUFFIX = ".jinja"
HASH_LENGTH = 12
ASCII_PER_TOKEN = 3
NEUTRAL = str.maketrans({"<": "＜", ">": "＞", "〔": "﹝", "〕": "﹞"})
"""Marks of the prompts -> signs that look alike; NFKC turns each back into the mark, so that quotes can still be found."""


@dataclass(frozen=True)
class Prompt:
    """A rendered prompt; `hash` names the template it came from, not the text."""

    name: str
    text: str
    hash: str


def render(name: str, /, *, folder: Path = FOLDER, **variables: object) -> Prompt:
    """The prompt of that name (`read.system`) with its variables.

    Raises jinja2.UndefinedError when a variable that the template uses is missing, jinja2.TemplateNotFound for a name
    that is no file.
    """
    text = _environment(folder).get_template(name + SUFFIX).render(variables)
    return Prompt(name=name, text=text.strip("\n"), hash=hash_of(name, folder=folder))


def hash_of(*names: str, folder: Path = FOLDER) -> str:
    """First 12 hex digits of SHA-256 over the bytes of these templates and of all that they include.

    Computed once a process: every call of the model names it.
    """
    return _hash(folder, names)


@cache
def _hash(folder: Path, names: tuple[str, ...]) -> str:
    digest = hashlib.sha256()
    for file in dict.fromkeys(file for name in names for file in _files(folder, name + SUFFIX)):
        digest.update(file.encode() + b"\0" + (folder / file).read_bytes() + b"\0")
    return digest.hexdigest()[:HASH_LENGTH]


def set_hash(*, folder: Path = FOLDER) -> str:
    """The hash of the whole set of prompts."""
    return hash_of(*sorted(file.name.removesuffix(SUFFIX) for file in folder.glob("*" + SUFFIX)), folder=folder)


def neutral(text: str) -> str:
    """A person's words without the marks that prompts delimit data with; every sign keeps its place and its NFKC form."""
    return text.translate(NEUTRAL)


def estimate(text: str) -> int:
    """Tokens of a text, on the safe side and without a tokenizer: one a non-ASCII character, one per three ASCII ones."""
    others = sum(not character.isascii() for character in text)
    return others - (others - len(text)) // ASCII_PER_TOKEN


def _files(folder: Path, file: str) -> list[str]:
    """A template and those it includes or imports, in the order of their use."""
    from jinja2 import meta

    environment = _environment(folder)
    tree = environment.parse((folder / file).read_text(encoding="utf-8"))
    used = [inner for inner in meta.find_referenced_templates(tree) if inner is not None]
    return [file, *(name for inner in used for name in _files(folder, inner))]


@cache
def _environment(folder: Path) -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    filters: dict[str, Any] = {"data": neutral}
    environment = Environment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - prompts are plain text, no HTML
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(filters)
    return environment
