# SPDX-License-Identifier: MIT
"""The line discipline, built for the host: lines, editing, echo, raw mode, flow control."""
import pathlib
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parent.parent
TTY = TOP / "drivers" / "tty"


def test_line_discipline(tmp_path):
    exe = tmp_path / "n_tty_test"
    subprocess.run(
        ["cc", "-std=gnu11", "-g", "-O1", "-Wall", "-fsanitize=address,undefined",
         "-fno-sanitize-recover=all", f"-I{HERE}/shim", f"-I{TTY}", f"-idirafter{TOP}/include",
         f"{HERE}/n_tty_test.c", f"{TTY}/n_tty.c", f"{TTY}/n_tty_input.c", f"{TTY}/n_tty_output.c",
         "-o", str(exe)], check=True)
    done = subprocess.run([str(exe)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and "not ok" not in done.stdout, done.stdout + done.stderr
