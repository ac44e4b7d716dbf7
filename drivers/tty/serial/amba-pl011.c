// SPDX-License-Identifier: MIT
/*
 * PL011, Arm's UART (Arm DDI 0183): ttyAMA0, and the console.
 *
 * Both directions have a FIFO and an interrupt for it. RX comes when characters are waiting, or RT
 * when a few have waited for a while; TX comes when the FIFO falls to half full while it drains, so
 * sending begins by filling it, not by waiting for an interrupt that an idle transmitter never
 * raises. port->lock guards the registers and uap->im.
 */
#include <linux/console.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/major.h>
#include <linux/of.h>
#include <linux/of_address.h>
#include <linux/of_irq.h>
#include <linux/printk.h>
#include <linux/serial_core.h>
#include <linux/slab.h>
#include <asm/processor.h>

/* Registers (sec. 3.2) */
#define UART01x_DR	0x00
#define UART01x_FR	0x18
#define UART011_IBRD	0x24
#define UART011_FBRD	0x28
#define UART011_LCRH	0x2c
#define UART011_CR	0x30
#define UART011_IFLS	0x34
#define UART011_IMSC	0x38	/* interrupts that are let through */
#define UART011_RIS	0x3c	/* interrupts that there are */
#define UART011_MIS	0x40	/* both */
#define UART011_ICR	0x44	/* write 1 to clear */

#define UART011_DR_OE	(1 << 11)
#define UART011_DR_BE	(1 << 10)
#define UART011_DR_PE	(1 << 9)
#define UART011_DR_FE	(1 << 8)

#define UART01x_FR_BUSY	(1 << 3)
#define UART01x_FR_RXFE	(1 << 4)
#define UART01x_FR_TXFF	(1 << 5)

#define UART01x_LCRH_BRK	(1 << 0)
#define UART01x_LCRH_PEN	(1 << 1)
#define UART01x_LCRH_EPS	(1 << 2)
#define UART01x_LCRH_STP2	(1 << 3)
#define UART01x_LCRH_FEN	(1 << 4)
#define UART01x_LCRH_WLEN(bits)	(((bits) - 5) << 5)

#define UART01x_CR_UARTEN	(1 << 0)
#define UART011_CR_TXE		(1 << 8)
#define UART011_CR_RXE		(1 << 9)
#define UART011_CR_DTR		(1 << 10)
#define UART011_CR_RTS		(1 << 11)
#define PL011_CR_ON	(UART01x_CR_UARTEN | UART011_CR_TXE | UART011_CR_RXE | UART011_CR_DTR | \
			 UART011_CR_RTS)

/* IMSC, RIS, MIS, ICR */
#define UART011_RXI	(1 << 4)
#define UART011_TXI	(1 << 5)
#define UART011_RTI	(1 << 6)
#define UART011_ALLI	0x7ff

#define UART011_IFLS_HALF	(2 << 3 | 2 << 0)

#define AMBA_ISR_PASS_LIMIT	256
#define PL011_FIFO		16	/* 32 in later revisions */
#define PL011_DEFAULT_CLOCK	24000000

struct uart_amba_port {
	struct uart_port	port;
	unsigned int		im;	/* what IMSC holds */
};

#define to_uap(p) container_of(p, struct uart_amba_port, port)

static struct uart_amba_port *amba_ports;	/* amba_reg.nr of them; fixed after boot */
static struct uart_driver amba_reg;

static inline u32 pl011_read(const struct uart_port *port, unsigned int reg)
{
	return readl(port->membase + reg);
}

static inline void pl011_write(u32 val, const struct uart_port *port, unsigned int reg)
{
	writel(val, port->membase + reg);
}

static void pl011_set_im(struct uart_port *port, unsigned int im)
{
	to_uap(port)->im = im;
	pl011_write(im, port, UART011_IMSC);
}

/* ------------------------------------------------------------------------- sending */

static void pl011_stop_tx(struct uart_port *port)
{
	pl011_set_im(port, to_uap(port)->im & ~UART011_TXI);
}

/* Fills the FIFO. Returns true while something is left to be sent. */
static bool pl011_tx_chars(struct uart_port *port)
{
	struct circ_buf *xmit = &port->state->xmit;

	while (!(pl011_read(port, UART01x_FR) & UART01x_FR_TXFF)) {
		if (port->x_char) {
			pl011_write(port->x_char, port, UART01x_DR);
			port->x_char = 0;
		} else if (!uart_circ_empty(xmit) && !uart_tx_stopped(port)) {
			pl011_write((u8)xmit->buf[xmit->tail], port, UART01x_DR);
			xmit->tail = (xmit->tail + 1) & (UART_XMIT_SIZE - 1);
		} else {
			return false;
		}
		port->icount.tx++;
	}
	return port->x_char || (!uart_circ_empty(xmit) && !uart_tx_stopped(port));
}

static void pl011_start_tx(struct uart_port *port)
{
	if (pl011_tx_chars(port))
		pl011_set_im(port, to_uap(port)->im | UART011_TXI);
}

static unsigned int pl011_tx_empty(struct uart_port *port)
{
	return !(pl011_read(port, UART01x_FR) & (UART01x_FR_BUSY | UART01x_FR_TXFF));
}

static void pl011_break_ctl(struct uart_port *port, int break_state)
{
	u32 lcrh = pl011_read(port, UART011_LCRH);

	if (break_state)
		lcrh |= UART01x_LCRH_BRK;
	else
		lcrh &= ~UART01x_LCRH_BRK;
	pl011_write(lcrh, port, UART011_LCRH);
}

/* ------------------------------------------------------------------------- receiving */

/* The interrupt is a level: characters that were left in the FIFO raise it as it is let through. */
static void pl011_stop_rx(struct uart_port *port)
{
	pl011_set_im(port, to_uap(port)->im & ~(UART011_RXI | UART011_RTI));
}

static void pl011_start_rx(struct uart_port *port)
{
	pl011_set_im(port, to_uap(port)->im | UART011_RXI | UART011_RTI);
}

/* What came with the character (sec. 3.3.1), counted. */
static char pl011_flag(struct uart_port *port, u32 ch)
{
	if (ch & UART011_DR_OE)
		port->icount.overrun++;
	if (ch & UART011_DR_BE) {
		port->icount.brk++;
		return TTY_BREAK;
	}
	if (ch & UART011_DR_PE) {
		port->icount.parity++;
		return TTY_PARITY;
	}
	if (ch & UART011_DR_FE) {
		port->icount.frame++;
		return TTY_FRAME;
	}
	port->icount.rx++;
	return TTY_NORMAL;
}

/* Collects what the FIFO has, as far as the flip buffer goes. */
static void pl011_rx_chars(struct uart_port *port)
{
	struct tty_port *tport = &port->state->port;
	u32 ch;

	while (tport->used < TTY_FLIP_SIZE && !(pl011_read(port, UART01x_FR) & UART01x_FR_RXFE)) {
		ch = pl011_read(port, UART01x_DR);
		tty_insert_flip_char(tport, ch & 0xff, pl011_flag(port, ch));
	}
}

static irqreturn_t pl011_int(int irq, void *dev_id)
{
	struct uart_amba_port *uap = dev_id;
	struct uart_port *port = &uap->port;
	struct tty_struct *tty = port->state->port.tty;
	int pass = AMBA_ISR_PASS_LIMIT;
	irqreturn_t ret = IRQ_NONE;
	bool wakeup = false;
	unsigned long flags;
	u32 status;

	spin_lock_irqsave(&port->lock, flags);
	while ((status = pl011_read(port, UART011_MIS)) && pass--) {
		ret = IRQ_HANDLED;
		/* Those of the FIFOs go by themselves as the FIFO is served. */
		pl011_write(status & ~(UART011_TXI | UART011_RXI | UART011_RTI), port, UART011_ICR);
		if (status & (UART011_RXI | UART011_RTI)) {
			pl011_rx_chars(port);
			spin_unlock_irqrestore(&port->lock, flags);
			tty_flip_buffer_push(&port->state->port);
			spin_lock_irqsave(&port->lock, flags);
		}
		if (status & UART011_TXI) {
			if (!pl011_tx_chars(port))
				pl011_stop_tx(port);
			wakeup = uart_circ_chars_pending(&port->state->xmit) < WAKEUP_CHARS;
		}
	}
	spin_unlock_irqrestore(&port->lock, flags);
	if (wakeup)
		tty_wakeup(tty);
	return ret;
}

/* ------------------------------------------------------------------------- the port */

static void pl011_set_termios(struct uart_port *port, struct ktermios *termios,
			      const struct ktermios *old)
{
	u32 lcrh = UART01x_LCRH_FEN, cr;
	unsigned long flags;
	unsigned int baud, quot;

	baud = tty_termios_baud_rate(termios);
	/* The divisor has 16 bits and 6 of fraction, of a sixteenth of the clock (sec. 3.3.5). */
	if (baud == 0 || baud > port->uartclk / 16)
		baud = 115200;
	quot = DIV_ROUND_CLOSEST(port->uartclk * 4, baud);

	lcrh |= UART01x_LCRH_WLEN(5 + ((termios->c_cflag & CSIZE) >> 4));
	if (termios->c_cflag & CSTOPB)
		lcrh |= UART01x_LCRH_STP2;
	if (termios->c_cflag & PARENB) {
		lcrh |= UART01x_LCRH_PEN;
		if (!(termios->c_cflag & PARODD))
			lcrh |= UART01x_LCRH_EPS;
	}
	uart_update_timeout(port, termios->c_cflag, baud);

	spin_lock_irqsave(&port->lock, flags);
	cr = pl011_read(port, UART011_CR);
	pl011_write(cr & ~UART01x_CR_UARTEN, port, UART011_CR);
	pl011_write(quot >> 6, port, UART011_IBRD);
	pl011_write(quot & 0x3f, port, UART011_FBRD);
	/* Writing LCR_H makes the divisor take effect (sec. 3.3.7). */
	pl011_write(lcrh, port, UART011_LCRH);
	pl011_write(cr | UART01x_CR_UARTEN, port, UART011_CR);
	spin_unlock_irqrestore(&port->lock, flags);
}

/* Characters that came before stay in the FIFO, and their interrupt with them. */
static int pl011_startup(struct uart_port *port)
{
	unsigned long flags;
	int ret;

	pl011_write(UART011_ALLI & ~(UART011_RXI | UART011_RTI), port, UART011_ICR);
	ret = request_irq(port->irq, pl011_int, 0, "uart-pl011", to_uap(port));
	if (ret)
		return ret;
	spin_lock_irqsave(&port->lock, flags);
	pl011_start_rx(port);
	spin_unlock_irqrestore(&port->lock, flags);
	return 0;
}

static void pl011_shutdown(struct uart_port *port)
{
	unsigned long flags;

	spin_lock_irqsave(&port->lock, flags);
	pl011_set_im(port, 0);
	spin_unlock_irqrestore(&port->lock, flags);
	free_irq(port->irq, to_uap(port));
}

static const struct uart_ops amba_pl011_pops = {
	.tx_empty	= pl011_tx_empty,
	.stop_tx	= pl011_stop_tx,
	.start_tx	= pl011_start_tx,
	.stop_rx	= pl011_stop_rx,
	.start_rx	= pl011_start_rx,
	.break_ctl	= pl011_break_ctl,
	.startup	= pl011_startup,
	.shutdown	= pl011_shutdown,
	.set_termios	= pl011_set_termios,
};

/* ------------------------------------------------------------------------- the console */

/* printk must be out when this returns, whatever happens next: so it waits for room. */
static void pl011_putc(void __iomem *base, unsigned char ch)
{
	while (readl(base + UART01x_FR) & UART01x_FR_TXFF)
		cpu_relax();
	writel(ch, base + UART01x_DR);
}

static void pl011_console_putchar(struct uart_port *port, unsigned char ch)
{
	pl011_putc(port->membase, ch);
}

static void pl011_console_write(struct console *co, const char *s, unsigned int count)
{
	struct uart_port *port = &amba_ports[co->index].port;
	unsigned long flags;
	bool locked = true;

	/* The CPU that fails may hold the lock itself. */
	if (oops_in_progress)
		locked = spin_trylock_irqsave(&port->lock, flags);
	else
		spin_lock_irqsave(&port->lock, flags);
	uart_console_write(port, s, count, pl011_console_putchar);
	if (locked)
		spin_unlock_irqrestore(&port->lock, flags);
}

static struct console amba_console = {
	.name	= "ttyAMA",
	.write	= pl011_console_write,
	.device	= uart_console_device,
	.flags	= CON_PRINTBUFFER | CON_CONSDEV,
	.index	= -1,
	.data	= &amba_reg,
};

/* Before there is a port: data is the mapped base. Nobody else uses the UART yet, so no lock. */
static void pl011_early_write(struct console *con, const char *s, unsigned int count)
{
	for (; count; count--, s++) {
		if (*s == '\n')
			pl011_putc(con->data, '\r');
		pl011_putc(con->data, *s);
	}
}
OF_EARLYCON_DECLARE(pl011, "arm,pl011", pl011_early_write);

/* ------------------------------------------------------------------------- finding them */

static struct uart_driver amba_reg = {
	.driver_name	= "ttyAMA",
	.dev_name	= "ttyAMA",
	.major		= TTYAMA_MAJOR,
	.minor		= 64,
	.cons		= &amba_console,
};

/* The frequency of the node's first clock, if that is a fixed one. */
static unsigned int __init pl011_clock_rate(struct device_node *np)
{
	struct device_node *clk = of_parse_phandle(np, "clocks", 0);
	u32 rate;

	if (of_property_read_u32(clk, "clock-frequency", &rate) || rate < 16)
		return PL011_DEFAULT_CLOCK;
	return rate;
}

/* On, with FIFOs, nothing interrupting; what is typed from now on waits in the FIFO. */
static void __init pl011_hwinit(struct uart_port *port)
{
	pl011_set_im(port, 0);
	pl011_write(UART011_IFLS_HALF, port, UART011_IFLS);
	pl011_write(UART01x_LCRH_FEN | UART01x_LCRH_WLEN(8), port, UART011_LCRH);
	pl011_write(PL011_CR_ON, port, UART011_CR);
}

static int __init pl011_probe(struct device_node *np, unsigned int line, bool console)
{
	struct uart_port *port = &amba_ports[line].port;
	struct resource res;
	int ret;

	ret = of_address_to_resource(np, 0, &res);
	if (ret)
		return ret;
	port->irq = irq_of_parse_and_map(np, 0);
	if (!port->irq)
		return -ENXIO;
	port->membase = ioremap(res.start, resource_size(&res));
	if (!port->membase)
		return -ENOMEM;
	spin_lock_init(&port->lock);
	port->mapbase = res.start;
	port->uartclk = pl011_clock_rate(np);
	port->fifosize = PL011_FIFO;
	port->ops = &amba_pl011_pops;
	port->line = line;
	port->cons = console ? amba_reg.cons : NULL;
	pl011_hwinit(port);

	ret = uart_add_one_port(&amba_reg, port);
	if (ret) {
		iounmap(port->membase);
		port->membase = NULL;
	}
	return ret;
}

/* The console is the UART that /chosen names, or else the first. */
static int __init pl011_init(void)
{
	struct device_node *np, *stdout = NULL;
	const char *path;
	unsigned int line = 0;
	int ret;

	if (!of_property_read_string(of_chosen, "stdout-path", &path))
		stdout = of_find_node_by_path(path);
	for_each_compatible_node(np, NULL, "arm,pl011")
		amba_reg.nr += of_device_is_available(np);
	if (!amba_reg.nr)
		return 0;
	amba_ports = kcalloc(amba_reg.nr, sizeof(*amba_ports), GFP_KERNEL);
	if (!amba_ports)
		return -ENOMEM;
	ret = uart_register_driver(&amba_reg);
	if (ret)
		goto out_free;

	for_each_compatible_node(np, NULL, "arm,pl011") {
		if (!of_device_is_available(np))
			continue;
		ret = pl011_probe(np, line, stdout ? np == stdout : line == 0);
		if (ret)
			pr_err("%s: not usable: %d\n", np->full_name, ret);
		line++;
	}
	return 0;

out_free:
	kfree(amba_ports);
	amba_ports = NULL;
	return ret;
}
arch_initcall(pl011_init);
