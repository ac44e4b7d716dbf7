// SPDX-License-Identifier: MIT
/*
 * Signal handlers: the frame on the program's stack, the way into the handler, and the way back by
 * rt_sigreturn(2). Also the restarting of system calls that a signal interrupted.
 *
 * Caller: do_notify_resume() with interrupts on, in the task itself; no locks. The frame, from its top:
 *
 *	frame record (x29, x30)		so that a stack trace goes on through the handler
 *	struct ucontext			registers, mask, alternate stack
 *	struct siginfo			<- sp at the handler's first instruction
 */
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/math.h>
#include <linux/mm.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include <asm/exception.h>
#include <asm/processor.h>
#include <asm/unistd.h>
#include <uapi/asm/ucontext.h>

struct rt_sigframe {
	struct siginfo info;
	struct ucontext uc;
};

struct frame_record {
	u64 fp;
	u64 lr;
};

/* Programs are compiled with these. */
static_assert(sizeof(struct sigcontext) == 4384);
static_assert(offsetof(struct sigcontext, regs) == 8);
static_assert(offsetof(struct sigcontext, sp) == 256);
static_assert(offsetof(struct sigcontext, pc) == 264);
static_assert(offsetof(struct sigcontext, pstate) == 272);
static_assert(offsetof(struct sigcontext, __reserved) == 288);
static_assert(sizeof(struct fpsimd_context) == 528);
static_assert(offsetof(struct fpsimd_context, vregs) == 16);
static_assert(sizeof(struct esr_context) == 16);
static_assert(sizeof(struct ucontext) == 4560);
static_assert(offsetof(struct ucontext, uc_stack) == 16);
static_assert(offsetof(struct ucontext, uc_sigmask) == 40);
static_assert(offsetof(struct ucontext, uc_mcontext) == 176);
static_assert(offsetof(struct rt_sigframe, uc) == 128);
static_assert(sizeof(struct frame_record) == 16);

/* ------------------------------------------------------------------ floating point */

/* The registers belong to the program and hold its state: save them into the task, copy from there. */
static int preserve_fpsimd_context(struct fpsimd_context __user *ctx)
{
	struct user_fpsimd_state *fp = &current->thread.fpsimd_state;

	fpsimd_preserve_current_state();
	if (put_user(FPSIMD_MAGIC, &ctx->head.magic) ||
	    put_user(sizeof(struct fpsimd_context), &ctx->head.size) ||
	    put_user(fp->fpsr, &ctx->fpsr) || put_user(fp->fpcr, &ctx->fpcr) ||
	    copy_to_user(ctx->vregs, fp->vregs, sizeof(fp->vregs)))
		return -EFAULT;
	return 0;
}

static int restore_fpsimd_context(struct fpsimd_context __user *ctx)
{
	struct user_fpsimd_state fp = { };

	if (get_user(fp.fpsr, &ctx->fpsr) || get_user(fp.fpcr, &ctx->fpcr) ||
	    copy_from_user(fp.vregs, ctx->vregs, sizeof(fp.vregs)))
		return -EFAULT;
	fpsimd_update_current_state(&fp);
	return 0;
}

/* ------------------------------------------------------------------ back: rt_sigreturn */

/* Find the floating-point record. -EINVAL when the list is not one of ours. */
static int parse_records(struct sigcontext __user *sc, struct fpsimd_context __user **fpsimd)
{
	char __user *base = (char __user *)sc->__reserved;
	size_t offset = 0, limit = sizeof(sc->__reserved);
	struct _aarch64_ctx head;

	*fpsimd = NULL;
	for (;;) {
		if (limit - offset < sizeof(head))
			return -EINVAL;
		if (copy_from_user(&head, base + offset, sizeof(head)))
			return -EFAULT;
		if (!head.magic)
			return head.size || !*fpsimd ? -EINVAL : 0;
		if (head.size < sizeof(head) || head.size % 16 || head.size > limit - offset)
			return -EINVAL;
		if (head.magic == FPSIMD_MAGIC) {
			if (*fpsimd || head.size < sizeof(struct fpsimd_context))
				return -EINVAL;
			*fpsimd = (struct fpsimd_context __user *)(base + offset);
		} else if (head.magic != ESR_MAGIC) {
			return -EINVAL;
		}
		offset += head.size;
	}
}

/* Everything that the frame says becomes the program's state. The frame may lie: all is checked. */
static int restore_sigframe(struct pt_regs *regs, struct rt_sigframe __user *frame)
{
	struct sigcontext __user *sc = &frame->uc.uc_mcontext;
	struct fpsimd_context __user *fpsimd;
	sigset_t set;
	int err;

	if (copy_from_user(&set, &frame->uc.uc_sigmask, sizeof(set)))
		return -EFAULT;
	set_current_blocked(&set);
	static_assert(sizeof(struct user_pt_regs) ==
		      offsetofend(struct sigcontext, pstate) - offsetof(struct sigcontext, regs));
	if (copy_from_user(&regs->user_regs, sc->regs, sizeof(regs->user_regs)))
		return -EFAULT;		/* part of them was overwritten: SIGSEGV follows */
	/* x0 is not a system call's result, whatever it looks like. */
	forget_syscall(regs);
	if (!valid_user_regs(&regs->user_regs, current))
		return -EINVAL;
	err = parse_records(sc, &fpsimd);
	return err ? err : restore_fpsimd_context(fpsimd);
}

static void notify_bad_frame(unsigned long addr)
{
	struct vm_area_struct *vma;
	int code;

	mmap_read_lock(current->mm);
	vma = find_vma(current->mm, addr);
	code = vma && vma->vm_start <= addr ? SEGV_ACCERR : SEGV_MAPERR;
	mmap_read_unlock(current->mm);
	arm64_force_sig_fault(SIGSEGV, code, addr, "bad signal frame");
}

SYSCALL_DEFINE0(rt_sigreturn)
{
	struct pt_regs *regs = task_pt_regs(current);
	struct rt_sigframe __user *frame = (struct rt_sigframe __user *)regs->sp;
	unsigned long sp = regs->sp;

	current->restart_block.fn = do_no_restart_syscall;
	/* The kernel made it 16-aligned. */
	if ((sp & 15) || !access_ok(frame, sizeof(*frame)) || restore_sigframe(regs, frame) ||
	    restore_altstack(&frame->uc.uc_stack)) {
		/* Half of it may be in place; PSTATE at least must be one that can be entered. */
		valid_user_regs(&regs->user_regs, current);
		forget_syscall(regs);
		notify_bad_frame(sp);
	}
	return regs->regs[0];		/* the caller stores the result there */
}

/* ------------------------------------------------------------------ there: the frame */

/* The records of a signal frame: floating point, the fault's syndrome if there was one, the end. */
static int setup_records(struct sigcontext __user *sc)
{
	char __user *p = (char __user *)sc->__reserved;
	struct esr_context esr = { { ESR_MAGIC, sizeof(esr) }, current->thread.fault_code };
	struct _aarch64_ctx end = { 0, 0 };
	int err;

	err = preserve_fpsimd_context((struct fpsimd_context __user *)p);
	if (err)
		return err;
	p += sizeof(struct fpsimd_context);
	if (esr.esr) {
		if (copy_to_user(p, &esr, sizeof(esr)))
			return -EFAULT;
		p += sizeof(esr);
	}
	return copy_to_user(p, &end, sizeof(end)) ? -EFAULT : 0;
}

static int setup_sigframe(struct rt_sigframe __user *frame, struct frame_record __user *record,
			  struct ksignal *ksig, struct pt_regs *regs, sigset_t *set)
{
	struct sigcontext __user *sc = &frame->uc.uc_mcontext;
	struct frame_record rec = { regs->regs[29], regs->regs[30] };

	if (copy_to_user(record, &rec, sizeof(rec)) ||
	    clear_user(&frame->uc, offsetof(struct ucontext, uc_mcontext)) ||
	    __save_altstack(&frame->uc.uc_stack, regs->sp) ||
	    copy_to_user(&frame->uc.uc_sigmask, set, sizeof(*set)) ||
	    put_user(current->thread.fault_address, &sc->fault_address) ||
	    copy_to_user(sc->regs, &regs->user_regs, sizeof(regs->user_regs)))
		return -EFAULT;
	/* Only some handlers ask for it, but the frame's reader cannot tell: always there. */
	if (copy_siginfo_to_user(&frame->info, &ksig->info))
		return -EFAULT;
	return setup_records(sc);
}

/**
 * setup_rt_frame - make the program run its handler next
 *
 * Nothing but the stack is changed when it fails: -EFAULT.
 */
static int setup_rt_frame(struct ksignal *ksig, sigset_t *set, struct pt_regs *regs)
{
	unsigned long sp = sigsp(regs->sp, ksig), record;
	struct rt_sigframe __user *frame;

	record = round_down(sp - sizeof(struct frame_record), 16);
	frame = (struct rt_sigframe __user *)round_down(record - sizeof(*frame), 16);
	/* Also when sp was so small that the subtractions wrapped. */
	if (!access_ok(frame, sp - (unsigned long)frame))
		return -EFAULT;
	if (setup_sigframe(frame, (struct frame_record __user *)record, ksig, regs, set))
		return -EFAULT;

	regs->regs[0] = ksig->sig;
	regs->regs[1] = (unsigned long)&frame->info;
	regs->regs[2] = (unsigned long)&frame->uc;
	regs->regs[29] = record;
	regs->regs[30] = ksig->ka.sa.sa_flags & SA_RESTORER ?
				 (unsigned long)ksig->ka.sa.sa_restorer :
				 (unsigned long)current->mm->vdso;
	regs->sp = (unsigned long)frame;
	regs->pc = (unsigned long)ksig->ka.sa.sa_handler;
	regs->pstate &= ~PSR_BTYPE_MASK;
	return 0;
}

/* ------------------------------------------------------------------ interrupted system calls */

/* May the call be made again, now that this signal has been seen to? ksig NULL: no handler runs. */
static bool may_restart(long error, const struct ksignal *ksig)
{
	switch (error) {
	case -ERESTARTNOINTR:
		return true;
	case -ERESTARTSYS:
		return !ksig || (ksig->ka.sa.sa_flags & SA_RESTART);
	default:			/* ERESTARTNOHAND, ERESTART_RESTARTBLOCK */
		return !ksig;
	}
}

/*
 * The system call that was under way returned one of the ERESTART errors, which no program may see.
 * Either the program makes the call again, by itself, when it goes on at the SVC; or it gets EINTR.
 */
static void restart_or_eintr(struct pt_regs *regs, const struct ksignal *ksig)
{
	long error = regs->regs[0];

	if (error != -ERESTARTSYS && error != -ERESTARTNOINTR && error != -ERESTARTNOHAND &&
	    error != -ERESTART_RESTARTBLOCK)
		return;
	if (!may_restart(error, ksig)) {
		regs->regs[0] = -EINTR;
		return;
	}
	regs->regs[0] = regs->orig_x0;
	regs->pc -= 4;
	if (error == -ERESTART_RESTARTBLOCK)
		regs->regs[8] = __NR_restart_syscall;
}

/**
 * do_signal - see to the signals that are pending
 * @regs: the program's registers, with which it would go on
 *
 * At most one handler is set up at a time; if more is pending, do_notify_resume() calls again, and
 * the next handler interrupts the first at its first instruction.
 */
void do_signal(struct pt_regs *regs)
{
	struct ksignal ksig;
	bool handler = get_signal(&ksig);

	if (in_syscall(regs)) {
		restart_or_eintr(regs, handler ? &ksig : NULL);
		forget_syscall(regs);
	}
	if (handler)
		signal_setup_done(setup_rt_frame(&ksig, sigmask_to_save(), regs), &ksig, 0);
	else
		restore_saved_sigmask();	/* a call changed the mask; no handler will put it back */
}
