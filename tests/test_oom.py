# SPDX-License-Identifier: MIT
"""
Out of memory: who eats everything is killed, everybody else goes on, and no frame is lost.

The scenarios are in user/tests/mm/oom.c, which runs on a machine of 64 MiB.
"""

import re

import pytest

import tap
from test_swap import MIB, meminfo, vmstat

SWAP = 24 * MIB
SLACK_KB = 256          # of pages in lists of CPUs, and the like
MACHINES = [{"smp": 1}, {"smp": 4}]


@pytest.fixture(params=[False, True], ids=["no-swap", "swap"])
def swap(request):
    return request.param


def boot_for(boot, root_img, tests_mm_img, tmp_path, swap=False, **options):
    disks = [root_img, tests_mm_img]
    if swap:
        disks.append(tmp_path / "swap.img")
        with open(disks[-1], "wb") as f:
            f.truncate(SWAP)
    teak = boot(disks=disks, **{"mem": "64M", "append": "loglevel=4", **options})
    teak.check("mount -t ezfs /dev/vdb /tests")
    if swap:
        teak.check("mkswap /dev/vdc && swapon /dev/vdc")
    return teak


def quiet_memory(teak):
    """Memory when nothing is cached; of what is freed by RCU and the like some may be on its way."""
    teak.check("sync; echo 3 > /proc/sys/vm/drop_caches; sync; echo 3 > /proc/sys/vm/drop_caches; sleep 0.2")
    return meminfo(teak)


def run_tap(teak, command):
    result = teak.run(command)
    report = tap.check(result.output, what=command)
    assert result.status == 0, f"{command} ended with status {result.status}:\n{result.output}"
    return report


@pytest.mark.slow
@pytest.mark.parametrize("machine", MACHINES, ids=["smp1", "smp4"])
def test_twenty_rounds_of_an_eater(boot, root_img, tests_mm_img, tmp_path, swap, machine):
    """Only it is killed; init and the shell live, and all memory is back."""
    teak = boot_for(boot, root_img, tests_mm_img, tmp_path, swap, **machine)
    shell = teak.check("echo $$")
    run_tap(teak, "/tests/oom rounds 2 eat")        # what only grows once
    before, killed = quiet_memory(teak), vmstat(teak)["oom_kill"]
    run_tap(teak, "/tests/oom rounds 20 eat")
    after = quiet_memory(teak)
    assert vmstat(teak)["oom_kill"] == killed + 20
    assert teak.check("echo $$") == shell
    for name in ("AnonPages", "PageTables", "KernelStack", "Shmem", "SwapCached"):
        assert after[name] <= before[name] + 32, f"{name}: {before[name]} kB before, {after[name]} kB after"
    assert after["SUnreclaim"] <= before["SUnreclaim"] + SLACK_KB, f"{before}\n{after}"
    assert after["MemFree"] >= before["MemFree"] - SLACK_KB, f"{before}\n{after}"
    assert after["SwapFree"] >= before["SwapFree"] - SLACK_KB, f"{before}\n{after}"
    if swap:
        teak.check("swapoff /dev/vdc")
    teak.poweroff()


@pytest.mark.slow
@pytest.mark.parametrize("machine", MACHINES, ids=["smp1", "smp4"])
@pytest.mark.parametrize("scenario", ["rounds 5 threads", "rounds 5 shared", "sharers", "prefer", "never 25", "bomb"])
def test_who_goes(boot, root_img, tests_mm_img, tmp_path, machine, scenario):
    teak = boot_for(boot, root_img, tests_mm_img, tmp_path, **machine)
    shell = teak.check("echo $$")
    quiet_memory(teak)
    before = quiet_memory(teak)
    run_tap(teak, f"/tests/oom {scenario}")
    after = quiet_memory(teak)
    assert teak.check("echo $$") == shell
    for name in ("AnonPages", "PageTables", "Shmem"):
        assert after[name] <= before[name] + 64, f"{name}: {before[name]} kB before, {after[name]} kB after"
    assert after["MemFree"] >= before["MemFree"] - 1024, f"{before}\n{after}"
    teak.poweroff()


@pytest.mark.slow
@pytest.mark.parametrize("scenario", ["rounds 3 threads", "rounds 3 shared", "prefer", "never 40", "bomb"])
def test_who_goes_with_swap(boot, root_img, tests_mm_img, tmp_path, scenario):
    teak = boot_for(boot, root_img, tests_mm_img, tmp_path, swap=True, smp=2)
    run_tap(teak, f"/tests/oom {scenario}")
    teak.check("swapoff /dev/vdc")
    teak.poweroff()


@pytest.mark.slow
def test_a_victim_that_cannot_end(boot, root_img, tests_mm_img, tmp_path):
    """It waits for a lock whose holder waits for memory: the reaper fetches its memory."""
    teak = boot_for(boot, root_img, tests_mm_img, tmp_path)
    teak.check("mount -t tmpfs none /mnt")
    run_tap(teak, "/tests/oom stuck /mnt")
    assert re.search(r"oom_reaper: reaped process \d+ \(oom\), now anon-rss:0kB", teak.check("dmesg"))
    teak.poweroff()


REPORT = r"""oom invoked oom-killer: gfp_mask=0x[0-9a-f]+\(GFP_KERNEL[A-Z_|]*\), order=0, oom_score_adj=0
.*Call trace:
.* do_page_fault\+.*
Mem-Info:
active_anon:\d+ inactive_anon:\d+
.*
Node 0 Normal free:\d+kB min:\d+kB low:\d+kB high:\d+kB .*
Node 0 Normal: \d+\*4kB \d+\*8kB .*\d+\*4096kB = \d+kB
.*Free swap  = 0kB
Total swap = 0kB
\d+ pages RAM
\d+ pages reserved
Tasks state \(memory values in pages\):
\[  pid  \]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name
.*\[ +(\d+)\] +0 +\1 +\d+ +\d+ +\d+ +0 +0 oom
oom-kill:constraint=CONSTRAINT_NONE,nodemask=\(null\),task=oom,pid=\1,uid=0
Out of memory: Killed process \1 \(oom\) total-vm:\d+kB, anon-rss:(\d+)kB, file-rss:\d+kB, shmem-rss:\d+kB, UID:0 pgtables:\d+kB oom_score_adj:0
"""


def test_the_report(boot, root_img, tests_mm_img, tmp_path):
    """Who asked, where the memory is, who has what, who goes: in Linux's lines."""
    teak = boot_for(boot, root_img, tests_mm_img, tmp_path)
    teak.check("/tests/oom eat", status=128 + 9)
    log = re.sub(r"^(<\d+>)?\[ *\d+\.\d+\] ", "", teak.check("dmesg"), flags=re.M)
    report = re.search(REPORT, log, re.S)
    assert report, log
    assert int(report[2]) > 40 * 1024
    teak.poweroff()


def test_panic_on_oom(boot, root_img, tests_mm_img, tmp_path):
    teak = boot_for(boot, root_img, tests_mm_img, tmp_path, faults=True)
    teak.check("echo 1 > /proc/sys/vm/panic_on_oom")
    teak.sendline("/tests/oom eat")
    assert "Out of memory: system-wide panic_on_oom is enabled" in teak.wait_panic()


def test_the_one_who_asks_may_be_killed(boot, root_img, tests_mm_img, tmp_path):
    """With vm.oom_kill_allocating_task it is not the largest, but who had no luck."""
    teak = boot_for(boot, root_img, tests_mm_img, tmp_path)
    teak.check("echo 1 > /proc/sys/vm/oom_kill_allocating_task; echo 0 > /proc/sys/vm/oom_dump_tasks")
    teak.check("/tests/oom eat", status=128 + 9)
    log = teak.check("dmesg")
    assert re.search(r"Out of memory \(oom_kill_allocating_task\): Killed process \d+ \(oom\)", log), log
    assert "Tasks state" not in log
    teak.poweroff()
