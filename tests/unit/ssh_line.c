/* SPDX-License-Identifier: MIT */
/* Lines of authorized_keys: options with quotes, blanks and commas in them. */
#include "base/err.h"
#include "base/limits.h"
#include "ssh/key.h"
#include "tests/harness/tap.h"

#define BLOB                                                                   \
	"AAAAC3NzaC1lZDI1NTE5AAAAIPX6nM9nx97NWLB1UYWdlXWPZj3x0DEkgVLkdfq5thZX"
#define OTHER                                                                  \
	"AAAAC3NzaC1lZDI1NTE5AAAAIPX6nM9nx97NWLB1UYWdlXWPZj3x0DEkgVLkdfq5thZY"
#define KEY "ssh-ed25519 " BLOB
/* a type that we do not know, with something behind its name */
#define STRANGE "ssh-new@example AAAAD3NzaC1uZXdAZXhhbXBsZQAAAAEB"

static const struct {
	const char *line;
	int rc;
	const char *options, *comment;
} lines[] = {
    {KEY, 0, "", ""},
    {KEY " a comment \r\n", 0, "", "a comment"},
    {"  \t" KEY "\tbob@web", 0, "", "bob@web"},
    {"restrict " KEY, 0, "restrict", ""},
    {"restrict,command=\"a b,c\" " KEY " bob", 0, "restrict,command=\"a b,c\"",
	"bob"},
    {"command=\"say \\\"hi\\\" # no\",no-pty  " KEY, 0,
	"command=\"say \\\"hi\\\" # no\",no-pty", ""},
    {"from=\"!*.evil,10.0.0.0/8\",environment=\"A=b\" " KEY, 0,
	"from=\"!*.evil,10.0.0.0/8\",environment=\"A=b\"", ""},
    {STRANGE " new", 0, "", "new"},
    {"", AUR_EABSENT, NULL, NULL},
    {" \t\r\n", AUR_EABSENT, NULL, NULL},
    {"# " KEY, AUR_EABSENT, NULL, NULL},
    {"ssh-ed25519", AUR_EINVALID, NULL, NULL},
    {"ssh-ed25519 AAAA", AUR_EINVALID, NULL, NULL},
    {"ssh-rsa " BLOB, AUR_EINVALID, NULL, NULL},
    {"ssh-ed25519 " BLOB "AAAA", AUR_EINVALID, NULL, NULL},
    {BLOB, AUR_EINVALID, NULL, NULL},
    {"command=\"open " KEY, AUR_EINVALID, NULL, NULL},
    {"command=bare " KEY, AUR_EINVALID, NULL, NULL},
    {"command=\"a\"b " KEY, AUR_EINVALID, NULL, NULL},
    {"restrict, " KEY, AUR_EINVALID, NULL, NULL},
    {",restrict " KEY, AUR_EINVALID, NULL, NULL},
    {"a,,b " KEY, AUR_EINVALID, NULL, NULL},
    {"restrict\n" KEY, AUR_EINVALID, NULL, NULL},
    {"two words " KEY, AUR_EINVALID, NULL, NULL},
};

static void is(struct aur_slice s, const char *want, const char *text)
{
	tap_eq_bytes(s.p, s.n, want, strlen(want), text);
}

static void test_lines(void)
{
	struct aur_ssh_line l;

	for (size_t i = 0; i < AUR_ARRAY_LEN(lines); i++) {
		char name[32];
		int rc;

		l = (struct aur_ssh_line){.type = AUR_SSH_KEY_DSA};
		rc = aur_ssh_line_parse(aur_slice_str(lines[i].line), &l);

		snprintf(name, sizeof name, "line %zu", i);
		tap_eq_int(rc, lines[i].rc, name);
		if (rc < 0) {
			tap_eq_int(l.type, AUR_SSH_KEY_DSA, "untouched");
			continue;
		}
		is(l.options, lines[i].options, "options");
		is(l.comment, lines[i].comment, "comment");
	}
	tap_eq_int(aur_ssh_line_parse(aur_slice_of("# a\0b", 5), &l),
	    AUR_EABSENT, "a comment may hold anything");
	tap_eq_int(
	    aur_ssh_line_parse(aur_slice_of(KEY " a\0b", sizeof(KEY) + 3), &l),
	    AUR_EINVALID, "a key's line may not");
}

static void test_same(void)
{
	struct aur_ssh_line a, b, c;

	tap_ok(
	    aur_ssh_line_parse(aur_slice_str("restrict " KEY " a"), &a) == 0 &&
		aur_ssh_line_parse(aur_slice_str(KEY), &b) == 0 &&
		aur_ssh_line_parse(aur_slice_str("ssh-ed25519 " OTHER), &c) ==
		    0,
	    "three lines");
	tap_ok(aur_ssh_line_same_key(&a, &b), "two have the same key");
	tap_ok(!aur_ssh_line_same_key(&a, &c), "the third has not");
}

static void test_options(void)
{
	struct aur_slice o =
	    aur_slice_str("restrict,Command=\"a \\\"b\\\", \\c\",from=\"\"");
	struct aur_slice name, value, rest = o;
	struct aur_buf b;

	aur_buf_init(&b, 100);
	tap_ok(aur_ssh_option_next(&rest, &name, &value), "the first");
	is(name, "restrict", "its name");
	tap_ok(value.p == NULL, "has no value");
	tap_ok(aur_ssh_option_next(&rest, &name, &value), "the second");
	is(name, "Command", "its name");
	tap_eq_int(aur_ssh_option_value(value, &b), 0, "its value");
	tap_eq_str(aur_buf_str(&b), "a \"b\", \\c", "without escapes");
	tap_ok(aur_ssh_option_next(&rest, &name, &value), "the third");
	tap_ok(value.p != NULL && value.n == 0, "has an empty one");
	tap_ok(!aur_ssh_option_next(&rest, &name, &value), "and the end");
	tap_ok(aur_ssh_option_find(o, "command", &value) && value.n == 11,
	    "found whatever its case");
	tap_ok(!aur_ssh_option_find(o, "comman", &value), "a part is not");
	aur_buf_release(&b);
}

/* What sync writes: read back, it is the same. */
static void test_write(void)
{
	static const char command[] =
	    "/usr/bin/aurora-agentd --stdio --member \"b\\\"ob\\\"\"";
	struct aur_slice value;
	struct aur_buf b, back;

	aur_buf_init(&b, 200);
	aur_buf_init(&back, 200);
	tap_eq_int(aur_ssh_option_add(&b, "restrict", NULL), 0, "a word");
	tap_eq_int(aur_ssh_option_add(&b, "command", command), 0, "a text");
	tap_eq_str(aur_buf_str(&b),
	    "restrict,command=\"/usr/bin/aurora-agentd --stdio --member "
	    "\\\"b\\\\\"ob\\\\\"\\\"\"",
	    "as sshd reads it");
	tap_ok(aur_ssh_option_find(aur_buf_peek(&b), "command", &value) &&
		   aur_ssh_option_value(value, &back) == 0,
	    "read back");
	tap_eq_str(aur_buf_str(&back), command, "the same");
	tap_eq_int(aur_ssh_option_add(&b, "command", "a\nb"), AUR_EINVALID,
	    "a newline would be another line");
	tap_eq_int(aur_ssh_option_add(&b, "command", "a\\"), AUR_EINVALID,
	    "a backslash would eat the quote");
	aur_buf_release(&b);
	aur_buf_init(&b, 10);
	tap_eq_int(
	    aur_ssh_option_add(&b, "command", "abc"), AUR_ELIMIT, "too long");
	tap_eq_u64(b.n, 0, "nothing added");
	aur_buf_release(&b);
	aur_buf_release(&back);
}

static void test_long(void)
{
	size_t n = AUR_MAX_SSH_LINE + 1;
	char *text = malloc(n);
	struct aur_ssh_line l;

	memset(text, 'x', n);
	tap_eq_int(aur_ssh_line_parse(aur_slice_of(text, n), &l), AUR_ELIMIT,
	    "a line too long");
	free(text);
}

int main(void)
{
	test_lines();
	test_same();
	test_options();
	test_write();
	test_long();
	return tap_done();
}
