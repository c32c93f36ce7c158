"""The bundle is rebuilt when, and only when, something it is made of has changed."""

from __future__ import annotations

import importlib.util
import sys
import tomllib
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The build hook; hatchling itself lives in the build's own environment, so only its base class is stood in for."""
    name = "hatchling.builders.hooks.plugin.interface"
    monkeypatch.setitem(sys.modules, name, SimpleNamespace(BuildHookInterface=dict))
    for parent in ("hatchling", "hatchling.builders", "hatchling.builders.hooks", "hatchling.builders.hooks.plugin"):
        monkeypatch.setitem(sys.modules, parent, SimpleNamespace())
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def built(tmp_path: Path, hook: ModuleType) -> Path:
    for path in ("frontend/styles/day.css", "carnet/desk/templates/day.html", "carnet/desk/views.py", "build.mjs"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(path)
    stamp = tmp_path / hook.STAMP
    stamp.parent.mkdir(parents=True)
    stamp.write_text(hook.fingerprint(tmp_path))
    return tmp_path


@pytest.mark.parametrize("path", ["frontend/styles/day.css", "carnet/desk/templates/day.html", "build.mjs"])
def test_a_changed_input_makes_the_bundle_stale(hook, built, path):
    assert hook.bundle_is_current(built)
    (built / path).write_text("changed")
    assert not hook.bundle_is_current(built)


def test_a_new_or_renamed_template_makes_the_bundle_stale(hook, built):
    (built / "carnet/desk/templates/day.html").rename(built / "carnet/desk/templates/today.html")
    assert not hook.bundle_is_current(built)


def test_python_files_and_times_of_change_do_not(hook, built):
    (built / "carnet/desk/views.py").write_text("changed")
    (built / "build.mjs").touch()
    assert hook.bundle_is_current(built)


def test_uv_watches_every_input_of_the_build(hook):
    keys = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["uv"]["cache-keys"]
    assert {*hook.BUNDLE_INPUTS, "locale/**/*.po", "hatch_build.py", "pyproject.toml"} <= {key["file"] for key in keys}


def test_translations_are_compiled_without_gettext(hook, tmp_path):
    folder = tmp_path / "locale/fr/LC_MESSAGES"
    folder.mkdir(parents=True)
    folder.joinpath("django.po").write_text((ROOT / "locale/fr/LC_MESSAGES/django.po").read_text())
    hook.compile_translations(tmp_path)
    first = folder.joinpath("django.mo").stat().st_mtime_ns
    hook.compile_translations(tmp_path)
    assert folder.joinpath("django.mo").stat().st_mtime_ns == first
