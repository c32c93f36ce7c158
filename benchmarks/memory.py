"""The memory of the whole demo: launcher, web processes and worker, after somebody has worked with it."""

from __future__ import annotations

import os
import re
import shutil
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.figures import Figure, at_most
from benchmarks.load import Connection, cookies_of, get, submit
from benchmarks.serving import free_port, product_environment, started

LIMIT = 400
#: How long the worker may go on filling in, in seconds.
FILLING = 90.0


def memory(folder: Path) -> list[Figure]:
    """Start `carnet demo` in an empty folder, walk through it, and add up what its processes hold (PSS)."""
    port = free_port()
    log = folder.with_suffix(".log")
    command = ("carnet.cli", "demo", f"--port={port}", f"--data={folder}")
    try:
        with started(product_environment(folder, ""), *command, port=port, log=log) as server:
            walk(port, lines_of(log))
            settle(server.process.pid)
            held = {pid: pss(pid) for pid in group(server.process.pid)}
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    total = sum(held.values())
    measured = f"{total:.0f} MB in {len(held)} processes"
    return [at_most("sqlite", "memory of the demo", total, LIMIT, measured, f"≤ {LIMIT} MB")]


def lines_of(log: Path) -> list[str]:
    """Return the addresses that the demo prints to sign in, once it has printed them all."""
    deadline = time.monotonic() + 60
    while "Stop it with" not in log.read_text() and time.monotonic() < deadline:
        time.sleep(0.1)
    return re.findall(r"http://[^/\s]+(/demo/sign-in/\S+)", log.read_text())


def walk(port: int, sign_in: list[str]) -> None:
    """Do what the six steps of a first day read, as the first person of the demo, on both web processes."""
    if not sign_in:
        raise RuntimeError("the demo printed no address to sign in")
    connections = [Connection(port) for _ in range(6)]
    try:
        cookies = signed_in(connections[0], sign_in[0])
        home = follow(connections[0], "/", cookies)
        slug = home.removeprefix("/o/").split("/")[0]
        inside = f"/o/{slug}/"
        pages = [home, inside, f"{inside}customers/", f"{inside}services/", f"{inside}my-day/", f"{inside}booking/"]
        pages += [f"{inside}customers/lookup?q={letter}" for letter in ("ma", "du", "06")]
        for connection in connections:
            for page in pages:
                answer = connection.ask(get(page, Cookie=cookies))
                if answer.status >= 500:
                    raise RuntimeError(f"{page} answered {answer.status}")
    finally:
        for connection in connections:
            connection.close()


def signed_in(connection: Connection, address: str) -> str:
    """Confirm the sign-in that an address of the terminal proposes; return the cookies."""
    shown = connection.ask(get(address))
    token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', shown.body)
    if shown.status != 200 or token is None:
        raise RuntimeError(f"the sign-in page answered {shown.status}")
    cookies = cookies_of(shown.headers)
    form = urlencode({"csrfmiddlewaretoken": token[1].decode()}).encode()
    done = connection.ask(submit(address, form, Cookie=cookies))
    if done.status not in (302, 303):
        raise RuntimeError(f"signing in answered {done.status}")
    return cookies_of(done.headers)


def follow(connection: Connection, path: str, cookies: str) -> str:
    """Follow redirections; return where they end."""
    for _ in range(5):
        answer = connection.ask(get(path, Cookie=cookies))
        if answer.status not in (301, 302, 303):
            return path
        path = re.sub(r"^http://[^/]+", "", answer.headers["location"])
    raise RuntimeError(f"no end of redirections at {path}")


def settle(pid: int) -> None:
    """Wait until the worker has filled in what it had to, or for as long as is allowed."""
    deadline = time.monotonic() + FILLING
    quiet = 0
    while quiet < 3 and time.monotonic() < deadline:
        before = sum(map(worked, group(pid)))
        time.sleep(2)
        quiet = quiet + 1 if sum(map(worked, group(pid))) - before < 0.2 else 0


def group(pid: int) -> list[int]:
    """Return `pid` and all processes below it."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(OSError):
                parents[int(folder.name)] = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
    found = [pid]
    for above in found:
        found += [child for child, parent in parents.items() if parent == above]
    return found


def worked(pid: int) -> float:
    """Return the seconds of processor time that a process has used; 0 for one that is gone."""
    with suppress(OSError):
        fields = (Path("/proc") / str(pid) / "stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def pss(pid: int) -> float:
    """Return the memory of a process in MB, what it shares counted by its share."""
    text = (Path("/proc") / str(pid) / "smaps_rollup").read_text()
    found = re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)
    assert found is not None
    return int(found[1]) / 1024
