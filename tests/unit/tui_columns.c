/* SPDX-License-Identifier: MIT */
/* The columns that the user wants: text form, order, choice. */
#include "tests/harness/tap.h"

#include "base/err.h"
#include "tui/columns.h"

static const char *text(const struct tui_columns *c)
{
	static char out[512];
	struct aur_buf b;
	const char *s;

	aur_buf_init(&b, sizeof(out));
	s = tui_columns_format(c, &b) < 0 ? NULL : aur_buf_str(&b);
	snprintf(out, sizeof(out), "%s", s != NULL ? s : "");
	aur_buf_release(&b);
	return out;
}

static int parse(struct tui_columns *c, const char *s)
{
	return tui_columns_parse(c, aur_slice_str(s));
}

static void test_text(void)
{
	struct tui_columns a, b;
	char first[512];

	tui_columns_default(&a);
	snprintf(first, sizeof(first), "%s", text(&a));
	tap_ok(
	    strncmp(first, "pid user ", 9) == 0, "the first order: %s", first);
	tap_ok(parse(&b, first) == 0 && tui_columns_same(&a, &b),
	    "a text comes back as it went");
	tap_eq_int(parse(&b, "  command -rss  pid "), 0, "some columns");
	tap_ok(strncmp(text(&b), "command -rss pid -user ", 23) == 0,
	    "the rest comes last, hidden: %s", text(&b));
	tap_eq_int((int64_t)b.n, (int64_t)a.n, "none is lost");
	tap_ok(!tui_columns_same(&a, &b), "another order is not the same");
}

static void test_bad(void)
{
	static const char *const bad[] = {"", " ", "-", "pid pid", "pid nosuch",
	    "-pid -user", "pid\tuser", "files", "PID"};
	struct tui_columns a, b;

	tui_columns_default(&a);
	b = a;
	for (size_t i = 0; i < AUR_ARRAY_LEN(bad); i++)
		tap_ok(parse(&b, bad[i]) == AUR_EINVALID &&
			   tui_columns_same(&a, &b),
		    "'%s' is refused", bad[i]);
}

static void test_change(void)
{
	struct tui_columns c;

	tap_eq_int(parse(&c, "pid cpu -rss"), 0, "three");
	tap_eq_int((int64_t)tui_columns_move(&c, 0, -1), 0, "no further back");
	tap_eq_int((int64_t)tui_columns_move(&c, 0, 1), 1, "one place on");
	tap_ok(strncmp(text(&c), "cpu pid -rss ", 13) == 0, "%s", text(&c));
	tap_eq_int((int64_t)tui_columns_move(&c, c.n - 1, 1), (int64_t)c.n - 1,
	    "no further on");
	tap_ok(tui_columns_toggle(&c, 2), "shown");
	tap_ok(tui_columns_toggle(&c, 0) && tui_columns_toggle(&c, 1),
	    "two hidden");
	tap_ok(!tui_columns_toggle(&c, 2), "the last one stays");
	tap_ok(strncmp(text(&c), "-cpu -pid rss ", 14) == 0, "%s", text(&c));
}

int main(void)
{
	test_text();
	test_bad();
	test_change();
	return tap_done();
}
