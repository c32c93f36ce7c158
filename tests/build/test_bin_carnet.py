"""bin/carnet on machines that lack something: one clear line, exit 2, nothing half done."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A machine with a bare checkout and the shell's own commands, but no Python and no uv."""
    (tmp_path / "checkout/bin").mkdir(parents=True)
    shutil.copy2(ROOT / "bin/carnet", tmp_path / "checkout/bin/carnet")
    commands = tmp_path / "commands"
    commands.mkdir()
    for name in ("sh", "dirname", "readlink", "env"):
        found = shutil.which(name)
        assert found
        (commands / name).symlink_to(found)
    return tmp_path


def give(machine: Path, name: str, script: str) -> None:
    program = machine / "commands" / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


def carnet(machine: Path, *arguments: str, cwd: Path | None = None, **environment: str) -> tuple[int, str]:
    done = subprocess.run(
        [str(machine / "checkout/bin/carnet"), *arguments],
        cwd=cwd or machine,
        env={"PATH": str(machine / "commands"), **environment},
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout + done.stderr


def test_without_python_it_says_which_one_is_needed(machine):
    code, words = carnet(machine, "demo")
    assert code == 2
    assert "Python 3.11 or newer is needed" in words
    assert len(words.splitlines()) == 1


def test_a_python_too_old_is_refused(machine):
    give(machine, "python3", "exit 1")
    assert carnet(machine, "demo") == carnet(machine, "serve")
    assert carnet(machine, "demo")[0] == 2


def test_without_the_venv_module_it_names_debians_package(machine):
    give(machine, "python3", "case $2 in *ensurepip*) exit 1 ;; *) exit 0 ;; esac")
    code, words = carnet(machine, "demo", HOME=str(machine))
    assert code == 2
    assert "apt install python3-venv" in words
    assert not (machine / "checkout/.venv").exists()


def test_a_failed_installation_ends_with_two(machine):
    give(machine, "python3", "exit 0")
    give(machine, "uv", "echo no network >&2; exit 1")
    code, words = carnet(machine, "demo", HOME=str(machine))
    assert code == 2
    assert "no network" in words
    assert "the installation failed" in words


def test_the_command_runs_from_anywhere_with_its_arguments_and_without_a_home(machine):
    """uv makes the environment; then the program gets every argument as it was typed."""
    give(machine, "python3", "exit 0")
    program = 'printf "#!/bin/sh\\nprintf %s\\n" \'"[%s]" "$@"\' > "$UV_PROJECT_ENVIRONMENT/bin/carnet"'
    give(
        machine,
        "uv",
        f'PATH=/usr/bin:/bin; mkdir -p "$UV_PROJECT_ENVIRONMENT/bin"; {program}; '
        'chmod +x "$UV_PROJECT_ENVIRONMENT/bin/carnet"; echo "$UV_CACHE_DIR" > "$UV_PROJECT_ENVIRONMENT/cache"',
    )
    (machine / "elsewhere").mkdir()
    (machine / "link").symlink_to(machine / "checkout/bin/carnet")
    done = subprocess.run(
        [str(machine / "link"), "token", "Salon Lumière", "a b"],
        cwd=machine / "elsewhere",
        env={"PATH": str(machine / "commands"), "HOME": ""},
        capture_output=True,
        text=True,
    )
    assert done.stdout == "[token][Salon Lumière][a b]"
    assert "Setting up Carnet" in done.stderr
    assert (machine / "checkout/.venv/cache").read_text().strip().startswith(str(machine / "checkout"))


def test_the_script_is_plain_posix_shell():
    checked = subprocess.run(["sh", "-n", str(ROOT / "bin/carnet")], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr
    assert os.access(ROOT / "bin/carnet", os.X_OK)
