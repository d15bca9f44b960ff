"""`python -m assistant.cli`, the same as `iiam`."""

from assistant.cli.app import run

run()
