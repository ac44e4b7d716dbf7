# SPDX-License-Identifier: MIT
"""
What is written to an EZFS disk is there after the machine was off, and what EZFS.md promises of the
filesystem's behaviour holds: each promise on a disk of its own, judged by fsck.ezfs at the end.
"""

import re
import shutil

import pytest

from teak import Ended, fsck, host_tool, mkfs

BLOCK = 4096
DISK_BLOCKS = 700       # room for one file of the largest size, and not for two
MAX_FILE_BLOCKS = 513
MAX_CHILDREN = 32
MAX_INODES = 39
MAX_NAME = 118
FIRST_LOOK = "hello.txt"    # what mkfs.ezfs puts on a disk, if it is given no folder


def stored(image, path):
    """The bytes of a file as the host's tool finds them on the disk."""
    return host_tool("fsck.ezfs", "-x", path, image).stdout


def listing(image):
    """{path: (inode, links, bytes, nblocks)} of a disk, by the host's tool."""
    out = {}
    for line in host_tool("fsck.ezfs", "-l", image).stdout.splitlines():
        inode, _, links, _, size, nblocks, _, path = line.split(" ", 7)
        out[path] = int(inode), int(links), int(size), int(nblocks)
    return out


class Disk:
    """A machine with a second, small disk on /mnt, and the shell in there."""

    def __init__(self, teak, image):
        self.teak, self.image = teak, image
        self.check, self.run = teak.check, teak.run
        self.check("mount /dev/vdb /mnt; cd /mnt")

    def free(self):
        """(blocks, inodes) that the kernel says are free."""
        text = self.check("stat -f /mnt")
        return tuple(int(re.search(rf"{what}: Total: \d+ +Free: (\d+)", text).group(1))
                     for what in ("Blocks", "Inodes"))

    def refused(self, command, why):
        """The command must fail and say why."""
        result = self.run(command)
        assert result.status != 0, f"'{command}' succeeded; it printed:\n{result.output}"
        assert why in result.output, f"'{command}' said:\n{result.output}\nexpected: {why}"

    def off(self):
        """Unmount, power off, and look at what is on the disk. Returns its listing."""
        self.check("cd /; umount /mnt")
        self.teak.poweroff()
        fsck(self.image)
        return listing(self.image)


@pytest.fixture
def disk(boot, root_img, tmp_path):
    image = mkfs(tmp_path / "small.img", "-s", DISK_BLOCKS)
    return Disk(boot(disks=[root_img, image]), image)

# ---------------------------------------------------------------- over a power-off


@pytest.mark.parametrize("last", ["sync", ":"], ids=["sync", "poweroff_alone"])
def test_a_file_is_there_after_a_reboot(boot, root_img, last):
    teak = boot(disks=[root_img])
    shown = teak.check(f"ls -l / | grep bin > /x; cat /x; {last}")
    assert re.fullmatch(r"d\S+ .* bin\nd\S+ .* sbin\n", shown), f"saw {shown!r}"
    teak.poweroff()
    fsck(root_img)
    assert stored(root_img, "/x") == shown

    teak = boot(disks=[root_img])
    assert teak.check("cat /x") == shown
    teak.poweroff()
    fsck(root_img)


def test_reboot_writes_everything_too(boot, root_img):
    """`reboot` ends QEMU (-no-reboot), and nothing is lost."""
    teak = boot(disks=[root_img])
    teak.check("echo kept > /x")
    teak.poweroff("reboot", status=None)
    fsck(root_img)
    assert stored(root_img, "/x") == "kept\n"


def test_a_boot_without_writing_leaves_the_tree_as_it_was(boot, root_img):
    before = listing(root_img)
    teak = boot(disks=[root_img])
    teak.check("ls -l / /bin; cat /hello.txt")
    teak.poweroff()
    fsck(root_img)
    assert listing(root_img) == before


@pytest.mark.parametrize("command", [
    "echo safe > /x; sync",
    "echo safe > /y; sync; mv /y /x; sync",
    "echo safe | dd of=/x conv=fsync; sync /",
], ids=["sync", "rename_sync", "fsync"])
def test_what_was_synced_survives_pulling_the_plug(boot, root_img, command):
    teak = boot(disks=[root_img])
    teak.check(command)
    teak.kill()
    assert stored(root_img, "/x") == "safe\n"
    fsck(root_img)


# What docs/crash-safety.md says may be found after a power cut: nothing else may.
LEAKS = re.compile(r"marked in use, but no(thing uses it| path from the root leads to it)|"
                   r"is marked in use, but holds nothing|"
                   r"nlink is \d+, expected|nblocks is \d+, expected|\d+ errors?$")


def test_pulling_the_plug_in_the_midst_of_writing(boot, root_img):
    """What was synced before is whole, the rest is damaged at most as docs/crash-safety.md says, and
    the disk can be mounted again."""
    teak = boot(disks=[root_img])
    teak.check("echo safe > /safe; sync")
    teak.sendline("i=0; while true; do i=$((i + 1)); echo $i > /a; cp /bin/ls /b; mkdir /c; echo r$i; "
                  "rm -r /a /b /c; sync; done")
    teak.expect(r"\nr5\r")
    teak.kill()
    assert stored(root_img, "/safe") == "safe\n"
    strange = [line for line in host_tool("fsck.ezfs", root_img, check=False).stdout.splitlines()
               if not LEAKS.search(line) and not line.endswith(": clean")]
    assert not strange, "fsck.ezfs found what a power cut must not leave:\n" + "\n".join(strange)

    teak = boot(disks=[root_img])
    assert teak.check("cat /safe") == "safe\n"
    teak.poweroff()


def test_everything_again_after_umount_and_mount(disk):
    disk.check("mkdir -p d/e; echo one > d/e/1; ln d/e/1 two; dd if=/bin/ls of=prog status=none; "
               "chmod 755 prog; chmod 640 two; touch -c two")
    before = disk.check("ls -liR /mnt/d; ls -li /mnt")
    disk.check("cd /; umount /mnt; mount /dev/vdb /mnt; cd /mnt")
    assert disk.check("ls -liR /mnt/d; ls -li /mnt") == before
    assert disk.check("cat d/e/1 two; cmp prog /bin/ls && echo same") == "one\none\nsame\n"
    disk.off()

# ---------------------------------------------------------------- names and directories


def test_rename(disk):
    """Over a file, into another directory, a directory with what is in it; into itself never."""
    disk.check("echo a > a; echo b > b; mkdir d e; echo c > d/c")
    before = disk.free()
    disk.check("mv a b")
    assert disk.check("cat b") == "a\n"
    assert disk.free() == (before[0] + 1, before[1] + 1), "the file that was replaced is not free"
    disk.check("mv b d/x; mv d e/f")
    disk.refused("mv e e/f", "Invalid argument")
    disk.refused("mv e hello.txt", "ot a directory")
    assert disk.check("cat e/f/x e/f/c; ls -a e/f/..") == "a\nc\n.  ..  f\n"
    found = disk.off()
    assert set(found) == {"/", "/hello.txt", "/e", "/e/f", "/e/f/c", "/e/f/x"}
    assert [found[d][1] for d in ("/", "/e", "/e/f")] == [3, 3, 2], "links of the directories"


def test_unlink_gives_everything_back(disk):
    before = disk.free()
    disk.check("for i in 1 2 3; do dd if=/dev/zero of=f bs=4096 count=20 status=none; rm f; done")
    assert disk.free() == before
    disk.refused("rm f", "No such file or directory")
    assert set(disk.off()) == {"/", "/hello.txt"}


def test_the_same_files_for_ever(disk):
    """The course's check: inodes and blocks come back."""
    before = disk.free()
    disk.check("for r in $(seq 1 10); do for i in $(seq 1 14); do echo $r > f$i || exit 1; done; "
               "rm f* || exit 1; done")
    assert disk.free() == before
    disk.off()


def test_mkdir_and_rmdir(disk):
    before = disk.free()
    disk.check("mkdir d d/e; touch d/e/f")
    disk.refused("mkdir d", "File exists")
    disk.refused("rmdir d", "Directory not empty")
    disk.refused("rmdir hello.txt", "Not a directory")
    disk.refused("rm d", "irectory")
    disk.check("rm d/e/f; rmdir d/e")
    assert "Links: 2\n" in disk.check("stat d")
    disk.check("rmdir d")
    assert disk.free() == before
    disk.off()


def test_hard_links(disk):
    disk.check("echo one > a; ln a b; mkdir d; ln a d/c; echo two >> b")
    assert disk.check("cat d/c") == "one\ntwo\n"
    disk.refused("ln d e", "not permitted")
    disk.refused("ln a b", "File exists")
    disk.check("rm a")
    found = disk.off()
    assert found["/b"] == found["/d/c"] == (found["/b"][0], 2, 8, 1)


def test_names_that_share_a_prefix(disk):
    disk.check("echo 1 > na; echo 2 > nam; echo 3 > name; rm nam")
    assert disk.check("cat na name") == "1\n3\n"
    disk.refused("cat nam", "No such file")
    disk.refused("cat n", "No such file")
    disk.off()


def test_the_longest_name(disk):
    name = "x" * MAX_NAME
    disk.check(f"echo ok > {name}")
    assert disk.check(f"ls x*; cat {name}") == f"{name}\nok\n"
    for command in (f"touch {name}x", f"mkdir {name}x", f"ln {name} {name}x", f"mv {name} {name}x",
                    f"cat {name}x"):
        disk.refused(command, "File name too long")
    assert f"/{name}" in disk.off()


def test_a_full_directory(disk):
    """32 names; nothing is half-done by the 33rd, and one that is removed makes room."""
    disk.check(f"mkdir d; cd d; touch ../other; for i in $(seq 1 {MAX_CHILDREN}); do touch f$i; done")
    before = disk.free()
    for command in ("touch g", "mkdir g", "ln f1 g", "mv ../other g"):
        disk.refused(command, "No space left on device")
    assert disk.free() == before
    disk.check("mv f1 g; mv ../other f2; rm f3; mkdir f3")
    assert disk.check("ls | wc -l").strip() == str(MAX_CHILDREN)
    disk.off()


def test_a_full_inode_store(disk):
    disk.check("mkdir d; for i in $(seq 1 40); do touch d/$i || break; done 2>/dev/null; "
               "for i in 1 2 3 4; do touch $i; done")
    blocks, inodes = disk.free()
    assert inodes == 0
    for command in ("touch no", "mkdir no"):
        disk.refused(command, "No space left on device")
    assert disk.free() == (blocks, inodes)
    disk.check("rm d/7; mkdir no")
    assert len({inode for inode, *_ in disk.off().values()}) == MAX_INODES

# ---------------------------------------------------------------- bytes and blocks


def test_write_in_the_middle(disk):
    disk.check("printf 4118 | dd of=hello.txt bs=1 seek=7 conv=notrunc status=none")
    assert disk.check("cat hello.txt") == "Hello w4118!\n"
    disk.off()
    assert stored(disk.image, "/hello.txt") == "Hello w4118!\n"


def test_an_empty_file_has_no_blocks(disk):
    before = disk.free()
    disk.check("touch t")
    assert "Size: 0 " in disk.check("stat t") and "Blocks: 0 " in disk.check("stat t")
    assert disk.free() == (before[0], before[1] - 1)
    assert disk.off()["/t"][1:] == (1, 0, 0)


def test_a_gap_reads_as_zeros_and_takes_no_block(disk):
    before = disk.free()
    disk.check("echo start > f; printf end | dd of=f bs=4096 seek=101 conv=notrunc status=none")
    assert disk.free()[0] == before[0] - 3, "two blocks of data and the indirect block are in use"
    disk.check("dd if=f of=/tmp/gap bs=4096 skip=1 count=100 status=none; "
               "dd if=/dev/zero of=/tmp/zeros bs=4096 count=100 status=none; cmp /tmp/gap /tmp/zeros")
    assert disk.check("dd if=f bs=4096 skip=101 status=none") == "end"
    assert disk.off()["/f"][2] == 101 * BLOCK + 3


def test_truncate_up_and_down(disk):
    """What is past the end is free, and reads as zeros if the file grows again."""
    before = disk.free()
    disk.check("yes | dd of=f bs=4096 count=10 iflag=fullblock status=none")
    disk.check("dd if=/dev/null of=f bs=1 seek=5000 status=none")
    assert disk.free()[0] == before[0] - 3
    disk.check("dd if=/dev/null of=f bs=1 seek=9000 status=none")
    assert disk.check("dd if=f bs=1 skip=4998 count=4 status=none | hexdump -C | head -n 1"
                      ).split()[1:5] == ["79", "0a", "00", "00"]
    disk.check("echo x > f")
    assert disk.free()[0] == before[0] - 1, "the indirect block of a file of one block is not free"
    disk.check(": > f")
    assert disk.free()[0] == before[0]
    assert disk.off()["/f"][1:] == (1, 0, 0)


def test_the_largest_file_and_one_byte_more(disk):
    disk.check(f"dd if=/dev/zero of=f bs=4096 count={MAX_FILE_BLOCKS} status=none")
    before = disk.free()
    disk.refused("echo >> f", "File too large")
    disk.refused(f"echo | dd of=f bs=4096 seek={MAX_FILE_BLOCKS} conv=notrunc", "File too large")
    disk.refused(f"dd if=/dev/null of=f bs=4096 seek={MAX_FILE_BLOCKS + 1}", "File too large")
    assert disk.free() == before
    assert disk.off()["/f"][2:] == (MAX_FILE_BLOCKS * BLOCK, MAX_FILE_BLOCKS)


def test_a_full_disk(disk):
    """Writing stops with ENOSPC at the last block; what is there stays whole; removing makes room."""
    disk.check(f"echo keep > keep; dd if=/dev/zero of=a bs=4096 count={MAX_FILE_BLOCKS} status=none")
    disk.refused("dd if=/dev/zero of=b bs=4096", "No space left on device")
    assert disk.free()[0] == 0
    inodes = disk.free()[1]
    disk.refused("echo x > new", "No space left on device")
    disk.refused("mkdir dir", "No space left on device")
    disk.refused("cp /bin/sh prog", "No space left on device")
    assert disk.check("cat keep; wc -c < new").split() == ["keep", "0"]
    disk.check("rm new prog")
    assert disk.free() == (0, inodes)
    disk.check("rm a; echo room > new; mkdir dir")
    found = disk.off()
    assert stored(disk.image, "/new") == "room\n"
    assert found["/b"][3] * BLOCK == found["/b"][2], "the file that filled the disk has a hole"


def test_an_unlinked_file_that_is_open(disk):
    before = disk.free()
    disk.check("exec 3> u 4< u; rm u; echo still here >&3")
    assert disk.check("cat <&4; ls") == f"still here\n{FIRST_LOOK}\n"
    assert disk.free() == (before[0] - 1, before[1] - 1)
    disk.check("exec 3>&- 4<&-")
    assert disk.free() == before
    disk.off()


def test_two_writers_never_get_the_same_block(disk):
    disk.check("yes first | head -c 400000 > a & yes second | head -c 400000 > b & wait")
    found = disk.off()
    assert found["/a"][2] == found["/b"][2] == 400000
    for path, word in (("/a", "first\n"), ("/b", "second\n")):
        assert stored(disk.image, path) == (word * 400000)[:400000]


def test_programs_run_from_the_disk(disk):
    disk.check("cp /bin/sh prog; chmod 755 prog")
    assert disk.check("./prog -c 'echo from the disk'") == "from the disk\n"
    disk.refused("./prog -c 'echo x >> prog'", "Text file busy")
    disk.check("cmp prog /bin/sh; exec 5>> prog")
    disk.refused("./prog -c 'echo no'", "Text file busy")
    disk.check("exec 5>&-")
    disk.off()


def test_times_and_modes_are_kept(boot, root_img):
    teak = boot(disks=[root_img])
    teak.check("echo x > /x; chmod 4751 /x; mkdir /y; chmod 1777 /y")
    before = teak.check("stat /x /y")
    assert "4751" in before and "1777" in before
    teak.poweroff()
    teak = boot(disks=[root_img])
    assert teak.check("stat /x /y") == before
    teak.poweroff()

# ---------------------------------------------------------------- mount and umount


def test_umount_of_a_busy_disk(disk):
    disk.refused("umount /mnt", "busy")
    disk.refused("cd /; exec 3< /mnt/hello.txt; umount /mnt", "busy")
    disk.check("exec 3<&-; umount /mnt; mount /dev/vdb /mnt")
    disk.off()


def test_read_only_disk(boot, root_img, tmp_path):
    """A write-protected disk is mounted read-only, says EROFS to all changes, and stays as it is."""
    image = mkfs(tmp_path / "ro.img", "-s", 64)
    before = image.read_bytes()
    disk = Disk(boot(disks=[root_img], ro_disks=[image]), image)
    assert "/dev/vdb on /mnt type ezfs (ro" in disk.check("mount")
    assert disk.check("cat hello.txt") == "Hello world!\n"
    for command in ("echo x >> hello.txt", "touch new", "mkdir new", "rm hello.txt", "chmod 600 hello.txt",
                    "mv hello.txt h", "ln hello.txt h"):
        disk.refused(command, "Read-only file system")
    disk.refused("mount -o remount,rw /mnt", "")
    disk.refused("echo x > /dev/vdb", "")
    disk.off()
    assert image.read_bytes() == before


def test_mounted_read_only(boot, root_img, tmp_path):
    """`mount -o ro`, and `ro` on the kernel command line, write nothing at all to the disk."""
    image = mkfs(tmp_path / "small.img", "-s", 64)
    before = image.read_bytes(), open(root_img, "rb").read()
    teak = boot(disks=[root_img, image], append="ro")
    teak.check("mount -o ro /dev/vdb /mnt; cat /mnt/hello.txt /hello.txt; ls -lR /mnt /bin")
    for command in ("touch /mnt/new", "touch /new", "rm /hello.txt"):
        result = teak.run(command)
        assert result.status != 0 and "Read-only file system" in result.output, f"saw {result}"
    teak.poweroff()
    assert (image.read_bytes(), open(root_img, "rb").read()) == before


def test_remount(disk):
    disk.check("echo before > f; mount -o remount,ro /mnt")
    disk.refused("echo x > f", "Read-only file system")
    disk.check("mount -o remount,rw /mnt; echo after >> f")
    disk.off()
    assert stored(disk.image, "/f") == "before\nafter\n"


def test_figures_agree_with_the_disk(disk):
    """What statfs says is in use is what the host's tool finds in use."""
    disk.check("mkdir d; cp /bin/sh d/sh; touch d/empty; echo x > d/x; ln d/x y; sync")
    blocks, inodes = disk.free()
    disk.off()
    report = host_tool("fsck.ezfs", "-v", disk.image).stdout
    used = re.search(r"in use: (\d+) of (\d+) inodes, (\d+) blocks", report)
    assert inodes == int(used.group(2)) - int(used.group(1)), report
    assert blocks == DISK_BLOCKS - int(used.group(3)), report


def test_two_disks_at_once(boot, root_img, tmp_path):
    images = [mkfs(tmp_path / f"{n}.img", "-s", 64) for n in "bc"]
    teak = boot(disks=[root_img, *images])
    teak.check("mkdir /tmp/b /tmp/c; mount /dev/vdb /tmp/b; mount /dev/vdc /tmp/c")
    teak.check("cd /tmp; echo b > b/f; echo c > c/f; cp /bin/sh b/sh; cp b/sh c/sh; mv b/f c/g; "
               "cmp b/sh c/sh")
    result = teak.run("ln b/sh c/link")
    assert result.status != 0 and "ross-device" in result.output, f"saw {result}"
    teak.poweroff()     # which unmounts both
    for image in images:
        fsck(image)
    assert stored(images[1], "/f") == "c\n" and stored(images[1], "/g") == "b\n"
    assert "/f" not in listing(images[0])
