# SPDX-License-Identifier: MIT
"""
A filesystem as a student writes it: tests/modules/myezfs, built outside of the tree, loaded beside the driver of the
kernel, and put through the same tests of behaviour, for the one layout that it knows.
"""

import os
import shutil

import pytest

import test_ezfs_layouts as layouts
from ezfs_image import exercise  # noqa: F401 (a fixture)
from teak import TOP
from test_ezfs_layouts import (  # noqa: F401
    test_a_full_directory, test_a_full_disk, test_a_full_inode_store, test_a_gap_reads_as_zeros,
    test_an_empty_file_has_no_blocks, test_an_indexed_file_grows_block_by_block,
    test_an_unlinked_file_that_is_open, test_change_in_the_middle, test_directories, test_longer_by_truncation,
    test_mappings_readers_and_writers_of_files_that_move, test_names, test_no_block_is_no_block,
    test_programs_run_from_the_disk, test_readers_of_a_file_that_moves, test_rename,
    test_sync_then_everything_again, test_the_same_files_for_ever, test_times, test_truncate,
    test_two_writers_at_once, test_types_of_names)
from test_modules import build, disk as module_disk


@pytest.fixture(scope="module")
def machine(tmp_path_factory):
    tmp = tmp_path_factory.mktemp("myezfs")
    shutil.copytree(os.path.join(TOP, "tests", "modules", "myezfs"), tmp / "myezfs")
    done = build(tmp / "myezfs")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "warning" not in done.stderr, done.stderr
    more = [module_disk(tmp, tmp / "myezfs" / "myezfs.ko")]
    for teak, disks, fs in layouts.run_machine(tmp, "myezfs", more):
        teak.check("mkdir /m; mount -t ezfs /dev/vdg /m; insmod /m/myezfs.ko; grep -q myezfs /proc/filesystems")
        yield teak, disks, fs
        teak.check("exec 3>&- 4>&- 5>&-; cd /; umount /mnt; rmmod myezfs")
        assert "myezfs" not in teak.check("cat /proc/modules /proc/filesystems")


@pytest.fixture
def disk(machine):
    return layouts.Disk(machine, "B")


def test_the_courses_session(machine, exercise):  # noqa: F811
    layouts.test_the_courses_session(machine, exercise, "B")
