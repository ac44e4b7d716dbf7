# SPDX-License-Identifier: MIT
"""
What got stuck is found and shown (kernel/watchdog.c, hung_task.c, locking/spinlock_debug.c). Times are
the guest's. Each machine is stuck for good, and killed.
"""

import pytest

FAST = "sysctl.kernel.watchdog_thresh=2"


def provoke(boot, root_img, kind, **options):
    teak = boot(disks=[root_img], snapshot=True, faults=True, **options)
    teak.sendline(f"echo {kind} > /proc/provoke-crash")
    return teak


@pytest.mark.parametrize("append, seconds", [("", 10), (FAST, 2)])
def test_a_cpu_that_does_not_schedule_is_shown(boot, root_img, append, seconds):
    teak = provoke(boot, root_img, "SOFTLOCKUP", append=append)
    found = teak.expect(r"watchdog: BUG: soft lockup - CPU#\d+ stuck for (\d+)s! \[sh:\d+\]")
    assert int(found.group(1)) == seconds
    for pattern in ("pc : lkdtm_SOFTLOCKUP", "Call trace:", "lkdtm_SOFTLOCKUP", "el0t_64_sync"):
        teak.expect(pattern)


def test_a_cpu_with_interrupts_off_is_seen_by_another(boot, root_img, debug_kernel):
    teak = provoke(boot, root_img, "HARDLOCKUP", append=FAST, smp=2, kernel=debug_kernel)
    teak.expect(r"BUG: hard LOCKUP on CPU#[01]: interrupts off for 2s, seen by CPU#[01] \[sh:\d+\]")
    teak.expect(r"#0: \(lkdtm_lock\) at .*lkdtm_HARDLOCKUP")


def test_work_is_no_lockup(boot, root_img):
    """Long in a program, long in system calls, long idle: nobody is stuck."""
    teak = boot(disks=[root_img], append=FAST, icount=True)
    teak.check("i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done")
    teak.check("dd if=/dev/zero of=/dev/null bs=65536 count=40000 status=none")
    teak.check("sleep 30")
    teak.poweroff()


def test_a_spinlock_waited_for_too_long_says_who_holds_it(boot, root_img, debug_kernel):
    teak = provoke(boot, root_img, "SPINLOCKUP", kernel=debug_kernel)
    for pattern in (r"BUG: spinlock waited for 10 seconds for: lock \"lock_me_up\"", r"task sh/\d+",
                    r"held by lkdtm/\d+", r"#0: \(lock_me_up\) at .*hold_and_sleep",
                    "Call trace:", "lkdtm_SPINLOCKUP"):
        teak.expect(pattern)


def test_a_task_that_sleeps_for_ever_is_shown(boot, root_img):
    teak = provoke(boot, root_img, "HUNG_TASK", icount=True)
    for pattern in (r"INFO: task sh:\d+ blocked for more than 120 seconds", r"state:D", "Call trace:",
                    "lkdtm_HUNG_TASK"):
        teak.expect(pattern)
