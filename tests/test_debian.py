# SPDX-License-Identifier: MIT
"""
Programs that were built for Linux run unchanged: Debian's busybox and bash for arm64, and C programs
linked with glibc and musl.

tests/debian/NAME.sh is a script for busybox's shell with busybox's tools, and NAME.out is what it
prints on Linux. tests/debian/*.c is one program, which checks a C library subject by subject; it is
built in three ways and knows nothing of teak. Both pass on Debian's own kernel too.

One machine runs most of it: root.img, with a disk of mkfs.ezfs on /mnt that holds the programs.
"""

import os
import pathlib
import re
import shutil
import subprocess

import pytest

import teak as harness
from teak import BUILD, TOP, fsck, host_tool

SOURCES = pathlib.Path(TOP) / "tests" / "debian"
SCRIPTS = sorted(path.stem for path in SOURCES.glob("*.sh"))
GCC = ["aarch64-linux-gnu-gcc", "-O1", "-Wall", "-Wextra", "-Wno-unused-result", "-Werror"]
PROGRAMS = ["glibc", "glibc-pie", "musl"]
SUBJECTS = ["text", "numbers", "heap", "mappings", "files", "folders", "processes", "signals",
            "faults", "clocks", "waiting", "terminal"]
THREAD_SUBJECTS = ["locks", "threads", "ends"]

# These are tried and done without: rseq as each program of glibc starts, socket by glibc to reach a cache
# of user names, getpeername by bash to see if it serves one.
TRIED = {198: "socket", 205: "getpeername", 293: "rseq"}

BUSYBOX = "/mnt/bin/busybox"
INITTAB = """\
::sysinit:/bin/busybox mount -t proc proc /proc
::sysinit:/bin/busybox mount -t ramfs tmp /tmp
::respawn:-/bin/sh
::shutdown:/bin/busybox sync
"""
INIT_SCRIPT = """\
/bin/busybox mount -t proc proc /proc
echo "process $$ is" $(cat /proc/1/cmdline | tr '\\0' ' ')
for i in 1 2 3; do echo $((i * i)); done | sort -r
poweroff -f
"""


def package(name):
    """The folder of one of Debian's arm64 packages, fetched once."""
    done = subprocess.run([f"{TOP}/scripts/fetch-debian", name], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, env={**os.environ, "BUILD": BUILD})
    assert done.returncode == 0, f"fetch-debian {name}:\n{done.stdout}"
    return pathlib.Path(BUILD) / "debian" / name


def compile_program(output, before, after=()):
    sources = sorted(SOURCES.glob("*.c"))
    subprocess.run([*GCC, "-o", output, *before, *sources, *after], check=True)


def compile_musl(output):
    """musl's own crt1.o, headers and libc.a instead of the compiler's glibc."""
    usr = package("musl-dev") / "usr"
    lib, include = usr / "lib/aarch64-linux-musl", usr / "include/aarch64-linux-musl"
    gcc_include = subprocess.run([GCC[0], "-print-file-name=include"], check=True, text=True,
                                 stdout=subprocess.PIPE).stdout.strip()
    compile_program(output, ["-static", "-nostdinc", "-isystem", include, "-isystem", gcc_include,
                             "-mno-outline-atomics", "-nostdlib", lib / "crt1.o", lib / "crti.o"],
                    [lib / "libc.a", "-lgcc", lib / "libc.a", lib / "crtn.o"])


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    """The folder of which the disk is made. It is a root filesystem too, with busybox in it."""
    top = tmp_path_factory.mktemp("debian") / "stage"
    for folder in ("bin", "sbin", "dev", "proc", "tmp", "etc", "sh", "work"):
        (top / folder).mkdir(parents=True)
    busybox = shutil.copy(package("busybox-static") / "bin/busybox", top / "bin/busybox")
    for name in ("bin/sh", "sbin/init"):
        os.link(busybox, top / name)
    for name in SCRIPTS:
        shutil.copy(SOURCES / f"{name}.sh", top / "sh")
    (top / "etc/inittab").write_text(INITTAB)
    (top / "sh/init").write_text(INIT_SCRIPT)

    # A file of EZFS has at most 513 blocks, and bash is larger: it travels in two parts.
    bash = (package("bash-static") / "bin/bash-static").read_bytes()
    (top / "bash.0").write_bytes(bash[:1 << 20])
    (top / "bash.1").write_bytes(bash[1 << 20:])

    compile_program(top / "bin/glibc", ["-static"], ["-lm"])
    compile_program(top / "bin/glibc-pie", ["-static-pie"], ["-lm"])
    compile_musl(top / "bin/musl")
    return top


@pytest.fixture(scope="module")
def debian_img(stage):
    image = stage.parent / "debian.img"
    host_tool("mkfs.ezfs", "-s", 8192, image, stage)
    return image


class Machines:
    """The machine that the tests share. A test that fails may leave it in any state: then another
    is booted for the next one."""

    def __init__(self, disks, log):
        self.disks = disks
        self.log = log
        self.boots = 0
        self.machine = None

    def get(self):
        if not self.machine:
            self.boots += 1
            self.machine = harness.Teak(f"{self.log}.{self.boots}.log", disks=self.disks,
                                        append="loglevel=5").wait_prompt()
            self.machine.check("mount -t ezfs /dev/vdb /mnt")
        return self.machine

    def drop(self):
        if self.machine:
            self.machine.close()
        self.machine = None


@pytest.fixture(scope="module")
def machines(debian_img, tmp_path_factory):
    folder = tmp_path_factory.mktemp("disks")
    disks = [shutil.copy(os.path.join(BUILD, "root.img"), folder / "root.img"),
             shutil.copy(debian_img, folder / "debian.img")]
    machines = Machines(disks, os.path.join(harness.LOGS, "test_debian"))
    yield machines
    machines.drop()


@pytest.fixture
def debian(request, machines):
    """teak at its prompt, with the disk of Debian's programs on /mnt and a clean folder."""
    failed = request.session.testsfailed
    machine = machines.get()
    yield machine
    if request.session.testsfailed > failed or machine.status is not None:
        machines.drop()


# busybox


@pytest.mark.parametrize("script", SCRIPTS)
def test_busybox_scripts_print_what_they_print_on_linux(debian, script):
    debian.check(f"mkdir /tmp/{script}; cd /tmp/{script}")
    saw = debian.check(f"env BUSYBOX={BUSYBOX} PATH=/none {BUSYBOX} sh /mnt/sh/{script}.sh")
    debian.check("cd /")
    assert saw == (SOURCES / f"{script}.out").read_text()


def test_busybox_vi_edits_a_file(debian):
    debian.check(f"{BUSYBOX} stty rows 24 cols 80")
    debian.sendline(f"{BUSYBOX} vi /tmp/vi.txt")
    debian.expect(r"- /tmp/vi\.txt")
    debian.send("ifirst line\rsecond lime\x1b")     # insert, escape
    debian.expect(r"- /tmp/vi\.txt \[Modified\] 2/2")
    debian.send("hrn")                              # left, replace: line
    debian.send("yyp")                              # copy the line below
    debian.send(":%s/first/1st/\r")
    debian.send(":wq\r")
    debian.wait_prompt()
    assert debian.check("cat /tmp/vi.txt") == "1st line\nsecond line\nsecond line\n"

    debian.sendline(f"{BUSYBOX} vi /tmp/vi.txt")
    debian.expect(r"- /tmp/vi\.txt 1/3")
    debian.send("\x1b[B")                           # an arrow key, in one piece: down
    debian.send("ddGoend\x1b")
    debian.expect(r"- /tmp/vi\.txt \[Modified\] 3/3")
    debian.send(":x\r")
    debian.wait_prompt()
    assert debian.check("cat /tmp/vi.txt") == "1st line\nsecond line\nend\n"


def test_busybox_less_and_more_page_through_a_file(debian):
    debian.check(f"{BUSYBOX} stty rows 24 cols 80; {BUSYBOX} seq 1000 > /tmp/thousand")
    debian.sendline(f"{BUSYBOX} less /tmp/thousand")
    debian.expect(r"23\r*\n")
    debian.send(" ")
    debian.expect(r"46\r*\n")
    debian.send("G")
    debian.expect("1000")
    debian.send("/^123$\r")
    debian.send("g")
    debian.expect(r"K1\r*\n")
    debian.send("q")
    debian.wait_prompt()
    debian.sendline(f"{BUSYBOX} more /tmp/thousand")
    debian.expect("--More--")
    debian.send(" ")
    debian.expect(r"40\r*\n")
    debian.send("q")
    debian.wait_prompt()
    assert debian.check("echo sane") == "sane\n"


def test_busybox_top_refreshes_until_q(debian):
    debian.sendline(f"{BUSYBOX} top -d 1")
    for _ in range(2):
        debian.expect("Load average")
    debian.send("q")
    debian.wait_prompt()


def test_busybox_stty_sets_the_terminals_modes(debian):
    # Without echo: what is typed does not come back.
    debian.sendline(f"{BUSYBOX} sh -c 'stty -echo; echo ready; read x; stty echo; echo got $x'")
    debian.expect(r"\nready\r*\n")
    debian.sendline("secret")
    assert debian.expect(r"(?s)(.*)got secret\r*\n").group(1).strip() == b""
    debian.wait_prompt()

    # Raw: ^C is a byte, and a key needs no return after it.
    debian.sendline(f"{BUSYBOX} sh -c "
                    "'stty raw -echo; echo ready; dd bs=1 count=3 2>/dev/null | od -An -tx1; stty sane'")
    debian.expect(r"\nready")
    debian.send("\x03\x04\r")
    debian.expect("03 04 0d")
    debian.wait_prompt()

    # Time-out: with min 0 time 2 a read without a key ends.
    debian.check(f"{BUSYBOX} sh -c 'stty -icanon min 0 time 2; dd bs=1 count=1 2>/dev/null | wc -c; "
                 "stty sane'")
    saw = debian.check(f"{BUSYBOX} stty -a")
    assert re.search(r"(?<!-)icanon", saw) and re.search(r"(?<!-)echo ", saw), saw


def test_busybox_ash_controls_jobs(debian):
    def command(line, answer):
        """Type a line at ash's prompt; its answer also says that the terminal is the job's now."""
        debian.sendline(line)
        debian.expect(r"\n" + answer)

    prompt = "ash> "                                # the echo of the next line does not have it
    debian.sendline(f"env PS1='ash''> ' {BUSYBOX} sh")
    debian.expect(prompt)
    command("sh -c 'echo up; exec cat'", "up")
    debian.send("\x1a")                             # ^Z
    debian.expect(r"Stopped +sh -c")
    debian.expect(prompt)
    command("bg; sleep 0.3; jobs", r"\[1\].*Stopped \(tty input\)")     # it reads, in the background
    debian.expect(prompt)
    debian.sendline("fg; echo status $?")
    debian.expect(r'exec cat"\r*\n')
    debian.sendline("again")
    debian.expect(r"again\r*\nagain\r*\n")
    debian.send("\x03")                             # ^C
    debian.expect(prompt)
    command("echo status $?", r"status 130\r*\n")
    debian.expect(prompt)
    debian.sendline("sleep 100 &")
    debian.expect(prompt)
    command("jobs; kill %1; wait %1; echo ended $?", r"\[1\].*Running +sleep 100")
    debian.expect(r"ended 143\r*\n")
    debian.expect(prompt)
    command("echo up; cat | tr a-z A-Z", "up")
    debian.sendline("shout")
    debian.send("\x04")                             # ^D
    debian.expect(r"SHOUT\r*\n")
    debian.expect(prompt)
    command("echo up; while :; do :; done", "up")
    debian.send("\x03")
    debian.expect(prompt)
    debian.send("\x1b[A\x01#\r")                    # history, to the line's start: a comment
    debian.expect(prompt)
    debian.sendline("exit 7")
    debian.wait_prompt()


def test_busybox_runs_as_init_s_shell(boot, debian_img, tmp_path):
    """init=/bin/busybox, its arguments after --: a script as process 1, from an EZFS root."""
    root = shutil.copy(debian_img, tmp_path / "root.img")
    teak = boot(prompt=False, disks=[root], append="init=/bin/busybox -- sh /sh/init")
    teak.expect(r"process 1 is /bin/busybox sh /sh/init\r*\n9\r*\n4\r*\n1\r*\n")
    teak.wait_end()
    fsck(root)


def test_busybox_init_runs_a_system(boot, debian_img, tmp_path):
    """busybox's own init: its inittab mounts, starts a login shell on the console, powers off."""
    root = shutil.copy(debian_img, tmp_path / "root.img")
    teak = boot(prompt=False, disks=[root])
    teak.expect("/ # ")
    teak.sendline("echo $PPID; mount | grep -c proc; exit")
    teak.expect(r"\r*\n1\r*\n1\r*\n")
    teak.expect("/ # ")                              # it is started again
    teak.sendline("echo kept > /kept; poweroff")
    teak.wait_end()
    fsck(root)


def test_bash_runs(debian):
    """A program of 2 MB from a ramfs; bash asks for more than busybox's shell does."""
    debian.check("cat /mnt/bash.0 /mnt/bash.1 > /tmp/bash; chmod 755 /tmp/bash")
    script = ("a=(one two three); echo ${#a[@]} ${a[@]:1} ${a[0]^^}; declare -A m=([x]=1 [y]=2); "
              "echo $((m[x] + m[y])); for ((i = 0; i < 3; i++)); do printf %d $i; done; echo; "
              "[[ abc =~ a(b)c ]] && echo ${BASH_REMATCH[1]}; read -r w <<< words; echo $w; "
              "mapfile -t l < /mnt/etc/inittab; echo ${#l[@]}; (exit 3) | true; "
              "echo ${PIPESTATUS[0]}; coproc cat; echo there >&${COPROC[1]}; read y <&${COPROC[0]}; "
              "echo $y")
    assert debian.check(f'/tmp/bash -c \'{script}\'') == (
        "3 two three ONE\n3\n012\nb\nwords\n4\n3\nthere\n")
    debian.check("rm /tmp/bash")


# C libraries


@pytest.mark.parametrize("subject", SUBJECTS + THREAD_SUBJECTS)
@pytest.mark.parametrize("program", PROGRAMS)
def test_c_library(debian, program, subject):
    debian.run_tap(f"/mnt/bin/{program} {subject} /tmp")


@pytest.mark.parametrize("subject", ["files", "folders", "mappings", "text"])
def test_c_library_with_files_on_ezfs(debian, subject):
    debian.run_tap(f"/mnt/bin/glibc {subject} /mnt/work")


@pytest.mark.parametrize("program", PROGRAMS)
def test_c_library_with_threads_on_four_cpus(boot, debian_img, tmp_path, program):
    disks = [shutil.copy(os.path.join(BUILD, "root.img"), tmp_path / "root.img"),
             shutil.copy(debian_img, tmp_path / "debian.img")]
    teak = boot(disks=disks, smp=4, append="loglevel=5")
    teak.check("mount -t ezfs /dev/vdb /mnt")
    for subject in THREAD_SUBJECTS:
        teak.run_tap(f"/mnt/bin/{program} {subject} /tmp")
    teak.poweroff()


# After all of the above


def test_nothing_needed_a_system_call_that_is_not_there(debian):
    saw = {int(n) for n in re.findall(r"system call (\d+) is not implemented", debian.check("dmesg"))}
    assert saw <= TRIED.keys(), f"not implemented: {sorted(saw)}, expected none but {TRIED}"


def test_the_disks_are_clean_at_the_end(debian, machines):
    debian.poweroff()
    if machines.boots > 1:
        pytest.skip("a test failed, and its machine was ended without a sync")
    for disk in machines.disks:
        fsck(disk)
