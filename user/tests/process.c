// SPDX-License-Identifier: MIT
/* fork, exec, exit and wait: zombies, orphans, options of wait4 and waitid, exit codes, arguments. */
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include "tap.h"

static char *self;

static void exit_7(void) { _exit(7); }
static void exit_large(void) { _exit(0x1234); }

static void test_exit(void)
{
	int status;
	pid_t pid;

	is(in_child(exit_7), 7, "exit status");
	is(in_child(exit_large), 0x34, "only its low 8 bits");
	pid = fork();
	if (pid == 0)
		kill(getpid(), SIGTERM);
	is(reap(pid), 1000 + SIGTERM, "killed by SIGTERM");
	fails(waitpid(-1, &status, 0), ECHILD, "wait without children");
	fails(waitpid(1 << 20, &status, 0), ECHILD, "wait for somebody else's");
	fails(waitpid(-1, &status, 0x100), EINVAL, "wait with an unknown option");
	fails(waitid(P_ALL, 0, NULL, 0), EINVAL, "waitid for nothing");
}

static void test_fork(void)
{
	int shared = 1, fd[2], seen[4] = { 0 };
	pid_t me = getpid(), pid;

	if (pipe(fd))
		return;
	pid = fork();
	if (pid == 0) {
		int child[4] = { getpid(), getppid(), gettid(), shared };

		shared = 2;
		_exit(write(fd[1], child, sizeof(child)) != sizeof(child));
	}
	is(read(fd[0], seen, sizeof(seen)), sizeof(seen), "a pipe goes through fork");
	is(seen[0], pid, "fork returned the child's pid");
	is(seen[1], me, "its parent is we");
	is(seen[2], pid, "its tid is its pid");
	reap(pid);
	is(shared, 1, "what it wrote is its own");
	close(fd[0]);
	close(fd[1]);
}

static char state_of(pid_t pid)
{
	char path[40], buf[256], *end;
	int fd, n;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	fd = open(path, O_RDONLY);
	n = fd < 0 ? -1 : read(fd, buf, sizeof(buf) - 1);
	close(fd);
	if (n <= 0)
		return 0;
	buf[n] = 0;
	end = strrchr(buf, ')');
	return end ? end[2] : 0;
}

static void test_zombie(void)
{
	int status, i;
	siginfo_t info;
	pid_t pid = fork();

	if (pid == 0)
		_exit(3);
	for (i = 0; i < 1000 && state_of(pid) != 'Z'; i++)
		usleep(1000);
	is(state_of(pid), 'Z', "a child that ended and was not waited for is a zombie");
	is(kill(pid, 0), 0, "a zombie can be signalled");
	memset(&info, 0, sizeof(info));
	is(waitid(P_PID, pid, &info, WEXITED | WNOWAIT), 0, "waitid WNOWAIT");
	ok(info.si_pid == pid && info.si_code == CLD_EXITED && info.si_status == 3 &&
	   info.si_signo == SIGCHLD, "its siginfo");
	is(waitpid(pid, &status, 0), pid, "it is still there for waitpid");
	fails(kill(pid, 0), ESRCH, "and gone afterwards");
}

static void test_options(void)
{
	int status, gate[2], i;
	struct rusage ru;
	pid_t pid;
	char c;

	if (pipe(gate))
		return;
	pid = fork();
	if (pid == 0) {
		close(gate[1]);
		if (read(gate[0], &c, 1))
			_exit(1);
		_exit(0);
	}
	close(gate[0]);
	is(waitpid(pid, &status, WNOHANG), 0, "WNOHANG: it runs");
	kill(pid, SIGSTOP);
	is(waitpid(pid, &status, WUNTRACED), pid, "WUNTRACED: it stopped");
	ok(WIFSTOPPED(status) && WSTOPSIG(status) == SIGSTOP, "by SIGSTOP (status %x)", status);
	is(waitpid(pid, &status, WUNTRACED | WNOHANG), 0, "that is told once");
	is(state_of(pid), 'T', "its state in /proc");
	kill(pid, SIGCONT);
	is(waitpid(pid, &status, WCONTINUED), pid, "WCONTINUED");
	is(status, 0xffff, "its status");
	close(gate[1]);
	memset(&ru, 0xff, sizeof(ru));
	is(wait4(pid, &status, 0, &ru), pid, "wait4 with rusage");
	is(status, 0, "status 0");
	ok(ru.ru_maxrss > 0 && ru.ru_minflt > 0 && ru.ru_utime.tv_sec >= 0, "rusage is filled in");

	for (i = 0; i < 3; i++)
		if (fork() == 0)
			_exit(i);
	for (i = 0; wait(NULL) > 0; i++)
		;
	is(i, 3, "wait for any child, three times");
}

/* The child forks a grandchild and ends; the grandchild tells who its parent is then. */
static int orphans_parent(void)
{
	int fd[2], parent = -1;
	pid_t pid;

	if (pipe(fd))
		return -1;
	pid = fork();
	if (pid == 0) {
		pid_t mother = getpid();

		if (fork() == 0) {
			while (getppid() == mother)
				usleep(1000);
			parent = getppid();
			_exit(write(fd[1], &parent, sizeof(parent)) < 0);
		}
		_exit(0);
	}
	reap(pid);
	if (read(fd[0], &parent, sizeof(parent)) < 0)
		parent = -1;
	close(fd[0]);
	close(fd[1]);
	return parent;
}

static void test_orphan(void)
{
	is(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), 0, "become a subreaper");
	is(orphans_parent(), getpid(), "an orphan comes to the subreaper");
	ok(wait(NULL) > 0, "who can wait for it");
	prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0);
	is(orphans_parent(), 1, "without one it comes to init");
}

/* Three zombies are left by their mother to one who does not want to hear of children. */
static void test_unwanted_orphans(void)
{
	pid_t pid;
	int i;

	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	signal(SIGCHLD, SIG_IGN);
	pid = fork();
	if (pid == 0) {
		signal(SIGCHLD, SIG_DFL);
		for (i = 0; i < 3; i++) {
			pid_t child = fork();

			if (child == 0)
				_exit(0);
			while (state_of(child) != 'Z')
				usleep(1000);
		}
		_exit(0);
	}
	/* Waiting where SIGCHLD is ignored ends when the last child is gone, with ECHILD. */
	errno = 0;
	is(wait(NULL), -1, "orphaned zombies go by themselves where SIGCHLD is ignored");
	is(errno, ECHILD, "and nobody is left to wait for");
	signal(SIGCHLD, SIG_DFL);
	prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0);
	is(in_child(exit_7), 7, "children can be waited for again");
}

/* ---- exec: this program itself, with "args" as its first argument */

static int check_args(int argc, char **argv)
{
	extern char **environ;
	unsigned long sp = (unsigned long)(argv - 1);

	if (argc != 4 || strcmp(argv[2], "") || strcmp(argv[3], "a b") || argv[4])
		return 1;
	if (!environ[0] || strcmp(environ[0], "X=1") || environ[1])
		return 2;
	if (sp % 16)
		return 3;
	if (fcntl(100, F_GETFD) != -1 || fcntl(101, F_GETFD) != 0)
		return 4;
	return 55;
}

static void exec_args(void)
{
	char *argv[] = { self, "args", "", "a b", NULL }, *envp[] = { "X=1", NULL };
	struct sigaction sa = { .sa_handler = SIG_IGN };

	dup2(1, 100);
	dup2(1, 101);
	fcntl(100, F_SETFD, FD_CLOEXEC);
	sigaction(SIGUSR1, &sa, NULL);
	execve(self, argv, envp);
}

static void exec_signals(void)
{
	char *argv[] = { self, "signals", NULL }, *envp[] = { NULL };
	sigset_t set = 1UL << (SIGHUP - 1);

	signal(SIGUSR1, SIG_IGN);
	signal(SIGUSR2, (sighandler_t)exec_signals);
	sigprocmask(SIG_BLOCK, &set, NULL);
	raise(SIGHUP);
	execve(self, argv, envp);
}

/* Ignored stays ignored, handlers are gone, the mask and what is pending stay. */
static int check_signals(void)
{
	struct sigaction a, b;
	sigset_t mask, pending;

	sigaction(SIGUSR1, NULL, &a);
	sigaction(SIGUSR2, NULL, &b);
	sigprocmask(SIG_BLOCK, NULL, &mask);
	sigpending(&pending);
	return a.sa_handler == SIG_IGN && b.sa_handler == SIG_DFL && mask == 1 && pending == 1 ? 56 : 1;
}

static void exec_name(void)
{
	char name[16] = "", *argv[] = { "other", "name", NULL }, *envp[] = { NULL };

	prctl(PR_SET_NAME, "a name that is too long");
	prctl(PR_GET_NAME, name);
	if (strcmp(name, "a name that is "))
		_exit(1);
	execve(self, argv, envp);
}

static int try_exec(const char *path)
{
	char *argv[] = { (char *)path, NULL }, *envp[] = { NULL };

	execve(path, argv, envp);
	return errno;
}

static int write_file(const char *path, const void *data, size_t n, int mode)
{
	int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY, 0700);

	if (fd < 0 || write(fd, data, n) != (ssize_t)n)
		return -1;
	fchmod(fd, mode);
	return close(fd);
}

static void exec_script(void)
{
	char *argv[] = { "/tmp/exec-script", "x", NULL }, *envp[] = { NULL };

	execve(argv[0], argv, envp);
}

static void exec_huge(void)
{
	static char *argv[40000], *envp[] = { NULL }, arg[256];
	int i;

	memset(arg, 'x', sizeof(arg) - 1);
	for (i = 0; i < 39999; i++)
		argv[i] = arg;
	execve(self, argv, envp);
	_exit(errno == E2BIG ? 0 : errno);
}

static void test_exec(void)
{
	unsigned char elf[128] = { 0x7f, 'E', 'L', 'F', 2, 1, 1 };
	char script[256];

	is(in_child(exec_args), 55, "exec: arguments, environment, alignment, close-on-exec");
	is(in_child(exec_signals), 56, "exec: signals");
	is(in_child(exec_name), 57, "exec: the task is named by the file");
	is(try_exec("/tmp/not-there"), ENOENT, "exec of nothing");
	is(try_exec("/tmp"), EACCES, "exec of a directory");
	is(try_exec(""), ENOENT, "exec of the empty path");
	write_file("/tmp/exec-text", "hello\n", 6, 0700);
	is(try_exec("/tmp/exec-text"), ENOEXEC, "exec of a text");
	write_file("/tmp/exec-text", elf, sizeof(elf), 0700);
	is(try_exec("/tmp/exec-text"), ENOEXEC, "exec of an ELF header without a program");
	write_file("/tmp/exec-text", elf, 20, 0700);
	is(try_exec("/tmp/exec-text"), ENOEXEC, "exec of half an ELF header");
	write_file("/tmp/exec-text", "", 0, 0700);
	is(try_exec("/tmp/exec-text"), ENOEXEC, "exec of an empty file");
	write_file("/tmp/exec-text", "hello\n", 6, 0600);
	is(try_exec("/tmp/exec-text"), EACCES, "exec of a file that is not executable");
	snprintf(script, sizeof(script), "#!%s script\n", self);
	write_file("/tmp/exec-script", script, strlen(script), 0700);
	is(in_child(exec_script), 58, "exec of a #! script");
	unlink("/tmp/exec-text");
	unlink("/tmp/exec-script");
	is(in_child(exec_huge), 0, "exec with 10 MB of arguments: E2BIG");
}

/* ---- clone */

static int clone_fn(void *arg)
{
	*(int *)arg = getpid();
	return 9;
}

static void test_clone(void)
{
	static char stack[16384] __attribute__((aligned(16)));
	static int word, parent_tid, child_tid = -1;
	pid_t pid = clone(clone_fn, stack + sizeof(stack), CLONE_VM | CLONE_VFORK | SIGCHLD, &word);

	ok(pid > 0 && word == pid, "CLONE_VM and CLONE_VFORK: its write is seen when clone returns");
	is(reap(pid), 9, "its status");
	pid = syscall(SYS_clone, CLONE_PARENT_SETTID | CLONE_CHILD_SETTID | SIGCHLD, 0, &parent_tid, 0, &child_tid);
	if (pid == 0)
		_exit(child_tid == getpid() ? 0 : 1);
	is(parent_tid, pid, "CLONE_PARENT_SETTID");
	is(reap(pid), 0, "CLONE_CHILD_SETTID");
	is(child_tid, -1, "in the child alone");
	fails(syscall(SYS_clone, CLONE_SIGHAND | SIGCHLD, 0, 0, 0, 0), EINVAL, "CLONE_SIGHAND without CLONE_VM");
	fails(syscall(SYS_clone, CLONE_THREAD | CLONE_VM, 0, 0, 0, 0), EINVAL, "CLONE_THREAD without CLONE_SIGHAND");
}

static void pdeath(void)
{
	int fd[2];
	char c;

	if (pipe(fd))
		_exit(1);
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	if (fork() == 0) {
		if (fork() == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			if (write(fd[1], "x", 1) == 1)
				pause();
			_exit(1);
		}
		_exit(read(fd[0], &c, 1) != 1);
	}
	wait(NULL);
	c = 0;
	reap(-1);
}

static void test_pdeath(void)
{
	is(in_child(pdeath), 0, "PR_SET_PDEATHSIG: killed when its parent ends");
}

int main(int argc, char **argv)
{
	char name[16];

	self = argv[0];
	if (argc > 1 && !strcmp(argv[1], "args"))
		return check_args(argc, argv);
	if (argc > 1 && !strcmp(argv[1], "signals"))
		return check_signals();
	if (argc > 1 && !strcmp(argv[1], "name"))
		return prctl(PR_GET_NAME, name) || strncmp(name, "process", 7) ? 1 : 57;
	if (argc > 1 && !strcmp(argv[1], "script"))
		return argc == 4 && !strcmp(argv[2], "/tmp/exec-script") && !strcmp(argv[3], "x") ? 58 : 1;
	test_exit();
	test_fork();
	test_zombie();
	test_options();
	test_orphan();
	test_unwanted_orphans();
	test_exec();
	test_clone();
	test_pdeath();
	return done();
}
