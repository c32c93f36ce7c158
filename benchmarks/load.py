"""The load generator: HTTP over a few kept connections, from one thread, so that the server has the machine."""

from __future__ import annotations

import json
import selectors
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

#: Longer than any lock is waited for: whoever is silent for so long is lost.
PATIENCE = 60.0


def get(path: str, **headers: str) -> bytes:
    return _request("GET", path, b"", headers)


def post(path: str, body: Any, **headers: str) -> bytes:
    return _request("POST", path, json.dumps(body).encode(), {"Content-Type": "application/json", **headers})


def submit(path: str, form: bytes, **headers: str) -> bytes:
    """Return the request of a form sent by a browser; its fields are encoded already."""
    return _request("POST", path, form, {"Content-Type": "application/x-www-form-urlencoded", **headers})


def cookies_of(headers: dict[str, str]) -> str:
    """Return the cookies that an answer sets, as they are sent back."""
    return "; ".join(cookie.split(";")[0] for cookie in headers.get("set-cookie", "").split("\n") if cookie)


def _request(verb: str, path: str, body: bytes, headers: dict[str, str]) -> bytes:
    lines = [f"{verb} {path} HTTP/1.1", "Host: localhost"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


@dataclass(slots=True)
class Answer:
    """What came back, and how long it took in seconds."""

    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float

    def json(self) -> Any:
        return json.loads(self.body)


class Connection:
    """One kept connection to a server on this machine."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sent_at = 0.0
        self.buffer = bytearray()

    def ask(self, request: bytes) -> Answer:
        self.send(request)
        while True:
            if answer := self.receive():
                return answer

    def send(self, request: bytes) -> None:
        self.sent_at = time.perf_counter()
        self.socket.sendall(request)

    def receive(self) -> Answer | None:
        """Read what has come; return the answer once it is whole."""
        chunk = self.socket.recv(262_144)
        if not chunk:
            raise ConnectionError("the server closed the connection")
        self.buffer += chunk
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0:
            return None
        head, *lines = self.buffer[:end].decode("latin-1").split("\r\n")
        headers: dict[str, str] = {}
        for line in lines:
            name, _colon, value = line.partition(":")
            name, value = name.lower(), value.strip()
            # A header may come several times: cookies do.
            headers[name] = f"{headers[name]}\n{value}" if name in headers else value
        whole = end + 4 + int(headers["content-length"])
        if len(self.buffer) < whole:
            return None
        answer = Answer(int(head.split()[1]), headers, bytes(self.buffer[end + 4 : whole]), 0.0)
        answer.seconds = time.perf_counter() - self.sent_at
        del self.buffer[:whole]
        return answer

    def close(self) -> None:
        self.socket.close()


@dataclass
class Volley:
    """What many requests gave together."""

    seconds: float = 0.0
    statuses: Counter[int] = field(default_factory=Counter)
    times: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.times) / self.seconds


class Crowd:
    """Several kept connections that ask at the same time."""

    def __init__(self, port: int, size: int) -> None:
        self.port = port
        self.members = [Connection(port) for _ in range(size)]

    def __enter__(self) -> Crowd:
        return self

    def __exit__(self, *_: object) -> None:
        for member in self.members:
            member.close()

    def fire(self, requests: Iterator[bytes], *, until: Callable[[], bool] = lambda: False) -> Volley:
        """Keep every connection busy until the requests, or the time, are over."""
        volley = Volley()
        with selectors.DefaultSelector() as selector:
            waiting = 0
            begun = time.perf_counter()
            for member in self.members:
                if request := next(requests, None):
                    member.send(request)
                    selector.register(member.socket, selectors.EVENT_READ, member)
                    waiting += 1
            while waiting:
                ready = selector.select(PATIENCE)
                if not ready:
                    raise TimeoutError(f"{waiting} requests without an answer for {PATIENCE:.0f} s")
                for key, _events in ready:
                    answer = key.data.receive()
                    if answer is None:
                        continue
                    volley.statuses[answer.status] += 1
                    volley.times.append(answer.seconds)
                    request = None if until() else next(requests, None)
                    if request:
                        key.data.send(request)
                    else:
                        selector.unregister(key.fileobj)
                        waiting -= 1
            volley.seconds = time.perf_counter() - begun
        return volley

    def fire_for(self, request: bytes, seconds: float) -> Volley:
        """Repeat one request on every connection for so long."""
        end = time.perf_counter() + seconds
        return self.fire(iter(lambda: request, None), until=lambda: time.perf_counter() >= end)

    def at_once(self, requests: Sequence[bytes], which: Sequence[int] = ()) -> Volley:
        """Send each request on a connection of its own, all at the same moment."""
        chosen = Crowd.__new__(Crowd)
        chosen.port = self.port
        chosen.members = [self.members[number] for number in which or range(len(requests))]
        return chosen.fire(iter(requests))
