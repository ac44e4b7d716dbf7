// SPDX-License-Identifier: MIT
/*
 * The user and group numbers of a process: getuid(2) to setresgid(2), and capget(2), capset(2).
 *
 * Each of real, effective and saved; those who may set ids set any, others only exchange the ones
 * they have. The ids for files follow the effective ones. A change makes a new cred (see cred.h), so
 * no lock is needed.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>

SYSCALL_DEFINE0(getuid)
{
	return __kuid_val(current_uid());
}

SYSCALL_DEFINE0(geteuid)
{
	return __kuid_val(current_euid());
}

SYSCALL_DEFINE0(getgid)
{
	return __kgid_val(current_gid());
}

SYSCALL_DEFINE0(getegid)
{
	return __kgid_val(current_egid());
}

/* ------------------------------------------------------------------ users */

#define UNCHANGED	((uid_t)-1)

/* One of the three that this process has. */
static bool own_uid(const struct cred *c, uid_t uid)
{
	kuid_t k = KUIDT_INIT(uid);

	return uid_eq(k, c->uid) || uid_eq(k, c->euid) || uid_eq(k, c->suid);
}

/*
 * The real uid of @new is what it is to be: its user follows. A process may become one of too many: programs that
 * do not look at what setuid() returns would go on as root. It is exec that fails then (PF_NPROC_EXCEEDED).
 */
static int set_user(struct cred *new)
{
	struct user_struct *new_user = alloc_uid(new->uid);

	if (!new_user)
		return -EAGAIN;
	if (user_over_nproc(new_user, rlimit(RLIMIT_NPROC)))
		current->flags |= PF_NPROC_EXCEEDED;
	else
		current->flags &= ~PF_NPROC_EXCEEDED;
	free_uid(new->user);
	new->user = new_user;
	return 0;
}

/* Takes over the reference to @new. */
static int commit_uids(struct cred *new)
{
	if (!uid_eq(new->uid, current_uid()) && set_user(new)) {
		abort_creds(new);
		return -EAGAIN;
	}
	return commit_creds(new);
}

SYSCALL_DEFINE3(setresuid, uid_t, ruid, uid_t, euid, uid_t, suid)
{
	struct cred *new = prepare_creds();
	const struct cred *old = current_cred();

	if (!new)
		return -ENOMEM;
	if (!capable(CAP_SETUID) &&
	    ((ruid != UNCHANGED && !own_uid(old, ruid)) || (euid != UNCHANGED && !own_uid(old, euid)) ||
	     (suid != UNCHANGED && !own_uid(old, suid)))) {
		abort_creds(new);
		return -EPERM;
	}
	if (ruid != UNCHANGED)
		new->uid = KUIDT_INIT(ruid);
	if (euid != UNCHANGED)
		new->euid = KUIDT_INIT(euid);
	if (suid != UNCHANGED)
		new->suid = KUIDT_INIT(suid);
	new->fsuid = new->euid;
	return commit_uids(new);
}

SYSCALL_DEFINE3(getresuid, uid_t __user *, ruidp, uid_t __user *, euidp, uid_t __user *, suidp)
{
	const struct cred *cred = current_cred();

	if (put_user(__kuid_val(cred->uid), ruidp) || put_user(__kuid_val(cred->euid), euidp) ||
	    put_user(__kuid_val(cred->suid), suidp))
		return -EFAULT;
	return 0;
}

/* The real id may become the real or effective one, the effective one any of the three. */
SYSCALL_DEFINE2(setreuid, uid_t, ruid, uid_t, euid)
{
	struct cred *new = prepare_creds();
	const struct cred *old = current_cred();
	kuid_t kruid = KUIDT_INIT(ruid), keuid = KUIDT_INIT(euid);

	if (!new)
		return -ENOMEM;
	if (!capable(CAP_SETUID) &&
	    ((ruid != UNCHANGED && !uid_eq(kruid, old->uid) && !uid_eq(kruid, old->euid)) ||
	     (euid != UNCHANGED && !own_uid(old, euid)))) {
		abort_creds(new);
		return -EPERM;
	}
	if (ruid != UNCHANGED)
		new->uid = kruid;
	if (euid != UNCHANGED)
		new->euid = keuid;
	if (ruid != UNCHANGED || (euid != UNCHANGED && !uid_eq(keuid, old->uid)))
		new->suid = new->euid;
	new->fsuid = new->euid;
	return commit_uids(new);
}

/* For root all three, for good; for others the effective one, to the real or saved one. */
SYSCALL_DEFINE1(setuid, uid_t, uid)
{
	const struct cred *old = current_cred();
	kuid_t kuid = KUIDT_INIT(uid);
	struct cred *new;

	if (!uid_valid(kuid))
		return -EINVAL;
	new = prepare_creds();
	if (!new)
		return -ENOMEM;
	if (capable(CAP_SETUID)) {
		new->uid = new->suid = kuid;
	} else if (!uid_eq(kuid, old->uid) && !uid_eq(kuid, old->suid)) {
		abort_creds(new);
		return -EPERM;
	}
	new->euid = new->fsuid = kuid;
	return commit_uids(new);
}

/* ------------------------------------------------------------------ groups: the same rules */

static bool own_gid(const struct cred *c, gid_t gid)
{
	kgid_t k = KGIDT_INIT(gid);

	return gid_eq(k, c->gid) || gid_eq(k, c->egid) || gid_eq(k, c->sgid);
}

SYSCALL_DEFINE3(setresgid, gid_t, rgid, gid_t, egid, gid_t, sgid)
{
	struct cred *new = prepare_creds();
	const struct cred *old = current_cred();

	if (!new)
		return -ENOMEM;
	if (!capable(CAP_SETGID) &&
	    ((rgid != UNCHANGED && !own_gid(old, rgid)) || (egid != UNCHANGED && !own_gid(old, egid)) ||
	     (sgid != UNCHANGED && !own_gid(old, sgid)))) {
		abort_creds(new);
		return -EPERM;
	}
	if (rgid != UNCHANGED)
		new->gid = KGIDT_INIT(rgid);
	if (egid != UNCHANGED)
		new->egid = KGIDT_INIT(egid);
	if (sgid != UNCHANGED)
		new->sgid = KGIDT_INIT(sgid);
	new->fsgid = new->egid;
	return commit_creds(new);
}

SYSCALL_DEFINE3(getresgid, gid_t __user *, rgidp, gid_t __user *, egidp, gid_t __user *, sgidp)
{
	const struct cred *cred = current_cred();

	if (put_user(__kgid_val(cred->gid), rgidp) || put_user(__kgid_val(cred->egid), egidp) ||
	    put_user(__kgid_val(cred->sgid), sgidp))
		return -EFAULT;
	return 0;
}

SYSCALL_DEFINE2(setregid, gid_t, rgid, gid_t, egid)
{
	struct cred *new = prepare_creds();
	const struct cred *old = current_cred();
	kgid_t krgid = KGIDT_INIT(rgid), kegid = KGIDT_INIT(egid);

	if (!new)
		return -ENOMEM;
	if (!capable(CAP_SETGID) &&
	    ((rgid != UNCHANGED && !gid_eq(krgid, old->gid) && !gid_eq(krgid, old->egid)) ||
	     (egid != UNCHANGED && !own_gid(old, egid)))) {
		abort_creds(new);
		return -EPERM;
	}
	if (rgid != UNCHANGED)
		new->gid = krgid;
	if (egid != UNCHANGED)
		new->egid = kegid;
	if (rgid != UNCHANGED || (egid != UNCHANGED && !gid_eq(kegid, old->gid)))
		new->sgid = new->egid;
	new->fsgid = new->egid;
	return commit_creds(new);
}

SYSCALL_DEFINE1(setgid, gid_t, gid)
{
	const struct cred *old = current_cred();
	kgid_t kgid = KGIDT_INIT(gid);
	struct cred *new;

	if (!gid_valid(kgid))
		return -EINVAL;
	new = prepare_creds();
	if (!new)
		return -ENOMEM;
	if (capable(CAP_SETGID)) {
		new->gid = new->sgid = kgid;
	} else if (!gid_eq(kgid, old->gid) && !gid_eq(kgid, old->sgid)) {
		abort_creds(new);
		return -EPERM;
	}
	new->egid = new->fsgid = kgid;
	return commit_creds(new);
}

/* ------------------------------------------------------------------ capabilities */

/* All of them, 0 to CAP_CHECKPOINT_RESTORE, or none: as capable() has it. */
#define CAP_FULL_SET	((1ULL << 41) - 1)

#define _LINUX_CAPABILITY_VERSION_1	0x19980330
#define _LINUX_CAPABILITY_VERSION_2	0x20071026
#define _LINUX_CAPABILITY_VERSION_3	0x20080522

struct __user_cap_header_struct {
	__u32 version;
	int pid;
};

struct __user_cap_data_struct {
	__u32 effective, permitted, inheritable;
};

/* How many words of 32 capabilities the caller's version has; 0: unknown, and he is told ours. */
static int cap_validate_magic(struct __user_cap_header_struct __user *header, int *words)
{
	__u32 version;

	if (get_user(version, &header->version))
		return -EFAULT;
	*words = version == _LINUX_CAPABILITY_VERSION_1 ? 1 :
		 version == _LINUX_CAPABILITY_VERSION_2 || version == _LINUX_CAPABILITY_VERSION_3 ? 2 : 0;
	if (!*words && put_user(_LINUX_CAPABILITY_VERSION_3, &header->version))
		return -EFAULT;
	return 0;
}

/* The sets of a process: effective by the effective user, permitted if it could become root. */
static void get_caps(const struct cred *cred, u64 *effective, u64 *permitted)
{
	*effective = uid_eq(cred->euid, GLOBAL_ROOT_UID) ? CAP_FULL_SET : 0;
	*permitted = *effective || own_uid(cred, 0) ? CAP_FULL_SET : 0;
}

SYSCALL_DEFINE2(capget, struct __user_cap_header_struct __user *, header,
		struct __user_cap_data_struct __user *, dataptr)
{
	struct __user_cap_data_struct data[2] = { };
	u64 effective, permitted;
	struct task_struct *tsk;
	const struct cred *cred;
	int words, pid, i, err = cap_validate_magic(header, &words);

	if (err)
		return err;
	if (!words)
		return dataptr ? -EINVAL : 0;
	if (!dataptr)
		return 0;
	if (get_user(pid, &header->pid))
		return -EFAULT;
	if (pid < 0)
		return -EINVAL;
	tsk = pid ? find_get_task_by_vpid(pid) : get_task_struct(current);
	if (!tsk)
		return -ESRCH;
	cred = get_task_cred(tsk);
	get_caps(cred, &effective, &permitted);
	put_cred(cred);
	put_task_struct(tsk);
	for (i = 0; i < words; i++) {
		data[i].effective = effective >> (32 * i);
		data[i].permitted = permitted >> (32 * i);
	}
	return copy_to_user(dataptr, data, words * sizeof(data[0])) ? -EFAULT : 0;
}

/* Privilege goes by the user alone, so sets can only be what they are. */
SYSCALL_DEFINE2(capset, struct __user_cap_header_struct __user *, header,
		const struct __user_cap_data_struct __user *, dataptr)
{
	struct __user_cap_data_struct data[2] = { };
	u64 effective, permitted, want_effective, want_permitted;
	int words, pid, err = cap_validate_magic(header, &words);

	if (err)
		return err;
	if (!words)
		return -EINVAL;
	if (get_user(pid, &header->pid))
		return -EFAULT;
	if (pid && pid != task_pid_vnr(current))
		return -EPERM;
	if (copy_from_user(data, dataptr, words * sizeof(data[0])))
		return -EFAULT;
	get_caps(current_cred(), &effective, &permitted);
	want_effective = data[0].effective | (u64)data[1].effective << 32;
	want_permitted = data[0].permitted | (u64)data[1].permitted << 32;
	if (words == 1) {
		effective &= U32_MAX;
		permitted &= U32_MAX;
	}
	if ((want_effective & CAP_FULL_SET) != effective || (want_permitted & CAP_FULL_SET) != permitted ||
	    data[0].inheritable || data[1].inheritable)
		return -EPERM;
	return 0;
}
