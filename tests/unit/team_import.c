/* SPDX-License-Identifier: MIT */
/* Hosts out of an ssh_config: which it names, and what holds for them. */
#include "tests/harness/fail.h"
#include "tests/harness/tap.h"

#include "base/err.h"
#include "team/import.h"

static const char config[] = "User nobody_yet\n"
			     "# Host commented\n"
			     "Host web1 web2 *.pat !not\n"
			     "  HostName %h.example\n"
			     "\tport=2222\n"
			     "Match host web1 exec \"rm -rf /\"\n"
			     "  User evil\n"
			     "  Port 1\n"
			     "hOsT \"db1\"\n"
			     "  HostName = \"10.0.0.1\"\n"
			     "  ProxyJump bastion,web1\n"
			     "  Include more\n"
			     "  User late\n"
			     "Host odd\n"
			     "  HostName %n.%k\n"
			     "Match all\n"
			     "  Port 99\n"
			     "Host *\n"
			     "  ProxyJump general\n"
			     "Host web1\n";

/* What is included under "db1". */
static const char more[] = "Port 7\nHost inner db1\nUser included\nHost web1\n"
			   "HostName wrong\n";

struct reading {
	struct aur_import *im;
	unsigned asked;
};

static int include(void *arg, struct aur_slice pattern)
{
	struct reading *r = arg;

	r->asked++;
	if (!aur_slice_is(pattern, "more"))
		return AUR_EINVALID;
	return aur_import_read(r->im, aur_slice_str(more), include, r);
}

static void is_host(struct aur_import *im, size_t i, const char *name,
    const char *hostname, const char *user, const char *port, const char *jump)
{
	struct aur_import_host h = {0};
	const char *want[] = {name, hostname, user, port, jump};

	tap_eq_int(aur_import_get(im, i, &h), 0, name);
	for (size_t k = 0; k < AUR_ARRAY_LEN(want); k++) {
		const char *got[] = {
		    h.name, h.hostname, h.user, h.port, h.jump};

		if (want[k] == NULL)
			tap_ok(got[k] == NULL, "%s: %zu is not said", name, k);
		else
			tap_eq_str(got[k], want[k], want[k]);
	}
}

static void test_config(void)
{
	struct reading r = {0};

	tap_eq_int(aur_import_new(&r.im), 0, "new");
	tap_eq_int(aur_import_read(r.im, aur_slice_str(config), include, &r), 0,
	    "read");
	tap_eq_u64(r.asked, 1, "one include");
	tap_eq_u64(aur_import_count(r.im), 5, "named: plain words, once");
	is_host(
	    r.im, 0, "web1", "web1.example", "nobody_yet", "2222", "general");
	is_host(
	    r.im, 1, "web2", "web2.example", "nobody_yet", "2222", "general");
	is_host(r.im, 2, "db1", "10.0.0.1", "nobody_yet", "7", "bastion,web1");
	is_host(r.im, 3, "inner", NULL, "nobody_yet", "99", "general");
	is_host(r.im, 4, "odd", NULL, "nobody_yet", "99", "general");
	aur_import_free(r.im);
}

static int again(void *arg, struct aur_slice pattern)
{
	struct reading *r = arg;

	(void)pattern;
	return aur_import_read(r->im, aur_slice_str("Include x\n"), again, r);
}

static void test_odd(void)
{
	static const char text[] = "Host\nHost \"a b\" \"open\nHostname\n=\n"
				   "Port\n  \n\"\nHost a\nPort 1 2\nUser ''\n"
				   "Host !a A\nInclude\nInclude \"\"\n";
	struct reading r = {0};
	struct aur_import_host h = {0};

	tap_eq_int(aur_import_new(&r.im), 0, "new");
	tap_eq_int(aur_import_read(r.im, aur_slice_str(text), include, &r), 0,
	    "odd lines are skipped");
	tap_eq_u64(r.asked, 0, "nothing is included");
	tap_eq_u64(aur_import_count(r.im), 4, "names");
	tap_eq_int(aur_import_get(r.im, 2, &h), 0, "one");
	tap_eq_str(h.port, "1", "its first value");
	aur_import_free(r.im);
	tap_eq_int(aur_import_new(&r.im), 0, "new");
	tap_eq_int(
	    aur_import_read(r.im, aur_slice_str("Include x\n"), again, &r),
	    AUR_ELIMIT, "a file that includes itself");
	aur_import_free(r.im);
}

static int all(struct aur_import **im)
{
	struct aur_import_host h;
	int rc = aur_import_new(im);

	if (rc == 0)
		rc = aur_import_read(*im, aur_slice_str(config), NULL, NULL);
	for (size_t i = 0; rc == 0 && i < aur_import_count(*im); i++)
		rc = aur_import_get(*im, i, &h);
	return rc;
}

static void test_memory(void)
{
	for (unsigned long nth = 1; fail_begin(nth); nth++) {
		struct aur_import *im = NULL;
		int rc = all(&im);
		bool hit = fail_end();

		aur_import_free(im);
		if (!hit) {
			tap_eq_int(rc, 0, "got through");
			break;
		}
		if (rc != AUR_ENOMEM)
			tap_eq_int(rc, AUR_ENOMEM, "allocation failed");
	}
}

int main(void)
{
	test_config();
	test_odd();
	test_memory();
	return tap_done();
}
