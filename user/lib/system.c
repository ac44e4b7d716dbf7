// SPDX-License-Identifier: MIT
/* The system as a whole: mounts, power, log, names, figures. */
#include <stdarg.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/klog.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/swap.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "internal.h"

#define LINUX_REBOOT_MAGIC1	0xfee1dead
#define LINUX_REBOOT_MAGIC2	672274793

int mount(const char *source, const char *target, const char *type, unsigned long flags,
	  const void *data)
{
	return SYS(mount, source, target, type, flags, data);
}

int umount2(const char *target, int flags)
{
	return SYS(umount2, target, flags);
}

int swapon(const char *path, int flags)
{
	return SYS(swapon, path, flags);
}

int swapoff(const char *path)
{
	return SYS(swapoff, path);
}

int umount(const char *target)
{
	return SYS(umount2, target, 0);
}

int reboot(int cmd)
{
	return SYS(reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, (unsigned int)cmd, NULL);
}

int klogctl(int action, char *buf, int len)
{
	return SYS(syslog, action, buf, len);
}

int sysinfo(struct sysinfo *info)
{
	return SYS(sysinfo, info);
}

int uname(struct utsname *u)
{
	return SYS(uname, u);
}

int gethostname(char *name, size_t size)
{
	struct utsname u;

	if (uname(&u))
		return -1;
	if (strlen(u.nodename) >= size) {
		errno = ENAMETOOLONG;
		return -1;
	}
	strcpy(name, u.nodename);
	return 0;
}

int sethostname(const char *name, size_t size)
{
	return SYS(sethostname, name, size);
}

int getpagesize(void)
{
	unsigned long size = getauxval(AT_PAGESZ);

	return size ? size : 4096;
}

long sysconf(int name)
{
	struct sysinfo info;
	struct rlimit lim;

	switch (name) {
	case _SC_ARG_MAX:
		return 131072;
	case _SC_CLK_TCK:
		return 100;
	case _SC_OPEN_MAX:
		return getrlimit(RLIMIT_NOFILE, &lim) ? -1 : (long)lim.rlim_cur;
	case _SC_PAGESIZE:
		return getpagesize();
	case _SC_NPROCESSORS_CONF:
	case _SC_NPROCESSORS_ONLN:
		return get_nprocs();
	case _SC_PHYS_PAGES:
	case _SC_AVPHYS_PAGES:
		if (sysinfo(&info))
			return -1;
		return (name == _SC_PHYS_PAGES ? info.totalram : info.freeram) * info.mem_unit /
		       getpagesize();
	}
	errno = EINVAL;
	return -1;
}

long syscall(long nr, ...)
{
	va_list ap;
	long a[6];
	int i;

	va_start(ap, nr);
	for (i = 0; i < 6; i++)
		a[i] = va_arg(ap, long);
	va_end(ap);
	return __syscall_ret(__svc(nr, a[0], a[1], a[2], a[3], a[4], a[5]));
}
