"""Serving the web app: one process, one line that says where it is once it answers, a quiet end."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from assistant.errors import InputError, cause

if TYPE_CHECKING:
    from assistant.bootstrap import App

HOST, PORT = "127.0.0.1", 7860
EVERYWHERE = ("0.0.0.0", "::", "")  # noqa: S104 - asked for by name, and only with accounts
TRIED = 20  # ports after the first that are looked at
GRACE = 3  # seconds for open streams to end
NO_ACCOUNT = (
    "绑定到 {host} 后，同一网络的人都能打开，所以先要有账号。请先建立：\n"
    "  iiam user add 姓名 --role admin\n"
    "只在本机使用时不需要账号：iiam serve"
)


def run(parts: App, host: str, port: int | None, tell: Callable[[str], None]) -> None:
    """Serve until interrupted. `port` None: 7860, or the next free one. `tell` gets what the user should know.

    Raises InputError when the address cannot be had, or others could come in while there is no account.
    """
    import logging

    import uvicorn

    from assistant.web.server import create

    if not is_loopback(host) and not parts.accounts.exist():
        raise InputError(NO_ACCOUNT.format(host=host))
    listening = bind(host, port)
    at = listening.getsockname()[1]
    if port is None and at != PORT:
        tell(f"端口 {PORT} 已被占用，改用 {at}。")
    tell("正在启动……")
    # What goes wrong in a request is kept in errors.log by the app; uvicorn would print it to the user again.
    logging.getLogger("uvicorn").setLevel(logging.CRITICAL + 1)
    config = uvicorn.Config(
        create(parts, loopback=is_loopback(host)),
        log_config=None,
        access_log=False,
        ws="none",
        server_header=False,
        timeout_graceful_shutdown=GRACE,
    )

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            """Say where we are when we are there."""
            await super().startup(sockets)
            if self.started:
                tell(f"已就绪，请用浏览器打开：{address(host, at)}")
                if not is_loopback(host):
                    tell(f"同一网络的其他设备请打开：{address(outside(host), at)}（跨网络使用请在前面加上 HTTPS）")
                tell("按 Ctrl-C 停止；已保存的内容不会丢失。")

    with listening, suppress(KeyboardInterrupt):
        Server(config).run(sockets=[listening])
    tell("已停止。")


def is_loopback(host: str) -> bool:
    """True when only this machine can reach the address."""
    if host == "localhost":
        return True
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return False


def outside(host: str) -> str:
    """The address of this machine as others of its network know it; asks the system's routing table, sends nothing."""
    if host not in EVERYWHERE:
        return host
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # RFC 5737: documentation, reached by nobody; a datagram socket sends no packet
        return str(probe.getsockname()[0])
    return socket.gethostname()


def address(host: str, port: int) -> str:
    """What to type into the browser on this machine."""
    shown = HOST if host in EVERYWHERE else f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}"


def bind(host: str, port: int | None) -> socket.socket:
    """A socket that listens at the port, or without one at the first free from 7860 on. Raises InputError."""
    if port is not None:
        try:
            return _listen(host, port)
        except OSError as error:
            raise InputError(_refused(host, port, error)) from error
    for candidate in range(PORT, PORT + TRIED):
        try:
            return _listen(host, candidate)
        except OSError as error:
            refused = error
            if not _is_taken(error):
                break
    raise InputError(_refused(host, PORT, refused))


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    found = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":  # where it means: also while its last connections are still closing
            found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind((host, port))
        found.listen(128)
    except BaseException:
        found.close()
        raise
    return found


def _is_taken(error: OSError) -> bool:
    import errno

    return error.errno == errno.EADDRINUSE


def _refused(host: str, port: int, error: OSError) -> str:
    if _is_taken(error):
        free = next((p for p in range(port + 1, min(port + TRIED, 65536)) if _is_free(host, p)), None)
        fix = f"可改用：iiam serve --port {free}" if free else "请用 --port 指定另一个端口。"
        return f"端口 {port} 已被占用（也许网页服务已经开着，可先在浏览器打开 {address(host, port)} 看看）。{fix}"
    if isinstance(error, PermissionError):
        return f"没有权限使用端口 {port}。请用 --port 指定 1024 以上的端口，例如 {PORT}。"
    return (
        f"不能绑定到 {host}:{port}（{cause(error)}）。--host 须是本机的地址：127.0.0.1 只供本机，0.0.0.0 供同一网络。"
    )


def _is_free(host: str, port: int) -> bool:
    try:
        _listen(host, port).close()
    except OSError:
        return False
    return True
