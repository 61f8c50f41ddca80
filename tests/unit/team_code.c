/* SPDX-License-Identifier: MIT */
/* Invitations: what goes in comes out, and what was damaged does not. */
#include "tests/harness/fail.h"
#include "tests/harness/tap.h"

#include "base/err.h"
#include "team/code.h"

#define KEY "SHA256:LXEWQrcmsEQBYnyp+6wy9chTD7GQPMTbAiWHF5IaSIE"

static char why[256];

static struct aur_code sample(void)
{
	struct aur_code c = {.name = "pixel",
	    .id = "0123456789abcdef0123456789abcdef",
	    .nplace = 1};

	snprintf(c.place[0].at.user, sizeof(c.place[0].at.user), "alice");
	snprintf(
	    c.place[0].at.host, sizeof(c.place[0].at.host), "web1.example");
	c.place[0].at.port = 2222;
	snprintf(c.place[0].host_key, AUR_CODE_KEY, "%s", KEY);
	return c;
}

static bool same(const struct aur_code *a, const struct aur_code *b)
{
	bool is = strcmp(a->name, b->name) == 0 && strcmp(a->id, b->id) == 0 &&
		  a->nplace == b->nplace;

	for (size_t i = 0; i < a->nplace && is; i++)
		is = aur_address_eq(&a->place[i].at, &b->place[i].at) &&
		     strcmp(a->place[i].host_key, b->place[i].host_key) == 0;
	return is;
}

static const char *write_one(struct aur_buf *b, const struct aur_code *c)
{
	aur_buf_clear(b);
	tap_eq_int(aur_code_write(b, c), 0, "written");
	return aur_buf_str(b);
}

static void test_through(struct aur_buf *b)
{
	struct aur_code c = sample(), got;
	const char *text = write_one(b, &c);
	char quoted[512];

	tap_ok(strncmp(text, "aurora1-", 8) == 0, "it says what it is");
	tap_ok(strlen(text) < 130, "and is short: %zu", strlen(text));
	tap_eq_u64(strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRST"
				"UVWXYZ0123456789-_"),
	    strlen(text), "no letter that a shell or a URL knows");
	tap_eq_int(aur_code_read(aur_slice_str(text), &got, why, sizeof(why)),
	    0, "read");
	tap_ok(same(&c, &got), "all is there");
	snprintf(quoted, sizeof(quoted), "  '%s'\n", text);
	tap_eq_int(aur_code_read(aur_slice_str(quoted), &got, why, sizeof(why)),
	    0, "blanks and quotes around it do no harm");
	snprintf(c.id, sizeof(c.id), "A-team-of-old");
	c.place[1] = c.place[0];
	c.place[1].at.user[0] = c.place[0].host_key[0] = '\0';
	c.place[1].at.port = 0;
	snprintf(c.place[1].at.host, sizeof(c.place[1].at.host), "2001:db8::1");
	c.nplace = 2;
	text = write_one(b, &c);
	tap_eq_int(aur_code_read(aur_slice_str(text), &got, why, sizeof(why)),
	    0, "over a jump, with an id of another kind");
	tap_ok(same(&c, &got), "all is there");
}

/* The sum sees each bit of each letter. */
static void test_damage(struct aur_buf *b)
{
	struct aur_code c = sample(), got;
	char text[256];
	size_t n, good = 0;

	snprintf(text, sizeof(text), "%s", write_one(b, &c));
	n = strlen(text);
	for (size_t i = 8; i + 1 < n; i++) {
		char was = text[i];

		text[i] = was == 'A' ? 'B' : 'A';
		good += aur_code_read(
			    aur_slice_str(text), &got, why, sizeof(why)) == 0;
		text[i] = was;
	}
	tap_eq_u64(good, 0, "one letter that is another is seen");
	for (size_t i = 0; i < n; i++)
		good += aur_code_read(
			    aur_slice_of(text, i), &got, why, sizeof(why)) == 0;
	tap_eq_u64(good, 0, "so is an end that is missing");
	tap_ok(strstr(why, "damaged") != NULL, "%s", why);
	tap_eq_int(aur_code_read(
		       aur_slice_str("aurora2-AAAA"), &got, why, sizeof(why)),
	    AUR_EVERSION, "a later form");
	tap_eq_int(aur_code_read(aur_slice_str("web1"), &got, why, sizeof(why)),
	    AUR_EINVALID, "a word that is none");
}

/* What nobody may say, even with a right sum. */
static void refused(
    struct aur_buf *b, const struct aur_code *c, const char *text)
{
	struct aur_code got;

	aur_buf_clear(b);
	if (aur_code_write(b, c) < 0) {
		tap_ok(true, "%s: not written", text);
		return;
	}
	tap_eq_int(aur_code_read(aur_buf_peek(b), &got, why, sizeof(why)),
	    AUR_EINVALID, text);
}

static void test_refused(struct aur_buf *b)
{
	struct aur_code c = sample();

	snprintf(c.name, sizeof(c.name), "../x");
	refused(b, &c, "a name that is a path");
	c = sample();
	snprintf(c.id, sizeof(c.id), "../../../x");
	refused(b, &c, "an id that is a path");
	c = sample();
	snprintf(c.place[0].at.host, 32, "-oProxyCommand=x");
	refused(b, &c, "an address that is an option");
	c = sample();
	snprintf(c.place[0].at.user, 32, "-x");
	refused(b, &c, "a user that is an option");
	c = sample();
	c.nplace = 0;
	refused(b, &c, "no place");
	c = sample();
	snprintf(c.place[0].host_key, AUR_CODE_KEY, "MD5:00");
	refused(b, &c, "a key of another kind");
}

static void test_memory(void)
{
	struct aur_code c = sample(), got;
	unsigned long nth;

	for (nth = 1; fail_begin(nth); nth++) {
		struct aur_buf b;
		int rc;

		aur_buf_init(&b, 4096);
		rc = aur_code_write(&b, &c);
		if (rc == 0)
			rc = aur_code_read(
			    aur_buf_peek(&b), &got, why, sizeof(why));
		aur_buf_release(&b);
		if (!fail_end()) {
			tap_eq_int(rc, 0, "it gets through");
			break;
		}
		if (rc != AUR_ENOMEM)
			tap_eq_int(rc, AUR_ENOMEM, "what a failure gives");
	}
	tap_ok(nth > 3, "allocations that failed: %lu", nth);
}

int main(void)
{
	struct aur_buf b;

	aur_buf_init(&b, 8192);
	test_through(&b);
	test_damage(&b);
	test_refused(&b);
	aur_buf_release(&b);
	test_memory();
	return tap_done();
}
