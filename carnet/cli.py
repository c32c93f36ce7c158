"""The `carnet` command. Arguments, folder and port are checked before Django is loaded, so mistakes answer at once."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from carnet.running import places
from carnet.running.places import Refused

#: Commands of a checkout, which need more than the product itself: bin/carnet runs them.
OF_A_CHECKOUT = {
    "test": "run the tests on SQLite and on PostgreSQL",
    "check": "run every check: format, types, tests",
    "bench": "measure speed and memory",
    "screenshots": "take the pictures of the documentation anew",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0, 1 for a failure, 2 for a start that is not possible as asked."""
    try:
        refuse_commands_of_a_checkout(sys.argv[1:] if arguments is None else arguments)
        asked = parser().parse_args(arguments)
        return int(asked.run(asked))
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 2


def parser() -> argparse.ArgumentParser:
    command = places.command()
    top = argparse.ArgumentParser(
        prog=command,
        description="Carnet, the appointment book of service businesses.",
        epilog=f"Try it: {command} demo",
    )
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)

    demo = commands.add_parser(
        "demo",
        help="serve four demo businesses, with a sign-in line for each person",
        description="Serve the demo businesses: made at the first start, topped up at later ones.",
    )
    _add_place(demo, "demo")
    demo.set_defaults(run=serve, demo=True)

    real = commands.add_parser(
        "serve",
        help="serve your own businesses",
        description="Serve Carnet with its background worker. On an empty folder, a one-time link to the first-run "
        "page is printed.",
    )
    _add_place(real, "data")
    real.set_defaults(run=serve, demo=False)

    worker = commands.add_parser(
        "worker",
        help="run one more background worker",
        description="Run a background worker by itself; `serve` and `demo` already bring one.",
    )
    _add_folder(worker, "data")
    worker.set_defaults(run=work)

    migrate = commands.add_parser(
        "migrate",
        help="bring the database up to date",
        description="Bring the database to the shape this version needs; `serve` and `demo` do it by themselves.",
    )
    _add_folder(migrate, "data")
    migrate.set_defaults(run=migrate_database)

    token = commands.add_parser(
        "token",
        help="print a new key to the API",
        description="Print a new key to the API for a member of an organisation. It is shown this once.",
    )
    token.add_argument("organisation", metavar="ORGANISATION", help="the organisation as in its address: salon-lumiere")
    token.add_argument("email", metavar="E-MAIL", help="the member’s sign-in")
    token.add_argument(
        "--data",
        type=Path,
        metavar="DIR",
        help="data folder (default: that of serve, or of the demo if there is no other)",
    )
    token.set_defaults(run=print_token)

    lost = commands.add_parser(
        "remove-second-step",
        help="let a password alone sign in again, for who has lost phone, passkeys and recovery codes",
        description="Take passkeys, codes of an app and recovery codes away from a sign-in whose owner has lost them "
        "all. Make sure first that it is the owner who asks: by voice or in person, not by letter.",
    )
    lost.add_argument("email", metavar="E-MAIL", help="the address that signs in")
    lost.add_argument(
        "--data",
        type=Path,
        metavar="DIR",
        help="data folder (default: that of serve, or of the demo if there is no other)",
    )
    lost.set_defaults(run=take_second_step_away)

    for name, purpose in OF_A_CHECKOUT.items():
        commands.add_parser(name, help=f"{purpose} (in a checkout: bin/carnet {name})")
    return top


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port; choose a number from 1 to 65535")
    return int(text)


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 64:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to 64")
    return int(text)


def _add_folder(command: argparse.ArgumentParser, name: str) -> None:
    default = places.home() / name
    if name == "data" and (given := os.environ.get("CARNET_DATA")):
        default = Path(given)
    command.add_argument("--data", type=Path, default=default, metavar="DIR", help="data folder (default: %(default)s)")


def _add_place(command: argparse.ArgumentParser, name: str) -> None:
    _add_folder(command, name)
    command.add_argument(
        "--port", type=_port, default=8000, metavar="N", help="port to serve on (default: %(default)s)"
    )
    command.add_argument(
        "--host",
        default="127.0.0.1",
        metavar="H",
        help="address to serve on (default: %(default)s, this machine only); with 0.0.0.0, set CARNET_HOSTS and "
        "CARNET_BASE_ADDRESS to what people type",
    )
    command.add_argument("--workers", type=_count, default=2, metavar="N", help="web processes (default: %(default)s)")
    command.add_argument(
        "--threads", type=_count, default=4, metavar="N", help="threads of each (default: %(default)s)"
    )


def serve(asked: argparse.Namespace) -> int:
    from carnet.running.launcher import Plan, launch

    return launch(
        Plan(
            data=asked.data,
            host=asked.host,
            port=asked.port,
            demo=asked.demo,
            workers=asked.workers,
            threads=asked.threads,
        )
    )


def work(asked: argparse.Namespace) -> int:
    from carnet.running.lineage import end_with_launcher

    end_with_launcher()
    folder = use_folder(asked.data)
    from carnet.running.migrating import refuse_newer_database
    from carnet.running.worker import work_until_stopped

    refuse_newer_database()
    work_until_stopped(folder)
    return 0


def migrate_database(asked: argparse.Namespace) -> int:
    use_folder(asked.data)
    from carnet.running.migrating import migrate

    print("The database is up to date now." if migrate() else "The database was up to date already.")
    return 0


def print_token(asked: argparse.Namespace) -> int:
    use_folder(asked.data or folder_with_database())
    from carnet.running.new_token import new_token

    print(new_token(asked.organisation, asked.email))
    return 0


def take_second_step_away(asked: argparse.Namespace) -> int:
    use_folder(asked.data or folder_with_database())
    from carnet.running.lost_second_step import remove_second_step

    print(remove_second_step(asked.email))
    return 0


def refuse_commands_of_a_checkout(arguments: Sequence[str]) -> None:
    if arguments and arguments[0] in OF_A_CHECKOUT:
        raise Refused(f"In a checkout of Carnet, type: bin/carnet {' '.join(arguments)}")


def folder_with_database() -> Path:
    """Return the folder that a command without --data means: CARNET_DATA, that of `serve`, else that of the demo."""
    if given := os.environ.get("CARNET_DATA"):
        return Path(given)
    data, demo = places.home() / "data", places.home() / "demo"
    return demo if not (data / "carnet.sqlite3").exists() and (demo / "carnet.sqlite3").exists() else data


def use_folder(path: Path) -> Path:
    """Load Django on the data folder `path`; raises Refused if it cannot be written."""
    folder = places.usable_folder(path)
    os.environ["CARNET_DATA"] = str(folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "carnet.settings")
    import django

    django.setup()
    from carnet.running.logs import log_to_terminal

    log_to_terminal()
    return folder


if __name__ == "__main__":
    sys.exit(main())
