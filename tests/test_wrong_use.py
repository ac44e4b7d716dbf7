# SPDX-License-Identifier: MIT
"""
Wrong use gets an answer that a newcomer understands, and costs nothing on the disk: a machine without
a disk, disks that hold no EZFS or a damaged one, mistakes on the kernel's command line, programs that
are none, no memory, no room.
"""

import os
import random
import re
import shutil
import struct
import subprocess

import pytest

import test_ezfs_fsck
from ezfs_image import Image, built, healthy
from teak import BUILD, TOP, fsck, host_tool, mkfs

BLOCK = 4096


def panic_of(machine):
    """The message of the panic that ends this boot."""
    text = machine.wait_panic()
    return re.search(r"Kernel panic - not syncing: (.*)", text).group(1), text


def unchanged(image, before):
    with open(image, "rb") as f:
        assert f.read() == before, f"{image} was written to"


def folder(tmp_path, **files):
    """A folder for mkfs.ezfs: sbin/init and so on from {name: bytes}; / is written as __."""
    top = tmp_path / "tree"
    for name, data in files.items():
        path = top / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        path.chmod(0o755)
    return top


def disk_of(tmp_path, tree, blocks=1024):
    image = tmp_path / "disk.img"
    host_tool("mkfs.ezfs", "-s", blocks, image, tree)
    return image


def user_program(name):
    with open(os.path.join(BUILD, "user", name), "rb") as f:
        return f.read()

# ---------------------------------------------------------------- the root disk


def test_no_disk(boot):
    why, _ = panic_of(boot(prompt=False))
    assert why.startswith("no root device: give QEMU -drive"), why
    assert "scripts/qemu --disk build/root.img" in why


def ext2(size):
    """An empty ext2's superblock is enough to be told from an EZFS."""
    data = bytearray(size)
    data[1024 + 56:1024 + 58] = b"\x53\xef"
    return bytes(data)


@pytest.mark.parametrize("data, said", [
    (bytes(1 << 20), "not an EZFS disk: its magic number is 0, expected 0x4118"),
    (random.Random(7).randbytes(1 << 20), "not an EZFS disk: its magic number is 0x"),
    (ext2(1 << 20), "not an EZFS disk"),
    (b"", "the device is too small: 0 bytes"),
    (b"x" * 1000, "the device is too small"),
], ids=["zeros", "random", "ext2", "empty", "tiny"])
def test_a_disk_that_is_no_ezfs(boot, tmp_path, data, said):
    image = tmp_path / "disk"
    image.write_bytes(data)
    why, text = panic_of(boot(prompt=False, disks=[image]))
    assert why.startswith("cannot mount the root filesystem: /dev/vda holds none"), why
    assert f"EZFS-fs (vda): {said}" in text, text
    unchanged(image, data)


def test_a_truncated_disk(boot, root_img):
    os.truncate(root_img, 1000000)
    with open(root_img, "rb") as f:
        before = f.read()
    _, text = panic_of(boot(prompt=False, disks=[root_img]))
    assert "the filesystem has 4096 blocks, but the device only 244: it was cut off" in text
    unchanged(root_img, before)


@pytest.mark.parametrize("root", ["/dev/vdb", "/dev/nope", "99:99", ""])
def test_a_bad_root_argument(boot, root_img, root):
    """The disks that there are are listed."""
    why, text = panic_of(boot(prompt=False, disks=[root_img], append=f"root={root}"))
    assert why.startswith(f"root={root} names no disk: use one of those above"), why
    assert re.search(r"254:0 +16384 KiB vda\n", text), text


@pytest.mark.parametrize("root", ["vda", "254:0"])
def test_other_ways_to_name_the_root(boot, root_img, root):
    teak = boot(disks=[root_img], append=f"root={root}")
    teak.poweroff()


@pytest.mark.parametrize("argument, said", [
    ("rootfstype=ext9", "rootfstype=ext9: this kernel has no filesystem of that name"),
    ("rootfstype=proc", "rootfstype=proc: this filesystem does not live on a disk"),
    ("rootflags=abc", "cannot mount the root filesystem"),
    ("init=/nope", "Requested init=/nope failed: there is no such file"),
    ("init=/hello.txt", "Requested init=/hello.txt failed: it is not a file that may be executed"),
    ("init=/bin", "Requested init=/bin failed: it is not a file that may be executed"),
    ("init=/bin/sh/x", "Requested init=/bin/sh/x failed: a part of the path is not a folder"),
    ("init=/sbin/true", "Attempted to kill init! PID 1 (true) ended with status 0"),
    ("init=/sbin/false", "Attempted to kill init! PID 1 (false) ended with status 1"),
])
def test_mistakes_on_the_command_line(boot, root_img, argument, said):
    why, _ = panic_of(boot(prompt=False, disks=[root_img], append=argument))
    assert why.startswith(said), why
    fsck(root_img)


def test_arguments_that_nobody_knows_go_to_init(boot, root_img):
    """key=value to its environment, words and what follows -- to its arguments; it starts all the same.
    An option with a value that makes no sense is named in the log."""
    teak = boot(disks=[root_img], append="COURSE=os loglevel=loud root=/dev/vda single -- -x a=b")
    assert "COURSE=os\n" in teak.check("env")
    assert teak.check("cat /proc/1/cmdline").split("\0")[:-1] == ["/sbin/init", "single", "-x", "a=b"]
    assert "Malformed early option 'loglevel'" in teak.check("dmesg")
    teak.poweroff()


def test_a_very_long_command_line(boot, root_img):
    teak = boot(disks=[root_img], append="x=" + "y" * 1500)
    assert teak.check("echo ok") == "ok\n"
    teak.poweroff()
    words = " ".join(f"k{i}=v" for i in range(40))
    why, _ = panic_of(boot(prompt=False, disks=[root_img], append=words))
    assert why.startswith("Too many environment variables on the kernel command line"), why

# ---------------------------------------------------------------- init and other programs


def wrong_machine(elf):
    """The same program, said to be for another CPU (e_machine is EM_X86_64)."""
    return elf[:18] + struct.pack("<H", 62) + elf[20:]


NOT_PROGRAMS = {
    "empty": lambda elf: b"",
    "text": lambda elf: b"hello, I am no program\n",
    "wrong_machine": wrong_machine,
    "elf_header_cut_off": lambda elf: elf[:40],
    "program_headers_cut_off": lambda elf: elf[:80],
    "no_interpreter": lambda elf: b"#!/bin/nope\n",
    "interpreter_is_itself": lambda elf: b"#!/sbin/init\n",
    "hash_bang_alone": lambda elf: b"#!\n",
}


@pytest.mark.parametrize("kind", NOT_PROGRAMS)
def test_an_init_that_is_no_program(boot, tmp_path, kind):
    tree = folder(tmp_path, sbin__init=NOT_PROGRAMS[kind](user_program("init")))
    image = disk_of(tmp_path, tree)
    why, text = panic_of(boot(prompt=False, disks=[image]))
    assert why.startswith("No working init found"), why
    if kind != "no_interpreter":
        assert "Starting init: /sbin/init exists but couldn't execute it: " in text, text
    fsck(image)


def test_an_init_that_is_cut_off(boot, tmp_path):
    """The headers are whole, the code is not: an error or a signal that ends PID 1, and a panic says so."""
    elf = user_program("init")
    image = disk_of(tmp_path, folder(tmp_path, sbin__init=elf[:len(elf) // 8]))
    why, _ = panic_of(boot(prompt=False, disks=[image]))
    assert re.match(r"No working init found|Attempted to kill init! PID 1 \(init\) was killed by", why), why


def test_no_init_at_all(boot, tmp_path):
    tree = folder(tmp_path, dev__keep=b"", etc__motd=b"no programs here\n")
    why, _ = panic_of(boot(prompt=False, disks=[disk_of(tmp_path, tree)]))
    assert why.startswith("No working init found. There is no /sbin/init, /bin/init or /bin/sh"), why


def test_no_dev_on_the_root(boot, tmp_path):
    """It is said, and the shell works all the same: init's descriptors are the console."""
    tree = folder(tmp_path, bin__sh=user_program("sh"))
    teak = boot(disks=[disk_of(tmp_path, tree)])
    assert "devtmpfs is not mounted: the root filesystem has no folder /dev" in teak.transcript
    assert teak.check("echo alive") == "alive\n"
    teak.sendline("exit 3")
    why, _ = panic_of(teak)
    assert why.startswith("Attempted to kill init! PID 1 (sh) ended with status 3"), why


def test_programs_that_are_none(boot, root_img, tmp_path):
    """The shell says of each why it cannot be run, and goes on."""
    elf = user_program("sh")
    tree = folder(tmp_path, **{kind: make(elf) for kind, make in NOT_PROGRAMS.items()
                               if kind != "interpreter_is_itself"},
                  loop=b"#!/mnt/loop\n", cut_off=elf[:len(elf) // 8])
    teak = boot(disks=[root_img, disk_of(tmp_path, tree)])
    teak.check("mount /dev/vdb /mnt")
    for name in sorted(os.listdir(tree)):
        result = teak.run(f"/mnt/{name}")
        if name not in ("empty", "hash_bang_alone"):    # a shell runs these as scripts
            assert result.status in (126, 127, 139, 135), f"{name}: saw {result}"
            assert result.output.strip(), f"{name}: nothing was said"
    result = teak.run("/mnt; /bin/nope; nope")
    for said in ("/mnt: Is a directory", "/bin/nope: ", "nope: not found"):
        assert said in result.output, result.output
    teak.poweroff()


BIG = 96 << 20     # bytes: more than the machine of this test has


def test_no_memory_for_exec(boot, tmp_path):
    """A program whose segments can never fit into memory is refused; shell and disk live on."""
    source = tmp_path / "huge.c"
    source.write_text("""
static char huge[SIZE];
void _start(void)
{
	register long x8 __asm__("x8") = 93, x0 __asm__("x0") = 7;

	for (unsigned long i = 0; i < sizeof(huge); i += 4096)
		((volatile char *)huge)[i] = 1;
	__asm__ volatile("svc 0" : : "r"(x8), "r"(x0));
}
""")
    tree = folder(tmp_path, bin__sh=user_program("sh"))
    big, absurd = tree / "bin/big", tree / "bin/absurd"
    subprocess.run(["aarch64-linux-gnu-gcc", "-nostdlib", "-static", "-O1", "-fno-builtin",
                    f"-DSIZE={BIG}UL", "-Wl,--build-id=none", "-o", big, source], check=True)
    elf = big.read_bytes()
    memsz = struct.pack("<Q", BIG)
    assert memsz in elf[:400], "p_memsz is not among the program headers"
    absurd.write_bytes(elf.replace(memsz, struct.pack("<Q", 1 << 46), 1))
    absurd.chmod(0o755)
    for name in ("proc", "dev"):
        (tree / name).mkdir()
    shutil.copy(os.path.join(BUILD, "user", "toolbox"), tree / "bin" / "poweroff")
    image = disk_of(tmp_path, tree)
    teak = boot(disks=[image], mem="64M", append="init=/bin/sh")
    for name in ("big", "absurd"):
        result = teak.run(f"/bin/{name}")
        assert (result.status, result.output) == (126, f"sh: /bin/{name}: Cannot allocate memory\n")
    assert teak.check("echo alive") == "alive\n"
    teak.check("echo kept > /kept")
    teak.poweroff()
    fsck(image)

    # It could fit, but there is not so much free when it is written to: one is killed, with the figures.
    teak = boot(disks=[image], mem="128M", append="init=/bin/sh")
    result = teak.run("/bin/big & /bin/big & wait %1 || wait %2")
    assert re.search(r"Out of memory: Killed process \d+ \(big\) total-vm:\d+kB", teak.transcript), (
        f"saw {result}")
    assert teak.check("/bin/big; echo $?; read line < /kept; echo $line") == "7\nkept\n"
    teak.poweroff("poweroff")
    fsck(image)

# ---------------------------------------------------------------- a full disk


def test_a_full_root_disk(boot, root_img):
    """Commands say that there is no room, nothing that was there is lost, and it boots again."""
    teak = boot(disks=[root_img])
    teak.check("for i in 1 2 3 4 5 6 7 8 9; do dd if=/dev/zero of=/fill$i bs=4096 status=none; done "
               "2> /dev/null || true")
    for command in ("echo more > /new", "mkdir /dir", "cp /bin/sh /copy"):
        result = teak.run(command)
        assert result.status != 0 and "No space left on device" in result.output, f"saw {result}"
    assert teak.check("cat /hello.txt; ls -l / | grep -c fill; sync")
    teak.poweroff()
    fsck(root_img)
    teak = boot(disks=[root_img])
    teak.check("rm /fill1; echo more > /new")
    teak.poweroff()
    fsck(root_img)

# ---------------------------------------------------------------- damaged metadata

DISKS_A_BOOT = 26       # vdb to vdz and the root

DAMAGE_B = [(what, how) for layouts, what, how, _ in test_ezfs_fsck.DAMAGE if "B" in layouts]
BATCHES = [DAMAGE_B[i:i + DISKS_A_BOOT - 1] for i in range(0, len(DAMAGE_B), DISKS_A_BOOT - 1)]

# Every way to look at and to change what is on the disk that the shell has. An error is fine.
LOOK = ("ls -liR /mnt; for f in /mnt/* /mnt/*/*; do cat $f; stat $f; done > /tmp/out 2>&1")
CHANGE = ("cd /mnt; echo x >> hello.txt; echo x > subdir/names.txt; echo x > new; mkdir newdir; "
          "cp /bin/sh subdir/big; mv subdir/big_txt.txt z/moved; ln hello.txt z/link; rm subdir/names.txt; "
          "rm -r z; : > subdir/big_img.jpeg; rm -r subdir; sync; cd /")


def refused_by_the_kernel(log):
    """The reasons that the kernel gave for vdX, by name."""
    said = {}
    for name, text in re.findall(r"EZFS-fs \((vd[b-z])\): (.*)", log):
        said.setdefault(name, []).append(text)
    return said


@pytest.mark.parametrize("batch", range(len(BATCHES)))
def test_damaged_disks(boot, root_img, tmp_path, healthy, batch):
    """
    Each kind of damage that fsck.ezfs knows, on a disk of its own: the mount is refused, with a line
    in the log and not a byte written, or it can be used, and what is damaged gives an error.
    """
    disks = []
    for n, (_, how) in enumerate(BATCHES[batch]):
        image = Image("B", healthy["B"])
        how(image)
        disks.append((tmp_path / f"{n}.img", bytes(image.d)))
        disks[-1][0].write_bytes(image.d)
    teak = boot(disks=[root_img, *(path for path, _ in disks)])
    teak.check("mkdir /tmp/none")
    outcome = {}
    for n, (what, _) in enumerate(BATCHES[batch]):
        name = f"vd{chr(ord('b') + n)}"
        result = teak.run(f"mount -t ezfs -o ro /dev/{name} /mnt && echo mounted")
        if result.output.endswith("mounted\n"):
            teak.run(LOOK)
            teak.check("umount /mnt")
            unchanged(*disks[n])
            result = teak.run(f"mount -t ezfs /dev/{name} /mnt && echo mounted")
            outcome[what] = "mounted" if result.output.endswith("mounted\n") else "refused"
            if outcome[what] == "mounted":
                teak.run(LOOK)
                teak.run(CHANGE)
                teak.run(LOOK)
                teak.check("cd /; umount /mnt")
        else:
            outcome[what] = "refused"
            unchanged(*disks[n])
        said = refused_by_the_kernel(teak.transcript).get(name)
        assert outcome[what] == "mounted" or said, f"{what}: refused without a word: {result}"
    teak.poweroff()
    fsck(root_img)
    expected = {what: "refused" for what, _ in BATCHES[batch] if what in REFUSED}
    assert {w: o for w, o in outcome.items() if o == "refused"} == expected


# The damage that the mount itself must find.
REFUSED = {
    "magic", "version", "disk_blks over the device", "disk_blks huge", "disk_blks tiny",
    "device of two blocks", "empty device", "truncated device", "root is a file",
    "root marked free", "root's block marked free",
}


@pytest.mark.parametrize("seed", range(2))
def test_random_damage(boot, root_img, tmp_path, healthy, seed):
    """Disks with a few random bytes in their metadata changed: never a crash, whatever is done."""
    rng = random.Random(int(os.environ.get("EZFS_SEED", "4118")) + seed)
    paths = []
    for n in range(DISKS_A_BOOT - 1):
        data = bytearray(healthy["B"])
        for _ in range(rng.choice((1, 3, 20))):
            block = rng.choice((0, 1, 1, 1, 2, 4, 16, 17, 18, 19))
            limit = {0: 40, 1: 1000, 2: 500, 4: 500, 16: 400, 17: 100}.get(block, BLOCK)
            data[block * BLOCK + rng.randrange(limit)] ^= 1 << rng.randrange(8)
        paths.append(tmp_path / f"{n}.img")
        paths[-1].write_bytes(data)
    teak = boot(disks=[root_img, *paths])
    for n in range(len(paths)):
        if teak.run(f"mount -t ezfs /dev/vd{chr(ord('b') + n)} /mnt").status == 0:
            teak.run(LOOK)
            teak.run(CHANGE)
            teak.run(LOOK)
            teak.check("cd /; umount /mnt")
    assert teak.check("echo alive") == "alive\n"
    teak.poweroff()
    fsck(root_img)

# ---------------------------------------------------------------- wrong use of our own commands


@pytest.mark.parametrize("options, said", [
    (["--kernel", "/no/such/Image"], "no kernel at /no/such/Image: run 'make' first"),
    (["--disk", "/no/such.img"], "no disk image at /no/such.img: 'make' builds"),
    (["--gic", "2", "--smp", "9"], "GICv2 serves at most 8 CPUs"),
])
def test_the_wrapper_says_what_is_missing(options, said):
    done = subprocess.run([f"{TOP}/scripts/qemu", *options], capture_output=True, text=True,
                          env={**os.environ, "BUILD": BUILD})
    assert done.returncode == 1 and said in done.stderr, f"saw {done}"


@pytest.mark.parametrize("command, said", [
    ("cp", "usage: cp"), ("mv a", "usage: mv"), ("rm", "usage: rm"), ("mkdir", "usage: mkdir"),
    ("rmdir", "usage: rmdir"), ("touch", "usage: touch"), ("ls --colour", "unknown option --colour"),
    ("grep", "usage: grep"), ("kill", "usage: kill"), ("sleep soon", "usage: sleep"),
    ("chrt", "usage: chrt"), ("dd foo", "usage: dd"), ("head -n x", "usage: head"),
    ("stat", "usage: stat"), ("ln", "usage: ln"), ("chmod", "usage: chmod"), ("umount", "usage: umount"),
    ("mount -x", "usage: mount"), ("poweroff now", "usage: poweroff"), ("nice -n 5", "usage: nice"),
    ("rm -r /", "this one is not removed"), ("rm nope", "No such file or directory"),
    ("mount -t nope x /mnt", "has no file system 'nope'"), ("mount /dev/vdz /mnt", "No such file"),
    ("cat /", "Is a directory"), ("cd /hello.txt", "Not a directory"),
    ("kill 9999", "No such process"), ("echo x > /dev/full", "No space left on device"),
    ("ps nobody", "there is no process"), ("echo $((", "syntax error"),
])
def test_wrong_arguments(shell, command, said):
    result = shell.run(command)
    assert result.status != 0 and said in result.output, f"saw {result}"


@pytest.fixture(scope="module")
def shell(tmp_path_factory):
    """One machine for all the small mistakes."""
    import teak as harness
    image = shutil.copy(os.path.join(BUILD, "root.img"), tmp_path_factory.mktemp("shell") / "root.img")
    machine = harness.Teak(os.path.join(harness.LOGS, "test_wrong_use.shell.log"), disks=[image])
    yield machine.wait_prompt()
    machine.poweroff()
    machine.close()
