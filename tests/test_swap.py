# SPDX-License-Identifier: MIT
"""Swap: programs that need more memory than there is find every byte again."""

import re
import shutil
import subprocess

import pytest

import tap

MIB = 1 << 20
MACHINES = [{}, {"cpu": "max", "smp": 2}]
POLICIES = [{"append": f"reclaim={name}"} for name in ("fifo", "random,1", "lru-exact")]


@pytest.fixture
def swap_img(tmp_path):
    """An empty disk of 256 MiB."""
    path = tmp_path / "swap.img"
    with open(path, "wb") as f:
        f.truncate(256 * MIB)
    return path


def boot_with_swap(boot, root_img, tests_mm_img, swap_img, **options):
    options = {"mem": "64M", **options, "append": "loglevel=5 " + options.get("append", "")}
    teak = boot(disks=[root_img, tests_mm_img, swap_img], **options)
    teak.check("mount -t ezfs /dev/vdb /tests; mkswap /dev/vdc && swapon /dev/vdc")
    return teak


def numbers(teak, path, pattern):
    return {name: int(n) for name, n in re.findall(pattern, teak.check(f"cat {path}"))}


def vmstat(teak):
    return numbers(teak, "/proc/vmstat", r"(\w+) (\d+)")


def meminfo(teak):
    return numbers(teak, "/proc/meminfo", r"(\S+): +(\d+) kB")


@pytest.mark.slow
@pytest.mark.parametrize("machine", MACHINES + POLICIES, ids=lambda m: " ".join(map(str, m.values())) or "a72")
def test_a_program_larger_than_memory(boot, root_img, tests_mm_img, swap_img, machine):
    """
    192 MiB on 64, twice in random order, with a child; on CPUs that set the accessed flag and on others, under each
    page replacement policy.
    """
    teak = boot_with_swap(boot, root_img, tests_mm_img, swap_img, **machine)
    before = meminfo(teak)
    assert before["SwapTotal"] == before["SwapFree"] == 256 * 1024 - 4
    result = teak.run("/tests/thrash 192")
    tap.check(result.output, what="thrash 192")
    counts = vmstat(teak)
    assert counts["pswpout"] > 32768 and counts["pswpin"] > 32768, counts
    assert counts["pgsteal_kswapd"] > 0 and counts["pgmajfault"] > 0, counts
    # Nobody has anything there any more.
    teak.check("swapoff /dev/vdc")
    after = meminfo(teak)
    assert after["SwapTotal"] == after["SwapCached"] == 0
    assert after["MemFree"] > before["MemFree"] - 1024, f"{before} {after}"
    teak.poweroff()


@pytest.mark.slow
@pytest.mark.parametrize("policy", [{}] + POLICIES, ids=lambda m: m.get("append", "clock"))
def test_four_programs_larger_than_memory(boot, root_img, tests_mm_img, swap_img, policy):
    teak = boot_with_swap(boot, root_img, tests_mm_img, swap_img, smp=2, **policy)
    teak.check("for i in 1 2 3 4; do /tests/thrash 60 $i > /tmp/$i & done; wait")
    for i in range(1, 5):
        tap.check(teak.check(f"cat /tmp/{i}"), what=f"thrash 60 {i}")
    teak.poweroff()


@pytest.mark.slow
def test_swapoff_brings_everything_back(boot, root_img, tests_mm_img, swap_img):
    """Pages swapped out by one program come back while it sleeps, and are right."""
    teak = boot_with_swap(boot, root_img, tests_mm_img, swap_img)
    teak.check("/tests/thrash 40 > /tmp/1 & /tests/thrash 40 5 > /tmp/2 & /tests/thrash 30 7 >/tmp/3; wait")
    for i in range(1, 4):
        tap.check(teak.check(f"cat /tmp/{i}"), what=f"thrash {i}")
    teak.check("swapoff /dev/vdc; swapon /dev/vdc; swapoff /dev/vdc")
    assert teak.check("cat /proc/swaps | wc -l").strip() == "1"
    teak.poweroff()


@pytest.mark.slow
@pytest.mark.parametrize("smp", [1, 2])
def test_shared_memory_larger_than_memory(boot, root_img, tests_mm_img, swap_img, smp):
    """96 MiB on 64: two processes find every byte, and what the other wrote; nothing is left behind."""
    teak = boot_with_swap(boot, root_img, tests_mm_img, swap_img, smp=smp)
    before = meminfo(teak)
    tap.check(teak.check("/tests/thrash 96 3 shared"), what="thrash 96, shared")
    counts = vmstat(teak)
    assert counts["pswpout"] > 8192 and counts["pswpin"] > 8192, counts
    after = meminfo(teak)
    assert after["SwapFree"] > before["SwapFree"] - 1024 and after["Shmem"] == before["Shmem"], f"{before} {after}"
    teak.check("swapoff /dev/vdc")
    teak.poweroff()


@pytest.mark.slow
def test_swapoff_brings_shared_memory_back(boot, root_img, tests_mm_img, swap_img):
    """Of files of a tmpfs, while another program uses memory; and a file that cannot come back keeps it on."""
    teak = boot_with_swap(boot, root_img, tests_mm_img, swap_img, smp=2)
    teak.check("mount -t tmpfs -o size=100m x /mnt; dd if=/tests/thrash of=/mnt/a bs=4k 2>/dev/null; "
               "for i in 1 2 3 4 5 6 7 8 9 10; do cat /mnt/a /mnt/a > /mnt/b; mv /mnt/b /mnt/a; done; "
               f"cp /mnt/a /mnt/c; ln -s {200 * 'x'} /mnt/l; /tests/thrash 60")
    assert f"/mnt/l -> {200 * 'x'}" in teak.check("ls -l /mnt/l")
    sizes = [int(size) for size in re.findall(r"^-.* root +(\d+) ", teak.check("ls -l /mnt"), re.M)]
    assert sum(sizes) > 32 * MIB and meminfo(teak)["Shmem"] * 1024 < sum(sizes), f"{sizes} {meminfo(teak)}"
    teak.check("swapoff /dev/vdc; cmp /mnt/a /mnt/c")
    assert teak.check("cat /proc/swaps | wc -l").strip() == "1"
    teak.poweroff()


@pytest.mark.slow
def test_swapoff_when_memory_is_short(boot, root_img, tests_mm_img, swap_img):
    """64 MiB of programs on 40: swapoff is what has to give way, and no program loses a byte."""
    teak = boot_with_swap(boot, root_img, tests_mm_img, swap_img, mem="40M", smp=2,
                          append="loglevel=3")
    status = teak.run("for i in 1 2 3; do how=private; test $i = 3 && how=shared; "
                      "/tests/thrash $((32 - 4 * i)) $i $how on > /tmp/$i & done; "
                      "until grep -q '^/dev.*[0-9]\\{5,\\}[^0-9]*-2$' /proc/swaps; do sleep 1; done; "
                      "swapoff /dev/vdc; s=$?; kill %1 %2 %3; wait; (exit $s)").status
    for i in range(1, 4):
        tap.check(teak.check(f"cat /tmp/{i}"), what=f"thrash {i}")
    assert status in (1, 137), "swapoff found room"		# ENOMEM, or killed
    assert vmstat(teak)["oom_kill"] <= 1
    teak.check("swapoff /dev/vdc")
    teak.poweroff()


@pytest.mark.parametrize("smp", [1, 2])
def test_what_is_pushed_out_comes_back(boot, root_img, tests_mm_img, swap_img, smp):
    """Each kind of memory by MADV_PAGEOUT, and what /proc says of it; nothing is skipped as without swap."""
    teak = boot_with_swap(boot, root_img, tests_mm_img, swap_img, smp=smp)
    report = tap.check(tap.subtests(teak.run("/tests/run-tests swapped").output), what="swapped")
    assert not report.skipped, report.skipped
    teak.check("swapoff /dev/vdc")
    teak.poweroff()


@pytest.mark.slow
def test_swapped_out_pages_move(boot, root_img, tests_mm_img, swap_img):
    """mremap(2) of 96 MiB on 64: entries of swap move as pages do, and both are found afterwards."""
    teak = boot_with_swap(boot, root_img, tests_mm_img, swap_img, smp=2)
    tap.check(teak.check("/tests/mremap swap 96"), what="mremap swap 96")
    counts = vmstat(teak)
    assert counts["pswpout"] > 8192 and counts["pswpin"] > 8192, counts
    teak.check("swapoff /dev/vdc")
    teak.poweroff()


def test_what_is_locked_stays(boot, root_img, tests_mm_img, swap_img):
    """4 MiB by mlock(2) on a machine of 32, while a child uses 40 twice; and 4 that are not locked."""
    teak = boot_with_swap(boot, root_img, tests_mm_img, swap_img, mem="32M", smp=2)
    tap.check(teak.check("/tests/mlock pressure 40"), what="mlock pressure 40")
    assert meminfo(teak)["Mlocked"] == 0
    teak.poweroff()


def test_a_file_is_a_swap_area(boot, root_img, tests_mm_img, tmp_path, swap_img):
    """On a file system, by its blocks; and what is no swap area is refused."""
    teak = boot(disks=[root_img, tests_mm_img, swap_img], mem="32M", append="loglevel=5")
    teak.check("mount -t ezfs /dev/vdb /tests")
    assert teak.run("swapon /dev/vdc").status == 1
    teak.check("dd if=/dev/zero of=/swapfile bs=64k count=32 2>/dev/null; mkswap /swapfile; swapon /swapfile")
    assert teak.run("swapon /swapfile").status == 1
    assert re.search(r"^/swapfile +file\t+2044\t+0\t+-2$", teak.check("cat /proc/swaps"), re.M)
    tap.check(teak.check("/tests/thrash 24"), what="thrash 24")
    teak.check("swapoff /swapfile; rm /swapfile")
    teak.poweroff()


@pytest.mark.skipif(not shutil.which("mkswap", path="/sbin:/usr/sbin:/usr/bin"), reason="needs mkswap")
def test_linux_mkswap_makes_one(boot, root_img, tests_mm_img, swap_img):
    subprocess.run([shutil.which("mkswap", path="/sbin:/usr/sbin:/usr/bin"), "-p", "4096", swap_img],
                   check=True, stdout=subprocess.DEVNULL)
    teak = boot(disks=[root_img, tests_mm_img, swap_img], append="loglevel=5")
    teak.check("swapon -p 5 /dev/vdc")
    assert re.search(r"^/dev/vdc +partition\t262140\t+0\t+5$", teak.check("cat /proc/swaps"), re.M)
    teak.poweroff()
