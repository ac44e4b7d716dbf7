// SPDX-License-Identifier: MIT
/*
 * printk: the kernel's log, and the consoles that show it.
 *
 * Lines go into a ring of records, log_buf, which keeps the newest; who reads (dmesg, /proc/kmsg, a
 * console) holds the sequence number that he wants next and may find that it is gone. Each line is
 * put on the consoles by the one who logs it.
 *
 * logbuf_lock guards the ring. It is taken with interrupts off, from any context. In a panic
 * (oops_in_progress) nobody waits for it: what must be said is said, at the risk of a torn line.
 */
#include <linux/console.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/memblock.h>
#include <linux/printk.h>
#include <linux/sched/clock.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include "internal.h"

int console_loglevel = 7;		/* lines of a lower number are shown */
int oops_in_progress;
struct console *console_drivers;

static DEFINE_RAW_SPINLOCK(logbuf_lock);

/* The first lines go into __log_buf, until there is memory for a ring of the right size. */
static char __log_buf[EARLY_LOG_BUF_LEN] __aligned(8);
static char *log_buf = __log_buf;
static u32 log_buf_len = EARLY_LOG_BUF_LEN;
static u32 log_first, log_next;		/* offsets of the oldest record and of the next */
static u64 log_first_seq, log_next_seq;
static u64 log_clear_seq;		/* dmesg -c */

/* ------------------------------------------------------------------ the ring */

static u32 record_size(u32 text_len)
{
	return round_up(sizeof(struct printk_record) + text_len, 8);
}

/* A record with size 0 means: the rest of the buffer is unused, go on at its start. */
static struct printk_record *record_at(u32 off)
{
	struct printk_record *r = (struct printk_record *)(log_buf + off);

	return r->size ? r : (struct printk_record *)log_buf;
}

static u32 record_after(u32 off)
{
	struct printk_record *r = record_at(off);

	return (char *)r - log_buf + r->size;
}

static bool room_for(u32 size)
{
	u32 free;

	if (log_next > log_first || log_first_seq == log_next_seq)
		free = max(log_buf_len - log_next, log_first);
	else
		free = log_first - log_next;
	return free >= size + sizeof(struct printk_record);
}

/**
 * setup_log_buf - a ring of LOG_BUF_LEN bytes, with what was said so far
 *
 * Called while booting, as soon as memblock can allocate. The old records fit: it is larger.
 */
void __init setup_log_buf(void)
{
	char *new_log_buf = memblock_alloc(LOG_BUF_LEN, 8);
	u32 off = log_first, next = 0, size;
	unsigned long flags;
	u64 seq;

	raw_spin_lock_irqsave(&logbuf_lock, flags);
	for (seq = log_first_seq; seq < log_next_seq; seq++, off = record_after(off)) {
		size = record_at(off)->size;
		memcpy(new_log_buf + next, record_at(off), size);
		next += size;
	}
	log_buf = new_log_buf;
	log_buf_len = LOG_BUF_LEN;
	log_first = 0;
	log_next = next;
	raw_spin_unlock_irqrestore(&logbuf_lock, flags);
}

/* logbuf_lock is held. */
static void log_store(int level, u64 ts, const char *text, u32 len)
{
	u32 size = record_size(len);
	struct printk_record *r;

	while (log_first_seq < log_next_seq && !room_for(size)) {
		log_first = record_after(log_first);
		log_first_seq++;
	}
	if (log_next + size + sizeof(*r) > log_buf_len) {
		memset(log_buf + log_next, 0, sizeof(*r));
		log_next = 0;
	}
	r = (struct printk_record *)(log_buf + log_next);
	r->ts_nsec = ts;
	r->level = level;
	r->text_len = len;
	r->size = size;
	memcpy(r->text, text, len);
	if (log_first_seq == log_next_seq)
		log_first = log_next;
	log_next += size;
	log_next_seq++;
}

static void logbuf_lock_irqsave(unsigned long *flags)
{
	if (oops_in_progress) {
		local_irq_save(*flags);
		preempt_disable();
		return;
	}
	raw_spin_lock_irqsave(&logbuf_lock, *flags);
}

static void logbuf_unlock_irqrestore(unsigned long flags)
{
	if (oops_in_progress) {
		local_irq_restore(flags);
		preempt_enable_no_resched();
		return;
	}
	/* No preemption from here: the caller may hold the run queue's lock with interrupts on. */
	__spin_unlock_no_resched(&logbuf_lock);
	local_irq_restore(flags);
	preempt_enable_no_resched();
}

/**
 * log_read - copy the record with a sequence number, or the oldest after it
 * @seq: wanted; updated to the one that follows what was read
 * @buf: LOG_LINE_MAX bytes, for the text without prefix and newline
 *
 * False when there is none yet.
 */
bool log_read(u64 *seq, struct printk_record *info, char *buf)
{
	unsigned long flags;
	bool found = false;
	u64 s;
	u32 off;

	logbuf_lock_irqsave(&flags);
	if (*seq < log_first_seq)
		*seq = log_first_seq;
	for (s = log_first_seq, off = log_first; s < *seq && s < log_next_seq; s++)
		off = record_after(off);
	if (s < log_next_seq) {
		*info = *record_at(off);
		memcpy(buf, record_at(off)->text, info->text_len);
		*seq = s + 1;
		found = true;
	}
	logbuf_unlock_irqrestore(flags);
	return found;
}

void log_seqs(u64 *first, u64 *next, u64 *clear)
{
	unsigned long flags;

	logbuf_lock_irqsave(&flags);
	*first = log_first_seq;
	*next = log_next_seq;
	*clear = max(log_clear_seq, log_first_seq);
	logbuf_unlock_irqrestore(flags);
}

void log_clear(void)
{
	unsigned long flags;

	logbuf_lock_irqsave(&flags);
	log_clear_seq = log_next_seq;
	logbuf_unlock_irqrestore(flags);
}

/* "[    1.234567] ", as dmesg shows it */
int print_time(u64 ts, char *buf)
{
	unsigned long rem_nsec = ts % 1000000000;

	return sprintf(buf, "[%5lu.%06lu] ", (unsigned long)(ts / 1000000000), rem_nsec / 1000);
}

/* ------------------------------------------------------------------ consoles */

static void call_console_drivers(const char *text, u32 len)
{
	struct console *con;

	for (con = console_drivers; con; con = con->next)
		if (con->flags & CON_ENABLED)
			con->write(con, text, len);
}

static void console_print_record(const struct printk_record *r, const char *text)
{
	char line[LOG_LINE_MAX + 32];
	int n;

	if (r->level >= console_loglevel)
		return;
	n = print_time(r->ts_nsec, line);
	memcpy(line + n, text, r->text_len);
	n += r->text_len;
	line[n++] = '\n';
	call_console_drivers(line, n);
}

void register_console(struct console *newcon)
{
	struct console **link, *con;
	static char text[LOG_LINE_MAX];
	struct printk_record r;
	u64 seq = 0;
	bool had_boot = false;

	if (!(newcon->flags & CON_BOOT)) {
		for (link = &console_drivers; (con = *link); ) {
			if (con->flags & CON_BOOT) {
				had_boot = true;
				*link = con->next;
			} else {
				link = &con->next;
			}
		}
	}
	/* What was logged before there was any console. */
	if ((newcon->flags & CON_PRINTBUFFER) && !had_boot) {
		newcon->flags |= CON_ENABLED;
		newcon->next = NULL;
		con = console_drivers;
		console_drivers = newcon;
		while (log_read(&seq, &r, text))
			console_print_record(&r, text);
		newcon->next = con;
	}
	newcon->flags |= CON_ENABLED;
	if (console_drivers != newcon) {
		newcon->next = console_drivers;
		console_drivers = newcon;
	}
}

int unregister_console(struct console *gone)
{
	struct console **link;

	for (link = &console_drivers; *link; link = &(*link)->next) {
		if (*link == gone) {
			*link = gone->next;
			gone->flags &= ~CON_ENABLED;
			return 0;
		}
	}
	return -ENODEV;
}

/* ------------------------------------------------------------------ printk */

/* "\001" and a digit in front say the level; returns it and moves *text behind. */
static int parse_level(const char **text)
{
	const char *s = *text;

	if (s[0] != KERN_SOH[0] || !s[1])
		return -1;
	*text = s + 2;
	return s[1] == 'c' ? -2 : s[1] - '0';
}

/* One line, without its newline. */
static void log_line(int level, u64 ts, const char *text, u32 len)
{
	struct printk_record r = { .ts_nsec = ts, .level = level, .text_len = len };

	log_store(level, ts, text, len);
	console_print_record(&r, text);
}

int vprintk(const char *fmt, va_list args)
{
	static char textbuf[LOG_LINE_MAX];	/* logbuf_lock */
	static char cont[LOG_LINE_MAX];		/* a line whose end has not come yet */
	static u32 cont_len;
	static int cont_level;
	const char *text = textbuf;
	u64 ts = sched_clock();
	unsigned long flags;
	int level, ret, len;

	logbuf_lock_irqsave(&flags);
	ret = vscnprintf(textbuf, sizeof(textbuf), fmt, args);
	level = parse_level(&text);
	len = ret - (text - textbuf);
	if (level != -2 && cont_len) {		/* nobody went on with it: it was a line after all */
		log_line(cont_level, ts, cont, cont_len);
		cont_len = 0;
	}
	if (level == -2 && cont_len == 0)
		cont_level = LOGLEVEL_DEFAULT;
	else if (level >= 0)
		cont_level = level;
	else if (level == -1)
		cont_level = LOGLEVEL_DEFAULT;

	while (len > 0) {
		const char *nl = memchr(text, '\n', len);
		u32 part = nl ? nl - text : len, room = min(part, (u32)sizeof(cont) - cont_len);

		memcpy(cont + cont_len, text, room);
		cont_len += room;
		if (!nl)
			break;
		log_line(cont_level, ts, cont, cont_len);
		cont_len = 0;
		text += part + 1;
		len -= part + 1;
	}
	logbuf_unlock_irqrestore(flags);
	return ret;
}
EXPORT_SYMBOL(vprintk);

int _printk(const char *fmt, ...)
{
	va_list args;
	int r;

	va_start(args, fmt);
	r = vprintk(fmt, args);
	va_end(args);
	return r;
}
EXPORT_SYMBOL(_printk);

void console_verbose(void)
{
	console_loglevel = 15;
}

void bust_spinlocks(int yes)
{
	oops_in_progress = yes;
}


bool ___ratelimit(struct ratelimit_state *rs, const char *func)
{
	u64 now = sched_clock();

	if (now - rs->begin > 5000000000ULL) {
		if (rs->missed)
			printk(KERN_WARNING "%s: %d lines left out\n", func, rs->missed);
		rs->begin = now;
		rs->printed = rs->missed = 0;
	}
	if (rs->printed >= 10) {
		rs->missed++;
		return false;
	}
	rs->printed++;
	return true;
}
EXPORT_SYMBOL(___ratelimit);

static int __init loglevel(char *str)
{
	int level;

	if (kstrtoint(str, 10, &level))
		return -EINVAL;
	console_loglevel = clamp(level, 1, 15);
	return 0;
}
early_param("loglevel", loglevel);

static int __init quiet(char *str)
{
	console_loglevel = 4;
	return 0;
}
early_param("quiet", quiet);
