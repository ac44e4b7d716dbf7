# SPDX-License-Identifier: MIT
"""
Run teak's user test programs on real Linux: the same ABI, judged by the original.

scripts/test-linux is the command for it. Debian's arm64 kernel boots in QEMU with an initramfs that
holds tests/linux_init.c as /init, the test programs in /tests, and teak's own root filesystem.
Each program's TAP report is judged as on teak (tests/tap.py).
"""

import glob
import os
import re
import stat
import subprocess
from dataclasses import dataclass

import tap
from teak import BUILD, TOP

BOOT_SECONDS = 1800     # the last guard against a kernel that hangs
ARGUMENTS = "console=ttyAMA0 loglevel=4 mitigations=off kpti=off nokaslr panic=-1"
PROGRAM = re.compile(r"^#begin (\S+)\n(.*?)^#end \1 (exit|signal) (\d+)$", re.M | re.S)


class Cpio:
    """An initramfs: a cpio archive of the "newc" kind, which Linux unpacks at boot.

    Each member is a magic number and 13 hexadecimal numbers (inode, mode, uid, gid, links, time,
    size, device, device of a device file, length of the name, checksum), the name and the content,
    the latter two padded to 4 bytes.
    """

    def __init__(self):
        self.parts = []
        self.folders = {""}
        self.inode = 0

    def _member(self, path, mode, data=b"", device=(0, 0)):
        self.inode += 1
        name = path.encode() + b"\0"
        numbers = (self.inode, mode, 0, 0, 1, 0, len(data), 0, 0, *device, len(name), 0)
        head = b"070701" + b"".join(b"%08X" % n for n in numbers) + name
        self.parts += [head, b"\0" * (-len(head) % 4), data, b"\0" * (-len(data) % 4)]

    def folder(self, path):
        """A folder, and those it is in."""
        if path not in self.folders:
            self.folder(os.path.dirname(path))
            self.folders.add(path)
            self._member(path, stat.S_IFDIR | 0o755)

    def file(self, path, data, mode=0o755):
        self.folder(os.path.dirname(path))
        self._member(path, stat.S_IFREG | mode, data)

    def symlink(self, path, target):
        self.folder(os.path.dirname(path))
        self._member(path, stat.S_IFLNK | 0o777, target.encode())

    def tree(self, root):
        """All of a folder of the host; further names of one file (hard links) become symlinks."""
        first_name = {}
        for folder, _, names in sorted(os.walk(root)):
            inside = os.path.relpath(folder, root)
            if inside != ".":
                self.folder(inside)
            for name in sorted(names):
                path = os.path.normpath(os.path.join(inside, name))
                status = os.stat(os.path.join(folder, name))
                if status.st_ino in first_name:
                    self.symlink(path, "/" + first_name[status.st_ino])
                    continue
                first_name[status.st_ino] = path
                with open(os.path.join(folder, name), "rb") as f:
                    self.file(path, f.read(), status.st_mode & 0o7777)

    def character_device(self, path, major, minor):
        self.folder(os.path.dirname(path))
        self._member(path, stat.S_IFCHR | 0o600, device=(major, minor))

    def archive(self):
        self._member("TRAILER!!!", 0)
        return b"".join(self.parts)


def make_initramfs(output, init, tests, root=None, modules=()):
    """Write an initramfs: the folder root, init as /init, modules and tests in folders; returns output."""
    cpio = Cpio()
    cpio.character_device("dev/console", 5, 1)
    for folder in ("proc", "sys", "tmp", "tests"):
        cpio.folder(folder)
    if root:
        cpio.tree(root)
    for path, target in [(init, "init"), *((p, f"modules/{os.path.basename(p)}") for p in modules),
                         *((p, f"tests/{os.path.basename(p)}") for p in tests)]:
        with open(path, "rb") as f:
            cpio.file(target, f.read())
    with open(output, "wb") as f:
        f.write(cpio.archive())
    return output


def debian_kernel():
    """Debian's arm64 kernel, fetched once: its path, and those of its modules."""
    subprocess.run([f"{TOP}/scripts/fetch-debian", "linux-image-arm64"], check=True,
                   stdout=subprocess.DEVNULL, env={**os.environ, "BUILD": BUILD})
    package = f"{BUILD}/debian/linux-image-arm64"
    return (glob.glob(f"{package}/boot/vmlinuz-*")[0],
            glob.glob(f"{package}/lib/modules/**/*.ko", recursive=True))


def build_init(output):
    """Compile tests/linux_init.c with the cross compiler's own C library."""
    subprocess.run(["aarch64-linux-gnu-gcc", "-static", "-O1", "-Wall", "-Wextra", "-o", output,
                    f"{TOP}/tests/linux_init.c"], check=True)
    return output


@dataclass
class Outcome:
    """What one test program did on Linux."""
    name: str
    output: str
    ended: str          # "exit" or "signal"
    number: int
    report: tap.Report

    def problems(self):
        out = self.report.problems()
        if self.ended == "signal" or (self.number and not out):
            out.append(f"the program ended with {self.ended} {self.number}")
        return out


def boot(kernel, initramfs, log, mem="512M", append="", timeout=BOOT_SECONDS):
    """Boot Linux with the initramfs until it powers off; returns all it said, also kept in log."""
    os.makedirs(os.path.dirname(log), exist_ok=True)
    done = subprocess.run([f"{TOP}/scripts/qemu", "--batch", "--kernel", kernel, "--initrd",
                           initramfs, "--mem", mem, "--append", f"{ARGUMENTS} {append}".strip(),
                           "--timeout", str(timeout)],
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    with open(log, "wb") as f:
        f.write(done.stdout)
    return done.stdout.decode(errors="replace").replace("\r", "")


def judge(names, text):
    """The Outcome of each named program in what Linux said; one that has none is a failure too."""
    found = {name: Outcome(name, output, ended, int(number), tap.parse(output))
             for name, output, ended, number in PROGRAM.findall(text)}
    return [found.get(name) or Outcome(name, "", "exit", 0, tap.Report()) for name in names]


def run_tests(tests, root, work):
    """Run the test programs (paths) on Linux, over the root filesystem in the folder root (or None).

    Returns their Outcomes and what Linux said.
    """
    os.makedirs(work, exist_ok=True)
    init = build_init(os.path.join(work, "init"))
    kernel, modules = debian_kernel()
    initramfs = make_initramfs(os.path.join(work, "initramfs.cpio"), init, tests, root, modules)
    text = boot(kernel, initramfs, os.path.join(BUILD, "test-logs", "linux.log"))
    return judge(sorted(map(os.path.basename, tests)), text), text
