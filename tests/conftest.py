"""What tests of several folders share."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.postgres import Server, database, programs, serving

# Two workers have two cores: numpy's threads, here and in all processes started, would only wait for each other.
os.environ["OPENBLAS_NUM_THREADS"] = "1"


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL server. Only where CI is not set may it be missing: a green run there must mean that it was tried."""
    found = programs()
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("PostgreSQL is not installed: .ci/run installs it")
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    with serving(found) as server:
        yield server


@pytest.fixture
def pg_url(postgres: Server) -> Iterator[str]:
    """The address of a fresh, empty database."""
    with database(postgres) as name:
        yield postgres.url(name)
