// SPDX-License-Identifier: MIT
/*
 * Terminals as files: opening, reading, writing, closing, and which terminals there are.
 *
 * Called by the VFS through tty_fops, and by the drivers that register here. A tty_struct is made
 * at the first open of its line and kept from then on, with its settings; what comes and goes are
 * the files. tty_mutex guards the list of drivers and their ttys[], tty_lock() each terminal's
 * opens and closes.
 */
#include <linux/capability.h>
#include <linux/console.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/major.h>
#include <linux/poll.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/tty.h>
#include <linux/uio.h>

#include "tty.h"

static DEFINE_MUTEX(tty_mutex);
static LIST_HEAD(tty_drivers);
static struct class *tty_class;
static struct cdev tty_cdev, console_cdev;

/* What a terminal is set to before anyone sets it: lines, echo, ^C and its like. */
struct ktermios tty_std_termios = {
	.c_iflag = ICRNL | IXON,
	.c_oflag = OPOST | ONLCR,
	.c_cflag = B38400 | CS8 | CREAD | HUPCL,
	.c_lflag = ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE | IEXTEN,
	.c_cc = {
		[VINTR] = 'C' - 0100, [VQUIT] = '\\' - 0100, [VERASE] = 0177, [VKILL] = 'U' - 0100,
		[VEOF] = 'D' - 0100, [VMIN] = 1, [VSTART] = 'Q' - 0100, [VSTOP] = 'S' - 0100,
		[VSUSP] = 'Z' - 0100, [VREPRINT] = 'R' - 0100, [VDISCARD] = 'O' - 0100,
		[VWERASE] = 'W' - 0100, [VLNEXT] = 'V' - 0100,
	},
	.c_ispeed = 38400,
	.c_ospeed = 38400,
};

void tty_lock(struct tty_struct *tty)
{
	mutex_lock(&tty->legacy_mutex);
}

void tty_unlock(struct tty_struct *tty)
{
	mutex_unlock(&tty->legacy_mutex);
}

const char *tty_name(const struct tty_struct *tty)
{
	return tty ? tty->name : "no tty";
}

/* Its number in /dev, for /proc/PID/stat. */
dev_t tty_devnum(struct tty_struct *tty)
{
	return MKDEV(tty->driver->major, tty->driver->minor_start + tty->index);
}

struct tty_struct *tty_kref_get(struct tty_struct *tty)
{
	if (tty)
		refcount_inc(&tty->kref);
	return tty;
}

static void free_tty_struct(struct tty_struct *tty)
{
	tty->ldisc.ops->close(tty);
	kfree(tty);
}

void tty_kref_put(struct tty_struct *tty)
{
	if (tty && refcount_dec_and_test(&tty->kref))
		free_tty_struct(tty);
}

/* ------------------------------------------------------------------------- from the driver */

/* The driver collects characters here; 0 when there is no more room. Its own lock guards it. */
int tty_insert_flip_char(struct tty_port *port, unsigned char ch, char flag)
{
	if (port->used == TTY_FLIP_SIZE)
		return 0;
	port->chars[port->used] = ch;
	port->flags[port->used++] = flag;
	return 1;
}

/**
 * tty_flip_buffer_push - hand what was collected to the line discipline
 *
 * Hard-interrupt context; only the handler of the port's interrupt may call it, and without the
 * port's lock: the echo will come back to the driver from inside.
 */
void tty_flip_buffer_push(struct tty_port *port)
{
	struct tty_struct *tty = port->tty;
	unsigned int n = port->used;

	port->used = 0;
	if (n && tty)
		tty->ldisc.ops->receive_buf(tty, port->chars, port->flags, n);
}

/**
 * tty_wakeup - the driver has room for output again
 *
 * Any context, but without the driver's lock and the line discipline's.
 */
void tty_wakeup(struct tty_struct *tty)
{
	tty->ldisc.ops->write_wakeup(tty);
	wake_up_interruptible_poll(&tty->write_wait, EPOLLOUT | EPOLLWRNORM);
}

/* tty->flow.lock is held for these two. */
void __stop_tty(struct tty_struct *tty)
{
	if (tty->flow.stopped)
		return;
	WRITE_ONCE(tty->flow.stopped, true);
	if (tty->ops->stop)
		tty->ops->stop(tty);
}

void __start_tty(struct tty_struct *tty)
{
	if (!tty->flow.stopped || tty->flow.tco_stopped)
		return;
	WRITE_ONCE(tty->flow.stopped, false);
	if (tty->ops->start)
		tty->ops->start(tty);
}

/* ^S: send nothing until start_tty(). Any context. */
void stop_tty(struct tty_struct *tty)
{
	unsigned long flags;

	spin_lock_irqsave(&tty->flow.lock, flags);
	__stop_tty(tty);
	spin_unlock_irqrestore(&tty->flow.lock, flags);
}

/* Not with the line discipline's lock held: it calls tty_wakeup(). */
void start_tty(struct tty_struct *tty)
{
	unsigned long flags;

	spin_lock_irqsave(&tty->flow.lock, flags);
	__start_tty(tty);
	spin_unlock_irqrestore(&tty->flow.lock, flags);
	tty_wakeup(tty);
}

/* Sends a character past all that waits, and even if output is stopped: XON, XOFF. */
int tty_send_xchar(struct tty_struct *tty, char ch)
{
	if (!tty->ops->send_xchar)
		return -ENOSYS;
	tty->ops->send_xchar(tty, ch);
	return 0;
}

/* ------------------------------------------------------------------------- open and close */

/* The file's own part, made before anything that could not be undone. */
static int tty_alloc_file(struct file *file)
{
	struct tty_file_private *priv = kzalloc(sizeof(*priv), GFP_KERNEL);

	if (!priv)
		return -ENOMEM;
	priv->file = file;
	INIT_LIST_HEAD(&priv->list);
	file->private_data = priv;
	return 0;
}

static struct tty_struct *file_tty(struct file *file)
{
	return ((struct tty_file_private *)file->private_data)->tty;
}

static void tty_add_file(struct tty_struct *tty, struct file *file)
{
	struct tty_file_private *priv = file->private_data;

	priv->tty = tty_kref_get(tty);
	spin_lock(&tty->files_lock);
	list_add(&priv->list, &tty->tty_files);
	spin_unlock(&tty->files_lock);
}

/* tty_lock is held. */
static void tty_del_file(struct tty_struct *tty, struct file *file)
{
	struct tty_file_private *priv = file->private_data;

	spin_lock(&tty->files_lock);
	list_del(&priv->list);
	spin_unlock(&tty->files_lock);
}

/* A terminal for a line that was never opened yet. tty_mutex is held. */
static struct tty_struct *tty_init_dev(struct tty_driver *driver, int index)
{
	struct tty_struct *tty = kzalloc(sizeof(*tty), GFP_KERNEL);
	int ret;

	if (!tty)
		return ERR_PTR(-ENOMEM);
	tty->driver = driver;
	tty->ops = driver->ops;
	tty->index = index;
	snprintf(tty->name, sizeof(tty->name), "%s%d", driver->name, driver->name_base + index);
	refcount_set(&tty->kref, 1);
	mutex_init(&tty->legacy_mutex);
	mutex_init(&tty->winsize_mutex);
	mutex_init(&tty->atomic_write_lock);
	init_rwsem(&tty->termios_rwsem);
	spin_lock_init(&tty->files_lock);
	spin_lock_init(&tty->flow.lock);
	spin_lock_init(&tty->ctrl.lock);
	INIT_LIST_HEAD(&tty->tty_files);
	init_waitqueue_head(&tty->read_wait);
	init_waitqueue_head(&tty->write_wait);
	tty->termios = driver->init_termios;
	tty->ldisc.ops = &n_tty_ops;
	tty->ldisc.tty = tty;

	ret = tty->ldisc.ops->open(tty);
	if (ret) {
		kfree(tty);
		return ERR_PTR(ret);
	}
	driver->ttys[index] = tty;
	return tty;
}

/* The driver whose numbers hold device, and which of its lines it is. tty_mutex is held. */
static struct tty_driver *get_tty_driver(dev_t device, int *index)
{
	struct tty_driver *p;

	list_for_each_entry(p, &tty_drivers, tty_drivers) {
		dev_t base = MKDEV(p->major, p->minor_start);

		if (device < base || device >= base + p->num)
			continue;
		*index = device - base;
		return p;
	}
	return NULL;
}

/**
 * console_device - the terminal that belongs to the console, as driver and line
 *
 * Of several consoles, that of the one that printk prefers. NULL when none has a terminal.
 */
struct tty_driver *console_device(int *index)
{
	struct tty_driver *driver;
	struct console *c;

	for (c = console_drivers; c; c = c->next) {
		if (!c->device)
			continue;
		driver = c->device(c, index);
		if (driver)
			return driver;
	}
	return NULL;
}

/* The terminal that a device number means to this process, with a reference. */
static struct tty_struct *tty_open_lookup(dev_t device)
{
	struct tty_driver *driver;
	struct tty_struct *tty;
	int index;

	if (device == MKDEV(TTYAUX_MAJOR, 0)) {
		tty = get_current_tty();
		return tty ? tty : ERR_PTR(-ENXIO);
	}
	mutex_lock(&tty_mutex);
	if (device == MKDEV(TTYAUX_MAJOR, 1))
		driver = console_device(&index);
	else
		driver = get_tty_driver(device, &index);
	if (!driver)
		tty = ERR_PTR(-ENODEV);
	else
		tty = driver->ttys[index] ?: tty_init_dev(driver, index);
	if (!IS_ERR(tty))
		tty_kref_get(tty);
	mutex_unlock(&tty_mutex);
	return tty;
}

/*
 * Opening /dev/ttyAMA0 makes it the controlling terminal of a session leader that has none, unless
 * O_NOCTTY; opening /dev/tty or /dev/console never does.
 */
static int tty_open(struct inode *inode, struct file *filp)
{
	dev_t device = inode->i_rdev;
	struct tty_struct *tty;
	int ret;

	ret = tty_alloc_file(filp);
	if (ret)
		return ret;
	tty = tty_open_lookup(device);
	if (IS_ERR(tty)) {
		ret = PTR_ERR(tty);
		goto out_free;
	}

	tty_lock(tty);
	if (test_bit(TTY_EXCLUSIVE, &tty->flags) && tty->count && !capable(CAP_SYS_ADMIN)) {
		ret = -EBUSY;
		goto out_unlock;
	}
	ret = tty->ops->open(tty, filp);
	if (ret)
		goto out_unlock;
	tty->count++;
	tty_add_file(tty, filp);
	((struct tty_file_private *)filp->private_data)->console = device == MKDEV(TTYAUX_MAJOR, 1);
	tty_unlock(tty);

	if (!(filp->f_flags & O_NOCTTY) && MAJOR(device) != TTYAUX_MAJOR)
		tty_open_proc_set_tty(filp, tty);
	tty_kref_put(tty);
	return 0;

out_unlock:
	tty_unlock(tty);
	tty_kref_put(tty);
out_free:
	kfree(filp->private_data);
	filp->private_data = NULL;
	return ret;
}

int tty_release(struct inode *inode, struct file *filp)
{
	struct tty_struct *tty = file_tty(filp);
	struct pid *session = NULL;
	unsigned long flags;

	tty_lock(tty);
	/* After a hangup the driver was told already. */
	if (!tty_hung_up_p(filp)) {
		tty->ops->close(tty, filp);
		tty->count--;
	}
	tty_del_file(tty, filp);	/* or a hangup right after tty_unlock() would close it again */
	if (!tty->count) {
		/* Nobody could reach it any more: it is no one's controlling terminal. */
		spin_lock_irqsave(&tty->ctrl.lock, flags);
		session = get_pid(tty->ctrl.session);
		spin_unlock_irqrestore(&tty->ctrl.lock, flags);
		clear_bit(TTY_EXCLUSIVE, &tty->flags);
		tty->ldisc.ops->flush_buffer(tty);
	}
	tty_unlock(tty);

	if (session) {
		session_clear_tty(session);
		put_pid(session);
	}
	kfree(filp->private_data);
	filp->private_data = NULL;
	tty_kref_put(tty);
	return 0;
}

/* ------------------------------------------------------------------------- read and write */

static ssize_t tty_read(struct kiocb *iocb, struct iov_iter *to)
{
	struct file *file = iocb->ki_filp;
	struct tty_struct *tty = file_tty(file);
	unsigned char buf[256];
	void *cookie = NULL;
	ssize_t n, done = 0;
	size_t copied;

	if (!iov_iter_count(to))
		return 0;
	do {
		n = tty->ldisc.ops->read(tty, file, buf, min(iov_iter_count(to), sizeof(buf)),
					 &cookie, done);
		if (n <= 0)
			break;
		copied = copy_to_iter(buf, n, to);
		done += copied;
		if (copied < n) {
			n = -EFAULT;
			break;
		}
	} while (cookie && iov_iter_count(to));
	if (cookie)
		tty->ldisc.ops->read(tty, file, buf, 0, &cookie, done);
	return done ?: n;
}

/* One write at a time, so that lines of two programs do not mix. */
static int tty_write_lock(struct tty_struct *tty, bool nonblock)
{
	if (nonblock)
		return mutex_trylock(&tty->atomic_write_lock) ? 0 : -EAGAIN;
	return mutex_lock_interruptible(&tty->atomic_write_lock) ? -ERESTARTSYS : 0;
}

static ssize_t tty_write(struct kiocb *iocb, struct iov_iter *from)
{
	struct file *file = iocb->ki_filp;
	struct tty_struct *tty = file_tty(file);
	unsigned char buf[256];
	ssize_t n, done = 0;
	size_t size;

	n = tty_write_lock(tty, tty_io_nonblock(tty, file));
	if (n)
		return n;
	while ((size = min(iov_iter_count(from), sizeof(buf)))) {
		size = copy_from_iter(buf, size, from);
		if (!size) {
			n = -EFAULT;
			break;
		}
		n = tty->ldisc.ops->write(tty, file, buf, size);
		if (n <= 0)
			break;
		done += n;
		if (n < size)
			break;
		if (signal_pending(current)) {
			n = -ERESTARTSYS;
			break;
		}
		cond_resched();
	}
	mutex_unlock(&tty->atomic_write_lock);
	return done ?: n;
}

static __poll_t tty_poll(struct file *file, struct poll_table_struct *wait)
{
	struct tty_struct *tty = file_tty(file);

	return tty->ldisc.ops->poll(tty, file, wait);
}

loff_t tty_llseek(struct file *file, loff_t offset, int whence)
{
	return -ESPIPE;
}

static const struct file_operations tty_fops = {
	.llseek		= tty_llseek,
	.read_iter	= tty_read,
	.write_iter	= tty_write,
	.poll		= tty_poll,
	.unlocked_ioctl	= tty_ioctl,
	.open		= tty_open,
	.release	= tty_release,
};

/* ------------------------------------------------------------------------- drivers */

/**
 * __tty_alloc_driver - a driver for @lines terminals, to be filled in and registered
 */
struct tty_driver *__tty_alloc_driver(unsigned int lines, struct module *owner, unsigned long flags)
{
	struct tty_driver *driver = kzalloc(sizeof(*driver), GFP_KERNEL);

	if (!driver)
		return ERR_PTR(-ENOMEM);
	driver->ttys = kcalloc(lines, sizeof(*driver->ttys), GFP_KERNEL);
	if (!driver->ttys) {
		kfree(driver);
		return ERR_PTR(-ENOMEM);
	}
	driver->owner = owner;
	driver->num = lines;
	driver->flags = flags;
	driver->init_termios = tty_std_termios;
	return driver;
}

/* For a driver that was not registered. */
void tty_driver_kref_put(struct tty_driver *driver)
{
	kfree(driver->ttys);
	kfree(driver);
}

/**
 * tty_register_driver - the driver's terminals can be opened from now on
 *
 * major must be set. -EBUSY when its numbers are taken.
 */
int tty_register_driver(struct tty_driver *driver)
{
	dev_t dev = MKDEV(driver->major, driver->minor_start);
	int ret;

	ret = register_chrdev_region(dev, driver->num, driver->name);
	if (ret < 0)
		return ret;
	cdev_init(&driver->cdev, &tty_fops);
	ret = cdev_add(&driver->cdev, dev, driver->num);
	if (ret) {
		unregister_chrdev_region(dev, driver->num);
		return ret;
	}
	mutex_lock(&tty_mutex);
	list_add(&driver->tty_drivers, &tty_drivers);
	mutex_unlock(&tty_mutex);
	return 0;
}

/* A node in /dev for one of the driver's lines. An error pointer on failure. */
struct device *tty_register_device(struct tty_driver *driver, unsigned int index,
				   struct device *device)
{
	return device_create(tty_class, device, MKDEV(driver->major, driver->minor_start + index),
			     NULL, "%s%d", driver->name, driver->name_base + index);
}

/* Everyone may open /dev/tty: it is the process's own terminal. */
static char *tty_devnode(struct device *dev, umode_t *mode)
{
	if (mode && dev->devt == MKDEV(TTYAUX_MAJOR, 0))
		*mode = 0666;
	return NULL;
}

static int __init tty_add_cdev(struct cdev *cdev, unsigned int minor, const char *name)
{
	dev_t dev = MKDEV(TTYAUX_MAJOR, minor);
	struct device *device;
	int ret;

	ret = register_chrdev_region(dev, 1, name);
	if (ret < 0)
		return ret;
	cdev_init(cdev, &tty_fops);
	ret = cdev_add(cdev, dev, 1);
	if (ret < 0)
		goto out_unregister;
	device = device_create(tty_class, NULL, dev, NULL, "%s", name);
	if (IS_ERR(device)) {
		ret = PTR_ERR(device);
		cdev_del(cdev);
		goto out_unregister;
	}
	return 0;

out_unregister:
	unregister_chrdev_region(dev, 1);
	return ret;
}

static int __init tty_class_init(void)
{
	tty_class = class_create(NULL, "tty");
	if (IS_ERR(tty_class))
		return PTR_ERR(tty_class);
	tty_class->devnode = tty_devnode;
	return 0;
}
postcore_initcall(tty_class_init);

static int __init tty_init(void)
{
	int ret = tty_add_cdev(&tty_cdev, 0, "tty");

	return ret ?: tty_add_cdev(&console_cdev, 1, "console");
}
fs_initcall(tty_init);
