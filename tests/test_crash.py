# SPDX-License-Identifier: MIT
"""When the kernel makes a mistake it says what, where, and how the address was translated."""

import os
import re

import pytest

from teak import BUILD, KASAN, KernelPanic

PANIC_STATUS = 255
DEBUG_BUILD = os.path.basename(BUILD) == "debug" or bool(os.environ.get("DEBUG"))

# What is provoked (drivers/misc/lkdtm.c), and what the report must say, in this order.
REPORTS = {
    "PANIC": ["Kernel panic - not syncing: provoked", "Call trace:", "lkdtm_PANIC"],
    "BUG": ["kernel BUG at drivers/misc/lkdtm.c:", "Internal error: Oops - BUG", "pc : lkdtm_BUG",
            "Call trace:", "proc_reg_write", "el0t_64_sync", "Kernel panic"],
    "EXCEPTION": ["kernel NULL pointer dereference at virtual address 0000000000000000",
                  "data abort in the kernel, FSC 0x0[4-7]: translation fault, level [0-3], a write",
                  r"pgd\[  0\] = [0-9a-f]{16}", "the walk ends here", "In no region of the task",
                  "Task sh, PID", "locks? held", "pc : lkdtm_EXCEPTION", "Call trace:"],
    "EXHAUST_STACK": ["Kernel stack overflow: sp ", "the stack of sh", "Call trace:", "recurse",
                      "lkdtm_EXHAUST_STACK"],
    "WRITE_RO": ["write to read-only memory", "permission fault, level 3, a write",
                 r"pte\[\s*\d+\] = [0-9a-f]{16} frame .* kernel ro px accessed"],
    "EXEC_DATA": ["execute from non-executable memory", "instruction abort in the kernel"],
}


def provoke(boot, image, kind, **options):
    """The whole console of a machine in which `kind` was provoked, and its exit status."""
    teak = boot(disks=[image], snapshot=True, faults=True, **options)
    teak.sendline(f"echo {kind} > /proc/provoke-crash")
    with pytest.raises(KernelPanic):
        teak.wait_end()
    return teak.transcript, teak.status


def check_report(text, wanted):
    at = 0
    for pattern in wanted:
        found = re.compile(pattern).search(text, at)
        assert found, f"expected {pattern!r} after {text[:at][-80:]!r}; saw:\n{text}"
        at = found.end()


@pytest.mark.parametrize("kind", REPORTS)
def test_report_explains(boot, root_img, kind):
    text, status = provoke(boot, root_img, kind)
    check_report(text, REPORTS[kind])
    assert status == PANIC_STATUS, f"exit status {status}, expected {PANIC_STATUS}"


@pytest.mark.skipif(KASAN, reason="KASAN sees it before the MMU does: test_kasan.py")
def test_user_memory_is_out_of_reach_where_the_cpu_has_pan(boot, root_img):
    text, _ = provoke(boot, root_img, "ACCESS_USERSPACE", cpu="max")
    check_report(text, ["access to user memory outside uaccess routines",
                        r"pte\[\s*\d+\] = [0-9a-f]{16} frame .* user rw", r"In the region .* rw-p",
                        "pc : lkdtm_ACCESS_USERSPACE"])


def test_warning_goes_on(boot, root_img):
    teak = boot(disks=[root_img], faults=True)
    teak.check("echo WARNING > /proc/provoke-crash")
    assert teak.check("echo alive") == "alive\n"
    teak.poweroff()
    check_report(teak.transcript, ["WARNING: ", "drivers/misc/lkdtm.c:", "Call trace:"])


def test_sleeping_with_a_spinlock_is_told(boot, root_img):
    teak = boot(disks=[root_img], faults=True)
    teak.check("echo SPINLOCKUP_SLEEP > /proc/provoke-crash")
    teak.poweroff()
    check_report(teak.transcript, ["BUG: scheduling while atomic: sh/", "lkdtm_SPINLOCKUP_SLEEP"])
