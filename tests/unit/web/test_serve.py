"""Serving: ports that are taken, addresses, and who may be let in from outside."""

from __future__ import annotations

import socket
from contextlib import closing

import pytest

from assistant.errors import InputError
from assistant.web.serve import address, bind, is_loopback, run
from tests.web_app import parts_at


@pytest.fixture
def taken():
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        yield server.getsockname()[1]


def test_a_port_that_is_taken_is_told_with_the_next_free_one(taken):
    with pytest.raises(InputError, match=rf"端口 {taken} 已被占用.*可改用：iiam serve --port \d+"):
        bind("127.0.0.1", taken)


def test_without_a_port_a_free_one_is_found():
    with closing(bind("127.0.0.1", None)) as first, closing(bind("127.0.0.1", None)) as second:
        ports = [one.getsockname()[1] for one in (first, second)]
    assert ports[0] < ports[1]
    assert all(7860 <= port < 7880 for port in ports)


def test_an_address_that_is_not_of_this_machine_is_told():
    with pytest.raises(InputError, match="--host 须是本机的地址"):
        bind("203.0.113.7", 7860)


@pytest.mark.parametrize(
    ("host", "own"),
    [("127.0.0.1", True), ("127.1.2.3", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("::", False),
     ("10.0.0.5", False), ("iiam.example", False)],
)  # fmt: skip
def test_what_only_this_machine_reaches(host, own):
    assert is_loopback(host) == own


@pytest.mark.parametrize(
    ("host", "shown"),
    [("127.0.0.1", "http://127.0.0.1:7860"), ("0.0.0.0", "http://127.0.0.1:7860"), ("::1", "http://[::1]:7860")],
)
def test_the_address_to_type(host, shown):
    assert address(host, 7860) == shown


def test_others_are_not_let_in_before_there_is_an_account(tmp_path):
    told = []
    with pytest.raises(InputError, match=r"先要有账号(.|\n)*iiam user add"):
        run(parts_at(tmp_path), "0.0.0.0", None, told.append)
    assert told == []
