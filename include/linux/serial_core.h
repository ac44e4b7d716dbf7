/* SPDX-License-Identifier: MIT */
/* Serial ports: what all UARTs have in common, and what a UART's driver must say of itself. */
#ifndef _LINUX_SERIAL_CORE_H
#define _LINUX_SERIAL_CORE_H

#include <linux/circ_buf.h>
#include <linux/compiler.h>
#include <linux/console.h>
#include <linux/of.h>
#include <linux/spinlock.h>
#include <linux/tty.h>
#include <linux/types.h>
#include <asm/page.h>

struct uart_port;
struct uart_state;

/**
 * struct uart_ops - the hardware's part
 * @tx_empty: nonzero when the last bit has left; port->lock held
 * @start_tx: send what is in the ring, by interrupts if it does not all fit; port->lock held
 * @stop_tx, @start_rx, @stop_rx: let interrupts of that kind come or not; port->lock held
 * @startup, @shutdown: the first open, the last close; may sleep
 * @set_termios: set speed and character format; may sleep
 */
struct uart_ops {
	unsigned int (*tx_empty)(struct uart_port *port);
	void	(*stop_tx)(struct uart_port *port);
	void	(*start_tx)(struct uart_port *port);
	void	(*stop_rx)(struct uart_port *port);
	void	(*start_rx)(struct uart_port *port);
	void	(*break_ctl)(struct uart_port *port, int ctl);
	int	(*startup)(struct uart_port *port);
	void	(*shutdown)(struct uart_port *port);
	void	(*set_termios)(struct uart_port *port, struct ktermios *new,
			       const struct ktermios *old);
};

struct uart_icount {
	u32	rx, tx, frame, overrun, parity, brk;
};

struct uart_port {
	spinlock_t		lock;		/* the hardware, the ring, icount */
	void __iomem		*membase;
	phys_addr_t		mapbase;
	unsigned int		irq;
	unsigned int		uartclk;	/* Hz */
	unsigned int		fifosize;	/* characters */
	unsigned int		line;
	unsigned int		timeout;	/* jiffies to send a full FIFO */
	unsigned char		x_char;		/* XON or XOFF to be sent before all else */
	const struct uart_ops	*ops;
	struct uart_state	*state;
	struct console		*cons;
	struct uart_icount	icount;
};

#define UART_XMIT_SIZE	PAGE_SIZE
#define WAKEUP_CHARS	256	/* writers are woken when fewer wait to be sent */

struct uart_state {
	struct tty_port		port;
	struct circ_buf		xmit;		/* uart_port->lock */
	struct uart_port	*uart_port;
	int			openers;	/* tty_lock() */
};

struct uart_driver {
	const char		*driver_name;
	const char		*dev_name;
	int			major, minor, nr;
	struct console		*cons;
	struct uart_state	*state;		/* nr of them */
	struct tty_driver	*tty_driver;
};

/* fn is a console's write; console->data holds the mapped registers. */
typedef void (*earlycon_write_fn)(struct console *con, const char *s, unsigned int count);
#define OF_EARLYCON_DECLARE(name, compat, fn)	\
	_OF_DECLARE(earlycon, name, compat, fn, earlycon_write_fn)

int uart_register_driver(struct uart_driver *uart);
int uart_add_one_port(struct uart_driver *reg, struct uart_port *port);
void uart_update_timeout(struct uart_port *port, unsigned int cflag, unsigned int baud);
struct tty_driver *uart_console_device(struct console *co, int *index);
void uart_console_write(struct uart_port *port, const char *s, unsigned int count,
			void (*putchar)(struct uart_port *, unsigned char));

#define uart_circ_empty(circ)		((circ)->head == (circ)->tail)
#define uart_circ_chars_pending(circ)	(CIRC_CNT((circ)->head, (circ)->tail, UART_XMIT_SIZE))

/* port->lock held. */
static inline bool uart_tx_stopped(struct uart_port *port)
{
	struct tty_struct *tty = port->state->port.tty;

	return !tty || READ_ONCE(tty->flow.stopped);
}

#endif
