/* SPDX-License-Identifier: MIT */
/* The state of one path walk: namei.c walks, namei_open.c opens what it came to. */
#ifndef _FS_NAMEIDATA_H
#define _FS_NAMEIDATA_H

#include <linux/fs.h>
#include <linux/namei.h>

/* A symbolic link whose text is being walked: what is to be walked after it. */
struct saved_text {
	const char		*rest;	/* never empty */
	struct delayed_call	done;	/* frees the text of the link inside */
};

#define EMBEDDED_LEVELS	2

struct nameidata {
	struct path	path;		/* where the walk is; referenced */
	struct path	root;		/* what "/" is; mnt NULL until it is needed; referenced */
	struct qstr	last;		/* the component to be walked next */
	int		last_type;	/* LAST_* */
	bool		last_slash;	/* slashes followed it: it has to be a directory */
	const char	*rest;		/* what comes after it; "" at the end of the text */
	unsigned int	flags;		/* LOOKUP_* */
	unsigned int	links;		/* symbolic links met so far */
	unsigned int	depth;		/* entries in stack */
	struct saved_text *stack;
	struct saved_text internal[EMBEDDED_LEVELS];
	struct delayed_call text_done;	/* frees the text that rest points into, if not the first */
	struct delayed_call last_done;	/* the same for last.name, when that is another text */
	struct filename	*name;
	struct path	*given_root;	/* the caller's root, instead of the task's */
	bool		jumped;		/* a magic link has moved path itself */
	int		dfd;
	struct nameidata *saved;	/* of an outer walk by the same task */
};

int nd_begin(struct nameidata *nd, int dfd, struct filename *name, unsigned int flags);
void nd_end(struct nameidata *nd);
int walk_to_last(struct nameidata *nd);
int walk_last(struct nameidata *nd, bool follow);
int nd_take(struct nameidata *nd, struct path *path);
int nd_step_to(struct nameidata *nd, struct dentry *dentry, bool follow);
struct dentry *nd_lookup_cached(struct nameidata *nd, struct dentry *dir);

#endif
