# SPDX-License-Identifier: MIT
"""A debugging session as a student would type it: `make gdb`, and teak's commands for gdb."""

import os
import re

import pexpect
import pytest

import guest
from teak import BUILD, HANG_SECONDS, LOGS, TOP

PROMPT = r"\(gdb\) "
MOST_FAULTS = 30        # until one is in the same table as one before: the second or third


class Gdb:
    """A session of scripts/gdb/start, stopped at its first breakpoint."""

    def __init__(self, image, log):
        os.makedirs(LOGS, exist_ok=True)
        self.log = open(log, "wb")
        self.child = pexpect.spawn(f"{TOP}/scripts/gdb/start", ["--disk", str(image)],
                                   env={**os.environ, "BUILD": BUILD, "TERM": "dumb", "TMUX": ""},
                                   timeout=HANG_SECONDS, dimensions=(50, 500), echo=False)
        self.child.delaybeforesend = None
        self.child.logfile_read = self.log
        self.child.expect(PROMPT)
        self.start = guest.clean(self.child.before)

    def __call__(self, command):
        """What gdb prints for a command."""
        self.child.sendline(command)
        self.child.expect(PROMPT)
        text = guest.clean(self.child.before)
        return text[len(command):].lstrip("\n") if text.startswith(command) else text

    def close(self):
        self.child.sendline("quit")
        self.child.expect(pexpect.EOF)
        self.child.close()
        self.log.close()


@pytest.fixture
def gdb(root_img, request):
    session = Gdb(root_img, os.path.join(LOGS, f"test_gdb.{request.node.name}.log"))
    yield session
    session.close()


def test_make_gdb_stops_in_do_page_fault(gdb):
    assert "Breakpoint 1, do_page_fault" in gdb.start, f"saw:\n{gdb.start}"


def test_page_fault_step_by_step(gdb):
    """The walk fails before the fault is handled; when its PTE is set, the walk succeeds."""
    for _ in range(MOST_FAULTS):
        before = gdb("teak-pgwalk $FAR_EL1")
        failed = re.search(r"level 3 pte\[ *\d+\] at (0x[0-9a-f]+) = 0x0+  not valid", before)
        if failed:
            break
        gdb("continue")     # to the next fault: the tables for this one are yet to be made
    assert failed, f"no fault found a table but no PTE; the last one:\n{before}"
    assert "=> no mapping: the walk fails at level 3 (pte)" in before, f"saw:\n{before}"
    assert re.search(r"VMA 0x[0-9a-f]+-0x[0-9a-f]+ ", before), f"no VMA in:\n{before}"
    gdb("set $addr = $FAR_EL1")

    gdb("tbreak handle_pte_fault")
    stopped = gdb("continue")
    if "Breakpoint 1, do_page_fault" in stopped:
        # On a busy host QEMU may stop before it has stepped off the breakpoint: the same call of it, again.
        assert "= 1" in gdb("print $FAR_EL1 == $addr"), f"another fault before this one was handled:\n{stopped}"
        stopped = gdb("continue")
    assert re.search(r"^handle_pte_fault|, handle_pte_fault", stopped, re.M), f"saw:\n{stopped}"
    gdb(f"watch *(unsigned long *){failed.group(1)}")
    stopped = gdb("continue")
    assert re.search(r"Old value = 0\nNew value = \d+", stopped), f"saw:\n{stopped}"
    trace = gdb("backtrace")
    assert "handle_mm_fault" in trace and "do_page_fault" in trace, f"saw:\n{trace}"

    after = gdb("teak-pgwalk $addr")
    found = re.search(r"=> physical address 0x[0-9a-f]+, pfn (0x[0-9a-f]+)", after)
    assert found and "user r" in after, f"the new page is not the user's:\n{after}"
    page = gdb(f"teak-page {found.group(1)}")
    references = re.search(r"_refcount (\d+)", page)
    assert references and int(references.group(1)) >= 1, f"the page is not in use:\n{page}"


def test_commands_agree_with_the_kernel(gdb):
    tasks = gdb("teak-ps")
    assert re.search(r"^ .* 2 +0 S .*kthreadd", tasks, re.M), f"no sleeping kthreadd in:\n{tasks}"
    assert re.search(r"^\* +1 ", tasks, re.M), f"pid 1 does not run in:\n{tasks}"
    regions = gdb("teak-vmas 1")
    assert "[stack]" in regions and "the list has" not in regions, f"saw:\n{regions}"
    queues = gdb("teak-rq")
    assert re.search(r"CPU \d: runs 1 \(", queues), f"saw:\n{queues}"
    free = gdb("teak-buddy")
    assert "says" not in free and re.search(r"^ +10 ", free, re.M), f"saw:\n{free}"
    assert gdb("print $current()->pid").endswith("= 1\n")
    log = gdb("teak-log")
    assert "CPU" in log and len(log.splitlines()) > 5, f"saw:\n{log}"


def test_kernel_addresses_and_what_is_no_address(gdb):
    walk = gdb("teak-pgwalk &init_task")
    assert "=> physical address" in walk and "user --" in walk, f"saw:\n{walk}"
    assert "every access to it faults" in gdb("teak-pgwalk 0x00ff000000000000")
    assert "no task has the pid 99999" in gdb("teak-vmas 99999")
    assert "is not RAM" in gdb("teak-page 1")


def test_user_symbols_of_the_running_program(gdb):
    loaded = gdb("teak-syms 1")
    assert "symbols of" in loaded and "loaded" in loaded, f"saw:\n{loaded}"
    assert "main in section" in gdb("info symbol main")
