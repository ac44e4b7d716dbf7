#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""
Before modules are linked: does somebody export what they use? And write NAME.mod.c for each, with struct
module and what the kernel wants to know of it.

    nm teak.elf | scripts/modpost.py --kernel > Module.symvers
    scripts/modpost.py --nm NM -o Module.symvers -s SYMVERS... NAME.o...

A Module.symvers, as in Linux: lines of checksum (always 0), symbol, who exports it, kind, separated by tabs.
"""

import argparse
import os
import subprocess
import sys

MOD_C = """/* Made by scripts/modpost.py. */
#include <linux/module.h>
#include <linux/vermagic.h>

MODULE_INFO(vermagic, VERMAGIC_STRING);
MODULE_INFO(name, KBUILD_MODNAME);
MODULE_INFO(depends, "{depends}");

struct module __this_module __attribute__((section(".gnu.linkonce.this_module"))) = {{
	.name = KBUILD_MODNAME,
{functions}}};
"""


def symvers_line(symbol, owner):
    return f"0x00000000\t{symbol}\t{owner}\tEXPORT_SYMBOL\t\n"


def kernel_exports():
    names = [f[2] for f in (line.split() for line in sys.stdin) if len(f) == 3]
    for name in sorted(n[len("__export_"):] for n in names if n.startswith("__export_")):
        sys.stdout.write(symvers_line(name, "vmlinux"))


class Module:
    def __init__(self, nm, path):
        self.path = path[:-2]
        self.name = os.path.basename(self.path).replace("-", "_")
        self.undefined, self.weak, self.defined = set(), set(), set()
        out = subprocess.run([nm, path], stdout=subprocess.PIPE, text=True, check=True).stdout
        for kind, name in (line.split()[-2:] for line in out.splitlines()):
            {"U": self.undefined, "w": self.weak}.get(kind, self.defined).add(name)
        # The names are text in a section of their own.
        self.exports = strings_of(path, "__ksymtab_strings")
        self.undefined -= {"__this_module"}


def strings_of(path, section):
    """The NUL-terminated strings of a section of an ELF file of 64 bits, little-endian."""
    with open(path, "rb") as f:
        elf = f.read()

    def number(at, size):
        return int.from_bytes(elf[at:at + size], "little")

    headers, count, names = number(40, 8), number(60, 2), number(62, 2)
    names_at = number(headers + 64 * names + 24, 8)
    for header in range(headers, headers + 64 * count, 64):
        at = names_at + number(header, 4)
        if elf[at:elf.index(b"\0", at)].decode() == section:
            offset, size = number(header + 24, 8), number(header + 32, 8)
            return elf[offset:offset + size].decode().rstrip("\0").split("\0")
    return []


def write(path, text):
    with open(path, "w") as f:
        f.write(text)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--kernel", action="store_true")
    parser.add_argument("--nm", default="nm")
    parser.add_argument("--warn", action="store_true", help="undefined symbols are a warning only")
    parser.add_argument("-o", dest="output")
    parser.add_argument("-s", dest="symvers", action="append", default=[])
    parser.add_argument("objects", nargs="*")
    args = parser.parse_args()
    if args.kernel:
        return kernel_exports()

    owner, failed = {}, False
    for path in args.symvers:
        with open(path) as f:
            owner.update(line.split("\t")[1:3] for line in f)
    modules = [Module(args.nm, path) for path in args.objects]
    for module in modules:
        for symbol in module.exports:
            if symbol in owner:
                print(f"ERROR: modpost: {module.path}: '{symbol}' is exported by {owner[symbol]} already")
                failed = True
            owner[symbol] = module.name
    for module in modules:
        for symbol in sorted(module.undefined - owner.keys()):
            print(f"{'WARNING' if args.warn else 'ERROR'}: modpost: \"{symbol}\" [{module.path}.ko] undefined!")
            failed |= not args.warn
        used = module.undefined | module.weak
        depends = sorted({owner[s] for s in used if s in owner} - {"vmlinux", module.name})
        functions = "".join(f"\t.{field} = {name},\n" for field, name in
                            (("init", "init_module"), ("exit", "cleanup_module")) if name in module.defined)
        write(module.path + ".mod.c", MOD_C.format(depends=",".join(depends), functions=functions))
    if failed:
        sys.exit(1)
    write(args.output, "".join(symvers_line(s, m.name) for m in modules for s in m.exports))


main()
