// SPDX-License-Identifier: MIT
/* clear: empties the terminal's screen. ECMA-48: CUP goes home, ED 2 erases. */
#include <stdio.h>

int main(void)
{
	return fputs("\033[H\033[2J", stdout) || fflush(stdout) ? 1 : 0;
}
