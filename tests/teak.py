# SPDX-License-Identifier: MIT
"""
Boot teak in QEMU from a test, talk to its shell, judge what it does.

    def test_hello(boot, root_img):
        teak = boot(disks=[root_img])
        assert teak.check("echo hello") == "hello\n"
        teak.poweroff()
        fsck(root_img)

`boot` and `root_img` are fixtures of conftest.py. A run ends in one of four ways, each with its own
exception, none of them judged by the clock: power-off with an exit status (Ended, when it was not
expected), a kernel panic (KernelPanic, with the whole message), or a guest that says nothing at all
for minutes (Hang: the last guard, so that a stuck QEMU does not hold up everything).
"""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass

import pexpect

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.path.abspath(os.environ.get("BUILD") or os.path.join(TOP, "build"))
LOGS = os.path.join(BUILD, "test-logs")

# Is the build under test one with the compiler's checks? They cost time, memory and size.
KASAN = bool(os.environ.get("KASAN")) or "kasan" in os.path.basename(BUILD)
UBSAN = bool(os.environ.get("UBSAN")) or "ubsan" in os.path.basename(BUILD)

sys.path.insert(0, os.path.join(TOP, "scripts"))
import guest  # noqa: E402

HANG_SECONDS = float(os.environ.get("TEAK_HANG_SECONDS", 300))  # of silence
TAIL_LINES = 80

SYNTAX_ERROR = 2        # the shell's status for a line that it could not parse

# Kernel messages that no healthy run has. A test that provokes one boots with faults=True.
FAULTS = re.compile(r"^.*(?:\bBUG:|\bUBSAN:|\bWARNING:|Internal error:|Unable to handle kernel|Oops).*$",
                    re.M)


class GuestFailure(AssertionError):
    """The guest did not do what it should; the message has what it said."""


class KernelPanic(GuestFailure):
    pass


class Ended(GuestFailure):
    pass


class Hang(GuestFailure):
    pass


@dataclass
class Result:
    """What a shell command did."""
    output: str
    status: int


def tail(text, lines=TAIL_LINES):
    return "\n".join(text.splitlines()[-lines:])


def qemu_options(disks, ro_disks, smp, mem, cpu, gic, el2, legacy, icount, append, kernel, gdb_port,
                 snapshot):
    out = ["--batch", "--mem", mem, "--cpu", cpu]
    for option, value in (("--smp", smp), ("--gic", gic)):     # None: as make test SMP=4 GIC=2 says
        out += [option, str(value)] if value else []
    for disk in disks:
        out += ["--disk", str(disk)]
    for disk in ro_disks:
        out += ["--ro-disk", str(disk)]
    for flag, wanted in (("--el2", el2), ("--legacy", legacy), ("--icount", icount),
                         ("--snapshot", snapshot)):
        out += [flag] if wanted else []
    out += ["--append", append] if append else []
    out += ["--kernel", str(kernel)] if kernel else []
    out += ["--gdb-port", str(gdb_port)] if gdb_port else []
    return out


class Teak:
    """One boot of teak. The options are those of scripts/qemu; `extra` is for QEMU itself."""

    def __init__(self, log, disks=(), ro_disks=(), smp=None, mem="256M", cpu="cortex-a72", gic=None,
                 el2=False, legacy=False, icount=False, append="", kernel=None, gdb_port=None,
                 snapshot=False, faults=False, extra=()):
        self.options = qemu_options(disks, ro_disks, smp, mem, cpu, gic, el2, legacy, icount,
                                    append, kernel, gdb_port, snapshot)
        self.options += ["--", *extra] if extra else []
        self.log = log
        self.faults = faults
        self.status = None      # QEMU's exit status, once it has ended
        self.match = None       # of the last expect()
        self.before = ""        # what came before it
        self._mark = 0
        os.makedirs(os.path.dirname(log), exist_ok=True)
        self._log_file = open(log, "wb")
        self._child = pexpect.spawn(os.path.join(TOP, "scripts", "qemu"), self.options, cwd=TOP,
                                    timeout=HANG_SECONDS, maxread=65536, searchwindowsize=8192,
                                    env={**os.environ, "BUILD": BUILD})
        self._child.delaybeforesend = None
        self._child.logfile_read = self._log_file

    # What the guest says

    @property
    def transcript(self):
        """All that the guest has said so far, as a terminal would show it."""
        if not self._log_file.closed:
            self._log_file.flush()
        with open(self.log, "rb") as f:
            return guest.clean(f.read())

    def _expect(self, patterns):
        """Wait for one of the compiled patterns; returns its index. Panic, end, silence raise."""
        silent_since = -1
        while True:
            index = self._child.expect([guest.PANIC, pexpect.EOF, pexpect.TIMEOUT] + patterns)
            if index > 2:
                self.match = self._child.match
                self.before = guest.clean(self._child.before)
                return index - 3
            if index == 0:
                self._panicked()
            if index == 1:
                self._ended()
            self._log_file.flush()
            if self._log_file.tell() == silent_since:
                self._hung(patterns)
            silent_since = self._log_file.tell()

    def expect(self, pattern):
        """Wait until the guest says the regular expression; returns the match (on bytes)."""
        self._expect([re.compile(pattern.encode())])
        return self.match

    def wait_prompt(self):
        self._expect([guest.PROMPT])
        return self

    def _panicked(self):
        """The machine ends by itself after a panic: collect all of the message first."""
        try:
            self._child.expect(pexpect.EOF, timeout=min(60, HANG_SECONDS))
        except pexpect.TIMEOUT:
            pass
        self.kill()
        raise KernelPanic(f"the kernel panicked:\n{tail(self.transcript)}\n(all of it: {self.log})")

    def _ended(self):
        self._reap()
        raise Ended(f"the machine ended (QEMU's exit status {self.status}) when it should not; "
                    f"its last words:\n{tail(self.transcript)}\n(all of it: {self.log})")

    def _hung(self, patterns):
        self.kill()
        wanted = " or ".join(p.pattern.decode(errors="replace") for p in patterns)
        raise Hang(f"hang: no output for {HANG_SECONDS:g} s while waiting for {wanted}; "
                   f"its last words:\n{tail(self.transcript)}\n(all of it: {self.log})")

    # What we say to it

    def send(self, text):
        """Type the text as it is; control characters too (\\x03 is ^C)."""
        self._child.send(text)

    def sendline(self, text):
        self.send(text + "\n")

    def run(self, command):
        """Run a shell command; returns its Result. The shell must be at its prompt."""
        self._mark += 1
        self.send(guest.wrap(command, self._mark))
        self._expect([guest.begin_mark(self._mark)])
        # A prompt before the end mark: the shell dropped the line (as a syntax error in eval may
        # make it), or the output only looks like a prompt. A second pair of marks tells which: the
        # shell gets to it after all of the first line.
        if self._expect([guest.end_mark(self._mark), guest.PROMPT]) == 0:
            result = Result(output=self.before, status=int(self.match.group(1)))
            self.wait_prompt()
            return result
        output = self.before
        first, self._mark = self._mark, self._mark + 1
        self.send(guest.wrap(":", self._mark))
        if self._expect([guest.end_mark(first), guest.end_mark(self._mark)]) == 0:
            result = Result(output=output + self.before, status=int(self.match.group(1)))
            self._expect([guest.end_mark(self._mark)])
        else:
            result = Result(output=output, status=SYNTAX_ERROR)
        self.wait_prompt()
        return result

    def check(self, command, status=0):
        """Run a command that must exit with `status`; returns its output."""
        result = self.run(command)
        assert result.status == status, (
            f"'{command}' exited with status {result.status}, expected {status}; "
            f"it printed:\n{result.output}")
        return result.output

    def run_tap(self, command):
        """Run a program that reports in TAP; everything in the report must be good."""
        import tap
        result = self.run(command)
        report = tap.check(result.output, what=command)
        assert result.status == 0, (f"'{command}' reported no failure but exited with status "
                                    f"{result.status}; it printed:\n{result.output}")
        return report

    # The end

    def poweroff(self, command="poweroff", status=0):
        """Power off from the prompt and check QEMU's exit status and the kernel's messages."""
        self.sendline(command)
        return self.wait_end(status)

    def wait_end(self, status=0):
        """Wait for the machine to end by itself. A status of None accepts any."""
        while True:
            index = self._child.expect([guest.PANIC, pexpect.EOF, pexpect.TIMEOUT])
            if index == 0:
                self._panicked()
            if index == 1:
                break
            self._hung([re.compile(b"the end")])
        self._reap()
        text = self.transcript
        if status is not None and self.status != status:
            raise Ended(f"QEMU's exit status is {self.status}, expected {status}; the guest's last "
                        f"words:\n{tail(text)}\n(all of it: {self.log})")
        fault = FAULTS.search(text)
        if fault and not self.faults:
            raise GuestFailure(f"the kernel complained: {fault.group(0)}\n"
                               f"{tail(text)}\n(all of it: {self.log})")
        return self.status

    def wait_panic(self):
        """Wait for the panic that a test has provoked; returns the whole message."""
        try:
            self._expect([re.compile(rb"(?!)")])
        except KernelPanic:
            return self.transcript
        return None

    def _reap(self):
        self._child.close()
        self._log_file.flush()
        code, signal = self._child.exitstatus, self._child.signalstatus
        self.status = code if code is not None else -signal

    def kill(self):
        """End QEMU now, as pulling the plug would. What the guest had not flushed is lost."""
        if self._child.isalive():
            self._child.close(force=True)
        self._reap()

    def close(self):
        """May be called again; the transcript can still be read."""
        if not self._log_file.closed:
            self.kill()
            self._log_file.close()


# Disks


def host_tool(name, *args, check=True):
    """Run one of our host tools (scripts/NAME); returns the CompletedProcess, output as text."""
    done = subprocess.run([os.path.join(TOP, "scripts", name), *map(str, args)],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors="replace", env={**os.environ, "BUILD": BUILD})
    if check:
        assert done.returncode == 0, (f"{name} {' '.join(map(str, args))} exited with status "
                                      f"{done.returncode}:\n{done.stdout}")
    return done


def fsck(image):
    """fsck.ezfs must find the image clean."""
    return host_tool("fsck.ezfs", image).stdout


def mkfs(image, *options):
    """Make an EZFS image at `image` with mkfs.ezfs and its options; returns the image."""
    host_tool("mkfs.ezfs", *options, image)
    return image


# Kernels that are a little different


def copy_tree(tree):
    """What the kernel is made of, with the objects of the build under test, at `tree`, to be changed there; returns it."""
    for name in ("Makefile", "linker.ld", "arch", "block", "drivers", "fs", "include", "init", "ipc", "kernel", "lib",
                 "mm", "samples", "scripts", "user"):
        source, target = os.path.join(TOP, name), tree / name
        copy = shutil.copytree if os.path.isdir(source) else shutil.copy2
        copy(source, target)
    shutil.copytree(BUILD, tree / "build", ignore=shutil.ignore_patterns(
        "test-logs", "debian", "debug", "kasan-ubsan", "*.img", "*.debug", ".pytest_cache"))
    return tree


def run_in(folder, *command):
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}"


def make_copy(tree, image):
    """Compiles what was changed in copy_tree()'s; returns the kernel's path."""
    debug = ["DEBUG=1"] if os.path.basename(BUILD) == "debug" else []
    run_in(tree, "make", "-s", "WERROR=1", "BUILD=build", *debug, f"build/{image}")
    return tree / "build" / image
