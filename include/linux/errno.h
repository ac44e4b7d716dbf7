/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_ERRNO_H
#define _LINUX_ERRNO_H

#include <uapi/linux/errno.h>

/*
 * Between kernel functions only: a program never sees one of these. The first symptom of one that
 * leaks is "Unknown error 512".
 */
#define ERESTARTSYS		512	/* restart if the handler has SA_RESTART, else EINTR */
#define ERESTARTNOINTR		513	/* always restart after the signal */
#define ERESTARTNOHAND		514	/* restart if the signal has no handler, else EINTR */
#define ENOIOCTLCMD		515	/* no such ioctl: ENOTTY for the program */
#define ERESTART_RESTARTBLOCK	516	/* signal: go on through restart_syscall() */
#define EPROBE_DEFER		517	/* a driver's device is not ready, ask again */
#define EOPENSTALE		518	/* a stale handle was found by open */
#define ENOPARAM		519	/* no such mount option */
#define EBADHANDLE		521	/* bad NFS file handle */
#define ENOTSYNC		522	/* out of step on update */
#define EBADCOOKIE		523	/* stale readdir cookie */
#define ENOTSUPP		524	/* not supported, without a meaning for programs */
#define ETOOSMALL		525	/* buffer or request too small */
#define ESERVERFAULT		526	/* untranslatable error */
#define EBADTYPE		527	/* type not supported */
#define EJUKEBOX		528	/* slow, will not complete soon */
#define EIOCBQUEUED		529	/* queued, completion comes later */
#define ERECALLCONFLICT		530	/* conflicts with a recalled state */
#define ENOGRACE		531	/* reclaim refused by grace period */

#endif
