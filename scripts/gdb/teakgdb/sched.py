# SPDX-License-Identifier: MIT
"""teak-rq: the run queues."""

from . import kernel as k
from . import tasks


def rt_queues(rt):
    """(priority, tasks) of each rt queue that is not empty, the most urgent first."""
    queues = rt["active"]["queue"]
    for priority in range(queues.type.range()[1] + 1):
        if int(queues[priority]["next"]) in (0, int(queues[priority].address)):
            continue
        yield priority, k.list_entries(queues[priority], "struct sched_rt_entity", "run_list")


def task_line(task, details):
    return f"    {int(task['pid']):5} {tasks.name(task):16} {details}"


class Rq(k.Command):
    """teak-rq [CPU]
Print the run queues: of each CPU the task that runs, the deadline tasks in the order of their
deadlines, the real-time tasks by priority (0 is the most urgent), and the fair tasks in the order of their virtual runtime."""

    NAME = "teak-rq"

    def run(self, argv):
        if len(argv) > 1:
            k.usage(self)
        for cpu in [k.integer(argv[0])] if argv else k.online_cpus():
            self.print_rq(k.per_cpu("runqueues", cpu), cpu)

    def print_rq(self, rq, cpu):
        current = rq["curr"]
        who = f"{int(current['pid'])} ({tasks.name(current)})" if int(current) else "nothing yet"
        print(f"CPU {cpu}: runs {who}, {int(rq['nr_running'])} runnable")
        self.print_dl(rq["dl"])
        self.print_rt(rq["rt"])
        self.print_fair(rq["cfs"])

    def print_dl(self, dl):
        print(f"  deadline: {int(dl['dl_nr_running'])} runnable")
        for entity in k.rb_entries(dl["root"]["rb_root"], "struct sched_dl_entity", "rb_node"):
            task = k.container_of(entity, "struct task_struct", "dl")
            print(task_line(task, f"deadline {int(entity['deadline'])}, {int(entity['runtime'])} ns left "
                            f"of {int(entity['dl_runtime'])} in {int(entity['dl_period'])}"))

    def print_rt(self, rt):
        throttled = ", throttled" if int(rt["rt_throttled"]) else ""
        print(f"  rt: {int(rt['rt_nr_running'])} runnable{throttled}")
        for priority, entities in rt_queues(rt):
            for entity in entities:
                task = k.container_of(entity, "struct task_struct", "rt")
                print(task_line(task, f"priority {priority} (rt_priority "
                                f"{int(task['rt_priority'])}), "
                                f"{int(entity['time_slice'])} ticks left"))

    def print_fair(self, cfs):
        print(f"  fair: {int(cfs['nr_running'])} runnable, load {int(cfs['load']['weight'])}, "
              f"min_vruntime {int(cfs['min_vruntime'])}")
        entities = list(k.rb_entries(cfs["tasks_timeline"]["rb_root"], "struct sched_entity",
                                     "run_node"))
        # The running entity is not in the tree.
        if int(cfs["curr"]):
            entities.insert(0, cfs["curr"])
        for entity in entities:
            task = k.container_of(entity, "struct task_struct", "se")
            ahead = (int(entity["vruntime"]) - int(cfs["min_vruntime"]) + 2**63) % 2**64 - 2**63
            print(task_line(task, f"vruntime {int(entity['vruntime'])} ({ahead:+d} ns), "
                            f"weight {int(entity['load']['weight'])}"
                            + (", runs" if entity == cfs["curr"] else "")))


Rq()
