# SPDX-License-Identifier: MIT
"""The harness itself: what it relies on when it judges others."""

import re
import subprocess
import sys

import pytest

import guest
import tap
from teak import TOP, qemu_options


def test_tap_good_report():
    report = tap.parse("booting\n1..3\nok 1 - a\n[1.0] kernel message\n"
                       "ok 2 - b # SKIP no disk\nok 3 - c\n")
    assert report.problems() == []
    assert (len(report.passed), len(report.skipped)) == (2, 1)


@pytest.mark.parametrize("text, problem", [
    ("", "no plan"),
    ("1..2\nok 1 - a\n", "not reported: 2"),
    ("1..1\nnot ok 1 - fork # saw 3, expected 4\n", "not ok 1 - fork # saw 3, expected 4"),
    ("1..2\nok 1 - a\nok 1 - a\nok 2 - b\n", "test 1 was reported 2 times"),
    ("1..1\nok 1 - a\nok 2 - b\n", "test 2 is outside the plan"),
    ("1..1\nok 1 - a\nBail out! no memory\n", "bailed out: no memory"),
])
def test_tap_bad_report_says_why(text, problem):
    assert any(problem in line for line in tap.parse(text).problems()), tap.parse(text).problems()


@pytest.mark.parametrize("command, output, status", [
    ("echo hi", "hi\n", 0),
    ("false", "", 1),
    ("printf 'a<~9:0~>b'", "a<~9:0~>b", 0),
    ("sleep 0 &", "", 0),
    ("for i in 1 2\ndo echo $i\ndone", "1\n2\n", 0),
    ("echo x # comment", "x\n", 0),
    ("sh -c 'exit 7' && echo no", "", 7),
])
def test_marks_keep_a_commands_output_apart(command, output, status):
    """The wrapped line, run by the host's shell, gives back the output and the status."""
    done = subprocess.run(["sh"], input=guest.wrap(command, 3), stdout=subprocess.PIPE, text=True)
    text = done.stdout.encode()
    begin, end = guest.begin_mark(3).search(text), guest.end_mark(3).search(text)
    assert begin and end, f"saw {text}"
    assert (guest.clean(text[begin.end():end.start()]), int(end.group(1))) == (output, status)


def test_echo_of_a_command_is_not_a_mark():
    line = guest.wrap("ls", 3).encode()
    assert not guest.begin_mark(3).search(line) and not guest.end_mark(3).search(line)


def test_disks_are_on_the_buses_in_order():
    """/dev/vda is the first disk given: QEMU's bus 0 has the lowest address."""
    done = subprocess.run([f"{TOP}/scripts/qemu", "--dry-run", "--disk", "a", "--ro-disk", "b,c",
                           "--disk", "d"], stdout=subprocess.PIPE, text=True, check=True)
    for disk, image in enumerate(("file=a,", "file=b,,c,", "file=d,")):
        assert f"drive=disk{disk},bus=virtio-mmio-bus.{disk}" in done.stdout
        assert f"id=disk{disk},if=none,{image}" in done.stdout


def expanded_names(assembly):
    """The names in the table that scripts/kallsyms.py made, as kernel/kallsyms.c reads them."""
    def numbers(label):
        lines = assembly.split(f"\n{label}:\n")[1].split("\t.globl")[0].split("\t.balign")[0]
        return [int(n, 0) for n in re.findall(r"\d+", lines)]

    def expand(code):
        return chr(code) if code < 128 else "".join(map(expand, pairs[2 * (code - 128):][:2]))

    pairs = numbers("kallsyms_pairs")
    return "".join(map(expand, numbers("kallsyms_names"))).split("\0")[:-1]


def test_kallsyms_table_is_sorted_and_relative():
    nm = ("ffff000000000000 T _text\nffff000000001000 T _stext\nffff000000001000 t zeta\n"
          "ffff000000001010 d data\nffff000000001020 W weak\nffff000000001020 T alpha\n"
          "ffff000000002000 T _etext\nffff000000003000 t init_only\nffff000000004000 D var\n"
          "0000000000000000 a __export_var\n0000000000000000 a __export_alpha\n")
    done = subprocess.run([sys.executable, f"{TOP}/scripts/kallsyms.py"], input=nm,
                          stdout=subprocess.PIPE, text=True, check=True)
    assert expanded_names(done.stdout) == ["_stext", "zeta", "weak", "alpha", "var"], done.stdout
    assert ".short 3, 4\n" in done.stdout and ".long var - .\n" in done.stdout, done.stdout
    wrong = subprocess.run([sys.executable, f"{TOP}/scripts/kallsyms.py"], stdout=subprocess.DEVNULL,
                           input=nm + "0000000000000000 a __export_zeta\n", stderr=subprocess.PIPE, text=True)
    assert wrong.returncode and "EXPORT_SYMBOL(zeta)" in wrong.stderr, wrong
    assert f".long {0x80001000}, {0x1000}, {0x80001020}, {0x80001020}" in done.stdout, done.stdout


def test_qemu_options_reach_the_wrapper():
    options = qemu_options(["x"], [], 2, "1G", "max", 2, True, False, True, "ro", None, None, False)
    done = subprocess.run([f"{TOP}/scripts/qemu", "--dry-run", *options], stdout=subprocess.PIPE,
                          text=True, check=True)
    for word in ("gic-version=2,virtualization=on", "-cpu max", "-smp 2", "-m 1G", "-append ro",
                 "-icount shift=0,sleep=off", "signal=off"):
        assert word in done.stdout, f"'{word}' is not in: {done.stdout}"


def test_what_a_machine_said_outlives_it(boot):
    """A report of a failure while fixtures are torn down reads it then."""
    teak = boot(prompt=False)
    teak.expect(r"teak")
    teak.close()
    assert "teak" in teak.transcript
