/* SPDX-License-Identifier: MIT */
/* Marks what modules may use. Until modules can be loaded it only documents. */
#ifndef _LINUX_EXPORT_H
#define _LINUX_EXPORT_H
#define EXPORT_SYMBOL(sym)
#define EXPORT_SYMBOL_GPL(sym)
#endif
