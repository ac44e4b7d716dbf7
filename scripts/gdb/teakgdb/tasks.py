# SPDX-License-Identifier: MIT
"""Tasks: finding them, teak-ps, and the functions $current() and $task(PID)."""

import gdb

from . import kernel as k

# include/linux/sched.h: the lowest bit that is set decides, as in /proc/PID/stat.
STATES = ((0x1, "S"), (0x2, "D"), (0x4, "T"), (0x8, "t"), (0x40, "P"), (0x80, "X"), (0x800, "N"))
CLASSES = ("stop", "dl", "rt", "fair", "idle")
EXIT_DEAD, EXIT_ZOMBIE = 0x10, 0x20

# Functions on the way from a place that waits to the context switch.
SLEEPING = {"__switch_to", "cpu_switch_to", "context_switch", "__schedule", "schedule",
            "schedule_idle", "schedule_timeout", "schedule_timeout_interruptible",
            "schedule_timeout_uninterruptible", "schedule_timeout_killable", "schedule_hrtimeout",
            "io_schedule", "io_schedule_timeout", "schedule_preempt_disabled",
            "preempt_schedule_irq"}


def processes():
    """Each thread group's leader: the boot CPU's idle task, then as the kernel lists them."""
    init = k.value("init_task")
    yield init.address
    yield from k.list_entries(init["tasks"], "struct task_struct", "tasks")


def threads(leader):
    signal = leader["signal"]
    if int(signal) == 0 or int(signal["thread_head"]["next"]) == 0:
        yield leader
        return
    found = list(k.list_entries(signal["thread_head"], "struct task_struct", "thread_node"))
    yield from found or [leader]


def all_tasks():
    """Every task: the processes with their threads, and the idle tasks of the other CPUs."""
    seen = set()
    for leader in processes():
        for task in threads(leader):
            seen.add(int(task))
            yield task
    for cpu in k.online_cpus():
        idle = k.per_cpu("runqueues", cpu)["idle"]
        if int(idle) and int(idle) not in seen:
            yield idle


def find(pid):
    for task in all_tasks():
        if int(task["pid"]) == pid:
            return task
    k.error(f"no task has the pid {pid} (teak-ps lists them).")


def current():
    """The task that the selected CPU runs; None before there is one.

    In the kernel SP_EL0 points at it. In user mode, and in the first instructions of an exception's
    entry, SP_EL0 is the program's stack pointer: then the run queue knows.
    """
    candidate = k.register("SP_EL0")
    if candidate >= k.KERNEL_HALF and not k.user_mode:
        return gdb.Value(candidate).cast(gdb.lookup_type("struct task_struct").pointer())
    task = k.per_cpu("runqueues", k.this_cpu())["curr"]
    return task if int(task) else None


def name(task):
    return k.string(task["comm"])


def state(task):
    """One letter, as in Linux's ps."""
    exited = int(task["exit_state"])
    if exited & (EXIT_ZOMBIE | EXIT_DEAD):
        return "Z" if exited & EXIT_ZOMBIE else "X"
    bits = int(task["__state"])
    if bits == 0:
        return "R"
    return next((letter for bit, letter in STATES if bits & bit), "?")


def policy_class(task):
    """The scheduling class by the name of its table: rt_sched_class is "rt"."""
    for name in CLASSES:
        table = gdb.lookup_global_symbol(f"{name}_sched_class")
        if table and int(table.value().address) == int(task["sched_class"]):
            return name
    return "-"


def waits_in(task):
    """The function in which a task that does not run went to sleep, by its saved frame pointers."""
    if int(task["on_cpu"]) or not int(task["stack"]):
        return ""
    start, end = int(k.value("(long)&_stext")) % 2**64, int(k.value("(long)&_etext")) % 2**64
    context = task["thread"]["cpu_context"]
    frame, pc = int(context["fp"]), int(context["pc"])
    low = int(task["stack"])
    for _ in range(32):
        if start <= pc < end:
            symbol = k.symbol_at(pc - 4)
            if symbol and symbol.split(".")[0] not in SLEEPING:
                return symbol
        if not low <= frame < low + (1 << 20):
            break
        frame, pc = k.read_u64(frame), k.read_u64(frame + 8)
    return ""


class Ps(k.Command):
    """teak-ps
List all tasks: pid, parent, state, scheduling class and priority, CPU, address space, name, and
the kernel function in which a sleeping task waits. '*' marks tasks that run on a CPU."""

    NAME = "teak-ps"

    def run(self, argv):
        if argv:
            k.usage(self)
        print(f"  {'PID':>5} {'PPID':>5} S {'CLASS':5} {'PRIO':>4} CPU {'TASK':18} {'MM':18} "
              f"{'NAME':16} WAITS IN")
        for task in all_tasks():
            mark = "*" if int(task["on_cpu"]) else " "
            parent = task["real_parent"]
            ppid = int(parent["tgid"]) if int(parent) else 0
            print(f"{mark} {int(task['pid']):5} {ppid:5} {state(task)} {policy_class(task):5} "
                  f"{int(task['prio']):4} {int(task['thread_info']['cpu']):3} {int(task):#018x} "
                  f"{int(task['mm']):#018x} {name(task):16} {waits_in(task)}".rstrip())


class Current(gdb.Function):
    """$current()
The task that the selected CPU runs: p $current()->comm
While the CPU is in user mode gdb finds the task, but only the teak- commands can look into it."""

    def __init__(self):
        super().__init__("current")

    def invoke(self):
        with k.kernel_view():
            task = current()
        return task if task is not None else k.error("no task runs yet.")


class Task(gdb.Function):
    """$task(PID)
The task with this pid: p *$task(1)->mm"""

    def __init__(self):
        super().__init__("task")

    def invoke(self, pid):
        with k.kernel_view():
            return find(int(pid))


class Teak(gdb.Command):
    """Commands that show the inside of teak: help teak-NAME explains one.
teak-ps            all tasks
teak-rq            run queues of each CPU
teak-vmas PID      regions of an address space
teak-pgwalk ADDR   page-table walk, level by level
teak-page PFN      a frame's struct page
teak-buddy         free memory by order
teak-log           the kernel's messages
teak-syms          symbols of the program that runs
$current()         the running task;  $task(PID) another one"""

    def __init__(self):
        super().__init__("teak", gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        print(self.__doc__)


Ps()
Current()
Task()
Teak()
