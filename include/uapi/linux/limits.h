/* SPDX-License-Identifier: MIT */
#ifndef _UAPI_LINUX_LIMITS_H
#define _UAPI_LINUX_LIMITS_H

#define NR_OPEN		1024
#define NGROUPS_MAX	65536
#define ARG_MAX		131072
#define LINK_MAX	127
#define MAX_CANON	255
#define MAX_INPUT	255
#define NAME_MAX	255	/* bytes of one name, without the NUL */
#define PATH_MAX	4096	/* bytes of a path, with the NUL */
#define PIPE_BUF	4096	/* bytes that a write to a pipe does not let others mix with */

#endif
