// SPDX-License-Identifier: MIT
/*
 * The C library's half of the file system fuzzer: memory, images, and what libFuzzer calls.
 *
 *	fuzz [libFuzzer's options] CORPUS...	looks for inputs that break something
 *	fuzz INPUT...				runs these; with FUZZ_VERBOSE=1 in words
 *
 * The images are beside the program, in images/.
 */
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sanitizer/asan_interface.h>

#include "fuzz.h"
#include "image.h"
#include "../../scripts/ezfs/check.h"

#define CPU_SECONDS	30	/* of one input; a thousand times what the slowest needs */

int host_verbose, host_failures;

struct image images[] = {
	{ .name = "ezfs-B" }, { .name = "ezfs-A" }, { .name = "ezfs-C" },
	{ .name = "ext2-1k" }, { .name = "ext2-2k" }, { .name = "ext2-4k" },
};
const unsigned int nr_images = sizeof(images) / sizeof(images[0]);

static uint8_t *disk;			/* as large as the largest image */
static unsigned long nr_inputs, nr_checked, nr_healthy;
static char scratch[64];		/* a file for e2fsck */

/* ------------------------------------------------------------------ for the kernel half */

void *host_malloc(unsigned long bytes)
{
	return malloc(bytes);
}

void host_free(void *p)
{
	free(p);
}

void host_map(unsigned long address, unsigned long bytes)
{
	void *p = mmap((void *)address, bytes, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);

	if (p != (void *)address)
		host_die("cannot map the frames", __FILE__, __LINE__);
}

void host_poison(const void *p, unsigned long bytes)
{
	__asan_poison_memory_region(p, bytes);
}

void host_unpoison(const void *p, unsigned long bytes)
{
	__asan_unpoison_memory_region(p, bytes);
}

void host_write(const char *text, unsigned long n)
{
	fwrite(text, 1, n, stderr);
}

void host_die(const char *what, const char *file, int line)
{
	fprintf(stderr, "fuzz: %s:%d: %s\n", file, line, what);
	__sanitizer_print_stack_trace();
	abort();
}

/* ------------------------------------------------------------------ images */

static bool load(struct image *img, const char *folder)
{
	char path[PATH_MAX];
	struct stat st;
	FILE *f;

	snprintf(path, sizeof(path), "%s/images/%s", folder, img->name);
	f = fopen(path, "rb");
	if (!f || fstat(fileno(f), &st))
		return false;
	img->bytes = st.st_size;
	img->healthy = malloc(img->bytes);
	if (fread(img->healthy, 1, img->bytes, f) != img->bytes)
		host_die("cannot read an image", path, 0);
	fclose(f);
	return true;
}

/* Mounts and unmounts it: does the kernel know such a one? */
static bool probe(struct image *img)
{
	static const unsigned char no_ops[1];

	memcpy(disk, img->healthy, img->bytes);
	return fuzz_run(img->type, disk, img->bytes, no_ops, 1);
}

static void load_images(const char *program)
{
	char *copy = strdup(program), *folder = dirname(copy);
	size_t most = 0;

	for (unsigned int i = 0; i < nr_images; i++) {
		struct image *img = &images[i];

		snprintf(img->type, sizeof(img->type), "%.*s", (int)strcspn(img->name, "-"), img->name);
		img->usable = load(img, folder);
		if (img->bytes > most)
			most = img->bytes;
	}
	free(copy);
	disk = malloc(most);
	for (unsigned int i = 0; i < nr_images; i++) {
		if (!images[i].usable)
			continue;
		images[i].usable = probe(&images[i]);
		if (images[i].usable)
			find_fields(&images[i]);
		else
			fprintf(stderr, "fuzz: the kernel does not mount %s: left out\n", images[i].name);
	}
}

/* ------------------------------------------------------------------ is it clean? */

static bool ezfs_is_clean(const struct image *img)
{
	static struct check *chk;
	struct ezfs_disk d = { .fd = -1, .mem = disk, .blocks = img->bytes / EZFS_BLOCK_SIZE };

	if (!chk)
		chk = malloc(sizeof(*chk));
	memset(chk, 0, sizeof(*chk));
	chk->disk = &d;
	chk->out = stderr;
	return check_disk(chk) && !chk->errors;
}

static bool ext2_is_clean(const struct image *img)
{
	int fd = open(scratch, O_RDWR | O_CREAT | O_TRUNC, 0600), status;
	pid_t pid;

	if (fd < 0 || write(fd, disk, img->bytes) != (ssize_t)img->bytes)
		host_die("cannot write a file for e2fsck", scratch, 0);
	close(fd);
	pid = fork();
	if (!pid) {
		if (!host_verbose)
			dup2(open("/dev/null", O_WRONLY), 1);
		execl("/sbin/e2fsck", "e2fsck", "-fn", scratch, NULL);
		execlp("e2fsck", "e2fsck", "-fn", scratch, NULL);
		_exit(127);
	}
	waitpid(pid, &status, 0);
	unlink(scratch);
	return WIFEXITED(status) && !WEXITSTATUS(status);
}

/* It was healthy, and was unmounted. All of EZFS are checked, which costs little; of ext2 a sample. */
static void check(const struct image *img)
{
	nr_healthy++;
	if (strcmp(img->type, "ezfs") && nr_healthy % 512 && !host_verbose)
		return;
	nr_checked++;
	if (strcmp(img->type, "ezfs") ? !ext2_is_clean(img) : !ezfs_is_clean(img))
		host_die("a healthy file system is not clean after unmount", img->name, 0);
}

/* ------------------------------------------------------------------ libFuzzer's */

static void report(void)
{
	const struct fuzz_counts *c = &fuzz_counts;

	fprintf(stderr, "fuzz: %lu inputs, %lu mounts tried, %lu mounted, %lu operations, %lu of them succeeded; "
		"%lu started healthy, %lu checked by fsck\n", nr_inputs, c->mounts, c->mounted, c->operations,
		c->succeeded, nr_healthy, nr_checked);
}

static void on_cpu_time(int sig)
{
	(void)sig;
	host_die("hangs: too much CPU time for one input", "host.c", 0);
}

static void limit_cpu_time(void)
{
	const struct itimerval limit = { .it_value = { .tv_sec = CPU_SECONDS } };

	setitimer(ITIMER_PROF, &limit, NULL);
}

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	host_verbose = getenv("FUZZ_VERBOSE") != NULL;
	host_failures = getenv("FUZZ_FAILURES") != NULL;
	snprintf(scratch, sizeof(scratch), "/tmp/fuzz-fs-%d.img", (int)getpid());
	fuzz_boot();
	load_images((*argv)[0]);
	memset(&fuzz_counts, 0, sizeof(fuzz_counts));
	signal(SIGPROF, on_cpu_time);
	atexit(report);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = data + size;
	struct image *img;
	unsigned int n;

	if (size < 2 || !images[data[0] % nr_images].usable)
		return -1;
	img = &images[data[0] % nr_images];
	n = data[1] % MAX_PATCHES;
	data += 2;
	memcpy(disk, img->healthy, img->bytes);
	for (unsigned int i = 0; i < n; i++) {
		size_t at, bytes;

		if (end - data < 4)
			return -1;
		at = (data[0] | data[1] << 8 | data[2] << 16) % img->bytes;
		bytes = data[3] % MAX_PATCH + 1;
		data += 4;
		if ((size_t)(end - data) < bytes)
			return -1;
		if (bytes > img->bytes - at)
			bytes = img->bytes - at;
		memcpy(disk + at, data, bytes);
		data += bytes;
	}
	nr_inputs++;
	limit_cpu_time();
	if (fuzz_run(img->type, disk, img->bytes, data, end - data) && !n)
		check(img);
	return 0;
}

/* Our own counting finds what is lost; ASan's quarantine is kept small, for the caches' sake. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "detect_leaks=0:quarantine_size_mb=8:thread_local_quarantine_size_kb=256:detect_stack_use_after_return=0:"
	       "allocator_may_return_null=0:max_free_fill_size=0";
}

const char *__ubsan_default_options(void);
const char *__ubsan_default_options(void)
{
	return "print_stacktrace=1";
}
