// SPDX-License-Identifier: MIT
/*
 * Random numbers: ChaCha20 (RFC 8439) as a generator whose key is replaced by its own output at
 * every use, so that a key seen later tells nothing about numbers given out before.
 *
 * The first key comes from the firmware ("rng-seed" in /chosen of the device tree). Everything else
 * that outsiders do not know, the counter at odd moments above all, is stirred into it on the way.
 * Without a seed the start of the machine is timed against its own clock, and a line in the log
 * says that this is weaker. base.lock guards the key and is taken with interrupts off, since a
 * driver may add what it has seen from its interrupt handler.
 */
#include <linux/export.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/of.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/syscalls.h>
#include <linux/timekeeping.h>
#include <linux/uaccess.h>
#include <linux/uio.h>
#include <asm/sysreg.h>
#include "mem.h"

#define CHACHA_KEY_WORDS	8
#define CHACHA_KEY_SIZE		32
#define CHACHA_BLOCK_SIZE	64

static struct {
	spinlock_t	lock;
	u32		key[CHACHA_KEY_WORDS];
	u64		generation;	/* part of the nonce: no two blocks have the same input */
} base = { .lock = __SPIN_LOCK_UNLOCKED(base.lock) };

/* ------------------------------------------------------------------ ChaCha20 */

static inline u32 rotl(u32 v, int n)
{
	return (v << n) | (v >> (32 - n));
}

static inline void quarter_round(u32 *a, u32 *b, u32 *c, u32 *d)
{
	*a += *b; *d = rotl(*d ^ *a, 16);
	*c += *d; *b = rotl(*b ^ *c, 12);
	*a += *b; *d = rotl(*d ^ *a, 8);
	*c += *d; *b = rotl(*b ^ *c, 7);
}

/* One block of 16 words from key, block counter and nonce. */
static void chacha20_block(const u32 *key, u64 counter, u64 nonce, u32 *out)
{
	/* "expand 32-byte k" */
	u32 in[16] = { 0x61707865, 0x3320646e, 0x79622d32, 0x6b206574 };
	u32 *x = out;

	memcpy(&in[4], key, CHACHA_KEY_SIZE);
	in[12] = counter;
	in[13] = counter >> 32;
	in[14] = nonce;
	in[15] = nonce >> 32;
	memcpy(x, in, sizeof(in));
	for (int i = 0; i < 10; i++) {
		quarter_round(&x[0], &x[4], &x[8], &x[12]);
		quarter_round(&x[1], &x[5], &x[9], &x[13]);
		quarter_round(&x[2], &x[6], &x[10], &x[14]);
		quarter_round(&x[3], &x[7], &x[11], &x[15]);
		quarter_round(&x[0], &x[5], &x[10], &x[15]);
		quarter_round(&x[1], &x[6], &x[11], &x[12]);
		quarter_round(&x[2], &x[7], &x[8], &x[13]);
		quarter_round(&x[3], &x[4], &x[9], &x[14]);
	}
	for (int i = 0; i < 16; i++)
		x[i] += in[i];
}

static u64 cycle_counter(void)
{
	return read_sysreg(cntvct_el0);
}

/* ------------------------------------------------------------------ the key */

/* Half a block becomes the key, the other half is for the caller. base.lock held. */
static void advance_key(u32 *fresh)
{
	u32 block[CHACHA_BLOCK_SIZE / 4];

	base.key[0] ^= (u32)cycle_counter();
	chacha20_block(base.key, 0, ++base.generation, block);
	memcpy(base.key, block, CHACHA_KEY_SIZE);
	if (fresh)
		memcpy(fresh, block + CHACHA_KEY_WORDS, CHACHA_KEY_SIZE);
	memset(block, 0, sizeof(block));
	barrier_data(block);
}

/** add_device_randomness - stirs in something that outsiders may not know. Any context */
void add_device_randomness(const void *buf, size_t len)
{
	unsigned long flags;

	spin_lock_irqsave(&base.lock, flags);
	while (len) {
		size_t n = min_t(size_t, len, CHACHA_KEY_SIZE);

		for (size_t i = 0; i < n; i++)
			((u8 *)base.key)[i] ^= ((const u8 *)buf)[i];
		advance_key(NULL);
		buf += n;
		len -= n;
	}
	spin_unlock_irqrestore(&base.lock, flags);
}
EXPORT_SYMBOL(add_device_randomness);

/* A key of one's own, to make any number of blocks with. */
static void take_key(u32 *key)
{
	unsigned long flags;

	spin_lock_irqsave(&base.lock, flags);
	advance_key(key);
	spin_unlock_irqrestore(&base.lock, flags);
}

/** get_random_bytes - fills @buf with @len random bytes. Any context */
void get_random_bytes(void *buf, size_t len)
{
	u32 key[CHACHA_KEY_WORDS], block[CHACHA_BLOCK_SIZE / 4];
	u64 counter = 0;

	take_key(key);
	if (len <= CHACHA_KEY_SIZE) {
		memcpy(buf, key, len);		/* as good as a block made from it */
		goto out;
	}
	while (len) {
		size_t n = min_t(size_t, len, CHACHA_BLOCK_SIZE);

		chacha20_block(key, counter++, 0, block);
		memcpy(buf, block, n);
		buf += n;
		len -= n;
	}
	memset(block, 0, sizeof(block));
	barrier_data(block);
out:
	memset(key, 0, sizeof(key));
	barrier_data(key);
}
EXPORT_SYMBOL(get_random_bytes);

u32 get_random_u32(void)
{
	u32 v;

	get_random_bytes(&v, sizeof(v));
	return v;
}
EXPORT_SYMBOL(get_random_u32);

u64 get_random_u64(void)
{
	u64 v;

	get_random_bytes(&v, sizeof(v));
	return v;
}
EXPORT_SYMBOL(get_random_u64);

/** get_random_u32_below - a number from 0 to @ceil - 1, each as likely as the others */
u32 get_random_u32_below(u32 ceil)
{
	u32 reject = -ceil % ceil; /* 2^32 mod ceil: so many would make some numbers likelier */
	u64 product;

	do {
		product = (u64)get_random_u32() * ceil;
	} while ((u32)product < reject);
	return product >> 32;
}
EXPORT_SYMBOL(get_random_u32_below);

/* ------------------------------------------------------------------ programs */

/* Blocks to an iterator; stops between pages for a signal. */
static ssize_t get_random_bytes_user(struct iov_iter *iter)
{
	u32 key[CHACHA_KEY_WORDS], block[CHACHA_BLOCK_SIZE / 4];
	ssize_t done = 0;
	u64 counter = 0;

	if (!iov_iter_count(iter))
		return 0;
	take_key(key);
	while (iov_iter_count(iter)) {
		size_t n = min_t(size_t, iov_iter_count(iter), CHACHA_BLOCK_SIZE), copied;

		chacha20_block(key, counter++, 0, block);
		copied = copy_to_iter(block, n, iter);
		done += copied;
		if (copied < n)
			break;
		if (done % PAGE_SIZE == 0) {
			if (signal_pending(current))
				break;
			cond_resched();
		}
	}
	memset(block, 0, sizeof(block));
	memset(key, 0, sizeof(key));
	barrier_data(block);
	barrier_data(key);
	return done ?: -EFAULT;
}

/* The generator is seeded before the first program runs, so no read ever has to wait. */
SYSCALL_DEFINE3(getrandom, char __user *, ubuf, size_t, len, unsigned int, flags)
{
	struct iov_iter iter;
	struct iovec iov;
	int err;

	if (flags & ~(GRND_NONBLOCK | GRND_RANDOM | GRND_INSECURE))
		return -EINVAL;
	if ((flags & (GRND_INSECURE | GRND_RANDOM)) == (GRND_INSECURE | GRND_RANDOM))
		return -EINVAL;
	err = import_single_range(READ, ubuf, len, &iov, &iter);
	return err ?: get_random_bytes_user(&iter);
}

static ssize_t random_read_iter(struct kiocb *iocb, struct iov_iter *iter)
{
	return get_random_bytes_user(iter);
}

/* What a program writes is stirred in; it cannot make the numbers worse. */
static ssize_t random_write_iter(struct kiocb *iocb, struct iov_iter *iter)
{
	u8 block[CHACHA_BLOCK_SIZE];
	ssize_t done = 0;

	while (iov_iter_count(iter)) {
		size_t n = copy_from_iter(block, sizeof(block), iter);

		if (!n)
			return done ?: -EFAULT;
		add_device_randomness(block, n);
		done += n;
		if (done % PAGE_SIZE == 0) {
			if (signal_pending(current))
				break;
			cond_resched();
		}
	}
	return done;
}

static long random_ioctl(struct file *f, unsigned int cmd, unsigned long arg)
{
	int bits = CHACHA_KEY_SIZE * 8;

	if (cmd != RNDGETENTCNT)
		return -ENOIOCTLCMD;
	return copy_to_user((int __user *)arg, &bits, sizeof(bits)) ? -EFAULT : 0;
}

const struct file_operations random_fops = {
	.llseek		= noop_llseek,
	.read_iter	= random_read_iter,
	.write_iter	= random_write_iter,
	.unlocked_ioctl	= random_ioctl,
};

const struct file_operations urandom_fops = {
	.llseek		= noop_llseek,
	.read_iter	= random_read_iter,
	.write_iter	= random_write_iter,
	.unlocked_ioctl	= random_ioctl,
};

/* ------------------------------------------------------------------ the first key */

/* How long memory and the counter take, 1,024 times: the low bits differ from start to start. */
static void __init seed_from_timing(void)
{
	for (int i = 0; i < 1024; i++) {
		u64 sample[2] = { cycle_counter(), 0 };

		advance_key(NULL);
		sample[1] = cycle_counter() - sample[0];
		add_device_randomness(sample, sizeof(sample));
	}
}

static int __init random_init(void)
{
	struct device_node *chosen = of_find_node_by_path("/chosen");
	u64 stamp[3] = { cycle_counter(), ktime_get_real_ns(), ktime_get_ns() };
	const void *seed = NULL;
	int len = 0;

	if (chosen)
		seed = of_get_property(chosen, "rng-seed", &len);
	if (seed && len >= CHACHA_KEY_SIZE) {
		add_device_randomness(seed, len);
	} else {
		pr_warn("random: the device tree has no rng-seed: numbers may be guessed\n");
		seed_from_timing();
	}
	of_node_put(chosen);
	add_device_randomness(boot_command_line, strlen(boot_command_line));
	add_device_randomness(stamp, sizeof(stamp));
	return 0;
}
core_initcall(random_init);
