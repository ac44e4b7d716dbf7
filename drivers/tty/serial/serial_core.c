// SPDX-License-Identifier: MIT
/*
 * Serial ports as terminals: the ring of characters to be sent and the life of a port, the same
 * for every UART.
 *
 * Called by the terminal layer through uart_tty_ops, and by the UARTs' drivers. port->lock guards
 * the ring and the hardware; opens and closes come under tty_lock().
 */
#include <linux/console.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/serial_core.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/tty.h>

static struct uart_port *uart_port_of(struct tty_struct *tty)
{
	return ((struct uart_state *)tty->driver_data)->uart_port;
}

/* port->lock is held. */
static void __uart_start(struct uart_port *port)
{
	if (!uart_tx_stopped(port))
		port->ops->start_tx(port);
}

/* ------------------------------------------------------------------------- output */

static int uart_write(struct tty_struct *tty, const unsigned char *buf, int count)
{
	struct uart_state *state = tty->driver_data;
	struct uart_port *port = state->uart_port;
	struct circ_buf *circ = &state->xmit;
	unsigned long flags;
	int n, done = 0;

	spin_lock_irqsave(&port->lock, flags);
	while (circ->buf && count > 0) {
		n = min(count, (int)CIRC_SPACE_TO_END(circ->head, circ->tail, (int)UART_XMIT_SIZE));
		if (n <= 0)
			break;
		memcpy(circ->buf + circ->head, buf, n);
		circ->head = (circ->head + n) & (UART_XMIT_SIZE - 1);
		buf += n;
		count -= n;
		done += n;
	}
	if (done)
		__uart_start(port);
	spin_unlock_irqrestore(&port->lock, flags);
	return done;
}

static unsigned int uart_write_room(struct tty_struct *tty)
{
	struct uart_state *state = tty->driver_data;
	struct uart_port *port = state->uart_port;
	unsigned int room = 0;
	unsigned long flags;

	spin_lock_irqsave(&port->lock, flags);
	if (state->xmit.buf)
		room = CIRC_SPACE(state->xmit.head, state->xmit.tail, UART_XMIT_SIZE);
	spin_unlock_irqrestore(&port->lock, flags);
	return room;
}

static unsigned int uart_chars_in_buffer(struct tty_struct *tty)
{
	struct uart_state *state = tty->driver_data;
	struct uart_port *port = state->uart_port;
	unsigned long flags;
	unsigned int n;

	spin_lock_irqsave(&port->lock, flags);
	n = uart_circ_chars_pending(&state->xmit);
	spin_unlock_irqrestore(&port->lock, flags);
	return n;
}

static void uart_flush_buffer(struct tty_struct *tty)
{
	struct uart_state *state = tty->driver_data;
	struct uart_port *port = state->uart_port;
	unsigned long flags;

	spin_lock_irqsave(&port->lock, flags);
	state->xmit.tail = state->xmit.head;
	spin_unlock_irqrestore(&port->lock, flags);
}

static void uart_start(struct tty_struct *tty)
{
	struct uart_port *port = uart_port_of(tty);
	unsigned long flags;

	spin_lock_irqsave(&port->lock, flags);
	__uart_start(port);
	spin_unlock_irqrestore(&port->lock, flags);
}

static void uart_stop(struct tty_struct *tty)
{
	struct uart_port *port = uart_port_of(tty);
	unsigned long flags;

	spin_lock_irqsave(&port->lock, flags);
	port->ops->stop_tx(port);
	spin_unlock_irqrestore(&port->lock, flags);
}

static void uart_send_xchar(struct tty_struct *tty, char ch)
{
	struct uart_port *port = uart_port_of(tty);
	unsigned long flags;

	spin_lock_irqsave(&port->lock, flags);
	port->x_char = ch;
	port->ops->start_tx(port);
	spin_unlock_irqrestore(&port->lock, flags);
}

/* ------------------------------------------------------------------------- input */

/*
 * The readers are slow. Taking no more from the hardware makes its FIFO fill, and what is behind
 * that is told by the line's own means; with IXOFF the other side is asked to stop, too.
 */
static void uart_throttle(struct tty_struct *tty)
{
	struct uart_port *port = uart_port_of(tty);
	unsigned long flags;

	if (READ_ONCE(tty->termios.c_iflag) & IXOFF)
		uart_send_xchar(tty, tty->termios.c_cc[VSTOP]);
	spin_lock_irqsave(&port->lock, flags);
	port->ops->stop_rx(port);
	spin_unlock_irqrestore(&port->lock, flags);
}

static void uart_unthrottle(struct tty_struct *tty)
{
	struct uart_port *port = uart_port_of(tty);
	unsigned long flags;

	if (READ_ONCE(tty->termios.c_iflag) & IXOFF)
		uart_send_xchar(tty, tty->termios.c_cc[VSTART]);
	spin_lock_irqsave(&port->lock, flags);
	port->ops->start_rx(port);
	spin_unlock_irqrestore(&port->lock, flags);
}

/* ------------------------------------------------------------------------- settings */

/* How long a full FIFO takes: start, data, parity and stop bits of each character. */
void uart_update_timeout(struct uart_port *port, unsigned int cflag, unsigned int baud)
{
	unsigned int bits = 7 + ((cflag & CSIZE) >> 4) + !!(cflag & CSTOPB) + !!(cflag & PARENB);

	port->timeout = HZ * port->fifosize * bits / baud + HZ / 50 + 1;
}

static void uart_set_termios(struct tty_struct *tty, const struct ktermios *old)
{
	struct uart_port *port = uart_port_of(tty);

	/* Editors change modes with every key; the hardware knows only of c_cflag. */
	if (old && old->c_cflag == tty->termios.c_cflag)
		return;
	port->ops->set_termios(port, &tty->termios, old);
}

static int uart_break_ctl(struct tty_struct *tty, int break_state)
{
	struct uart_port *port = uart_port_of(tty);
	unsigned long flags;

	spin_lock_irqsave(&port->lock, flags);
	port->ops->break_ctl(port, break_state);
	spin_unlock_irqrestore(&port->lock, flags);
	return 0;
}

/* UARTs tell when there is room, not when the last bit is out: that has to be asked for. */
static void uart_wait_until_sent(struct tty_struct *tty, int timeout)
{
	struct uart_port *port = uart_port_of(tty);
	unsigned long expire, char_time, flags;
	bool empty;

	char_time = max(port->timeout / max(port->fifosize, 1U), 1U);
	/* Something holds the line up if it takes twice as long as it may. */
	if (timeout == 0 || timeout > 2 * port->timeout)
		timeout = 2 * port->timeout;
	expire = jiffies + timeout;
	do {
		spin_lock_irqsave(&port->lock, flags);
		empty = port->ops->tx_empty(port);
		spin_unlock_irqrestore(&port->lock, flags);
		if (empty)
			break;
		schedule_timeout_interruptible(char_time);
	} while (!signal_pending(current) && time_before(jiffies, expire));
}

/* ------------------------------------------------------------------------- open and close */

static int uart_startup(struct uart_state *state, struct tty_struct *tty)
{
	struct uart_port *port = state->uart_port;
	char *page = (char *)get_zeroed_page(GFP_KERNEL);
	unsigned long flags;
	int ret;

	if (!page)
		return -ENOMEM;
	spin_lock_irqsave(&port->lock, flags);
	state->xmit.buf = page;
	state->xmit.head = state->xmit.tail = 0;
	state->port.tty = tty;
	state->port.used = 0;
	spin_unlock_irqrestore(&port->lock, flags);

	uart_set_termios(tty, NULL);
	ret = port->ops->startup(port);
	if (!ret)
		return 0;
	spin_lock_irqsave(&port->lock, flags);
	state->xmit.buf = NULL;
	state->port.tty = NULL;
	spin_unlock_irqrestore(&port->lock, flags);
	free_page((unsigned long)page);
	return ret;
}

static void uart_shutdown(struct uart_state *state)
{
	struct uart_port *port = state->uart_port;
	unsigned long flags;
	char *page;

	/* No interrupt after this, so nobody uses port.tty. */
	port->ops->shutdown(port);
	spin_lock_irqsave(&port->lock, flags);
	page = state->xmit.buf;
	state->xmit.buf = NULL;
	state->xmit.head = state->xmit.tail = 0;
	state->port.tty = NULL;
	spin_unlock_irqrestore(&port->lock, flags);
	free_page((unsigned long)page);
}

static int uart_open(struct tty_struct *tty, struct file *filp)
{
	struct uart_driver *drv = tty->driver->driver_state;
	struct uart_state *state = drv->state + tty->index;
	int ret = 0;

	if (!state->uart_port)
		return -ENXIO;
	tty->driver_data = state;
	if (state->openers == 0)
		ret = uart_startup(state, tty);
	if (!ret)
		state->openers++;
	return ret;
}

/* filp is NULL when the terminal was hung up: then nothing more is sent. */
static void uart_close(struct tty_struct *tty, struct file *filp)
{
	struct uart_state *state = tty->driver_data;

	if (--state->openers)
		return;
	if (filp && !tty->flow.stopped)
		tty_wait_until_sent(tty, 30 * HZ);
	uart_shutdown(state);
}

static const struct tty_operations uart_tty_ops = {
	.open			= uart_open,
	.close			= uart_close,
	.write			= uart_write,
	.write_room		= uart_write_room,
	.chars_in_buffer	= uart_chars_in_buffer,
	.flush_buffer		= uart_flush_buffer,
	.start			= uart_start,
	.stop			= uart_stop,
	.throttle		= uart_throttle,
	.unthrottle		= uart_unthrottle,
	.set_termios		= uart_set_termios,
	.send_xchar		= uart_send_xchar,
	.break_ctl		= uart_break_ctl,
	.wait_until_sent	= uart_wait_until_sent,
};

/* ------------------------------------------------------------------------- consoles */

/* Sends @s by @putchar, which waits for room; a line end needs a carriage return before it. */
void uart_console_write(struct uart_port *port, const char *s, unsigned int count,
			void (*putchar)(struct uart_port *, unsigned char))
{
	for (; count; count--, s++) {
		if (*s == '\n')
			putchar(port, '\r');
		putchar(port, *s);
	}
}

/* A console's ->device(). */
struct tty_driver *uart_console_device(struct console *co, int *index)
{
	struct uart_driver *drv = co->data;

	*index = co->index;
	return drv->tty_driver;
}

/* ------------------------------------------------------------------------- drivers */

/**
 * uart_register_driver - a kind of UART, with drv->nr lines
 */
int uart_register_driver(struct uart_driver *drv)
{
	struct tty_driver *normal;
	int ret;

	drv->state = kcalloc(drv->nr, sizeof(*drv->state), GFP_KERNEL);
	if (!drv->state)
		return -ENOMEM;
	normal = tty_alloc_driver(drv->nr, TTY_DRIVER_REAL_RAW | TTY_DRIVER_DYNAMIC_DEV);
	if (IS_ERR(normal)) {
		ret = PTR_ERR(normal);
		goto out_free_state;
	}
	normal->driver_name = drv->driver_name;
	normal->name = drv->dev_name;
	normal->major = drv->major;
	normal->minor_start = drv->minor;
	normal->type = TTY_DRIVER_TYPE_SERIAL;
	normal->subtype = SERIAL_TYPE_NORMAL;
	normal->init_termios.c_cflag = B115200 | CS8 | CREAD | HUPCL | CLOCAL;
	normal->init_termios.c_ispeed = normal->init_termios.c_ospeed = 115200;
	normal->driver_state = drv;
	tty_set_operations(normal, &uart_tty_ops);

	ret = tty_register_driver(normal);
	if (ret)
		goto out_free_driver;
	drv->tty_driver = normal;
	return 0;

out_free_driver:
	tty_driver_kref_put(normal);
out_free_state:
	kfree(drv->state);
	return ret;
}

/**
 * uart_add_one_port - one UART was found: it can be opened, and is the console if port->cons is set
 */
int uart_add_one_port(struct uart_driver *drv, struct uart_port *port)
{
	struct uart_state *state;
	struct device *dev;

	if (port->line >= drv->nr)
		return -EINVAL;
	state = drv->state + port->line;
	port->state = state;
	state->uart_port = port;
	dev = tty_register_device(drv->tty_driver, port->line, NULL);
	if (IS_ERR(dev)) {
		state->uart_port = NULL;
		return PTR_ERR(dev);
	}
	if (port->cons) {
		port->cons->index = port->line;
		register_console(port->cons);
	}
	return 0;
}
