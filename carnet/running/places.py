"""Where Carnet runs: folder, port, address. Checked before anything is loaded, so that a mistake answers at once."""

from __future__ import annotations

import errno
import os
import socket
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
EVERYWHERE = frozenset({"0.0.0.0", "::"})


class Refused(Exception):
    """Carnet cannot start as asked; the text is the line to print."""


def command() -> str:
    """Return what the person types to start Carnet."""
    return "bin/carnet" if (CHECKOUT / "bin" / "carnet").is_file() else "carnet"


def home() -> Path:
    """Return the folder that holds the data folders unless told otherwise."""
    return (CHECKOUT if (CHECKOUT / "pyproject.toml").is_file() else Path.cwd()) / ".carnet"


def usable_folder(path: Path) -> Path:
    """Return `path` as an absolute folder that exists and can be written; raises Refused with the reason."""
    path = path.expanduser().absolute()
    probe = path / f".writable-{os.getpid()}"
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise Refused(f"The data folder {path} cannot be written ({reason}). Choose another with --data DIR.") from None
    return path


def reserved_port(host: str, port: int) -> socket.socket:
    """Return a socket that keeps `port` of `host` for our server until it listens; raises Refused if it is taken.

    The server shares the port with this socket (SO_REUSEPORT), others cannot: setting up may take half a minute.
    """
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError:
        raise Refused(f"The host {host} is not known here. Choose another with --host HOST.") from None
    # Asked first without sharing: another server that shares its port would otherwise let us in beside it.
    _bound(family, kind, protocol, address, host, port, share=False).close()
    return _bound(family, kind, protocol, address, host, port, share=sys.platform == "linux")


def _bound(
    family: int, kind: int, protocol: int, address: tuple[object, ...], host: str, port: int, *, share: bool
) -> socket.socket:
    bound = socket.socket(family, kind, protocol)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if share:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    try:
        bound.bind(address)
    except OSError as error:
        bound.close()
        raise Refused(_why_not(error, host, port)) from None
    return bound


def _why_not(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        other = port + 1 if port < 65535 else port - 1
        return f"Port {port} is taken. Choose another, for example --port {other}."
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"Port {port} is not allowed to this user. Choose one from 1024 on, for example --port 8000."
    return f"Port {port} of {host} cannot be used: {os.strerror(error.errno or 0)}. See --host and --port."


def base_address(host: str, port: int) -> str:
    """Return the address that links begin with, unless CARNET_BASE_ADDRESS says otherwise."""
    if given := os.environ.get("CARNET_BASE_ADDRESS"):
        return given.rstrip("/")
    name = "localhost" if host in LOOPBACK | EVERYWHERE else f"[{host}]" if ":" in host else host
    return f"http://{name}" if port == 80 else f"http://{name}:{port}"


def allowed_hosts(host: str) -> str:
    """Return the names under which requests are taken: CARNET_HOSTS, or this machine and the host served on."""
    names = os.environ.get("CARNET_HOSTS", "localhost,127.0.0.1,[::1]")
    if host in LOOPBACK | EVERYWHERE or "CARNET_HOSTS" in os.environ:
        return names
    return f"{names},[{host}]" if ":" in host else f"{names},{host}"
