# SPDX-License-Identifier: MIT
"""teak-modules: loaded modules and their symbols."""

import glob
import os

import gdb

from . import kernel as k
from . import symbols

loaded = {}         # file: its sections' addresses, of the modules whose symbols gdb has


def find_file(name, folders):
    """NAME.ko in one of the folders or the folders below them; '-' in a file's name is '_' in the module's."""
    for folder in folders:
        for path in sorted(glob.glob(os.path.join(folder, "**", "*.ko"), recursive=True)):
            if os.path.basename(path)[:-3].replace("-", "_") == name:
                return path
    return None


def sections(module):
    """(name, address) of each section that stays."""
    array = module["sections"]
    return [(array[i]["name"].string(), int(array[i]["address"]))
            for i in range(int(module["num_sections"]))]


class Modules(k.Command):
    """teak-modules [FOLDER...]
Lists the modules that are loaded, and loads the symbols of each from its NAME.ko in one of the folders:
the present one and the build folder's samples, unless others are given. Those of modules that are gone are dropped."""

    NAME = "teak-modules"

    def run(self, argv):
        folders = argv or [".", os.path.join(symbols.build_folder(), "samples")]
        wanted = {}
        for module in k.list_entries(k.value("modules"), "struct module", "list"):
            name, base = module["name"].string(), int(module["core_layout"]["base"])
            path = find_file(name, folders)
            print(f"{name:20} {base:#x} {int(module['core_layout']['size']):7} {path or 'no file: give its folder'}")
            if path:
                wanted[os.path.realpath(path)] = sections(module)
        for path in [p for p in loaded if wanted.get(p) != loaded[p]]:
            gdb.execute(f"remove-symbol-file {path}", to_string=True)
            del loaded[path]
        for path, where in wanted.items():
            if path in loaded:
                continue
            named = " ".join(f"-s {name} {address:#x}" for name, address in where)
            # gdb asks for a confirmation unless told not to.
            gdb.execute("set confirm off", to_string=True)
            gdb.execute(f"add-symbol-file {path} {named}", to_string=True)
            loaded[path] = where


Modules()
