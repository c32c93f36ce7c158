"""The product as the pictures show it: the demo on a weekday morning that never passes, or an empty installation.

Usage (by tests/screenshots.py): python -m tests.screenshot_stage DIR [--demo]

The first line on standard output is JSON: the address, and the links that a start would have printed. The server then
answers until standard input ends.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from datetime import UTC, datetime
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

#: A Tuesday, 10:40 in Paris: visits behind, visits ahead, the salon full of people.
MOMENT = datetime(2026, 11, 24, 9, 40, tzinfo=UTC)


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64


class Silent(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass


def main() -> None:
    folder, demo = sys.argv[1], "--demo" in sys.argv
    os.environ.update(CARNET_DATA=folder, CARNET_DEMO="1" if demo else "", CARNET_DATABASE_URL="")
    os.environ["DJANGO_SETTINGS_MODULE"] = "carnet.settings"
    with Server(("127.0.0.1", 0), Silent) as server:
        os.environ["CARNET_BASE_ADDRESS"] = address = f"http://127.0.0.1:{server.server_port}"
        stop_the_clock()
        import django

        django.setup()
        from carnet.running.migrating import migrate
        from carnet.wsgi import application

        migrate()
        links = open_demo() if demo else open_first_run()
        server.set_app(application)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print(json.dumps({"address": address, "links": links}), flush=True)
        sys.stdin.read()
        server.shutdown()


def stop_the_clock() -> None:
    """Let it be the same moment for ever. Before anything else is loaded, since defaults keep the function."""
    from carnet.base import clock

    clock.now = lambda: MOMENT


def open_demo() -> dict[str, str]:
    """Found the businesses and write what the pictures show; return a sign-in link by e-mail address."""
    from carnet.base.scopes import open_organisation
    from carnet.demo import progress, sign_in
    from carnet.demo.background import is_bookable
    from carnet.demo.content import PLANS
    from carnet.demo.crew import Crew
    from carnet.demo.founding import found
    from carnet.demo.pictures import hang_pictures
    from carnet.demo.scene import LEFT, left_day, set_scene
    from carnet.demo.writing import today, unwritten, write_customers, write_day

    for number, plan in enumerate(PLANS):
        organisation = found(plan, MOMENT)
        with open_organisation(organisation):
            crew = Crew(plan, organisation)
            write_customers(crew, MOMENT)
            if not is_bookable(crew, crew.administrator(MOMENT)):
                continue
            hang_pictures(crew, MOMENT)
            set_scene(crew, MOMENT)
            # The first business has its whole past; of the others only today is looked at.
            for day in unwritten(plan, today(crew, MOMENT)) if number == 0 else ():
                write_day(crew, day, MOMENT, leave=LEFT if day == left_day(crew, MOMENT) else 0)
    # Nothing is being written any more, so no bar may say so.
    progress.unwritten = lambda plan, this_day: []  # type: ignore[attr-defined]
    return {identity.user.email: identity.link for identity in sign_in.identities()}


def open_first_run() -> dict[str, str]:
    from carnet.organisations import first_run

    return {"first-run": first_run.new_link()}


if __name__ == "__main__":
    main()
