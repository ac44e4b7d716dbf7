/* SPDX-License-Identifier: MIT */
/* Program loading: what exec (fs/exec.c) hands to a binary format, and the formats. */
#ifndef _LINUX_BINFMTS_H
#define _LINUX_BINFMTS_H

#include <linux/list.h>
#include <linux/types.h>

struct cred;
struct file;
struct mm_struct;
struct page;
struct vm_area_struct;

#define BINPRM_BUF_SIZE	256
#define MAX_ARG_STRLEN	(32 * 4096)		/* bytes of one argument */
#define MAX_ARG_STRINGS	0x7fffffff

/* One exec under way. */
struct linux_binprm {
	struct vm_area_struct	*vma;		/* the new stack */
	struct mm_struct	*mm;		/* the new address space, until begin_new_exec() */
	unsigned long		p;		/* where the next string on the stack ends */
	unsigned long		argmin;		/* strings must not come below this */
	struct file		*file;		/* the program; an interpreter replaces a script */
	struct cred		*cred;		/* what the program will run as */
	unsigned int		have_execfd:1, point_of_no_return:1;
	int			argc, envc;
	const char		*filename;	/* as given */
	const char		*interp;	/* what is really run */
	char			*interp_buf;	/* owns interp when a script named it */
	unsigned long		exec;		/* where filename lies on the new stack */
	int			recursion;
	char			buf[BINPRM_BUF_SIZE];	/* the file's first bytes */
};

/* load_binary: 0 when the program is loaded, -ENOEXEC when it is not of this format. */
struct linux_binfmt {
	struct list_head lh;
	int (*load_binary)(struct linux_binprm *bprm);
};

void register_binfmt(struct linux_binfmt *fmt);
int begin_new_exec(struct linux_binprm *bprm);
void setup_new_exec(struct linux_binprm *bprm);
void finalize_exec(struct linux_binprm *bprm);
int setup_arg_pages(struct linux_binprm *bprm, unsigned long stack_top);
int bprm_change_interp(const char *interp, struct linux_binprm *bprm);
int remove_arg_zero(struct linux_binprm *bprm);
int copy_string_kernel(const char *arg, struct linux_binprm *bprm);
struct file *open_exec(const char *name);
int kernel_execve(const char *filename, const char *const *argv, const char *const *envp);
int arch_setup_additional_pages(struct linux_binprm *bprm);	/* the signal trampoline */

#endif
