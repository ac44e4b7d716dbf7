# SPDX-License-Identifier: MIT
"""
The shell, built for the host from the same sources: scripts, the line editor, and rubbish.

tests/sh/NAME.sh is run in an empty folder, which is its $1; what it prints must be NAME.out. Where
the host has dash, dash must print the same, so that the expectation is POSIX's and not ours; a
script whose first line says "teak only" is about our own messages, and is not given to it.
"""

import os
import pathlib
import random
import re
import shutil
import subprocess

import pexpect
import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent
SCRIPTS = sorted((ROOT / "tests" / "sh").glob("*.sh"))
PROMPT = "teak:/# "


def build(folder, *flags):
    sources = sorted((ROOT / "user" / "bin" / "sh").glob("*.c"))
    path = folder / "bin" / "sh"
    path.parent.mkdir()
    subprocess.run(["gcc", "-std=gnu11", "-g", *flags, "-o", path, *sources], check=True)
    return path


@pytest.fixture(scope="module")
def shell(tmp_path_factory):
    return build(tmp_path_factory.mktemp("plain"), "-O1")


@pytest.fixture(scope="module")
def checked_shell(tmp_path_factory):
    """With the compiler's checks for bad memory accesses and undefined behaviour."""
    return build(tmp_path_factory.mktemp("checked"), "-O1", "-fsanitize=address,undefined",
                 "-fno-sanitize-recover=undefined")


def run_script(shell, script, tmp_path):
    """What a script prints under a shell that is also the "sh" of its PATH, and how it ends."""
    binaries, folder = tmp_path / "bin", tmp_path / "work"
    binaries.mkdir()
    folder.mkdir()
    (binaries / "sh").symlink_to(shell)
    env = {"PATH": f"{binaries}:/usr/bin:/bin", "HOME": "/", "LC_ALL": "C",
           "ASAN_OPTIONS": "detect_leaks=0"}
    result = subprocess.run([binaries / "sh", script.name, folder], cwd=script.parent, env=env,
                            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, timeout=60)
    output = result.stdout.decode("latin-1").replace(str(tmp_path), "DIR")
    return f"{output}exit {result.returncode}\n"


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_script(shell, script, tmp_path):
    assert run_script(shell, script, tmp_path) == script.with_suffix(".out").read_text("latin-1")


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_expectation_is_posix(script, tmp_path):
    if "teak only" in script.read_text().splitlines()[0]:
        pytest.skip("about messages of our own")
    dash = shutil.which("dash")
    if not dash:
        pytest.skip("no dash here")
    assert run_script(dash, script, tmp_path) == script.with_suffix(".out").read_text("latin-1")


@pytest.fixture
def terminal(shell):
    env = {"PATH": "/usr/bin:/bin", "HOME": "/", "TERM": "vt100", "LC_ALL": "C"}
    child = pexpect.spawn(str(shell), env=env, cwd="/", timeout=10, dimensions=(24, 80))
    child.expect_exact(PROMPT)
    yield child
    child.close(force=True)


def enter(child, keys, *wanted, prompt=PROMPT):
    """Types keys, waits for each of the texts in turn and then for the prompt."""
    child.send(keys)
    for text in wanted:
        child.expect_exact(text)
    child.expect_exact(prompt)
    return child.before.decode("latin-1")


LEFT, RIGHT, UP, DELETE, HOME, END = "\x1b[D", "\x1b[C", "\x1b[A", "\x1b[3~", "\x1b[1~", "\x1b[F"


@pytest.mark.parametrize("keys, printed", [
    ("echo plain", "plain"),
    ("echo aXb" + LEFT + "\x7f" + END + "c", "abc"),
    ("xecho abc\x01" + DELETE + "\x05d", "abcd"),
    ("echo one two\x17three", "one three"),
    ("rubbish\x15echo clean", "clean"),
    ("echo keep cut" + LEFT * 4 + "\x0b", "keep"),
    ("o first" + HOME + "ech", "first"),
    ("echo " + "long " * 60 + "\x01" + RIGHT * 5 + "very \x05end", "very " + "long " * 60 + "end"),
    ("echo caf\u00e9s\x7f\x7f\x7fe", "cae"),
])
def test_editing(terminal, keys, printed):
    enter(terminal, keys + "\r", "\n" + printed + "\r\n")


def test_history_and_completion(terminal):
    enter(terminal, "echo number one\r")
    enter(terminal, "echo two\r")
    enter(terminal, UP + UP + "!\r", "\nnumber one!\r\n")
    enter(terminal, "histo\t\r", "1  echo number one\r\n", "2  echo two\r\n")
    enter(terminal, "cd /us\t\r", prompt="teak:/usr# ")


def test_several_lines(terminal):
    enter(terminal, "if true\r", prompt="> ")
    enter(terminal, "then echo yes; fi\r", "\nyes\r\n")
    enter(terminal, "echo 'open\r", prompt="> ")
    enter(terminal, "\x03")
    enter(terminal, "fi\r", "unexpected fi")


def test_job_control(terminal):
    for command in ("sleep 60", "while :; do :; done", "for i in 1 2 3; do sleep 60; done",
                    "x=$(sleep 60); echo not", "read x"):
        terminal.send(command + "\r")
        terminal.expect_exact(command)
        pexpect.run("sleep 0.3")
        assert "\nnot" not in enter(terminal, "\x03")
    enter(terminal, "(exit 5); sleep 60 | cat\r", prompt="cat\r\n")
    pexpect.run("sleep 0.3")
    enter(terminal, "\x1a", "Stopped")
    enter(terminal, "jobs; bg; kill %1; wait %1; echo =$?\r", "Stopped", "Running", "=143")
    enter(terminal, "sleep 0.1 & wait; echo done\r", "[1]", "\ndone\r\n")
    enter(terminal, "sh -c 'kill -SEGV $$'\r", "Segmentation fault")


def test_type_ahead(terminal):
    """Lines sent while a program runs are all there, for the shell and for the programs."""
    terminal.send("sleep 0.4\recho A\rread v\rthe answer\recho B $v\r")
    for text in ("\nA\r\n", "\nB the answer\r\n"):
        terminal.expect_exact(text)


def test_end_of_input(terminal):
    enter(terminal, "echo abc\x04d\r")		# in a line it deletes, and here there is nothing
    terminal.send("\x04")
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 0


WORDS = ["if", "then", "else", "fi", "for", "in", "do", "done", "while", "until", "case", "esac",
         "{", "}", "(", ")", "((", "$((", "))", "$(", "`", "${", "}", "'", '"', "\\", "\n", ";", ";;",
         "&", "&&", "||", "|", "!", "<", ">", "<<", "<<E\n", "E\n", ">&", "<&-", "2>", "$", "$@", "$*",
         "$#", "x", "x=", "x=1", "$x", "${x", ":-", "##", "%%", "*", "?", "[", "]", "[!a-", "a", "f()",
         "return", "break", "set", "--", "eval", "echo", "printf", "%d", "%*s", "-", "1", "99999999999",
         "local", "export", "unset", "IFS=", "trap", "EXIT", "read", "test", "-eq", "exit", "#", " ",
         " ", " ", "\t", "=", "+", "*", "/", "0x", "?", ":", ",", "~", "\0", "\xff", "shift", "cd", "wait"]


def rubbish(rng, scripts):
    kind = rng.randrange(3)
    if kind == 0:
        return bytes(rng.randrange(256) for _ in range(rng.randrange(400)))
    if kind == 1:
        return "".join(rng.choice(WORDS) for _ in range(rng.randrange(120))).encode("latin-1")
    text = bytearray(rng.choice(scripts))
    for _ in range(rng.randrange(1, 12)):
        at = rng.randrange(len(text))
        piece = rng.choice(WORDS).encode("latin-1")
        text[at:at + rng.randrange(20)] = piece
    return bytes(text)


@pytest.mark.parametrize("seed", range(3))
def test_rubbish_does_not_crash_it(checked_shell, tmp_path, seed):
    """Half of the scripts are only read (-n), half run: with no programs, in an empty folder."""
    rng = random.Random(seed)
    scripts = [path.read_bytes() for path in SCRIPTS]
    rounds = int(os.environ.get("SH_FUZZ_ROUNDS", "60"))
    env = {"PATH": str(tmp_path), "ASAN_OPTIONS": "detect_leaks=0:exitcode=99"}
    for number in range(rounds):
        text = rubbish(rng, scripts)
        if number % 2 and re.search(rb"kill|/", text):
            continue		# no harm to the host
        path = tmp_path / "script"
        path.write_bytes(text)
        options = [] if number % 2 else ["-n"]
        process = subprocess.Popen([checked_shell, *options, path], cwd=tmp_path, env=env,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.PIPE, start_new_session=True)
        try:
            _, errors = process.communicate(timeout=3)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)	# rubbish may well be an endless loop
            process.communicate()
            continue
        assert process.returncode >= 0 and b"Sanitizer" not in errors \
            and b"runtime error" not in errors, (path, text, errors[-3000:])
