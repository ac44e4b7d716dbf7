# SPDX-License-Identifier: MIT
"""
gdb commands for teak. Loaded on gdb's command line, so no auto-load safe-path is involved:

    gdb-multiarch -x scripts/gdb/teak.py build/teak.elf

`make gdb` does that. `help teak` lists the commands, `help teak-ps` explains one.
"""

import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import teakgdb.log        # noqa: E402,F401
import teakgdb.memory     # noqa: E402,F401
import teakgdb.modules    # noqa: E402,F401
import teakgdb.pagetable  # noqa: E402,F401
import teakgdb.sched      # noqa: E402,F401
import teakgdb.symbols    # noqa: E402,F401
import teakgdb.tasks      # noqa: E402,F401
