# SPDX-License-Identifier: MIT
"""The kernel's self-tests: ktest=all on the kernel command line."""

import os
import re

import pytest

# These measure shares of each CPU's time. Of several CPUs of the host, which it needs for other things too, they say
# nothing about teak: then they are run in guest time, where one instruction is 1 ns.
TIMED = ("sched", "sched-smp", "sched-deadline")
SMP = int(os.environ.get("SMP") or 1)
IN_GUEST_TIME = SMP > 1


def test_all_suites_pass(boot, root_img):
    suites = ",-".join(("all",) + TIMED) if IN_GUEST_TIME else "all"
    teak = boot(disks=[root_img], append=f"ktest={suites}", prompt=False)
    teak.wait_end(0)
    text = teak.transcript
    suites = re.findall(r"\] (not ok|ok) \d+ (\w+)$", text, re.M)
    assert len(suites) >= 13, f"saw only the suites {suites}:\n{text}"
    bad = [name for result, name in suites if result != "ok"]
    assert not bad, f"failed: {bad}\n{text}"


@pytest.mark.skipif(not IN_GUEST_TIME, reason="run with all the others")
def test_timed_suites_pass_in_guest_time(boot, root_img):
    teak = boot(disks=[root_img], append=f"ktest={','.join(TIMED)}", prompt=False, icount=True)
    teak.wait_end(0)


def test_a_suite_can_be_left_out(boot, root_img):
    teak = boot(disks=[root_img], append="ktest=string,sort,rbtree,-sort,-string", prompt=False)
    teak.wait_end(0)
    assert re.findall(r"\] ok \d+ (\w+)$", teak.transcript, re.M) == ["rbtree"], teak.transcript


def test_allocators_with_an_interrupt_between_any_two_instructions(boot, root_img):
    # Otherwise QEMU takes interrupts only between blocks of instructions.
    teak = boot(disks=[root_img], append="ktest=page_alloc,slab", prompt=False, icount=True, smp=1)
    teak.wait_end(0)


def test_allocators_with_several_cpus(boot, root_img):
    teak = boot(disks=[root_img], append="ktest=page_alloc,slab", prompt=False, smp=4)
    teak.wait_end(0)


@pytest.mark.parametrize("smp", (2, 4))
def test_locks_with_several_cpus(boot, root_img, smp):
    teak = boot(disks=[root_img], append="ktest=spinning,sleeping,rcu", prompt=False, smp=smp)
    teak.wait_end(0)


@pytest.mark.parametrize("cpu, lse", (("cortex-a72", False), ("neoverse-n1", True), ("max", True)))
def test_atomic_operations_of_each_kind(boot, root_img, cpu, lse):
    teak = boot(disks=[root_img], append="ktest=spinning,atomic", prompt=False, cpu=cpu, smp=2)
    teak.wait_end(0)
    assert ("CPU features: LSE atomic instructions" in teak.transcript) == lse


def test_unknown_suite_fails(boot, root_img):
    teak = boot(disks=[root_img], append="ktest=nosuchsuite", prompt=False)
    teak.wait_end(1)
