"""What a room does at each start, after the migrations and before the first request."""

from __future__ import annotations

from collections.abc import Callable, Iterable

Greeting = Callable[[], Iterable[str]]

_greetings: list[Greeting] = []


def before_serving(greeting: Greeting) -> Greeting:
    """Declare (in a `background.py`) a function to run at each start; its lines are printed below the address.

    It must be idempotent: a start may be interrupted and repeated.
    """
    if greeting not in _greetings:
        _greetings.append(greeting)
    return greeting


def lines_of_start() -> list[str]:
    """Run everything declared by `before_serving` and return the lines to print once the server answers."""
    return [line for greeting in _greetings for line in greeting()]
