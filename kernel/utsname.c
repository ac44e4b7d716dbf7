// SPDX-License-Identifier: MIT
/* uname(2) and sethostname(2). uts_sem guards the names that can be set. */
#include <linux/capability.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/rwsem.h>
#include <linux/string.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include <linux/utsname.h>

DECLARE_RWSEM(uts_sem);
EXPORT_SYMBOL(uts_sem);

struct uts_namespace init_uts_ns = {
	.name = {
		.sysname	= UTS_SYSNAME,
		.nodename	= "teak",
		.release	= UTS_RELEASE,
		.version	= UTS_VERSION,
		.machine	= "aarch64",
		.domainname	= "(none)",
	},
};
EXPORT_SYMBOL(init_uts_ns);

static_assert(sizeof(struct new_utsname) == 390);

SYSCALL_DEFINE1(uname, struct new_utsname __user *, name)
{
	struct new_utsname tmp;

	down_read(&uts_sem);
	tmp = *utsname();
	up_read(&uts_sem);
	return copy_to_user(name, &tmp, sizeof(tmp)) ? -EFAULT : 0;
}

SYSCALL_DEFINE2(sethostname, char __user *, name, int, len)
{
	char tmp[__NEW_UTS_LEN + 1] = { };

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (len < 0 || len > __NEW_UTS_LEN)
		return -EINVAL;
	if (copy_from_user(tmp, name, len))
		return -EFAULT;
	down_write(&uts_sem);
	memcpy(utsname()->nodename, tmp, sizeof(tmp));
	up_write(&uts_sem);
	return 0;
}
