# SPDX-License-Identifier: MIT
"""
The lock checker of a DEBUG=1 build: what it must report (drivers/misc/lkdtm_locks.c provokes it), and
that it has nothing to report of the kernel itself.
"""

import re

import pytest

from test_crash import check_report

# What is provoked, and what the report must say, in this order. The first trace is the one that was
# kept, the second that of the moment.
REPORTS = {
    "LOCK_ABBA": ["WARNING: possible circular locking dependency detected", r"sh/\d+ takes a lock",
                  r"\(lock_a\) at .*lock_b_then_a", "while it holds", r"\(lock_b\) at .*lock_b_then_a",
                  r"\(lock_a\) was held when \(lock_b\) was taken", r"by sh/\d+:", "lock_a_then_b",
                  "lkdtm_LOCK_ABBA", "1 lock held", "Call trace:", "lock_b_then_a",
                  "lkdtm_LOCK_ABBA"],
    "LOCK_NESTED": ["WARNING: possible recursive locking detected", r"\(&two\[i\]\) at .*lock_two",
                    "another one of the same class", r"\(&two\[i\]\) at .*lock_two", "Call trace:",
                    "lock_two", "lkdtm_LOCK_NESTED"],
    "LOCK_IRQ": ["WARNING: inconsistent lock state", r"\(irq_lock\) at .*lock_with_interrupts_on",
                 "held with interrupts on now, and was taken in an interrupt handler before",
                 "lock_in_interrupt", "hrtimer_interrupt", "el1h_64_irq|el0t_64_irq", "Call trace:",
                 "lock_with_interrupts_on", "lkdtm_LOCK_IRQ"],
    "UNLOCK_UNHELD": ["BUG: spinlock released that is not held", "Call trace:",
                      "lkdtm_UNLOCK_UNHELD"],
    "INIT_HELD": ["WARNING: held lock freed, or initialised anew", r"\(&lock\) at .*lkdtm_INIT_HELD",
                  "Call trace:", "__mutex_init", "lkdtm_INIT_HELD"],
    "FREE_HELD": ["WARNING: held lock freed, or initialised anew", r"\(lock\) at .*free_locked",
                  "Call trace:", "kfree", "free_locked", "lkdtm_FREE_HELD"],
    "EXIT_HELD": ["WARNING: lock held at task exit time", r"lkdtm/\d+ should hold nothing here",
                  r"#0: \(lock\) at .*exit_locked", "Call trace:", "do_exit"],
    "SLEEP_ATOMIC": ["BUG: sleeping function called from invalid context at kernel/locking/mutex.c",
                     "preempt_count 0x1", r"1 lock held by sh/",
                     r"#0: \(atomic_lock\) at .*sleep_locked", "Call trace:", "mutex_lock",
                     "sleep_locked", "lkdtm_SLEEP_ATOMIC"],
}
HEADLINE = re.compile(r"WARNING: |BUG: ")


@pytest.fixture
def debug_teak(boot, debug_kernel, root_img):
    return boot(disks=[root_img], kernel=debug_kernel, faults=True)


@pytest.mark.parametrize("kind", REPORTS)
def test_wrong_use_of_locks_is_reported_once(debug_teak, kind):
    """With both traces; the kernel goes on, and what is known is not said again."""
    before = len(debug_teak.transcript)
    debug_teak.check(f"echo {kind} > /proc/provoke-crash")
    text = debug_teak.transcript[before:]
    check_report(text, REPORTS[kind])
    assert len(HEADLINE.findall(text)) == 1, f"one report was expected; saw:\n{text}"
    if kind.startswith("LOCK_"):
        before = len(debug_teak.transcript)
        debug_teak.check(f"echo {kind} > /proc/provoke-crash")
        text = debug_teak.transcript[before:]
        assert not HEADLINE.search(text), f"reported a second time:\n{text}"
    assert debug_teak.check("echo alive") == "alive\n"
    debug_teak.poweroff()


def test_a_lock_held_on_return_to_the_program(debug_teak):
    """Both are told, the lock and that preemption is off; the task goes on, and the next who wants the
    lock learns who has it."""
    debug_teak.check("echo RETURN_HELD > /proc/provoke-crash")
    check_report(debug_teak.transcript,
                 ["WARNING: lock held when returning to user space", r"sh/\d+ should hold nothing here",
                  r"#0: \(lock\) at .*lkdtm_RETURN_HELD", "exit_to_user_mode",
                  r"BUG: sh/\d+ returns to user space with preempt_count 0x1"])
    debug_teak.sendline("echo RETURN_HELD > /proc/provoke-crash")
    check_report(debug_teak.wait_panic(),
                 [r"BUG: spinlock recursion .*: lock \"lock\"", r"held by sh/\d+", "lkdtm_RETURN_HELD",
                  "Kernel panic - not syncing: spinlock recursion"])
