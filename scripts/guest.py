# SPDX-License-Identifier: MIT
"""
How a program on the host talks to the shell in the guest over the serial line.

Used by scripts/run and by the test harness (tests/teak.py).

The line carries everything: the echo of what is typed, however the shell's line editor paints it,
kernel messages, the command's output, the prompt. So each command is put between two marks:

    echo "<~7"">"; eval 'ls -l /'; echo "<~7:"$?"~>"

The echo shows the quotes and `$?`; only what the commands print has `<~7>` and `<~7:0~>` in it.
What lies between them is the command's output, and the number tells late output from ours.
"""

import re

PROMPT = re.compile(rb"teak:(?:/\S*|~\S*)[#$] (?:\x1b\[[0-9;?]*[A-Za-z])*$")
PANIC = re.compile(rb"[^\n]*Kernel panic[^\n]*\n")
ESCAPES = re.compile(rb"\x1b\[[0-9;?]*[A-Za-z]")


def begin_mark(n):
    return re.compile(rb"<~%d>\r*\n" % n)


def end_mark(n):
    return re.compile(rb"<~%d:(\d+)~>" % n)


def quote(text):
    """One word for the shell, whatever is in it."""
    return "'" + text.replace("'", "'\\''") + "'"


def wrap(command, n):
    """The line to type so that `command` runs between the marks of number n.

    eval takes anything as one word: several lines, a comment, a trailing `&`, a syntax error.
    """
    return f'echo "<~{n}"">"; eval {quote(command)}; echo "<~{n}:"$?"~>"\n'


def clean(output):
    """What a terminal would keep of `output`: no carriage returns, no escape sequences."""
    return ESCAPES.sub(b"", output).replace(b"\r", b"").decode(errors="replace")
