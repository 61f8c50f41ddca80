/* SPDX-License-Identifier: MIT */
/*
 * known_hosts: whose line speaks of whom. What ssh itself makes of each of
 * these cases was tried with OpenSSH 9.2; tests/ssh/known.test compares the
 * matching of names with ssh-keygen -F.
 */
#include "ssh/known.h"
#include "base/err.h"
#include "base/limits.h"
#include "tests/harness/fail.h"
#include "tests/unit/ssh_fixture.h"

#include <sys/stat.h>
#include <unistd.h>

#define ED                                                                     \
	"ssh-ed25519 "                                                         \
	"AAAAC3NzaC1lZDI1NTE5AAAAIPX6nM9nx97NWLB1UYWdlXWPZj3x0DEkgVLkdfq5"     \
	"thZX"
#define ED2                                                                    \
	"ssh-ed25519 "                                                         \
	"AAAAC3NzaC1lZDI1NTE5AAAAIPX6nM9nx97NWLB1UYWdlXWPZj3x0DEkgVLkdfq"      \
	"5thZY"
#define EC                                                                     \
	"ecdsa-sha2-nistp256 "                                                 \
	"AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBJe0YY4HWMTX"     \
	"6uZ1ZVkJWc//Q0sIxYdqwA4+x2xuLwHxbRfsXVGf67ANpAGJcHpyIq5upJVk5Vd0"     \
	"NOpf50TOBxE="
#define FP "SHA256:9WmGA5Jm+E6sZYHS6A8BfChMeJZVvJnuQCJoVEV6lC4"
/* hashed as ssh-keygen -H does: "web1" and of "[web1]:2222" */
#define HASHED "|1|lZlUQpdyhUvMG93BmFlkQPImMAk=|IjwBzqGsvCg7IkUiG8c84ImbJ3g="
#define HASHED_PORT                                                            \
	"|1|lZlUQpdyhUvMG93BmFlkQPImMAk=|suH9kqiqnwQvgXYDJfb2sRXGAA8="

enum state {
	MATCH = AUR_SSH_KNOWN_MATCH,
	DIFFERS = AUR_SSH_KNOWN_DIFFERS,
	REVOKED = AUR_SSH_KNOWN_REVOKED,
	UNKNOWN = AUR_SSH_KNOWN_UNKNOWN,
	CA = AUR_SSH_KNOWN_CA,
};

/* The server shows the ed25519 fixture. */
static const struct {
	const char *what, *text, *name, *alias;
	unsigned port;
	enum state want;
	unsigned line; /* of the first entry named; 0: none */
} cases[] = {
    {"an empty file", "", "web1", NULL, 22, UNKNOWN, 0},
    {"its line", "web1 " ED "\n", "web1", NULL, 22, MATCH, 1},
    {"no port is 22", "web1 " ED "\n", "web1", NULL, 0, MATCH, 1},
    {"no newline", "# c\nweb1 " ED, "web1", NULL, 22, MATCH, 2},
    {"CRLF and a comment", "web1 " ED " root@web1\r\n", "web1", NULL, 22, MATCH,
	1},
    {"blanks and tabs", "  web1\t" ED "\n", "web1", NULL, 22, MATCH, 1},
    {"another host", "web2 " ED "\n", "web1", NULL, 22, UNKNOWN, 0},
    {"a longer name", "web11 " ED "\n", "web1", NULL, 22, UNKNOWN, 0},
    {"case does not count", "WEB1 " ED "\n", "Web1", NULL, 22, MATCH, 1},
    {"another key", "web1 " ED2 "\n", "web1", NULL, 22, DIFFERS, 1},
    {"a key of another type", "web1 " EC "\n", "web1", NULL, 22, DIFFERS, 1},
    {"two keys, the second", "web1 " EC "\nweb1 " ED "\n", "web1", NULL, 22,
	MATCH, 2},
    {"two others, the same type first", "web1 " EC "\nweb1 " ED2 "\n", "web1",
	NULL, 22, DIFFERS, 2},
    {"a list", "a,web1,10.0.0.1 " ED "\n", "10.0.0.1", NULL, 22, MATCH, 1},
    {"a list with an empty name", ",web1, " ED "\n", "web1", NULL, 22, MATCH,
	1},
    {"a star", "*.example " ED "\n", "a.b.example", NULL, 22, MATCH, 1},
    {"a star alone", "* " ED "\n", "web1", NULL, 22, MATCH, 1},
    {"stars that must try again", "*a*ab " ED "\n", "xaaab", NULL, 22, MATCH,
	1},
    {"a question mark", "web? " ED "\n", "web1", NULL, 22, MATCH, 1},
    {"stands for one", "web? " ED "\n", "web", NULL, 22, UNKNOWN, 0},
    {"a negation wins", "*.example,!db.example " ED "\n", "db.example", NULL,
	22, UNKNOWN, 0},
    {"over what stands behind it", "!db.example,*.example " ED "\n",
	"db.example", NULL, 22, UNKNOWN, 0},
    {"and alone matches nobody", "!db " ED "\n", "web1", NULL, 22, UNKNOWN, 0},
    {"hashed", HASHED " " ED "\n", "web1", NULL, 22, MATCH, 1},
    {"hashed, in capitals", HASHED " " ED "\n", "WEB1", NULL, 22, MATCH, 1},
    {"hashed, another", HASHED " " ED "\n", "web2", NULL, 22, UNKNOWN, 0},
    {"hashed, with a port", HASHED_PORT " " ED "\n", "web1", NULL, 2222, MATCH,
	1},
    {"hashed, cut", "|1|lZlUQpdyhUvMG93BmFlkQPImMAk= " ED "\n", "web1", NULL,
	22, UNKNOWN, 0},
    {"a port", "[web1]:2222 " ED "\n", "web1", NULL, 2222, MATCH, 1},
    {"another port", "[web1]:2222 " ED "\n", "web1", NULL, 2223, UNKNOWN, 0},
    {"a port, and 22", "[web1]:2222 " ED "\n", "web1", NULL, 22, UNKNOWN, 0},
    {"the bare name will do", "web1 " ED "\n", "web1", NULL, 2222, MATCH, 1},
    {"but says nothing against", "web1 " ED2 "\n", "web1", NULL, 2222, UNKNOWN,
	0},
    {"the port comes first", "web1 " ED "\n[web1]:2222 " ED2 "\n", "web1", NULL,
	2222, DIFFERS, 2},
    {"IPv6", "2001:db8::1 " ED "\n", "2001:DB8::1", NULL, 22, MATCH, 1},
    {"IPv6 with a port", "[::1]:2222 " ED "\n", "::1", NULL, 2222, MATCH, 1},
    {"a pattern for ports", "[web*]:* " ED "\n", "web1", NULL, 2222, MATCH, 1},
    {"an alias", "prod " ED "\n", "web1", "prod", 2222, MATCH, 1},
    {"is looked up alone", "web1 " ED "\n", "web1", "prod", 22, UNKNOWN, 0},
    {"and without a port", "[prod]:2222 " ED "\n", "web1", "prod", 2222,
	UNKNOWN, 0},
    {"revoked", "web1 " ED "\n@revoked * " ED "\n", "web1", NULL, 22, REVOKED,
	2},
    {"revoked by the bare name", "@revoked web1 " ED "\n", "web1", NULL, 2222,
	REVOKED, 1},
    {"another one is revoked", "web1 " ED "\n@revoked * " ED2 "\n", "web1",
	NULL, 22, MATCH, 1},
    {"revoked for others", "web1 " ED "\n@revoked db* " ED "\n", "web1", NULL,
	22, MATCH, 1},
    {"an authority", "@cert-authority *.example " EC "\n", "a.example", NULL,
	22, CA, 1},
    {"an authority's own key is none", "@cert-authority * " ED "\n", "web1",
	NULL, 22, CA, 1},
    {"an authority and a key", "@cert-authority * " EC "\nweb1 " ED "\n",
	"web1", NULL, 22, MATCH, 2},
    {"an authority and another key", "@cert-authority * " EC "\nweb1 " ED2 "\n",
	"web1", NULL, 22, DIFFERS, 2},
    {"bad lines around it",
	"web1\nweb1 ssh-ed25519\nweb1 ssh-ed25519 AAAA\n@foo web1 " ED2
	"\nweb1 2048 35 12345\nweb1 restrict " ED2 "\nweb1 " ED "\n@revoked\n",
	"web1", NULL, 22, MATCH, 7},
};

static struct aur_ssh_known *known_of(const char *text)
{
	struct aur_ssh_known *k = NULL;

	if (aur_ssh_known_new(&k) < 0 ||
	    aur_ssh_known_add(k, "known_hosts", aur_slice_str(text)) < 0)
		abort();
	return k;
}

/* The bytes of "type base64". */
static struct aur_buf blob_of(const char *key)
{
	struct aur_ssh_line l;
	struct aur_buf blob;

	aur_buf_init(&blob, AUR_MAX_SSH_BLOB);
	if (aur_ssh_line_parse(aur_slice_str(key), &l) < 0 ||
	    aur_ssh_line_blob(&l, &blob) < 0)
		abort();
	return blob;
}

static void test_cases(void)
{
	struct aur_buf blob = blob_of(ED);

	for (size_t i = 0; i < AUR_ARRAY_LEN(cases); i++) {
		struct aur_ssh_known *k = known_of(cases[i].text);
		const struct aur_ssh_known_host host = {
		    cases[i].name, cases[i].alias, (uint16_t)cases[i].port};
		struct aur_ssh_known_answer a = {.n = 99};

		if (aur_ssh_known_check(k, &host, aur_buf_peek(&blob), &a) != 0)
			tap_ok(false, "%s: an error", cases[i].what);
		tap_eq_int((int)a.state, (int)cases[i].want, cases[i].what);
		tap_eq_u64(
		    a.n > 0 ? a.entries[0].line : 0, cases[i].line, "line");
		aur_ssh_known_free(k);
	}
	aur_buf_release(&blob);
}

static void test_answer(void)
{
	struct aur_ssh_known *k = known_of("web1 " EC "\n* " ED "\n");
	const struct aur_ssh_known_host web1 = {"web1", NULL, 22};
	struct aur_buf blob = blob_of(ED2);
	struct aur_ssh_known_answer a;

	tap_eq_int(aur_ssh_known_check(k, &web1, aur_buf_peek(&blob), &a), 0,
	    "a key that differs");
	tap_eq_int(a.state, AUR_SSH_KNOWN_DIFFERS, "differs");
	tap_ok(a.same_type, "from one of its type");
	tap_eq_u64(a.n, 2, "two are known");
	tap_eq_str(a.entries[0].fingerprint, FP, "by fingerprint");
	tap_eq_str(a.entries[0].file, "known_hosts", "file");
	tap_eq_u64(a.entries[0].line, 2, "line");
	tap_eq_int(a.entries[1].type, AUR_SSH_KEY_ECDSA_256, "and type");
	tap_eq_int(aur_ssh_known_check(k, &web1, aur_slice_str("abc"), &a),
	    AUR_EINVALID, "no key");
	tap_eq_int(
	    aur_ssh_known_check(k, &(struct aur_ssh_known_host){"", NULL, 22},
		aur_buf_peek(&blob), &a),
	    AUR_EINVALID, "no name");
	aur_buf_release(&blob);
	aur_ssh_known_free(k);
}

static void test_types(void)
{
	struct aur_ssh_known *k = known_of(
	    "web1 " EC "\nweb1 " ED "\n@revoked web1 " ED2
	    "\n@cert-authority ca1 " ED "\n[web3]:2222 " EC "\nweb3 " ED
	    "\nweb4 " EC "\nweb4 " ED2 "\n@revoked web4 " ED2 "\n");
	enum aur_ssh_key t[AUR_SSH_KEY_TYPES];
	struct aur_ssh_known_host h = {"web1", NULL, 22};

	tap_eq_u64(aur_ssh_known_types(k, &h, t), 2, "two types");
	tap_ok(t[0] == AUR_SSH_KEY_ED25519 && t[1] == AUR_SSH_KEY_ECDSA_256,
	    "the better one first");
	h.name = "web4";
	tap_ok(
	    aur_ssh_known_types(k, &h, t) == 1 && t[0] == AUR_SSH_KEY_ECDSA_256,
	    "a key that is revoked does not count");
	h.name = "ca1";
	tap_eq_u64(aur_ssh_known_types(k, &h, t), 0, "an authority is none");
	tap_ok(aur_ssh_known_has_ca(k, &h), "but is known");
	h = (struct aur_ssh_known_host){"web3", NULL, 2222};
	tap_ok(
	    aur_ssh_known_types(k, &h, t) == 1 && t[0] == AUR_SSH_KEY_ECDSA_256,
	    "with the port");
	h.port = 2223;
	tap_ok(
	    aur_ssh_known_types(k, &h, t) == 1 && t[0] == AUR_SSH_KEY_ED25519,
	    "or the bare name");
	aur_ssh_known_free(k);
}

static void test_bad(void)
{
	struct aur_ssh_known *k = known_of("web1 " ED "\n");
	const char *file = NULL;
	unsigned line = 0;

	tap_eq_u64(aur_ssh_known_bad(k, &file, &line), 0, "no bad line");
	tap_eq_int(aur_ssh_known_add(k, "other",
		       aur_slice_str("#\nx\ny ssh-ed25519 AAAA\n"
				     "z ssh-new AAAAB3NzaC1uZXcAAAABAQ==\n")),
	    0, "two more");
	tap_eq_u64(aur_ssh_known_bad(k, &file, &line), 2, "are counted");
	tap_eq_str(file, "other", "and the first is named");
	tap_eq_u64(line, 2, "by its line; a new kind of key is not bad");
	aur_ssh_known_free(k);
}

static char folder[] = "/tmp/aurora-known-XXXXXX";

static const char *path(const char *name)
{
	static char text[256];

	snprintf(text, sizeof text, "%s/%s", folder, name);
	return text;
}

static mode_t mode(const char *name)
{
	struct stat st;

	return stat(path(name), &st) == 0 ? st.st_mode & 0777 : 0;
}

static void put(const char *name, const char *text)
{
	FILE *f = fopen(path(name), "w");

	if (f == NULL)
		abort();
	fputs(text, f);
	fclose(f);
}

static void test_lines(void)
{
	const struct aur_ssh_known_host h = {"Web1", NULL, 2222};
	const struct aur_ssh_known_host odd = {"web1", "a b", 0};
	struct aur_buf blob = blob_of(ED), line;
	struct aur_ssh_known_answer a;
	struct aur_ssh_known *k;

	aur_buf_init(&line, AUR_MAX_SSH_LINE);
	tap_eq_int(aur_ssh_known_line(&h, aur_buf_peek(&blob), false, &line), 0,
	    "a line");
	tap_eq_str(
	    aur_buf_str(&line), "[web1]:2222 " ED "\n", "as ssh writes it");
	aur_buf_clear(&line);
	tap_eq_int(aur_ssh_known_line(&h, aur_buf_peek(&blob), true, &line), 0,
	    "a hashed one");
	tap_ok(strncmp(aur_buf_str(&line), "|1|", 3) == 0 &&
		   strstr(aur_buf_str(&line), "web1") == NULL,
	    "does not name the host");
	k = known_of(aur_buf_str(&line));
	tap_ok(aur_ssh_known_check(k, &h, aur_buf_peek(&blob), &a) == 0 &&
		   a.state == AUR_SSH_KNOWN_MATCH,
	    "and is found again");
	aur_ssh_known_free(k);
	tap_eq_int(aur_ssh_known_line(&odd, aur_buf_peek(&blob), false, &line),
	    AUR_EINVALID, "a name that would be two");
	tap_eq_int(aur_ssh_known_line(&h, aur_slice_str("abc"), false, &line),
	    AUR_EINVALID, "no key");
	aur_buf_release(&line);
	aur_buf_release(&blob);
}

static void test_append(void)
{
	struct aur_slice line = aur_slice_str("web1 " ED "\n");
	const struct aur_ssh_known_host web1 = {"web1", NULL, 22};
	enum aur_ssh_key t[AUR_SSH_KEY_TYPES];
	struct aur_ssh_known *k = NULL;
	struct stat st;

	tap_eq_int(aur_ssh_known_append(path("ssh/known_hosts"), line), 0,
	    "appended where nothing was");
	tap_eq_u64(mode("ssh"), 0700, "the folder's mode");
	tap_eq_u64(mode("ssh/known_hosts"), 0600, "the file's mode");
	put("half", "web2 " EC);
	tap_eq_int(aur_ssh_known_append(path("half"), line), 0,
	    "appended behind a line without an end");
	if (aur_ssh_known_new(&k) < 0)
		abort();
	tap_eq_int(aur_ssh_known_read(k, path("half")), 0, "read");
	tap_ok(aur_ssh_known_types(k, &web1, t) == 1 &&
		   t[0] == AUR_SSH_KEY_ED25519,
	    "both lines are whole");
	tap_eq_int(
	    aur_ssh_known_read(k, path("missing")), 0, "no file is fine");
	tap_eq_int(aur_ssh_known_read(k, folder), AUR_EIO, "a folder is not");
	aur_ssh_known_free(k);

	tap_ok(symlink("ssh/known_hosts", path("link")) == 0, "a link");
	tap_eq_int(
	    aur_ssh_known_append(path("link"), line), 0, "of ours is followed");
	tap_ok(lstat(path("link"), &st) == 0 && S_ISLNK(st.st_mode) &&
		   stat(path("link"), &st) == 0 &&
		   st.st_size == 2 * (off_t)line.n,
	    "to its end");
	tap_ok(symlink("loop", path("loop")) == 0, "a link to itself");
	tap_eq_int(aur_ssh_known_append(path("loop"), line), AUR_EDENIED,
	    "is given up");
	tap_ok(mkfifo(path("fifo"), 0600) == 0, "a fifo");
	tap_eq_int(aur_ssh_known_append(path("fifo"), line), AUR_EDENIED,
	    "is no file");
	tap_ok(mkdir(path("ssh/dir"), 0700) == 0, "a folder");
	tap_ok(aur_ssh_known_append(path("ssh/dir"), line) < 0, "is no file");
	if (geteuid() != 0) {
		tap_skip("only root can make another one's link");
		return;
	}
	tap_ok(symlink("ssh/known_hosts", path("theirs")) == 0 &&
		   lchown(path("theirs"), 12345, 12345) == 0,
	    "another one's link");
	tap_eq_int(aur_ssh_known_append(path("theirs"), line), AUR_EDENIED,
	    "is refused");
	tap_ok(symlink("ssh", path("away")) == 0 &&
		   lchown(path("away"), 12345, 12345) == 0,
	    "another one's link to a folder");
	tap_eq_int(aur_ssh_known_append(path("away/known_hosts"), line),
	    AUR_EDENIED, "too");
}

static int all_of_it(void)
{
	const struct aur_ssh_known_host h = {"web1", NULL, 2222};
	struct aur_ssh_known_answer a;
	struct aur_ssh_known *k = NULL;
	struct aur_slice blob;
	struct aur_buf line;
	int rc = aur_ssh_known_new(&k);

	blob = aur_slice_of("\0\0\0\013ssh-ed25519\0\0\0\1x", 20);
	aur_buf_init(&line, AUR_MAX_SSH_LINE);
	if (rc == 0)
		rc = aur_ssh_known_add(k, "f",
		    aur_slice_str("web1 " ED "\n" HASHED_PORT " " EC "\n"));
	if (rc == 0)
		rc = aur_ssh_known_check(k, &h, blob, &a);
	if (rc == 0)
		rc = aur_ssh_known_line(&h, blob, true, &line);
	aur_buf_release(&line);
	aur_ssh_known_free(k);
	return rc;
}

static void test_no_memory(void)
{
	size_t bad = 0;
	int rc = 0;

	for (unsigned long nth = 1; fail_begin(nth); nth++) {
		rc = all_of_it();
		if (!fail_end())
			break;
		bad += rc != AUR_ENOMEM;
	}
	tap_eq_int(rc, 0, "got through");
	tap_eq_u64(bad, 0, "no failure was misread");
}

int main(void)
{
	char command[64];

	if (mkdtemp(folder) == NULL)
		abort();
	test_cases();
	test_answer();
	test_types();
	test_bad();
	test_lines();
	test_append();
	test_no_memory();
	snprintf(command, sizeof command, "rm -rf '%s'", folder);
	if (system(command) != 0)
		tap_ok(false, "cannot remove %s", folder);
	return tap_done();
}
