# SPDX-License-Identifier: MIT
"""The programs of user/tests, each in a boot of its own; what they check is in their TAP report.

run-tests, one of them, runs the others and compares free memory before and after. `make test-linux`
runs the same programs on Linux.
"""

import glob
import os

import pytest

import tap
from teak import TOP, fsck, mkfs
from test_ext2 import e2fsck, mke2fs

RUNNER = "run-tests"
# With arguments or machines of their own: below, thrash in test_swap.py, swaperr in test_swap_errors.py,
# powercut in powercut.py, diskfault in test_disk_faults.py.
OWN_TEST = {RUNNER, "badcalls", "leaks", "sched", "mm/thrash", "mm/swaperr", "fs/powercut", "fs/diskfault"}
PROGRAMS = sorted({os.path.relpath(path, f"{TOP}/user/tests")[:-2] for folder in (".", "mm", "fs")
                   for path in glob.glob(f"{TOP}/user/tests/{folder}/*.c")} - OWN_TEST)
BAD_CALLS = 1_000_000
SEED = int(os.environ.get("TEAK_SEED", "1"))
ROUNDS = 1_000


@pytest.mark.parametrize("program", PROGRAMS)
def test_user_program(boot, root_img, tests_img, tests_mm_img, tests_fs_img, program):
    disk = {"mm": tests_mm_img, "fs": tests_fs_img}.get(os.path.dirname(program), tests_img)
    program = os.path.basename(program)
    # Only warnings on the console: a message in the middle of a line of the report would spoil it.
    teak = boot(disks=[root_img, disk], append="loglevel=5")
    teak.check("mount -t ezfs /dev/vdb /tests")
    result = teak.run(f"/tests/{RUNNER} {program}")
    report = tap.check(tap.subtests(result.output), what=program)
    tap.check(result.output, what=f"{RUNNER} {program}")
    assert result.status == 0, f"{RUNNER} ended with status {result.status}:\n{result.output}"
    print(f"{program}: {report}")
    teak.check("umount /tests")
    teak.poweroff()
    fsck(root_img)
    fsck(disk)


def run_on_ezfs_root(boot, root_img, tests_img, command, **options):
    """Run one program with the EZFS root as its playground; its report and the disk must be good."""
    teak = boot(disks=[root_img, tests_img], append="loglevel=5", **options)
    teak.check("mount -t ezfs /dev/vdb /tests")
    before = teak.check("df / | tail -1; ls -i / | wc -l")
    result = teak.run(command)
    report = tap.check(result.output, what=command)
    assert result.status == 0, f"{command} ended with status {result.status}:\n{result.output}"
    print(result.output)
    after = teak.check("sync; df / | tail -1; ls -i / | wc -l")
    assert after == before, f"blocks and names before:\n{before}\nafter:\n{after}"
    teak.check("umount /tests")
    teak.poweroff()
    fsck(root_img)
    return report


@pytest.mark.slow
def test_a_million_bad_calls_leave_kernel_and_disk_well(boot, root_img, tests_img):
    seed = int(os.environ.get("TEAK_SEED", 4711))
    print(f"seed {seed} (TEAK_SEED)")
    run_on_ezfs_root(boot, root_img, tests_img, f"/tests/badcalls -d / {BAD_CALLS} {seed}")


def test_a_thousand_rounds_leak_nothing(boot, root_img, tests_img):
    """fork+exec+exit, create+unlink, mmap+touch+munmap: memory, inodes and blocks are back."""
    run_on_ezfs_root(boot, root_img, tests_img, f"/tests/leaks {ROUNDS} /")


def test_files_stay_whole_with_processes_on_four_cpus(boot, root_img, tests_img):
    run_on_ezfs_root(boot, root_img, tests_img, "/tests/sharing", smp=4)


def test_scheduling_classes_share_the_cpu_as_promised(boot, root_img, tests_img):
    """In guest time, where one instruction is 1 ns: the shares do not depend on the host."""
    run_on_ezfs_root(boot, root_img, tests_img, "/tests/sched", icount=True)


def test_one_file_against_a_model(boot, root_img, tests_fs_img, tmp_path):
    """On each layout of EZFS, and on ext2 with blocks smaller than a page. On ramfs it runs with the other programs."""
    images = [mke2fs(tmp_path / "ext2.img", "8M", "-b", "1024")]
    for layout in "AC":
        images.append(mkfs(tmp_path / f"{layout}.img", "-L", layout, "-s", "338"))
    teak = boot(disks=[root_img, tests_fs_img, *images], smp=2)
    teak.check("mount -t ezfs /dev/vdb /tests; mkdir /2 /a /c; mount -t ext2 /dev/vdc /2; "
               "mount -t ezfs /dev/vdd /a; mount -t ezfs /dev/vde /c")
    for file in ("/f", "/2/f", "/a/f", "/c/f"):
        tap.check(teak.run(f"/tests/fileops {file} {SEED}").output, what=file)
    teak.check("umount /2; umount /a; umount /c")
    teak.poweroff()
    e2fsck(images[0])
    for image in (root_img, *images[1:]):
        fsck(image)


def test_holes_show_nothing_of_what_was_there(boot, root_img, tests_fs_img, tmp_path):
    """While they are being filled, with readers and nothing in the cache, on a disk that is full of something else."""
    images = [mkfs(tmp_path / f"{layout}.img", "-L", layout, "-s", "338") for layout in "ABC"]
    for size in ("1024", "4096"):
        images.append(mke2fs(tmp_path / f"{size}.img", "8M", "-b", size))
    teak = boot(disks=[root_img, tests_fs_img, *images], append="loglevel=5", smp=4)
    teak.check("mount -t ezfs /dev/vdb /tests")
    for i, image in enumerate(images):
        teak.check(f"mount -t {'ezfs' if i < 3 else 'ext2'} /dev/vd{'cdefg'[i]} /mnt")
        tap.check(teak.run(f"/tests/holes /mnt {SEED} 4").output, what=os.path.basename(image))
        teak.check("umount /mnt")
    teak.poweroff()
    for i, image in enumerate(images):
        (fsck if i < 3 else e2fsck)(image)


@pytest.mark.parametrize("where", ["tmpfs", "ezfs", "ext2"])
def test_what_posix_says_of_files(boot, root_img, tests_fs_img, tmp_path, where):
    """On ramfs, in /tmp, it runs with the other programs."""
    disk = mke2fs(tmp_path / "ext2.img", "8M", "-b", "1024")
    teak = boot(disks=[root_img, tests_fs_img, disk], append="loglevel=5")
    teak.check("mount -t ezfs /dev/vdb /tests")
    if where != "ezfs":
        teak.check(f"mount -t {where} /dev/vdc /mnt")
    result = teak.run(f"/tests/posix {'/' if where == 'ezfs' else '/mnt'}")
    report = tap.check(result.output, what=f"posix on {where}")
    print(f"{where}: {report}")
    assert len(report.passed) + len(report.skipped) >= 1000
    if where != "ezfs":
        teak.check("umount /mnt")
    teak.check("umount /tests")
    teak.poweroff()
    fsck(root_img)
    e2fsck(disk)
