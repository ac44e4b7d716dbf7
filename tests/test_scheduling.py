# SPDX-License-Identifier: MIT
"""chrt and nice at the shell. The shares and turns themselves are measured by user/tests/sched.c."""

# The launcher is above all of them, so that all are there before the first one runs.
RACE = """
chrt -f 90 sh -c '
	chrt -o 0 sh /tmp/burn fair &
	chrt -o 0 nice -n 10 sh /tmp/burn nice &
	chrt -r 50 sh /tmp/burn rr1 &
	chrt -r 50 sh /tmp/burn rr2 &
	chrt -f 60 sh /tmp/burn fifo &
	wait'
"""


def test_fifo_before_rr_before_fair(boot, root_img):
    teak = boot(disks=[root_img], icount=True, smp=1)
    teak.check("echo 'i=0; while [ $i -lt 3000 ]; do i=$((i+1)); done; echo $1' > /tmp/burn")
    order = teak.check(RACE.replace("\n", " ").replace("\t", " ").strip()).split()
    assert order[0] == "fifo" and set(order[1:3]) == {"rr1", "rr2"} and set(order[3:]) == {
        "fair", "nice"}, f"saw the order {order}, expected fifo, then rr1 and rr2, then the others"
    teak.poweroff()


def test_chrt_and_nice_set_what_ps_shows(boot, root_img):
    teak = boot(disks=[root_img])
    for command, wanted in (("chrt -f 50", ["FF", "50"]), ("chrt -r 7", ["RR", "7"])):
        line = teak.check(f"{command} ps | grep ' ps$'").split()
        assert line[3:5] == wanted, f"'{command} ps' shows itself as {line}, expected {wanted}"
    line = teak.check("nice -n 10 ps | grep ' ps$'").split()
    assert line[3:6] == ["TS", "-", "10"], f"'nice -n 10 ps' shows itself as {line}"
    teak.poweroff()


def test_deadline_budgets_are_exact(boot, root_img):
    """0.2 ms in each ms, for a program that never stops: it is stopped a thousand times a second, not by the tick."""
    teak = boot(disks=[root_img], icount=True, smp=1)
    out = teak.check("chrt -d -T 200000 -P 1000000 0 sh -c 'while :; do :; done' & "
                     "sleep 1; chrt -p $!; cat /proc/$!/status /proc/$!/stat")
    assert "SCHED_DEADLINE" in out and "200000/1000000/1000000" in out, out
    switches = int(out.split("nonvoluntary_ctxt_switches:")[1].split()[0])
    assert 950 <= switches <= 1100, f"it was stopped {switches} times in a second"
    stat = out.splitlines()[-1].rsplit(")", 1)[1].split()
    assert stat[15] == "-101" and 18 <= int(stat[11]) + int(stat[12]) <= 22, f"priority, and 200 ms: {stat}"
    teak.poweroff()


def test_fifo_loops_leave_the_shell_alive(boot, root_img):
    """One endless SCHED_FIFO task for each CPU: rt throttling leaves 50 ms of each second to the shell."""
    teak = boot(disks=[root_img], append="loglevel=5")
    cpus = int(teak.check("grep -c '^cpu[0-9]' /proc/stat"))
    for _ in range(cpus + 1):
        teak.check("chrt -f 50 sh -c 'while :; do :; done' &")
    assert teak.check("sleep 2; echo alive") == "alive\n"
    log = teak.check("dmesg")
    assert log.count("sched: RT throttling activated") == 1, "the message is there once"
    teak.poweroff()


def test_limits_of_real_time_tasks(boot, root_img):
    teak = boot(disks=[root_img])
    runtime, period = (f"/proc/sys/kernel/sched_rt_{name}_us" for name in ("runtime", "period"))
    assert teak.check(f"cat {period} {runtime}") == "1000000\n950000\n"
    for value, file in (("1000001", runtime), ("-2", runtime), ("0", period), ("900000", period),
                        ("x", runtime)):
        assert teak.run(f"echo {value} > {file}").status != 0, f"{value} was accepted by {file}"
    teak.check(f"echo 500000 > {runtime}")
    teak.check(f"echo -1 > {runtime}")
    assert teak.check(f"cat {period} {runtime}") == "1000000\n-1\n"
    teak.poweroff()
