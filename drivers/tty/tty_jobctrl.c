// SPDX-License-Identifier: MIT
/*
 * Controlling terminals: which session a terminal belongs to, which of the session's process
 * groups is in the foreground, and what happens to the others.
 *
 * A terminal knows its session and foreground group (tty->ctrl, under ctrl.lock); a process knows
 * its terminal (signal->tty, under siglock). Both sides change together, siglock outside of
 * ctrl.lock. Who is in which session is tasklist_lock's, outside of both.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/signal.h>
#include <linux/tty.h>
#include <linux/uaccess.h>

static bool is_ignored(int sig)
{
	return sigismember(&current->blocked, sig) ||
	       current->sighand->action[sig - 1].sa.sa_handler == SIG_IGN;
}

/**
 * tty_get_pgrp - a terminal's foreground process group, with a reference; NULL if it has none
 *
 * Any context.
 */
struct pid *tty_get_pgrp(struct tty_struct *tty)
{
	unsigned long flags;
	struct pid *pgrp;

	spin_lock_irqsave(&tty->ctrl.lock, flags);
	pgrp = get_pid(tty->ctrl.pgrp);
	spin_unlock_irqrestore(&tty->ctrl.lock, flags);
	return pgrp;
}

/**
 * __tty_check_change - may this process use its terminal now?
 * @sig: SIGTTIN to read, SIGTTOU to change it
 *
 * Yes, 0, in the foreground and for a terminal that does not control it. In the background its
 * whole group gets the signal, which stops it, and the call is to be started again: -ERESTARTSYS.
 * If that cannot stop it, -EIO for a read; other changes are then allowed.
 *
 * This holds for /dev/console too, when that was made the controlling terminal.
 */
int __tty_check_change(struct tty_struct *tty, int sig)
{
	struct pid *pgrp, *tty_pgrp;
	int ret = 0;

	if (current->signal->tty != tty)
		return 0;
	pgrp = get_task_pid(current, PIDTYPE_PGID);
	tty_pgrp = tty_get_pgrp(tty);
	if (!tty_pgrp || pgrp == tty_pgrp)
		goto out;

	if (is_ignored(sig)) {
		ret = sig == SIGTTIN ? -EIO : 0;
	} else if (is_current_pgrp_orphaned()) {
		ret = -EIO;
	} else {
		kill_pgrp(pgrp, sig, 1);
		set_thread_flag(TIF_SIGPENDING);
		ret = -ERESTARTSYS;
	}
out:
	put_pid(tty_pgrp);
	put_pid(pgrp);
	return ret;
}

int tty_check_change(struct tty_struct *tty)
{
	return __tty_check_change(tty, SIGTTOU);
}

/* ------------------------------------------------------------------------- whose terminal */

/**
 * get_current_tty - this process's controlling terminal, with a reference, or NULL
 */
struct tty_struct *get_current_tty(void)
{
	struct tty_struct *tty;
	unsigned long flags;

	spin_lock_irqsave(&current->sighand->siglock, flags);
	tty = tty_kref_get(current->signal->tty);
	spin_unlock_irqrestore(&current->sighand->siglock, flags);
	return tty;
}

/**
 * proc_clear_tty - a process has no controlling terminal any more
 */
void proc_clear_tty(struct task_struct *p)
{
	struct tty_struct *tty;
	unsigned long flags;

	spin_lock_irqsave(&p->sighand->siglock, flags);
	tty = p->signal->tty;
	p->signal->tty = NULL;
	spin_unlock_irqrestore(&p->sighand->siglock, flags);
	tty_kref_put(tty);
}

/* Gives the terminal this process's session and group, and this process the terminal. */
static void proc_set_tty(struct tty_struct *tty)
{
	struct pid *pgrp = get_task_pid(current, PIDTYPE_PGID);
	struct pid *session = get_task_pid(current, PIDTYPE_SID);
	struct pid *old_pgrp, *old_session, *tty_old_pgrp;
	struct tty_struct *old_tty;
	unsigned long flags;

	spin_lock_irqsave(&current->sighand->siglock, flags);
	spin_lock(&tty->ctrl.lock);
	old_pgrp = tty->ctrl.pgrp;
	old_session = tty->ctrl.session;
	tty->ctrl.pgrp = pgrp;
	tty->ctrl.session = session;
	spin_unlock(&tty->ctrl.lock);
	old_tty = current->signal->tty;
	current->signal->tty = tty_kref_get(tty);
	tty_old_pgrp = current->signal->tty_old_pgrp;
	current->signal->tty_old_pgrp = NULL;
	spin_unlock_irqrestore(&current->sighand->siglock, flags);

	put_pid(old_pgrp);
	put_pid(old_session);
	put_pid(tty_old_pgrp);
	tty_kref_put(old_tty);
}

/* The terminal belongs to no session. */
static void tty_clear_ctrl(struct tty_struct *tty)
{
	struct pid *pgrp, *session;
	unsigned long flags;

	spin_lock_irqsave(&tty->ctrl.lock, flags);
	pgrp = tty->ctrl.pgrp;
	session = tty->ctrl.session;
	tty->ctrl.pgrp = NULL;
	tty->ctrl.session = NULL;
	spin_unlock_irqrestore(&tty->ctrl.lock, flags);
	put_pid(pgrp);
	put_pid(session);
}

/**
 * session_clear_tty - no process of a session has a controlling terminal any more
 */
void session_clear_tty(struct pid *session)
{
	struct task_struct *p;

	read_lock(&tasklist_lock);
	do_each_pid_task(session, PIDTYPE_SID, p) {
		proc_clear_tty(p);
	} while_each_pid_task(session, PIDTYPE_SID, p);
	read_unlock(&tasklist_lock);
}

/* open(): a session leader without a terminal takes the first that belongs to nobody. */
void tty_open_proc_set_tty(struct file *filp, struct tty_struct *tty)
{
	tty_lock(tty);
	if (current->signal->leader && !current->signal->tty && !tty->ctrl.session &&
	    (filp->f_mode & FMODE_READ))
		proc_set_tty(tty);
	tty_unlock(tty);
}

/* ------------------------------------------------------------------------- giving it up */

static void kill_and_put(struct pid *pgrp, bool hup, bool cont)
{
	if (!pgrp)
		return;
	if (hup)
		kill_pgrp(pgrp, SIGHUP, 1);
	if (cont)
		kill_pgrp(pgrp, SIGCONT, 1);
	put_pid(pgrp);
}

/**
 * tty_signal_session_leader - hangup: tell the leader, take the terminal from the whole session
 * @exit_session: the leader is exiting: the foreground group gets SIGHUP too
 *
 * tty_lock is held.
 */
void tty_signal_session_leader(struct tty_struct *tty, bool exit_session)
{
	struct pid *tty_pgrp = tty_get_pgrp(tty), *session, *old_pgrp;
	struct task_struct *p;
	unsigned long flags;

	spin_lock_irqsave(&tty->ctrl.lock, flags);
	session = get_pid(tty->ctrl.session);
	spin_unlock_irqrestore(&tty->ctrl.lock, flags);

	read_lock(&tasklist_lock);
	do_each_pid_task(session, PIDTYPE_SID, p) {
		if (!p->signal->leader)
			continue;
		group_send_sig_info(SIGHUP, SEND_SIG_PRIV, p, PIDTYPE_TGID);
		group_send_sig_info(SIGCONT, SEND_SIG_PRIV, p, PIDTYPE_TGID);
		/* For disassociate_ctty(), when the leader obeys and exits. */
		spin_lock_irqsave(&p->sighand->siglock, flags);
		old_pgrp = p->signal->tty_old_pgrp;
		p->signal->tty_old_pgrp = get_pid(tty_pgrp);
		spin_unlock_irqrestore(&p->sighand->siglock, flags);
		put_pid(old_pgrp);
	} while_each_pid_task(session, PIDTYPE_SID, p);
	read_unlock(&tasklist_lock);

	if (session)
		session_clear_tty(session);
	tty_clear_ctrl(tty);
	kill_and_put(tty_pgrp, exit_session, false);
	put_pid(session);
}

/**
 * disassociate_ctty - a session leader gives up its terminal, for the whole session
 * @on_exit: it is exiting (do_exit()); else it asked to (TIOCNOTTY)
 */
void disassociate_ctty(int on_exit)
{
	struct tty_struct *tty;
	struct pid *session, *old_pgrp;
	unsigned long flags;

	if (!current->signal->leader)
		return;

	tty = get_current_tty();
	if (tty && on_exit)
		tty_vhangup_session(tty);
	else if (tty)
		kill_and_put(tty_get_pgrp(tty), true, true);

	spin_lock_irqsave(&current->sighand->siglock, flags);
	old_pgrp = current->signal->tty_old_pgrp;
	current->signal->tty_old_pgrp = NULL;
	spin_unlock_irqrestore(&current->sighand->siglock, flags);
	if (!tty && on_exit)
		kill_and_put(old_pgrp, true, true);	/* hung up before: they may be stopped */
	else
		put_pid(old_pgrp);

	if (tty && !on_exit)
		tty_clear_ctrl(tty);
	tty_kref_put(tty);

	session = get_task_pid(current, PIDTYPE_SID);
	session_clear_tty(session);
	put_pid(session);
}

/* TIOCNOTTY: the leader takes it from the session, another process only from itself. */
void no_tty(void)
{
	disassociate_ctty(0);
	proc_clear_tty(current);
}

/* ------------------------------------------------------------------------- ioctls */

static struct pid *tty_get_session(struct tty_struct *tty)
{
	unsigned long flags;
	struct pid *session;

	spin_lock_irqsave(&tty->ctrl.lock, flags);
	session = get_pid(tty->ctrl.session);
	spin_unlock_irqrestore(&tty->ctrl.lock, flags);
	return session;
}

/* TIOCSCTTY: make it this session leader's controlling terminal. arg 1: take it from another. */
static int tiocsctty(struct tty_struct *tty, struct file *file, unsigned long arg)
{
	struct pid *session;
	int ret = 0;

	tty_lock(tty);
	session = tty_get_session(tty);
	if (current->signal->leader && session == task_session(current))
		goto out_unlock;
	ret = -EPERM;
	if (!current->signal->leader || current->signal->tty)
		goto out_unlock;
	if (session) {
		if (arg != 1 || !capable(CAP_SYS_ADMIN))
			goto out_unlock;
		session_clear_tty(session);
	}
	if (!(file->f_mode & FMODE_READ) && !capable(CAP_SYS_ADMIN))
		goto out_unlock;
	proc_set_tty(tty);
	ret = 0;
out_unlock:
	tty_unlock(tty);
	put_pid(session);
	return ret;
}

static int tiocgpgrp(struct tty_struct *tty, pid_t __user *p)
{
	struct pid *pgrp;
	int ret;

	if (current->signal->tty != tty)
		return -ENOTTY;
	pgrp = tty_get_pgrp(tty);
	ret = put_user(pid_vnr(pgrp), p);
	put_pid(pgrp);
	return ret;
}

/* The session of a process group, by any member; NULL if none is left. tasklist_lock is held. */
static struct pid *session_of_pgrp(struct pid *pgrp)
{
	struct task_struct *p;

	do_each_pid_task(pgrp, PIDTYPE_PGID, p) {
		return task_session(p);
	} while_each_pid_task(pgrp, PIDTYPE_PGID, p);
	return NULL;
}

/* TIOCSPGRP: put a group of this session into the foreground. */
static int tiocspgrp(struct tty_struct *tty, pid_t __user *p)
{
	struct pid *pgrp, *old = NULL;
	unsigned long flags;
	pid_t pgrp_nr;
	int ret = tty_check_change(tty);

	if (ret == -EIO)
		return -ENOTTY;
	if (ret)
		return ret;
	if (get_user(pgrp_nr, p))
		return -EFAULT;
	if (pgrp_nr < 0)
		return -EINVAL;

	read_lock(&tasklist_lock);
	ret = -ENOTTY;
	if (current->signal->tty != tty || tty->ctrl.session != task_session(current))
		goto out_unlock;
	ret = -ESRCH;
	pgrp = find_vpid(pgrp_nr);
	if (!pgrp)
		goto out_unlock;
	ret = -EPERM;
	if (session_of_pgrp(pgrp) != task_session(current))
		goto out_unlock;
	ret = 0;
	spin_lock_irqsave(&tty->ctrl.lock, flags);
	old = tty->ctrl.pgrp;
	tty->ctrl.pgrp = get_pid(pgrp);
	spin_unlock_irqrestore(&tty->ctrl.lock, flags);
out_unlock:
	read_unlock(&tasklist_lock);
	put_pid(old);
	return ret;
}

static int tiocgsid(struct tty_struct *tty, pid_t __user *p)
{
	struct pid *session;
	int ret = -ENOTTY;

	if (current->signal->tty != tty)
		return -ENOTTY;
	session = tty_get_session(tty);
	if (session)
		ret = put_user(pid_vnr(session), p);
	put_pid(session);
	return ret;
}

/* -ENOIOCTLCMD for a command that is not about controlling terminals. */
long tty_jobctrl_ioctl(struct tty_struct *tty, struct file *file, unsigned int cmd,
		       unsigned long arg)
{
	pid_t __user *p = (pid_t __user *)arg;

	switch (cmd) {
	case TIOCSCTTY:
		return tiocsctty(tty, file, arg);
	case TIOCNOTTY:
		if (current->signal->tty != tty)
			return -ENOTTY;
		no_tty();
		return 0;
	case TIOCGPGRP:
		return tiocgpgrp(tty, p);
	case TIOCSPGRP:
		return tiocspgrp(tty, p);
	case TIOCGSID:
		return tiocgsid(tty, p);
	}
	return -ENOIOCTLCMD;
}
