# SPDX-License-Identifier: MIT
"""Several CPUs: what they do when there is nothing to do, and what a panic says of them.

The scheduler's promises on several CPUs are tested inside the kernel (kernel/sched/test_smp.c,
test_deadline.c), here in guest time, where one instruction is 1 ns and the host's load does not matter.
"""

import re

import pytest

from teak import KernelPanic


def timer_interrupts(teak):
    """Of each CPU, so far."""
    line = next(line for line in teak.check("cat /proc/interrupts").splitlines()
                if "arch_timer" in line)
    return [int(word) for word in line.split(":")[1].split() if word.isdigit()][:-1]


@pytest.mark.parametrize("smp", [1, 4])
def test_idle_cpus_take_no_ticks(boot, root_img, smp):
    """A tick every 4 ms would be 1,250 of them in 5 s. Clocks and load go on all the same."""
    teak = boot(disks=[root_img], smp=smp)
    before = timer_interrupts(teak)
    uptime = float(teak.check("cat /proc/uptime").split()[0])
    seconds = int(teak.check("date +%s"))
    teak.check("sleep 5")
    taken = [now - then for now, then in zip(timer_interrupts(teak), before)]
    assert max(taken) < 100, f"timer interrupts of each CPU in 5 s: {taken}"
    assert float(teak.check("cat /proc/uptime").split()[0]) - uptime >= 5
    assert int(teak.check("date +%s")) - seconds >= 5
    idle = [int(line.split()[4]) for line in teak.check("grep ^cpu[0-9] /proc/stat").splitlines()]
    assert min(idle) >= 450, f"idle time of each CPU, in 10 ms: {idle}"
    teak.poweroff()


def test_a_panic_stops_the_other_cpus_and_shows_where_they_were(boot, root_img):
    teak = boot(disks=[root_img], smp=4, faults=True)
    teak.sendline("sh -c 'while :; do :; done' & echo PANIC > /proc/provoke-crash")
    with pytest.raises(KernelPanic):
        teak.wait_end()
    text = teak.transcript
    stopped = re.findall(r"CPU (\d): stopped in (\S+)/\d+(, \S+|$)", text, re.M)
    assert len(stopped) == 3, f"three other CPUs are stopped, saw {stopped} in:\n{text}"
    assert text.rindex(": stopped in ") < text.rindex("---[ end Kernel panic"), text


@pytest.mark.parametrize("smp", [2, 4])
def test_the_scheduler_keeps_its_promises_on_several_cpus(boot, root_img, smp):
    """Fair shares, the N most urgent run, pinned tasks stay, idle CPUs pull: in guest time."""
    teak = boot(prompt=False, disks=[root_img], smp=smp, icount=True, append="ktest=sched-smp,sched-deadline")
    teak.wait_end()
    print(teak.transcript)
    assert teak.status == 0, teak.transcript


def test_sched_debug_shows_every_cpu_and_who_runs(boot, root_img):
    teak = boot(disks=[root_img], smp=4)
    text = teak.check("chrt -f 10 cat /proc/sched_debug")
    assert re.findall(r"^cpu#(\d)", text, re.M) == ["0", "1", "2", "3"], text
    assert len(re.findall(r"^(?:cfs|rt|dl)_rq\[\d\]:", text, re.M)) == 12, text
    assert re.search(r"^>R +cat +\d+ .* 89 ", text, re.M), f"cat runs with prio 89:\n{text}"
    assert re.search(r"^nr_voluntary_switches +: +\d+$", teak.check("cat /proc/self/sched"), re.M)
    teak.poweroff()
