// SPDX-License-Identifier: MIT
/* Shell patterns: * ? [set] and \ to quote. */
#ifndef _FNMATCH_H
#define _FNMATCH_H

#define FNM_NOMATCH	1
#define FNM_PATHNAME	1	/* a slash is matched only by a slash */
#define FNM_NOESCAPE	2	/* backslash is an ordinary character */
#define FNM_PERIOD	4	/* a leading dot is matched only by a dot */

int fnmatch(const char *pattern, const char *string, int flags);

#endif
