# SPDX-License-Identifier: MIT
"""teak-syms: the symbols of the user program that runs."""

import glob
import os
import struct

import gdb

from . import kernel as k
from . import memory
from . import tasks

ET_DYN, PT_LOAD = 3, 1
loaded = None       # (file, offset) of the program whose symbols gdb has now


def elf_base(path):
    """(type, lowest address of what is loaded) of an ELF file."""
    with open(path, "rb") as f:
        header = f.read(64)
        if header[:4] != b"\x7fELF":
            k.error(f"{path} is not an ELF file.")
        kind, = struct.unpack_from("<H", header, 16)
        table, = struct.unpack_from("<Q", header, 32)
        size, count = struct.unpack_from("<HH", header, 54)
        f.seek(table)
        entries = [f.read(size) for _ in range(count)]
    starts = [struct.unpack_from("<Q", e, 16)[0] for e in entries
              if struct.unpack_from("<I", e)[0] == PT_LOAD]
    return kind, min(starts, default=0)


def build_folder():
    """Where the kernel's ELF file is: the build folder."""
    return os.path.dirname(os.path.abspath(gdb.current_progspace().filename or "build/teak.elf"))


def is_tool(user, name):
    """Whether it is one of the names of the toolbox (user/user.mk)."""
    try:
        with open(os.path.join(user, "bin", "applets.h")) as f:
            return f'("{name}",' in f.read()
    except OSError:
        return False


def debug_file(name):
    """The program's file with symbols among what the build made."""
    user = os.path.join(build_folder(), "user")
    wanted = "toolbox.debug" if is_tool(user, name) else f"{name}.debug"
    found = sorted(glob.glob(os.path.join(user, "**", wanted), recursive=True))
    if found:
        return found[0]
    k.error(f"no symbols for '{name}': no {wanted} in {user}.")


class Syms(k.Command):
    """teak-syms [PID]
Load the symbols of the user program that runs (or of PID's), in place of those loaded before:
then break, step, print and list work on it."""

    NAME = "teak-syms"

    def run(self, argv):
        if len(argv) > 1:
            k.usage(self)
        task = tasks.find(k.integer(argv[0])) if argv else tasks.current()
        if task is None or int(task["mm"]) == 0 or int(task["mm"]["exe_file"]) == 0:
            k.error("no user program runs now: continue until one does, or give a PID.")
        name = os.path.basename(memory.path_of(task["mm"]["exe_file"]))
        path = debug_file(name)
        kind, base = elf_base(path)
        start = int(task["mm"]["start_code"]) & -k.PAGE_SIZE
        self.load(path, start - base if kind == ET_DYN else 0)

    def load(self, path, offset):
        global loaded
        if loaded == (path, offset):
            print(f"symbols of {path} are loaded already")
            return
        if loaded:
            for objfile in gdb.objfiles():
                if objfile.filename == os.path.realpath(loaded[0]):
                    gdb.execute(f"remove-symbol-file {objfile.filename}", to_string=True)
        # gdb asks for a confirmation unless told not to.
        gdb.execute("set confirm off", to_string=True)
        gdb.execute(f"add-symbol-file {path} -o {offset:#x}", to_string=True)
        loaded = (path, offset)
        print(f"symbols of {path} loaded" + (f" at offset {offset:#x}" if offset else ""))


Syms()
