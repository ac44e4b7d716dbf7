# SPDX-License-Identifier: MIT
"""teak boots to its shell on every kind of machine that it promises to."""

import os
import re
import subprocess

import pytest

from teak import BUILD, KASAN, TOP, fsck, mkfs

# Each CPU with each GIC, each entry level and each memory size at least once: (cpu, gic, el2, mem).
MACHINES = [
    ("cortex-a53", 2, False, "32M"),
    ("cortex-a53", 3, True, "4G"),
    ("cortex-a72", 3, False, "256M"),
    ("cortex-a72", 2, True, "32M"),
    ("neoverse-n1", 3, False, "4G"),
    ("neoverse-n1", 2, True, "256M"),
    ("max", 2, False, "256M"),
    ("max", 3, True, "32M"),
]
KIB = {"M": 1 << 10, "G": 1 << 20}

# Many processes at once, some of which end before the others: 10 rounds of 8.
PIPELINE = ("for i in 1 2 3 4 5 6 7 8 9 10; do "
            "seq 1 500 | cat | grep -v 3 | sort -n | cat | head -n 100 | tail -n 1 | wc -l; done | sort -u")


def host_memory():
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def meminfo(teak):
    """{name: KiB} of /proc/meminfo."""
    return {name: int(kib) for name, kib in
            re.findall(r"(\S+): +(\d+) kB", teak.check("cat /proc/meminfo"))}


def machine_name(machine):
    cpu, gic, el2, mem = machine
    return f"{cpu}-gicv{gic}-{'el2' if el2 else 'el1'}-{mem}"


@pytest.mark.matrix
@pytest.mark.parametrize("machine", MACHINES, ids=machine_name)
def test_boots_to_a_shell(boot, root_img, machine):
    cpu, gic, el2, mem = machine
    teak = boot(disks=[root_img], cpu=cpu, gic=gic, el2=el2, mem=mem)
    assert teak.check("echo hello | cat") == "hello\n"
    assert f"entered at EL{2 if el2 else 1}" in teak.check("dmesg")
    assert f"GICv{gic}" in teak.check("dmesg")
    assert teak.check(PIPELINE).strip() == "1"
    assert teak.check("sleep 0.1 & sleep 0.1; wait; echo $?") .endswith("0\n")

    # The memory in use is what the machine has, less the kernel, its array of frames and KASAN's shadow.
    installed = int(mem[:-1]) * KIB[mem[-1]]
    memory = meminfo(teak)
    total = memory["MemTotal"]
    assert (0.7 if KASAN else 0.85) * installed < total <= installed, f"MemTotal is {total} kB of {installed} kB"
    assert total - 8192 < memory["MemFree"] + memory["Cached"] <= total, f"saw {memory}"

    teak.check(f"echo {cpu} > /machine; sync")
    teak.poweroff()
    fsck(root_img)


@pytest.mark.matrix
@pytest.mark.parametrize("smp, gic, el2", [(2, 2, True), (8, 2, False), (8, 3, False), (5, 3, True)])
def test_boots_with_more_cpus(boot, root_img, smp, gic, el2):
    teak = boot(disks=[root_img], smp=smp, gic=gic, el2=el2)
    assert teak.check("grep -c ^processor /proc/cpuinfo") == f"{smp}\n"
    header, *lines = teak.check("cat /proc/interrupts").splitlines()
    assert header.split() == [f"CPU{n}" for n in range(smp)]
    ticks = next(line for line in lines if "arch_timer" in line).split()[1:1 + smp]
    assert all(int(n) > 0 for n in ticks), f"each CPU has a tick, saw {ticks}"
    assert any("Rescheduling interrupts" in line for line in lines), lines
    assert teak.check(PIPELINE).strip() == "1"
    teak.poweroff()


@pytest.mark.matrix
@pytest.mark.skipif(host_memory() < 10 << 30, reason="the host has not the memory for it")
def test_boots_with_8_gib(boot, root_img):
    teak = boot(disks=[root_img], mem="8G")
    assert (0.85 if KASAN else 0.95) * (8 << 20) < meminfo(teak)["MemTotal"] <= 8 << 20
    # As much as a 32-bit number of bytes cannot count is in use and in order.
    teak.check("cat /proc/buddyinfo; echo hello > /tmp/x; cat /tmp/x")
    teak.poweroff()


@pytest.mark.matrix
def test_a_disk_larger_than_memory_is_read(boot, root_img, tmp_path):
    """32 MiB of memory, a disk of 96: the page cache gives back what is not in use."""
    large = tmp_path / "large.img"
    with open(large, "wb") as f:
        f.truncate(96 << 20)
        f.seek((96 << 20) - 9)
        f.write(b"the end.\n")
    teak = boot(disks=[root_img, large], mem="32M")
    for _ in range(2):
        assert "96+0 records out" in teak.check("dd if=/dev/vdb of=/dev/null bs=1M 2>&1")
    assert teak.check("tail -c 9 /dev/vdb") == "the end.\n"
    vmstat = dict(line.split() for line in teak.check("cat /proc/vmstat").splitlines())
    by_kswapd, by_reader = int(vmstat["pgsteal_kswapd"]), int(vmstat["pgsteal_direct"])
    assert by_kswapd > 10000 and by_reader < by_kswapd, f"saw {by_kswapd} and {by_reader}"
    assert teak.check(PIPELINE).strip() == "1"
    teak.poweroff()


@pytest.mark.matrix
def test_files_larger_than_memory_are_written_and_read(boot, root_img, tmp_path):
    """25 files of 2 MiB on a machine of 32: written back and dropped, and read again as they were."""
    files = mkfs(tmp_path / "files.img", "-s", 16000)
    teak = boot(disks=[root_img, files], mem="32M")
    teak.check("mount /dev/vdb /mnt; cd /mnt; seq 1 400000 | head -c 2000000 > 1; "
               "for i in $(seq 2 25); do cp $((i - 1)) $i || exit 1; done; cmp 1 25")
    assert teak.check("sum=0; for i in $(seq 1 25); do cmp 1 $i && sum=$((sum + $(wc -c < $i))); done; "
                      "echo $sum") == "50000000\n"
    memory = meminfo(teak)
    teak.check("cd /; umount /mnt")
    teak.poweroff()
    fsck(files)
    assert memory["MemAvailable"] > 10000, f"saw {memory}"


@pytest.mark.matrix
def test_boots_with_virtio_mmio_version_1(boot, root_img):
    teak = boot(disks=[root_img], legacy=True)
    assert teak.check("echo hello > /x; sync; cat /x") == "hello\n"
    teak.poweroff()
    fsck(root_img)


@pytest.mark.parametrize("legacy", [False, True], ids=["version2", "legacy"])
def test_disks_are_named_in_the_order_of_their_addresses(boot, root_img, tmp_path, legacy):
    """The second --disk is /dev/vdb and so on, whatever QEMU's device tree says."""
    names = [f"vd{letter}" for letter in "bcdefgh"]
    disks = [tmp_path / name for name in names]
    for name, disk in zip(names, disks):
        disk.write_bytes(f"this is {name}\n".encode() + bytes(8180))
    teak = boot(disks=[root_img, *disks], legacy=legacy)
    for name in names:
        assert teak.check(f"head -n 1 /dev/{name}") == f"this is {name}\n"
    teak.poweroff()


def test_as_many_disks_as_the_machine_has_room_for(boot, root_img, tmp_path):
    """32 slots: vda to vdz, then vdaa."""
    disks = [tmp_path / str(n) for n in range(31)]
    for n, disk in enumerate(disks):
        disk.write_bytes(f"disk {n + 1}\n".encode() + bytes(4090))
    teak = boot(disks=[root_img, *disks])
    assert teak.check("head -n 1 /dev/vdz /dev/vdaf | grep disk") == "disk 25\ndisk 31\n"
    teak.poweroff()


@pytest.mark.parametrize("command, output, status", [
    ("echo hello", "hello\n", 0),
    ("sh -c 'exit 7'", "", 7),
    ("ls /no/such/folder", None, 2),
])
def test_make_run_prints_the_output_and_exits_with_the_status(root_img, command, output, status):
    done = subprocess.run([f"{TOP}/scripts/run", command, "--disk", root_img],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          env={**os.environ, "BUILD": BUILD})
    assert done.returncode == status, f"saw {done}"
    assert output is None or done.stdout == output, f"saw {done}"
