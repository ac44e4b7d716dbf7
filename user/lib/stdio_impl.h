// SPDX-License-Identifier: MIT
/* What stdio's files use of one another. */
#ifndef _STDIO_IMPL_H
#define _STDIO_IMPL_H

#include <stdio.h>

/* Fills f's buffer, which must be empty. 0, or EOF with F_EOF or F_ERR set. */
int __fill(FILE *f);

/*
 * The exact decimal value of v, which is finite and not negative: v = 0.DDDD x 10^*point.
 * Writes the digits without leading or trailing zeros ("" for 0), rounded to ndigits of them,
 * or, when fixed, to ndigits behind the decimal point. Halves go to even. Returns their number.
 */
#define DECIMAL_MAX 1100
int __decimal(double v, int ndigits, int fixed, char digits[DECIMAL_MAX], int *point);

#endif
