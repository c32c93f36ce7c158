"""The wheel that people install holds what a checkout does not keep."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def uv() -> str:
    beside = Path(sys.executable).with_name("uv")
    found = str(beside) if beside.is_file() else shutil.which("uv")
    assert found, "bin/carnet installs uv beside Python"
    return found


def test_the_wheel_holds_the_bundle_the_templates_and_the_translations(checkout, tmp_path):
    # A class that no other template uses: the stylesheet is made from the templates as they are now.
    (checkout / "carnet/desk/templates/desk/new_page.html").write_text('<p class="mt-[123px]">new</p>')

    built = subprocess.run(
        [uv(), "build", "--wheel", "--quiet", "--out-dir", str(tmp_path / "dist"), str(checkout)],
        capture_output=True,
        text=True,
    )
    assert built.returncode == 0, built.stderr

    (wheel,) = (tmp_path / "dist").glob("carnet-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        manifest = json.loads(archive.read("carnet/static/build/manifest.json"))
        style = archive.read(f"carnet/static/build/{manifest['app.css']}").decode()
        script = archive.read(f"carnet/static/build/{manifest['app.js']}").decode()

    assert set(manifest) == {"app.css", "app.js", "layout_editor.js", "icons.svg", "favicon.svg", "inter.woff2"}
    assert {f"carnet/static/build/{file}" for file in manifest.values()} <= names
    assert "123px" in style
    assert ".row-335{grid-row-start:336}" in style
    assert ".rows-335{grid-row-end:span 335}" in style
    assert "http://" not in style.replace("http://www.w3.org", "")
    assert "sourceMappingURL" not in script
    assert "carnet/base/templates/base.html" in names
    assert {f"carnet/locale/{language}/LC_MESSAGES/django.mo" for language in ("fr", "en")} <= names
    assert len([name for name in names if re.fullmatch(r"carnet/catalogue/examples/\w+\.toml", name)]) == 8
    assert not [name for name in names if name.startswith(("tests/", "node_modules/", "frontend/"))]


def test_the_lock_of_the_front_end_names_no_download_host():
    lock = json.loads((ROOT / "package-lock.json").read_text())
    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []
    assert all("integrity" in package for name, package in lock["packages"].items() if name)


def test_every_package_of_the_front_end_is_pinned():
    wanted = json.loads((ROOT / "package.json").read_text())["dependencies"]
    assert [name for name, version in wanted.items() if not version[0].isdigit()] == []
