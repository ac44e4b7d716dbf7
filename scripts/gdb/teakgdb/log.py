# SPDX-License-Identifier: MIT
"""teak-log: the kernel's messages, read from printk's ring (kernel/printk/printk.c)."""

import gdb

from . import kernel as k

LEVELS = ("emerg", "alert", "crit", "err", "warn", "notice", "info", "debug")


def records():
    """Each record in the ring, as a pointer, the oldest first."""
    kind = gdb.lookup_type("struct printk_record").pointer()
    buffer = int(k.value("(unsigned long)log_buf"))
    offset = int(k.value("log_first"))
    for _ in range(int(k.value("log_next_seq")) - int(k.value("log_first_seq"))):
        record = gdb.Value(buffer + offset).cast(kind)
        if int(record["size"]) == 0:        # the rest of the ring is unused
            offset = 0
            record = gdb.Value(buffer).cast(kind)
        yield record
        offset += int(record["size"])


class Log(k.Command):
    """teak-log [LINES]
Print the kernel's messages, also those that no console showed; only the newest LINES if given.
A message of level warn or worse is marked with its level."""

    NAME = "teak-log"

    def run(self, argv):
        if len(argv) > 1:
            k.usage(self)
        wanted = list(records())
        if argv:
            wanted = wanted[-k.integer(argv[0]):]
        for record in wanted:
            seconds, rest = divmod(int(record["ts_nsec"]), 10**9)
            level = int(record["level"])
            mark = f"<{LEVELS[level]}> " if level <= LEVELS.index("warn") else ""
            text = k.read_text(record["text"].address, int(record["text_len"]))
            print(f"[{seconds:5}.{rest // 1000:06}] {mark}{text}")


Log()
