/* SPDX-License-Identifier: MIT */
/* What stands on a surface of cells, for tests of screens. */
#ifndef TESTS_HARNESS_SURFACE_H
#define TESTS_HARNESS_SURFACE_H

#include "base/buf.h"
#include "tui/cell.h"

#include <string.h>

/* Whether `text` stands in row `y`; in any for -1. */
static inline bool surface_has(
    const struct tui_surface *s, int y, const char *text)
{
	struct aur_buf b;
	bool found = false;

	aur_buf_init(&b, 1u << 20);
	for (int i = 0; i < s->h && !found; i++) {
		aur_buf_clear(&b);
		if ((y < 0 || i == y) && tui_surface_row(s, i, &b) == 0)
			found = strstr(aur_buf_str(&b), text) != NULL;
	}
	aur_buf_release(&b);
	return found;
}

#endif
