/* SPDX-License-Identifier: MIT */
/* lib/view: tables, columns, values as text. */
#include "tests/harness/tap.h"

#include "base/err.h"
#include "base/mem.h"
#include "view/column.h"
#include "view/format.h"
#include "view/table.h"

static const struct aur_table_column columns[] = {
    {.title = "NAME", .most = 10},
    {.title = "N", .right = true, .weight = 1},
    {.title = "OPT", .optional = true},
    {.title = "COMMAND"},
};

static int fill(struct aur_table *t)
{
	static const char *const cells[] = {"web1", "5", "-",
	    "nginx: a long line of words", "db", "1234", "", "postgres\033[2J"};
	int rc = 0;

	for (size_t i = 0; i < AUR_ARRAY_LEN(cells) && rc == 0; i++)
		rc = aur_table_add(t, aur_slice_str(cells[i]),
		    i == 0 ? AUR_TABLE_BAD : AUR_TABLE_PLAIN);
	return rc;
}

static void check(struct aur_table_how how, const char *want, const char *text)
{
	struct aur_table t;
	struct aur_buf b;

	aur_buf_init(&b, 1u << 16);
	aur_table_init(&t, columns, AUR_ARRAY_LEN(columns));
	tap_eq_int(fill(&t), 0, "cells");
	tap_eq_int((int64_t)aur_table_rows(&t), 2, "rows");
	tap_eq_int(aur_table_write(&t, &b, &how), 0, "written");
	tap_eq_str(aur_buf_str(&b), want, text);
	aur_table_release(&t);
	aur_buf_release(&b);
}

static void test_table(void)
{
	check((struct aur_table_how){.width = 0},
	    "NAME     N  COMMAND\n"
	    "web1     5  nginx: a long line of words\n"
	    "db    1234  postgres\xef\xbf\xbd[2J\n",
	    "nothing cut without a width, escapes harmless");
	check((struct aur_table_how){.width = 28},
	    "NAME     N  COMMAND\n"
	    "web1     5  nginx: a long l\xe2\x80\xa6\n"
	    "db    1234  postgres\xef\xbf\xbd[2J\n",
	    "the last column is cut first");
	check((struct aur_table_how){.width = 22, .ascii = true},
	    "NAME  COMMAND\n"
	    "web1  nginx: a long l+\n"
	    "db    postgres\xef\xbf\xbd[2J\n",
	    "then the lightest is left out");
	check((struct aur_table_how){.no_head = true, .color = true},
	    "\033[1;31mweb1\033[0m     5  nginx: a long line of words\n"
	    "db    1234  postgres\xef\xbf\xbd[2J\n",
	    "colours when asked for");
}

static int fail_nth(unsigned long nth, void *arg)
{
	return nth == *(unsigned long *)arg;
}

/* On a terminal the name is seen. */
static void test_command(void)
{
	static const struct aur_table_column column[] = {
	    {.title = "COMMAND", .command = true}};
	const struct aur_table_how how = {.width = 14};
	struct aur_table t;
	struct aur_buf b;

	aur_buf_init(&b, 1u << 16);
	aur_table_init(&t, column, 1);
	if (aur_table_add(&t, aur_slice_str("/usr/lib/gcc/cc1 -quiet a.c"),
		AUR_TABLE_PLAIN) < 0 ||
	    aur_table_add(&t, aur_slice_str("/bin/sh -c x"), AUR_TABLE_PLAIN) <
		0 ||
	    aur_table_add(
		&t, aur_slice_str("/usr/local/bin/a"), AUR_TABLE_PLAIN) < 0)
		tap_ok(false, "cells");
	tap_eq_int(aur_table_write(&t, &b, &how), 0, "written");
	tap_eq_str(aur_buf_str(&b),
	    "COMMAND\ncc1 -quiet a.c\n/bin/sh -c x\na\n",
	    "folders go where there is no room for them");
	aur_table_release(&t);
	aur_buf_release(&b);
}

static const char *program(const char *cmd)
{
	static char out[64];
	struct aur_slice s = aur_format_program(aur_slice_str(cmd));

	snprintf(out, sizeof(out), "%.*s", (int)s.n, (const char *)s.p);
	return out;
}

static void test_program(void)
{
	tap_eq_str(program("/usr/bin/cc1"), "cc1", "behind its folders");
	tap_eq_str(program("nginx: worker"), "nginx", "before a colon");
	tap_eq_str(program("/usr/sbin/sshd -D /etc/x"), "sshd",
	    "before what is said to it");
	tap_eq_str(program("./a"), "a", "here");
	tap_eq_str(program("-bash"), "-bash", "a login shell");
	tap_eq_str(program("/usr/lib/"), "", "a folder is none");
	tap_eq_str(program(""), "", "nothing");
}

static void test_memory(void)
{
	unsigned long n;
	int rc = AUR_ENOMEM;

	for (n = 1; n < 50 && rc != 0; n++) {
		struct aur_table_how how = {.width = 20};
		struct aur_table t;
		struct aur_buf b;

		aur_buf_init(&b, 1u << 16);
		aur_mem_set_fail(fail_nth, &n);
		aur_table_init(&t, columns, AUR_ARRAY_LEN(columns));
		rc = fill(&t);
		if (rc == 0)
			rc = aur_table_write(&t, &b, &how);
		aur_mem_set_fail(NULL, NULL);
		if (rc != 0 && b.n != 0)
			tap_ok(false, "a failed write leaves nothing");
		aur_table_release(&t);
		aur_buf_release(&b);
	}
	tap_ok(rc == 0 && n > 3, "every allocation may fail (%lu)", n);
}

static void test_column(void)
{
	tap_eq_int(aur_column_find(aur_slice_str("cpu")), AUR_COLUMN_CPU,
	    "a column by name");
	tap_eq_int(aur_column_find(aur_slice_str("Cpu%")), AUR_COLUMN_CPU,
	    "by title, any case");
	tap_eq_int(aur_column_find(aur_slice_str("rss_bytes")), AUR_COLUMN_RSS,
	    "by figure");
	tap_eq_int(aur_column_find(aur_slice_str("cp")), -1, "not by half");
	tap_eq_int(aur_column_find(aur_slice_str("")), -1, "not by nothing");
}

static void format(enum aur_figure_id id, struct aur_value v, const char *want)
{
	struct aur_buf b;

	aur_buf_init(&b, 4096);
	tap_eq_int(aur_format_figure(&b, id, &v), 0, "formatted");
	tap_eq_str(aur_buf_str(&b), want, aur_figure_get(id)->name);
	aur_buf_release(&b);
}

static void test_format(void)
{
	struct aur_value none = {.type = AUR_VALUE_NULL};
	struct aur_value yes = {.type = AUR_VALUE_BOOL, .b = true};
	struct aur_value pid = {.type = AUR_VALUE_INT, .i = 1234567};
	struct aur_value real = {.type = AUR_VALUE_REAL, .d = 12.34};
	struct aur_value nan = {.type = AUR_VALUE_REAL, .d = NAN};
	struct aur_value text = {
	    .type = AUR_VALUE_TEXT, .s = aur_slice_str("a\033b")};
	struct aur_value list = {
	    .type = AUR_VALUE_LIST, .s = aur_slice_of("a\0b c\0d", 7)};

	format(AUR_FIG_processes_pid, none, "-");
	format(AUR_FIG_filesystems_read_only, yes, "yes");
	format(AUR_FIG_processes_pid, pid, "1234567");
	format(AUR_FIG_processes_cpu_percent, real, "12.3");
	format(AUR_FIG_processes_cpu_percent, nan, "-");
	format(AUR_FIG_load_one, real, "12.34");
	format(AUR_FIG_processes_name, text,
	    "a\xef\xbf\xbd"
	    "b");
	format(AUR_FIG_processes_cmdline, list, "a b c d");
}

int main(void)
{
	test_table();
	test_command();
	test_program();
	test_memory();
	test_column();
	test_format();
	return tap_done();
}
