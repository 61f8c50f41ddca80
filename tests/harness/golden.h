/* SPDX-License-Identifier: MIT */
/*
 * Frames of the screen that are kept in tests/golden/screen. Run a test with
 * AURORA_GOLDEN=write to make them anew, and look at them before committing.
 */
#ifndef TESTS_HARNESS_GOLDEN_H
#define TESTS_HARNESS_GOLDEN_H

#include "tests/harness/tap.h"

#include "tui/cell.h"

/* Appends the surface as text, a line for each row. */
__attribute__((unused)) static void golden_add(
    struct aur_buf *b, const struct tui_surface *s)
{
	for (int y = 0; y < s->h; y++)
		if (tui_surface_row(s, y, b) < 0 ||
		    aur_buf_add_byte(b, '\n') < 0)
			tap_ok(false, "room for a frame");
}

/* Compares with NAME.txt, or writes it. */
__attribute__((unused)) static void golden_check(
    const char *name, const char *text)
{
	const char *srcdir = getenv("srcdir"), *mode = getenv("AURORA_GOLDEN");
	size_t n = strlen(text);
	char path[512], *want = calloc(1, n + 2);
	FILE *file;

	snprintf(path, sizeof(path), "%s/tests/golden/screen/%s.txt",
	    srcdir != NULL ? srcdir : ".", name);
	file = fopen(path, mode != NULL ? "w" : "r");
	if (file == NULL || want == NULL)
		tap_ok(false, "%s can be opened", path);
	else if (mode != NULL)
		fputs(text, file);
	else {
		want[fread(want, 1, n + 1, file)] = '\0';
		tap_eq_str(text, want, name);
	}
	if (file != NULL)
		fclose(file);
	free(want);
}

#endif
