// SPDX-License-Identifier: MIT
/*
 * From the first C function to the first program. start_kernel() reads as a table of contents: what
 * must be there before what.
 */
#include <linux/binfmts.h>
#include <linux/console.h>
#include <linux/cred.h>
#include <linux/dcache.h>
#include <linux/errname.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/ktest.h>
#include <linux/maple_tree.h>
#include <linux/memblock.h>
#include <linux/mm.h>
#include <linux/mount.h>
#include <linux/nmi.h>
#include <linux/panic.h>
#include <linux/pagemap.h>
#include <linux/percpu.h>
#include <linux/pid.h>
#include <linux/printk.h>
#include <linux/rcupdate.h>
#include <linux/reboot.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/signal.h>
#include <linux/smp.h>
#include <linux/sched/clock.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include <linux/xarray.h>
#include <asm/setup.h>
#include "init.h"

const char linux_banner[] = "teak 6.1.0 (" __VERSION__ ")";

char boot_command_line[COMMAND_LINE_SIZE];
char *saved_command_line;

/* ------------------------------------------------------------------ the command line */

#define MAX_INIT_ARGS	32
#define MAX_INIT_ENVS	32

static const char *argv_init[MAX_INIT_ARGS + 2] = { "init" };
static const char *envp_init[MAX_INIT_ENVS + 2] = { "HOME=/", "TERM=linux" };
static int nr_init_args = 1, nr_init_envs = 2;

static char *execute_command;
static char *ktest_filter;

static int __init init_setup(char *str)
{
	execute_command = str;
	return 1;
}
__setup("init=", init_setup);

static int __init ktest_setup(char *str)
{
	ktest_filter = str;
	return 1;
}
__setup("ktest=", ktest_setup);

extern const struct obs_kernel_param __setup_start[], __setup_end[];

/*
 * Does an option of the table take this word? For "name=" val is what follows, for "name" it is
 * empty. early: only those marked so, and they say 0 when they took it.
 */
static bool __init obsolete_checksetup(const char *param, char *val, int early)
{
	const struct obs_kernel_param *p;

	for (p = __setup_start; p < __setup_end; p++) {
		size_t n = strlen(p->str);
		bool wants_val = n && p->str[n - 1] == '=';

		if (wants_val)
			n--;
		if (strncmp(param, p->str, n) || param[n])
			continue;
		if (!!p->early != early)
			return p->early;	/* known, and dealt with in the other round */
		if (p->early) {
			if (p->setup_func(val))
				pr_warn("Malformed early option '%s'\n", param);
			return true;
		}
		if (p->setup_func(val ? val : ""))
			return true;
	}
	return false;
}

/* A word that nobody knows: to init's environment if it has a value, else to its arguments. */
static void __init unknown_bootoption(char *param, char *val)
{
	char *word = param;

	if (strchr(param, '.'))
		return;			/* for a module, as in Linux */
	if (val) {
		size_t len = strlen(param);
		int i;

		/* next_arg() put a NUL where the '=' was, and may have taken quotes away. */
		word = kmalloc(len + strlen(val) + 2, GFP_KERNEL);
		if (!word)
			panic("no memory for the command line");
		sprintf(word, "%s=%s", param, val);
		for (i = 0; i < nr_init_envs; i++)
			if (!strncmp(envp_init[i], word, len + 1))
				break;
		if (i == MAX_INIT_ENVS)
			panic("Too many environment variables on the kernel command line: %s", word);
		envp_init[i] = word;
		if (i == nr_init_envs)
			nr_init_envs++;
		return;
	}
	if (nr_init_args == MAX_INIT_ARGS)
		panic("Too many init arguments on the kernel command line: %s", word);
	argv_init[nr_init_args++] = word;
}

/* Cuts line up. Before "--": options; after it: arguments of init. */
static void __init parse_command_line(char *line, int early)
{
	bool for_init = false;
	char *param, *val;

	while (*(line = skip_spaces(line))) {
		line = next_arg(line, &param, &val);
		if (!for_init && !val && !strcmp(param, "--")) {
			for_init = true;
			continue;
		}
		if (for_init) {
			if (early)
				continue;
			if (nr_init_args == MAX_INIT_ARGS)
				panic("Too many init arguments on the kernel command line: %s", param);
			if (val)
				val[-1] = '=';
			argv_init[nr_init_args++] = param;
			continue;
		}
		if (!obsolete_checksetup(param, val, early) && !early)
			unknown_bootoption(param, val);
	}
}

void __init parse_early_param(void)
{
	static char tmp[COMMAND_LINE_SIZE] __initdata;

	strscpy(tmp, boot_command_line, sizeof(tmp));
	parse_command_line(tmp, 1);
}

/* ------------------------------------------------------------------ starting up */

static void __init do_initcalls(void)
{
	extern const struct initcall_entry __initcall_start[], __initcall_end[];
	const struct initcall_entry *p;

	for (p = __initcall_start; p < __initcall_end; p++) {
		unsigned int count = preempt_count();
		int ret = p->fn();

		if (ret && ret != -ENODEV)
			pr_warn("initcall %s returned %d\n", p->name, ret);
		if (preempt_count() != count)
			panic("initcall %s left preempt_count at %x", p->name, preempt_count());
	}
}

static int run_init_process(const char *init_filename)
{
	argv_init[0] = init_filename;
	return kernel_execve(init_filename, argv_init, envp_init);
}

/* What is wrong with a file that execve() refused, in words. */
static const char *why_no_init(int err)
{
	switch (err) {
	case -ENOENT:
		return "there is no such file on the root disk, or none of the interpreter's name";
	case -ENOTDIR:
		return "a part of the path is not a folder";
	case -EACCES:
		return "it is not a file that may be executed (mount it and look with ls -l)";
	case -ENOEXEC:
		return "it is neither an arm64 ELF program nor a script that starts with #!";
	case -ENOMEM:
		return "there is not enough memory for it";
	case -EIO:
	case -EUCLEAN:
		return "the root disk is damaged: run fsck.ezfs on it";
	default:
		return "it could not be executed";
	}
}

/* The one that is named, or the first of the usual ones. */
static void start_init(void)
{
	static const char *const usual[] = { "/sbin/init", "/bin/init", "/bin/sh" };
	int i, ret, failed = 0;

	if (execute_command) {
		ret = run_init_process(execute_command);
		if (!ret)
			return;
		panic("Requested init=%s failed: %s (%s)", execute_command, why_no_init(ret),
		      errname(ret));
	}
	for (i = 0; i < ARRAY_SIZE(usual); i++) {
		ret = run_init_process(usual[i]);
		if (!ret)
			return;
		if (ret != -ENOENT) {
			pr_err("Starting init: %s exists but couldn't execute it: %s (%s)\n",
			       usual[i], why_no_init(ret), errname(ret));
			failed++;
		}
	}
	if (failed)
		panic("No working init found. The lines above say what is wrong with it: make a good "
		      "root disk with 'make', or name another program with init=");
	panic("No working init found. There is no /sbin/init, /bin/init or /bin/sh on the root disk: "
	      "make one with 'make', or name another with init=");
}

/* PID 1: sets up what needs to sleep, and becomes the first program. */
static int kernel_init(void *unused)
{
	/* kthreadd must be there for those who want threads. */
	while (!READ_ONCE(kthreadd_task))
		schedule();
	if (ktest_filter)
		ktest_watchdog_start();
	smp_init();
	sched_init_smp();
	if (ktest_filter)
		ktest_watchdog_start();
	lockup_detector_init();
	do_initcalls();
	if (ktest_filter) {
		int failed = ktest_run(ktest_filter);

		pr_notice("ktest: %d failed\n", failed);
		kernel_restart(failed ? "exit=1" : "exit=0");
	}
	prepare_namespace();
	console_on_rootfs();
	free_initmem();
	start_init();
	return 0;		/* into the program, by way of ret_from_fork */
}

static void __init rest_init(void)
{
	int pid = user_mode_thread(kernel_init, NULL, CLONE_FS);

	if (pid != 1)
		panic("init got PID %d instead of 1", pid);
	pid = kernel_thread(kthreadd, NULL, CLONE_FS | CLONE_FILES);
	WRITE_ONCE(kthreadd_task, find_get_task_by_vpid(pid));
	cpu_startup_entry();
}

void __noreturn start_kernel(void);		/* head.S calls it */

void __noreturn start_kernel(void)
{
	char *command_line;

	setup_arch();			/* device tree, memory, the kernel's page tables */
	pr_notice("%s\n", linux_banner);
	pr_notice("Kernel command line: %s\n", boot_command_line);
	setup_log_buf();
	setup_per_cpu_areas();
	mem_init();			/* buddy allocator and slab */
	xarray_init();
	maple_tree_init();
	setup_arch_late();		/* device tree as objects, ASIDs */
	sched_init();			/* this task is the idle task from here on */
	rcu_init();
	pid_idr_init();
	init_IRQ();			/* interrupt controller */
	time_init();			/* clock and timer */
	local_irq_enable();

	saved_command_line = kstrdup(boot_command_line, GFP_KERNEL);
	command_line = kstrdup(boot_command_line, GFP_KERNEL);
	if (!saved_command_line || !command_line)
		panic("no memory for the command line");
	parse_command_line(command_line, 0);

	cred_init();
	proc_caches_init();		/* address spaces, signal tables */
	fork_init();
	signals_init();
	pagecache_init();
	vfs_caches_init();		/* dentries, inodes, mounts */
	rest_init();			/* PID 1, PID 2, and then idle */
	unreachable();
}
