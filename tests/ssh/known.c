/* SPDX-License-Identifier: MIT */
/*
 * For known.test: the numbers of the lines of FILE that speak of NAME, as
 * `ssh-keygen -F NAME -f FILE` finds them. NAME may be [host]:port.
 */
#include "base/err.h"
#include "ssh/known_int.h"

#include <stdio.h>

int main(int argc, char **argv)
{
	struct aur_ssh_known *k = NULL;

	if (argc != 3 || aur_ssh_known_new(&k) < 0 ||
	    aur_ssh_known_read(k, argv[1]) < 0)
		return 2;
	for (size_t i = 0; i < k->n; i++)
		if (aur__known_match(k, k->entries[i].names, argv[2]) == 1)
			printf("%u\n", k->entries[i].line);
	aur_ssh_known_free(k);
	return 0;
}
