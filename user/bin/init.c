// SPDX-License-Identifier: MIT
/*
 * init: process 1. It sets the system up, keeps a shell on the console, and buries the orphans.
 *
 *	init		run /etc/rc if there is one, then /bin/sh on the console, again and again
 *	init -c CMD	run CMD, then switch the machine off; its exit status goes to the host
 *
 * The kernel has opened /dev/console as descriptors 0, 1 and 2 and mounted /dev. The argument comes
 * from the kernel's command line, after "--". SIGTERM means: end all that runs, and power off.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define LINUX_REBOOT_MAGIC1		0xfee1dead
#define LINUX_REBOOT_MAGIC2		672274793
#define LINUX_REBOOT_CMD_POWER_OFF	0x4321fedc
#define LINUX_REBOOT_CMD_RESTART2	0xa1b2c3d4

#define SHELL		"/bin/sh"
#define RC		"/etc/rc"

static volatile sig_atomic_t asked_to_stop;
static sigset_t no_signals;

static void say(const char *fmt, ...)
{
	char text[256];
	va_list args;
	int len;

	len = snprintf(text, sizeof(text), "init: ");
	va_start(args, fmt);
	len += vsnprintf(text + len, sizeof(text) - len, fmt, args);
	va_end(args);
	if (len > (int)sizeof(text) - 2)
		len = sizeof(text) - 2;
	text[len++] = '\n';
	if (write(2, text, len) < 0)
		return;		/* there is nobody else to tell */
}

static void on_term(int sig)
{
	asked_to_stop = sig;
}

/* Only interrupts the waiting: sigsuspend() returns, and wait_any() looks again. */
static void on_child(int sig)
{
	(void)sig;
}

static void catch_signal(int sig, void (*handler)(int))
{
	struct sigaction sa;

	memset(&sa, 0, sizeof(sa));
	sa.sa_handler = handler;
	sigemptyset(&sa.sa_mask);
	sigaction(sig, &sa, NULL);
}

/* Both signals stay blocked except in sigsuspend(), so that none can come between look and wait. */
static void init_signals(void)
{
	sigset_t blocked;

	sigemptyset(&no_signals);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGTERM);
	sigaddset(&blocked, SIGCHLD);
	sigprocmask(SIG_BLOCK, &blocked, NULL);
	catch_signal(SIGTERM, on_term);
	catch_signal(SIGCHLD, on_child);
	/* keys that the console turns into signals are not meant for init */
	catch_signal(SIGINT, SIG_IGN);
	catch_signal(SIGQUIT, SIG_IGN);
	catch_signal(SIGTSTP, SIG_IGN);
	catch_signal(SIGHUP, SIG_IGN);
}

static int is_mount_point(const char *path)
{
	struct stat here, root;

	return stat(path, &here) == 0 && stat("/", &root) == 0 && here.st_dev != root.st_dev;
}

static void mount_on(const char *type, const char *path)
{
	struct stat st;

	if (stat(path, &st) || !S_ISDIR(st.st_mode) || is_mount_point(path))
		return;
	if (mount(type, path, type, 0, NULL))
		say("cannot mount %s on %s: %s", type, path, strerror(errno));
}

/* Where shm_open(3) makes its files; a kernel without tmpfs has none. */
static void mount_shm(void)
{
	if (mkdir("/dev/shm", 0755) && errno != EEXIST)
		return;
	if (mount("tmpfs", "/dev/shm", "tmpfs", 0, "mode=1777"))
		say("cannot mount tmpfs on /dev/shm: %s", strerror(errno));
}

static void set_environment(void)
{
	if (setenv("PATH", "/bin:/sbin:/usr/bin:/tests", 1) || setenv("HOME", "/", 1) ||
	    setenv("TERM", "vt100", 0))
		say("cannot set the environment: %s", strerror(errno));
}

/* In a child: what init has changed for itself goes back to how programs expect it. */
static void reset_signals(void)
{
	static const int signals[] = { SIGTERM, SIGCHLD, SIGINT, SIGQUIT, SIGTSTP, SIGHUP };

	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		catch_signal(signals[i], SIG_DFL);
	sigprocmask(SIG_SETMASK, &no_signals, NULL);
}

/*
 * Starts the shell with up to two arguments, in a session of its own whose controlling terminal is
 * the console: that is what lets ^C reach what runs in it. Returns its pid, or -1.
 */
static pid_t start_shell(const char *arg1, const char *arg2)
{
	const char *argv[] = { "sh", arg1, arg2, NULL };
	pid_t pid = fork();

	if (pid < 0)
		say("cannot fork: %s", strerror(errno));
	if (pid)
		return pid;
	reset_signals();
	if (setsid() < 0)
		say("no new session: %s", strerror(errno));
	else if (isatty(0) && ioctl(0, TIOCSCTTY, 0))
		say("the console cannot be the controlling terminal: %s", strerror(errno));
	execv(SHELL, (char *const *)argv);
	say("cannot run %s: %s", SHELL, strerror(errno));
	_exit(127);
}

static void power_off(int status)
{
	char text[24];

	sync();
	snprintf(text, sizeof(text), "exit=%d", status & 255);
	/* a kernel that gives no status to its host takes this for a restart, or refuses it */
	syscall(SYS_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, LINUX_REBOOT_CMD_RESTART2,
		text);
	syscall(SYS_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, LINUX_REBOOT_CMD_POWER_OFF,
		NULL);
	say("the machine cannot be switched off (%s); exit status %d", strerror(errno), status);
	for (;;)
		sigsuspend(&no_signals);
}

/* All programs get the chance to end by themselves, and a second for it. */
static void stop_all(void)
{
	say("going down");
	kill(-1, SIGTERM);
	kill(-1, SIGCONT);
	sleep(1);
	kill(-1, SIGKILL);
	power_off(0);
}

/*
 * Waits for one process to end, and buries every other that ends meanwhile: those whose parents
 * have died are init's children. Returns its wait status; -1 if there is no such process.
 */
static int wait_any(pid_t wanted)
{
	for (;;) {
		int status;
		pid_t pid = waitpid(-1, &status, WNOHANG);

		if (asked_to_stop)
			stop_all();
		if (pid == wanted && pid > 0)
			return status;
		if (pid < 0 && errno == ECHILD)
			return -1;
		if (pid == 0)
			sigsuspend(&no_signals);
	}
}

static int exit_status(int status)
{
	if (status == -1)
		return 127;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int run_shell(const char *arg1, const char *arg2)
{
	pid_t pid = start_shell(arg1, arg2);

	return pid < 0 ? 127 : exit_status(wait_any(pid));
}

int main(int argc, char **argv)
{
	if (getpid() != 1) {
		say("this is process %d; only process 1 can do init's work", (int)getpid());
		return 1;
	}
	init_signals();
	mount_on("proc", "/proc");
	mount_on("sysfs", "/sys");
	mount_on("ramfs", "/tmp");
	mount_shm();
	set_environment();
	if (argc > 2 && !strcmp(argv[1], "-c"))
		power_off(run_shell("-c", argv[2]));
	if (argc > 1)
		say("usage: init [-c COMMAND]; starting a shell");

	if (access(RC, R_OK) == 0 && run_shell(RC, NULL))
		say(RC " has failed");
	for (;;) {
		/* a shell that cannot even start is not tried again at full speed */
		if (run_shell(NULL, NULL) == 127)
			sleep(1);
	}
}
