/* SPDX-License-Identifier: MIT */
/* Three versions of a team become one, or a conflict that is shown. */
#include "tests/harness/fail.h"
#include "tests/harness/jsonfail.h"
#include "tests/harness/tap.h"

#include "base/err.h"
#include "team/merge.h"
#include "team/team.h"

#define T(more) "{\"name\":\"t\",\"id\":\"0123456789\"" more "}"
#define HOSTS(more) T(",\"hosts\":[" more "]")
#define H(n, more) "{\"name\":\"h" #n "\",\"id\":\"0000000" #n "\"" more "}"

static char why[AUR_TEAM_WHY];

/* The merged text without blanks and newlines between. */
static const char *packed(struct aur_merge *m)
{
	static char text[2048];
	size_t n = 0;

	for (const char *p = aur_buf_str(&m->text); *p != '\0'; p++)
		if (*p != ' ' && *p != '\n')
			text[n++] = *p;
	text[n] = '\0';
	return text;
}

static int run(
    struct aur_merge *m, const char *base, const char *ours, const char *theirs)
{
	return aur_merge(m, aur_slice_str(base), aur_slice_str(ours),
	    aur_slice_str(theirs), why, sizeof(why));
}

static void merges(const char *base, const char *ours, const char *theirs,
    const char *want, const char *text)
{
	struct aur_merge m;

	tap_eq_int(run(&m, base, ours, theirs), 0, text);
	tap_eq_u64(m.nconflict, 0, "no conflict");
	tap_ok(strstr(packed(&m), want) != NULL, "%s", want);
	aur_merge_release(&m);
}

static void conflicts(const char *base, const char *ours, const char *theirs,
    const char *where, const char *mine, const char *other)
{
	struct aur_merge m;

	tap_eq_int(run(&m, base, ours, theirs), 0, where);
	if (tap_ok(m.nconflict == 1, "one conflict, %zu", m.nconflict)) {
		tap_eq_str(m.conflict[0].where, where, "where");
		tap_eq_str(m.conflict[0].ours ? m.conflict[0].ours : "-", mine,
		    "ours");
		tap_eq_str(m.conflict[0].theirs ? m.conflict[0].theirs : "-",
		    other, "theirs");
	}
	aur_merge_release(&m);
}

static void test_merges(void)
{
	merges(HOSTS(H(1, "")), HOSTS(H(1, "")), HOSTS(H(1, ",\"port\":5")),
	    "\"hosts\":[" H(1, ",\"port\":5") "]", "they changed");
	merges(HOSTS(H(1, "")), HOSTS(H(1, ",\"port\":5")), HOSTS(H(1, "")),
	    "\"hosts\":[" H(1, ",\"port\":5") "]", "we changed");
	merges(HOSTS(H(1, "")), HOSTS(H(1, ",\"port\":5")),
	    HOSTS(H(1, ",\"port\":5")), "\"port\":5", "both the same");
	merges(HOSTS(H(1, "")), HOSTS(H(1, ",\"port\":5")),
	    HOSTS(H(1, ",\"user\":\"u\"")), "\"port\":5,\"user\":\"u\"",
	    "different members of one host");
	merges(HOSTS(H(1, ",\"port\":5")), HOSTS(H(1, ",\"port\":5")),
	    HOSTS(H(1, "")), "\"hosts\":[" H(1, "") "]", "they took away");
	merges(HOSTS(H(1, "")), HOSTS(H(2, "") "," H(1, "")),
	    HOSTS(H(1, "") "," H(3, "")),
	    "\"hosts\":[" H(2, "") "," H(1, "") "," H(3, "") "]",
	    "new ones of both");
	merges(HOSTS(H(1, "") "," H(2, "") "," H(3, "")),
	    HOSTS(H(1, "") "," H(2, "") "," H(3, "")), HOSTS(H(3, "")),
	    "\"hosts\":[" H(3, "") "]", "they removed two");
	merges(HOSTS(H(1, "") "," H(2, "")), HOSTS(H(2, "")),
	    HOSTS(H(1, "") "," H(2, "")), "\"hosts\":[" H(2, "") "]",
	    "we removed one");
	merges(HOSTS(H(1, ",\"tags\":{\"a\":\"1\"}")),
	    HOSTS(H(1, ",\"tags\":{\"a\":\"1\",\"b\":\"2\"}")),
	    HOSTS(H(1, ",\"tags\":{\"a\":\"3\"}")),
	    "\"tags\":{\"a\":\"3\",\"b\":\"2\"}", "tags one by one");
	merges(T(""), T(",\"x\":[1]"), T(",\"members\":[" H(1, "") "]"),
	    "\"x\":[1]", "what nobody knows stays");
	merges(T(""), T(",\"x\":[1]"), T(",\"members\":[" H(1, "") "]"),
	    "\"members\":[" H(1, "") "]", "and members come");
	merges("", HOSTS(H(1, "")), HOSTS(H(1, "") "," H(2, "")),
	    "\"hosts\":[" H(1, "") "," H(2, "") "]", "they never met");
}

static void test_conflicts(void)
{
	conflicts(HOSTS(H(1, "")), HOSTS(H(1, ",\"port\":5")),
	    HOSTS(H(1, ",\"port\":6")), "hosts h1: port", "5", "6");
	conflicts(HOSTS(H(1, ",\"port\":4")), HOSTS(H(1, "")),
	    HOSTS(H(1, ",\"port\":6")), "hosts h1: port", "-", "6");
	conflicts(HOSTS(H(1, "")), HOSTS(""), HOSTS(H(1, ",\"port\":6")),
	    "hosts h1", "-", H(1, ",\"port\":6"));
	conflicts(HOSTS(H(1, "")), HOSTS(H(1, ",\"port\":6")), HOSTS(""),
	    "hosts h1", H(1, ",\"port\":6"), "-");
	conflicts(HOSTS(""), HOSTS(H(1, "")),
	    HOSTS("{\"name\":\"h1\",\"id\":\"99999999\"}"), "hosts h1", "-",
	    "{\"name\":\"h1\",\"id\":\"99999999\"}");
	conflicts(T(",\"x\":1"), T(",\"x\":2"), T(",\"x\":3"), "x", "2", "3");
	conflicts("", HOSTS(H(1, ",\"port\":5")), HOSTS(H(1, ",\"port\":6")),
	    "hosts h1: port", "5", "6");
	conflicts(HOSTS(H(1, ",\"tags\":{\"a\":\"1\"}")),
	    HOSTS(H(1, ",\"tags\":{\"a\":\"2\"}")),
	    HOSTS(H(1, ",\"tags\":{\"a\":\"3\"}")), "hosts h1: tags: a",
	    "\"2\"", "\"3\"");
}

static void test_refused(void)
{
	struct aur_merge m;

	tap_eq_int(run(&m, "", "{", T("")), AUR_EINVALID, "ours is damaged");
	tap_ok(strncmp(why, "ours:1:", 7) == 0, "%s", why);
	aur_merge_release(&m);
	tap_eq_int(run(&m, "", T(""), "{\"version\":9}"), AUR_EVERSION,
	    "theirs later");
	aur_merge_release(&m);
	tap_eq_int(run(&m, "[]", T(""), T("")), AUR_EINVALID, "a bad base");
	aur_merge_release(&m);
	/* each renames another host to the same name */
	tap_eq_int(run(&m, HOSTS(H(1, "") "," H(2, "")),
		       HOSTS("{\"name\":\"x\",\"id\":\"00000001\"}," H(2, "")),
		       HOSTS(H(1, "") ",{\"name\":\"x\",\"id\":\"00000002\"}")),
	    AUR_EINVALID, "two names that met");
	tap_ok(
	    strstr(why, "merged: hosts[1].name: the same") != NULL, "%s", why);
	aur_merge_release(&m);
}

static void test_differs(void)
{
	struct aur_merge m;

	tap_eq_int(run(&m, T(""), T(",\"x\":1"), T("")), 0, "ours is newer");
	tap_ok(!m.differs_from_ours || m.differs_from_theirs, "told");
	tap_ok(m.differs_from_theirs, "theirs lacks it");
	aur_merge_release(&m);
}

static void test_memory(void)
{
	for (unsigned long nth = 1; fail_begin(nth); nth++) {
		struct aur_merge m;
		int rc = run(&m, HOSTS(H(1, "") "," H(2, "")),
		    HOSTS(H(1, ",\"port\":5") "," H(2, "")),
		    HOSTS(H(1, ",\"port\":6") "," H(3, "")));
		bool hit = fail_end();

		aur_merge_release(&m);
		if (!hit) {
			tap_eq_int(rc, 0, "got through");
			break;
		}
		/* jansson calls a token that it cannot keep a bad one */
		if (rc != AUR_ENOMEM && rc != AUR_EINVALID && rc != 0)
			tap_eq_int(rc, AUR_ENOMEM, "allocation failed");
	}
}

int main(void)
{
	jsonfail_begin();
	test_merges();
	test_conflicts();
	test_refused();
	test_differs();
	test_memory();
	return tap_done();
}
