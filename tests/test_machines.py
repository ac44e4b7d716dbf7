# SPDX-License-Identifier: MIT
"""teak boots to its shell on every kind of machine that it promises to."""

import os
import re
import subprocess

import pytest

from teak import BUILD, TOP, fsck

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


def machine_name(machine):
    cpu, gic, el2, mem = machine
    return f"{cpu}-gicv{gic}-{'el2' if el2 else 'el1'}-{mem}"


@pytest.mark.matrix
@pytest.mark.parametrize("machine", MACHINES, ids=machine_name)
def test_boots_to_a_shell(boot, root_img, machine):
    cpu, gic, el2, mem = machine
    teak = boot(disks=[root_img], cpu=cpu, gic=gic, el2=el2, mem=mem)
    assert teak.check("echo hello | cat") == "hello\n"

    # The memory in use is what the machine has, less the kernel and its array of frames.
    installed = int(mem[:-1]) * KIB[mem[-1]]
    total = int(re.search(r"MemTotal:\s*(\d+) kB", teak.check("cat /proc/meminfo")).group(1))
    assert 0.85 * installed < total <= installed, f"MemTotal is {total} kB of {installed} kB"

    teak.check(f"echo {cpu} > /machine; sync")
    teak.poweroff()
    fsck(root_img)


@pytest.mark.matrix
def test_boots_with_virtio_mmio_version_1(boot, root_img):
    teak = boot(disks=[root_img], legacy=True)
    assert teak.check("echo hello > /x; sync; cat /x") == "hello\n"
    teak.poweroff()
    fsck(root_img)


def test_disks_are_named_in_the_order_of_their_addresses(boot, root_img, tmp_path):
    """The second and third --disk are /dev/vdb and /dev/vdc, whatever QEMU's device tree says."""
    second, third = tmp_path / "second.img", tmp_path / "third.img"
    second.write_bytes(b"this is vdb\n" + bytes(8180))
    third.write_bytes(b"this is vdc\n" + bytes(8180))
    teak = boot(disks=[root_img, second, third])
    assert teak.check("head -n 1 /dev/vdb") == "this is vdb\n"
    assert teak.check("head -n 1 /dev/vdc") == "this is vdc\n"
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
