# SPDX-License-Identifier: MIT
"""
The lock checker of a DEBUG=1 build: what it must report (drivers/misc/lkdtm_locks.c provokes it), and
that it has nothing to report of the kernel itself, however the scheduler's dice fall (sched_seed=,
kernel/sched/fuzz.c).

TEAK_SEEDS=20 in the environment (make test-seeds) tries 20 seeds instead of 2; TEAK_SEED is the first.
"""

import os
import re

import pytest

import tap
from teak import GuestFailure, fsck
from test_crash import check_report

FIRST_SEED = int(os.environ.get("TEAK_SEED", 1))
SEEDS = range(FIRST_SEED, FIRST_SEED + int(os.environ.get("TEAK_SEEDS", 2)))

# What takes locks against each other. Not the suites that measure who gets how much of the CPU.
SUITES = "locking,rcu,fuzz"
PROGRAMS = "process pipes signals futex threads races"

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

# What the checker, the watchdog or RCU say when something is wrong; "BUG:" and the like are seen anyway.
COMPLAINT = re.compile(r"^.*(?:lockdep is turned off|blocked for more than|WARNING|BUG).*$", re.M)


def silent(teak, seed):
    found = COMPLAINT.search(teak.transcript)
    if found:
        raise GuestFailure(f"with sched_seed={seed} the kernel complained: {found.group(0)}\n"
                           f"(all of it: {teak.log})")


@pytest.mark.parametrize("smp", [1, 4])
@pytest.mark.parametrize("seed", SEEDS)
def test_silent_whatever_the_schedule(boot, debug_kernel, root_img, tests_img, seed, smp):
    print(f"sched_seed={seed}, {smp} CPUs")
    teak = boot(kernel=debug_kernel, smp=smp, prompt=False,
                append=f"ktest={SUITES} sched_seed={seed}")
    teak.wait_end(0)
    assert f"sched_seed={seed}: the scheduler is perturbed" in teak.transcript
    silent(teak, seed)

    teak = boot(disks=[root_img, tests_img], kernel=debug_kernel, smp=smp,
                append=f"loglevel=5 sched_seed={seed}")
    teak.check("mount -t ezfs /dev/vdb /tests")
    result = teak.run(f"/tests/run-tests {PROGRAMS}")
    tap.check(result.output, what=f"run-tests with sched_seed={seed}")
    teak.check("umount /tests")
    teak.poweroff()
    silent(teak, seed)
    fsck(root_img)


def switches(boot, kernel, append):
    """How many switches the suite "fuzz" made, and their hash."""
    teak = boot(kernel=kernel, icount=True, smp=1, prompt=False, append=f"ktest=fuzz {append}")
    teak.wait_end(0)
    return re.search(r"# (\d+) switches, hash ([0-9a-f]{16})", teak.transcript).groups()


def test_a_seed_makes_the_schedule_what_it_is(boot, debug_kernel):
    """On one CPU, in guest time: the same switches for the same seed, others for another or none."""
    none, first, again, other = (switches(boot, debug_kernel, append) for append in
                                 ("", "sched_seed=1", "sched_seed=1", "sched_seed=2"))
    assert first == again, "the same seed made two schedules"
    assert len({none, first, other}) == 3, f"saw {none}, {first}, {other}"
    assert int(first[0]) > 3 / 2 * int(none[0]), f"hardly perturbed: {first}, without it {none}"


def test_a_plain_build_says_that_it_has_no_fuzzer(boot, root_img):
    if os.path.basename(os.environ.get("BUILD", "")) == "debug":
        pytest.skip("this is a DEBUG build")
    teak = boot(disks=[root_img], append="sched_seed=1")
    assert "sched_seed= is ignored: it needs a kernel built with DEBUG=1" in teak.transcript
    teak.poweroff()
