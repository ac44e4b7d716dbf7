/* SPDX-License-Identifier: MIT */
/* Between the files of ipc/. */
#ifndef _IPC_UTIL_H
#define _IPC_UTIL_H

#include <linux/err.h>
#include <linux/idr.h>
#include <linux/ipc.h>
#include <linux/rwsem.h>

struct seq_file;

/* All objects of one kind. */
struct ipc_ids {
	struct rw_semaphore	rwsem;		/* guards the rest: for writing, who adds or removes */
	int			in_use;
	unsigned short		seq;
	int			last_idx;
	struct idr		ipcs_idr;	/* RCU for those who look up one */
};

/* What a get call wants. */
struct ipc_params {
	__kernel_key_t		key;
	int			flg;
	size_t			size;
};

struct ipc_ops {
	int (*getnew)(struct ipc_ids *ids, struct ipc_params *params);
	int (*more_checks)(struct kern_ipc_perm *ipcp, struct ipc_params *params);
};

#define IPCMNI_SHIFT		15
#define IPCMNI			(1 << IPCMNI_SHIFT)
#define ipcid_to_idx(id)	((id) & (IPCMNI - 1))

void ipc_init_ids(struct ipc_ids *ids);
int ipcget(struct ipc_ids *ids, const struct ipc_ops *ops, struct ipc_params *params);
int ipc_addid(struct ipc_ids *ids, struct kern_ipc_perm *new, int limit);
void ipc_rmid(struct ipc_ids *ids, struct kern_ipc_perm *ipcp);
int ipc_get_maxidx(struct ipc_ids *ids);
struct kern_ipc_perm *ipc_obtain_object_idr(struct ipc_ids *ids, int id);
struct kern_ipc_perm *ipc_obtain_object_check(struct ipc_ids *ids, int id);
int ipcperms(struct kern_ipc_perm *ipcp, short flag);
struct kern_ipc_perm *ipcctl_obtain_check(struct ipc_ids *ids, int id);
void kernel_to_ipc64_perm(struct kern_ipc_perm *in, struct ipc64_perm *out);
int ipc_update_perm(struct ipc64_perm *in, struct kern_ipc_perm *out);

static inline bool ipc_valid_object(struct kern_ipc_perm *perm)
{
	return !perm->deleted;
}

static inline void ipc_lock_object(struct kern_ipc_perm *perm)
{
	spin_lock(&perm->lock);
}

static inline void ipc_unlock_object(struct kern_ipc_perm *perm)
{
	spin_unlock(&perm->lock);
}

#endif
