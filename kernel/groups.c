// SPDX-License-Identifier: MIT
/*
 * Supplementary groups: the list in a cred, which never changes once a task uses it.
 *
 * Callers: permission checks (in_group_p), and the system calls below. No locks: a list is shared by
 * reference counting, and replaced as a whole with the cred.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sort.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>

/* NULL: no memory. The caller fills gid[], sorts, and owns one reference. */
struct group_info *groups_alloc(int gidsetsize)
{
	struct group_info *gi = kvmalloc(sizeof(*gi) + gidsetsize * sizeof(kgid_t), GFP_KERNEL);

	if (!gi)
		return NULL;
	atomic_set(&gi->usage, 1);
	gi->ngroups = gidsetsize;
	return gi;
}

void groups_free(struct group_info *info)
{
	kvfree(info);
}

static int gid_cmp(const void *a, const void *b)
{
	kgid_t x = *(const kgid_t *)a, y = *(const kgid_t *)b;

	return gid_gt(x, y) - gid_lt(x, y);
}

void groups_sort(struct group_info *info)
{
	sort(info->gid, info->ngroups, sizeof(*info->gid), gid_cmp, NULL);
}

/* By bisection: the list is sorted. */
int groups_search(const struct group_info *info, kgid_t gid)
{
	int left = 0, right = info->ngroups;

	while (left < right) {
		int mid = (left + right) / 2;

		if (gid_eq(info->gid[mid], gid))
			return 1;
		if (gid_gt(gid, info->gid[mid]))
			left = mid + 1;
		else
			right = mid;
	}
	return 0;
}

void set_groups(struct cred *new, struct group_info *info)
{
	put_group_info(new->group_info);
	new->group_info = get_group_info(info);
}

int set_current_groups(struct group_info *info)
{
	struct cred *new = prepare_creds();

	if (!new)
		return -ENOMEM;
	set_groups(new, info);
	return commit_creds(new);
}

/* Is gid one of those that file permissions go by? */
int in_group_p(kgid_t gid)
{
	const struct cred *cred = current_cred();

	return gid_eq(gid, cred->fsgid) || groups_search(cred->group_info, gid);
}

int in_egroup_p(kgid_t gid)
{
	const struct cred *cred = current_cred();

	return gid_eq(gid, cred->egid) || groups_search(cred->group_info, gid);
}

bool may_setgroups(void)
{
	return capable(CAP_SETGID);
}

/* size 0: only how many there are. */
SYSCALL_DEFINE2(getgroups, int, gidsetsize, gid_t __user *, grouplist)
{
	const struct group_info *info = current_cred()->group_info;

	static_assert(sizeof(kgid_t) == sizeof(gid_t));
	if (gidsetsize < 0)
		return -EINVAL;
	if (!gidsetsize)
		return info->ngroups;
	if (info->ngroups > gidsetsize)
		return -EINVAL;
	if (copy_to_user(grouplist, info->gid, info->ngroups * sizeof(gid_t)))
		return -EFAULT;
	return info->ngroups;
}

SYSCALL_DEFINE2(setgroups, int, gidsetsize, gid_t __user *, grouplist)
{
	struct group_info *info;
	int i, ret = -EFAULT;

	if (!may_setgroups())
		return -EPERM;
	if ((unsigned int)gidsetsize > NGROUPS_MAX)
		return -EINVAL;
	info = groups_alloc(gidsetsize);
	if (!info)
		return -ENOMEM;
	if (copy_from_user(info->gid, grouplist, gidsetsize * sizeof(gid_t)))
		goto out;
	ret = -EINVAL;
	for (i = 0; i < gidsetsize; i++)
		if (!gid_valid(info->gid[i]))
			goto out;
	groups_sort(info);
	ret = set_current_groups(info);
out:
	put_group_info(info);
	return ret;
}
