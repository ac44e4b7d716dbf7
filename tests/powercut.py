# SPDX-License-Identifier: MIT
"""
Power cuts at every moment of a workload, for tests of any filesystem: the workload (crashmodel.py) runs once in
teak, on a disk that QEMU records (blklog.py). Then, without a guest, at each write the disks are made that a cut
just then may leave.
"""

import hashlib
import os
import subprocess

import blklog
import crashmodel
from teak import BUILD, host_tool

BLOCK = blklog.BLOCK
AFTER = 16      # blocks of the disk behind the filesystem; in one of them the workload says how far it is
ODD = b"somebody's bytes"   # what no file must ever show


def disk_size(fs_blocks):
    """Bytes of a disk with a filesystem of so many blocks of 4096 bytes."""
    return (fs_blocks + AFTER) * BLOCK


def odd_disk(path, fs_blocks):
    """A new disk, full of what no file must show, for mkfs."""
    path.write_bytes(ODD * (disk_size(fs_blocks) // len(ODD)))
    return path


def mark_offset(fs_blocks):
    return (fs_blocks + AFTER // 2) * BLOCK


def record(boot, root_img, tests_fs_img, tmp_path, work, image, fstype, beside=()):
    """
    Run the workload on `image`, made by odd_disk() and mkfs; `beside` is the script of another one, which runs at the
    same time. Returns the disk as it was before, and the log, which begins before the mount.
    """
    log, start = tmp_path / "disk.log", image.read_bytes()
    mark = mark_offset(len(start) // BLOCK - AFTER)
    (tmp_path / "stage").mkdir()
    (tmp_path / "stage" / "script").write_text("\n".join(work.lines) + "\n")
    if beside:
        (tmp_path / "stage" / "beside").write_text("\n".join(beside) + "\n")
    host_tool("mkfs.ezfs", "-s", 64, tmp_path / "script.img", tmp_path / "stage")
    teak = boot(disks=[root_img, tests_fs_img, tmp_path / "script.img"], smp=2, append="loglevel=5",
                extra=blklog.logged_disk(image, log, 3))
    teak.check("mkdir /tmp/script; mount /dev/vdb /tests; mount /dev/vdc /tmp/script")
    # The flusher is to have its say, too: every 50 ms, with what is 100 ms old.
    teak.check("echo 10 > /proc/sys/vm/dirty_expire_centisecs; echo 5 > /proc/sys/vm/dirty_writeback_centisecs")
    teak.check(f"mount -t {fstype} /dev/vdd /mnt")
    if beside:
        teak.check("mkdir /mnt/beside")
        teak.check(f"/tests/powercut /tmp/script/beside /dev/vdd {mark + BLOCK} > /tmp/beside &")
    assert "powercut: done" in teak.check(f"/tests/powercut /tmp/script/script /dev/vdd {mark}")
    if beside:
        assert "powercut: done" in teak.check("wait; cat /tmp/beside")
    teak.check("umount /mnt")
    teak.poweroff()
    return start, blklog.read_log(log)


def mark_of(entry, mark):
    """The operation that an entry of the log says is over, or None."""
    for write in entry or ():
        if write.offset == mark:
            return int(write.data.split(b"\0")[0].split()[1])
    return None


def every_cut(start, entries, rng, subsets, seen):
    """
    Calls seen(image, known) for the disks that cuts may leave, from the first mark on: at each write all of what
    is in the disk's cache, none, and `subsets` choices of it. `known` is the last operation that is surely over.
    Returns how many.
    """
    mark = mark_offset(len(start) // BLOCK - AFTER)
    platter, known, cuts = blklog.Platter(start), None, 0
    for entry in entries:
        platter.take(entry)
        over = mark_of(entry, mark)
        if over is not None:
            known = over
        elif known is not None and entry is not None:
            for image in platter.cuts(rng, subsets):
                cuts += 1
                seen(image, known)
    return cuts


class Judge:
    """Says what is wrong with a disk: by `files_of` (image -> {path: contents}) and a checker of filesystems."""

    def __init__(self, work, scratch, files_of, checker, harmless):
        """`checker`: a command to which the disk's path is added; `harmless`: a pattern of what it may say."""
        self.work, self.scratch, self.files_of = work, scratch, files_of
        self.checker, self.harmless = checker, harmless
        self.known = self.promises = None
        self.checked = set()    # digests of disks that the checker has seen

    def __call__(self, image, known):
        if known != self.known:
            self.known, self.promises = known, self.work.promises(known)
        crashmodel.judge(self.promises, self.files_of(image))
        digest = hashlib.blake2b(image).digest()
        if digest in self.checked:
            return
        self.scratch.write_bytes(image)
        said = subprocess.run([*self.checker, self.scratch], capture_output=True, text=True).stdout
        strange = [line for line in said.splitlines() if not self.harmless.search(line)]
        if strange or not said:
            raise crashmodel.Broken(f"{self.checker[0]} found\n" + "\n".join(strange))
        self.checked.add(digest)


def host_program(name):
    """The path of a host tool, for those who call it thousands of times; built, if it is not there."""
    host_tool(name, "--help", check=False)
    return os.path.join(BUILD, "host", name)


def mount_some(boot, root_img, tmp_path, disks, fstype):
    """teak mounts these disks, reads all files and writes one."""
    images = [tmp_path / f"cut{n}.img" for n in range(len(disks))]
    for path, disk in zip(images, disks):
        path.write_bytes(disk)
    teak = boot(disks=[root_img, *images], append="loglevel=5")
    for n in range(len(disks)):
        teak.check(f"mount -t {fstype} /dev/vd{chr(ord('b') + n)} /mnt && ls -lR /mnt > /dev/null && "
                   "for f in /mnt/* /mnt/*/*; do if [ -f $f ]; then cat $f > /dev/null || exit 1; fi; done && "
                   "echo new > /mnt/new && sync && umount /mnt")
    assert f"{fstype.upper()}-fs" not in teak.check("dmesg")
    teak.poweroff()
