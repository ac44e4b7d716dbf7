# SPDX-License-Identifier: MIT
"""Job control as a person has it: keys on the serial line, teak's own shell, programs in the background."""

import re

import pytest

from teak import fsck


class Terminal:
    """A shell at its prompt. Each step waits for what the shell or a program says, never for time."""

    def __init__(self, teak):
        self.teak = teak

    def start(self, command):
        """Begin a command in the foreground that prints "up" as soon as it runs."""
        self.teak.sendline(command)
        self.teak.expect(r"\nup\r*\n")

    def key(self, key, *answers):
        """Press a key; the shell says each of these (regular expressions), and prompts."""
        self.teak.send(key)
        for answer in answers:
            self.teak.expect(answer)
        self.teak.wait_prompt()

    def line(self, text, *answers):
        """Type a line at the prompt; as key(). What it says comes after the echo of the line."""
        self.teak.sendline(text)
        self.teak.expect(r"\n")
        for answer in answers:
            self.teak.expect(answer)
        self.teak.wait_prompt()

    def state(self, pid):
        """The letter of a process's state."""
        return self.teak.check(f"grep State: /proc/{pid}/status").split()[1]

    def until_state(self, pid, letter):
        self.teak.check(f"while ! grep -q 'State:.{letter}' /proc/{pid}/status; do sleep 0.02; done")


@pytest.fixture
def terminal(boot, root_img):
    teak = boot(disks=[root_img], append="loglevel=5")
    yield Terminal(teak)
    teak.check("echo the shell is there")
    teak.poweroff()
    fsck(root_img)


UP = "sh -c 'echo up; exec %s'"


def test_stop_background_foreground_interrupt(terminal):
    terminal.start(UP % "sleep 100")
    terminal.key("\x1a", r"\[1\].*Stopped.*exec sleep 100")             # ^Z
    pid = terminal.teak.check("jobs -l").split()[1]
    assert terminal.state(pid) == "T"
    terminal.line("bg", r"\[1\].*Running.*exec sleep 100")
    terminal.until_state(pid, "S")
    terminal.line("jobs", r"\[1\].*Running")
    terminal.teak.sendline("fg")
    terminal.teak.expect(r"exec sleep 100'\r*\n")
    terminal.key("\x03")                                                # ^C
    terminal.line("echo status $?", r"status 130")
    assert terminal.teak.check("jobs") == ""
    assert terminal.teak.run(f"kill -0 {pid}").status != 0


def test_pipeline_is_one_job(terminal):
    terminal.start("sh -c 'echo up; sleep 100' | cat")
    terminal.key("\x1a", r"\[1\].*Stopped.*\| cat")
    pids = terminal.teak.check("ps | grep -c 'sleep [1]00'")
    assert int(pids) >= 1
    terminal.line("fg %1 & wait $!", r"no job control")
    terminal.line("kill %1; wait %1; echo status $?", r"status \d+")
    assert terminal.teak.check("jobs") == ""


def test_background_reader_is_stopped_by_sigttin(terminal):
    terminal.line("cat &", r"\[1\] (\d+)")
    pid = terminal.teak.check("echo $!").strip()
    terminal.until_state(pid, "T")
    terminal.line("jobs", r"\[1\].*Stopped \(tty input\) +cat")
    terminal.teak.sendline("fg")
    terminal.teak.expect(r"\ncat\r*\n")
    terminal.teak.sendline("hello")
    terminal.teak.expect(r"hello\r*\nhello\r*\n")                       # the echo, and cat's own
    terminal.key("\x04")                                                # ^D
    assert terminal.teak.check("jobs") == ""


def test_tostop_writer_is_stopped_by_sigttou(terminal):
    terminal.teak.check("stty tostop; stty -a | grep -q ' tostop'")
    terminal.line("echo from behind &", r"\[1\] (\d+)")
    pid = terminal.teak.check("echo $!").strip()
    terminal.until_state(pid, "T")
    terminal.line("jobs", r"\[1\].*Stopped \(tty output\)")
    terminal.line("fg", r"\nfrom behind\r*\n")
    terminal.teak.check("stty -tostop; stty -a | grep -q ' -tostop'")
    terminal.line("echo from behind & wait", r"from behind")             # before or after the shell's "[1]"


def test_several_jobs_and_signals_to_them(terminal):
    for n in (100, 200, 300):
        terminal.line(f"sleep {n} &", r"\[\d\] \d+")
    listing = terminal.teak.check("jobs")
    assert re.findall(r"\[(\d)\].*sleep (\d+)", listing) == [("1", "100"), ("2", "200"), ("3", "300")]
    pid = terminal.teak.check("jobs -l").splitlines()[1].split()[1]
    terminal.teak.check("kill -STOP %2")
    terminal.until_state(pid, "T")
    terminal.line("jobs", r"\[2\] Stopped \(signal\) +sleep 200")
    terminal.teak.check(f"kill -CONT {pid}")            # not by bg: the shell has to notice
    terminal.until_state(pid, "S")
    terminal.line("jobs", r"\[2\] Running +sleep 200")
    terminal.teak.sendline("fg %3")
    terminal.teak.expect(r"\nsleep 300")
    terminal.key("\x1c", r"Quit")                                       # ^\
    terminal.line("kill %1 %2; wait; echo all gone", r"all gone")
    assert terminal.teak.check("jobs") == ""


def test_shell_survives_its_keys_and_a_killed_job(terminal):
    for key in ("\x03", "\x1a", "\x1c"):
        terminal.teak.send(key)
    terminal.line("", "")
    terminal.start(UP % "sleep 100")
    terminal.key("\x1a", r"Stopped")
    terminal.line("kill -9 %1; wait %1; echo status $?", r"status 137")
    terminal.start("sh -c 'echo up; while :; do :; done'")
    terminal.key("\x03")
    terminal.start("sh -c 'trap \"echo caught; exit 3\" INT; echo up; while :; do :; done'")
    terminal.key("\x03", r"caught")
    assert terminal.teak.check("echo alive") == "alive\n"


def test_leaving_with_stopped_jobs_warns_once(terminal):
    terminal.teak.sendline("sh")
    terminal.teak.wait_prompt()
    terminal.start(UP % "sleep 100")
    terminal.key("\x1a", r"Stopped")
    terminal.line("exit", r"There are stopped jobs")
    terminal.line("jobs", r"\[1\].*Stopped")
    terminal.line("exit", r"There are stopped jobs")
    terminal.line("exit")                                               # now it goes, and the job with it
    assert terminal.teak.run("ps | grep 'sleep [1]00'").status == 1


def test_top_shows_who_uses_the_cpu(terminal):
    terminal.line("while :; do :; done &", r"\[1\] (\d+)")
    pid = terminal.teak.check("echo $!").strip()
    out = terminal.teak.check("top -b -n 2 -d 0.5")
    looks = out.split("top - ")[1:]
    assert len(looks) == 2
    assert re.search(r"Tasks: +\d+ total, +[1-9]\d* running", looks[1])
    first = looks[1].split("COMMAND\n")[1].splitlines()[0].split()
    assert first[0] == pid, f"the busiest is {first}, not {pid}:\n{out}"
    assert float(first[7]) > 50, f"{first[7]} % of a CPU:\n{out}"
    busy = [100 - float(idle) for idle in re.findall(r"%Cpu\d+ *:.* ([\d.]+) id", looks[1])]
    assert max(busy) > 50, looks[1]
    terminal.teak.sendline("top -d 100")
    terminal.teak.expect(r"COMMAND")
    terminal.key("q")
    terminal.line("kill %1; wait", "")
