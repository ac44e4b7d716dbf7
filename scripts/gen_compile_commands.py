#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""
Write compile_commands.json, from which clangd knows how each file is compiled.

    scripts/gen_compile_commands.py [-o FILE] [make arguments...]

Asks `make --dry-run --always-make` what it would do and keeps the compiler's command lines; so the
Makefile stays the only place that knows the flags, and nothing is compiled.
"""

import argparse
import json
import os
import re
import shlex
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
COMPILER = re.compile(r"(^|/)([\w.-]+-)?(gcc|cc|clang)(-[\d.]+)?$")


def entry(line):
    """The database entry for one line of make's output; None when it compiles nothing."""
    if " -c " not in line:
        return None
    # A recipe may chain commands; the compiler's is the one that counts.
    for command in re.split(r"\s*(?:&&|;|\|\|)\s*", line):
        try:
            words = shlex.split(command)
        except ValueError:
            continue
        if not words or not COMPILER.search(words[0]) or "-c" not in words:
            continue
        sources = [w for w in words if w.endswith((".c", ".S"))]
        if sources:
            return {"directory": TOP, "file": sources[-1], "arguments": words}
    return None


def main():
    p = argparse.ArgumentParser(prog="scripts/gen_compile_commands.py")
    p.add_argument("-o", "--output", help="where to write (standard output)")
    p.add_argument("make", nargs="*", help="arguments for make, such as BUILD=DIR and targets")
    args = p.parse_args()
    # Not the flags of a make that called this: -j's file descriptors would not be ours.
    env = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
    make = subprocess.run(["make", "--dry-run", "--always-make", "--no-print-directory",
                           "-C", TOP] + args.make, stdout=subprocess.PIPE, text=True, env=env)
    if make.returncode:
        sys.exit("gen_compile_commands.py: make failed; its message is above.")
    lines = make.stdout.replace("\\\n", " ").splitlines()
    entries = {e["file"]: e for e in map(entry, lines) if e}
    if not entries:
        sys.exit("gen_compile_commands.py: make's output has no compiler command in it.")
    text = json.dumps([entries[f] for f in sorted(entries)], indent=1) + "\n"
    if args.output:
        with open(args.output, "w") as out:
            out.write(text)
    else:
        sys.stdout.write(text)


main()
