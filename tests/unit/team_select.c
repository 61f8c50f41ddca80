/* SPDX-License-Identifier: MIT */
/* Whom words mean, and what is said of words that mean nobody. */
#include "tests/harness/fail.h"
#include "tests/harness/tap.h"

#include "base/err.h"
#include "team/select.h"

#include <unistd.h>

static char dir[] = "/tmp/aurora-select-XXXXXX";
static struct aur_team *team;

static const char file[] =
    "{\"version\":1,\"name\":\"pixel\",\"id\":\"0123456789\",\"hosts\":["
    "{\"name\":\"web1\",\"id\":\"00000001\",\"groups\":[\"web\"]},"
    "{\"name\":\"web2\",\"id\":\"00000002\",\"groups\":[\"web\",\"eu\"]},"
    "{\"name\":\"web4\",\"id\":\"00000003\",\"groups\":[\"web\"]},"
    "{\"name\":\"db01\",\"id\":\"00000004\",\"groups\":[\"db\"]},"
    "{\"name\":\"db02\",\"id\":\"00000005\",\"groups\":[\"db\",\"eu\"]},"
    "{\"name\":\"db10\",\"id\":\"00000006\"},"
    "{\"name\":\"a1..2\",\"id\":\"00000007\"}]}";

/* Picks as one string. */
static const char *picks(const struct aur_select *s)
{
	static char text[512];
	size_t n = 0;

	text[0] = '\0';
	for (size_t i = 0; i < s->n; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%s",
		    i > 0 ? " " : "", s->pick[i].name);
	return text;
}

static void means(const struct aur_team *t, const char *words, const char *less,
    const char *want)
{
	struct aur_select s;
	int rc;

	aur_select_init(&s, t);
	rc = words[0] != '\0' ? aur_select_add(&s, aur_slice_str(words))
			      : aur_select_rest(&s);
	if (rc == 0 && less != NULL)
		rc = aur_select_less(&s, aur_slice_str(less));
	tap_eq_int(rc, 0, words);
	tap_eq_str(picks(&s), want, less != NULL ? less : words);
	aur_select_release(&s);
}

static void fails(
    const struct aur_team *t, const char *words, int want, const char *why)
{
	struct aur_select s;

	aur_select_init(&s, t);
	tap_eq_int(aur_select_add(&s, aur_slice_str(words)), want, words);
	tap_ok(strstr(s.why, why) != NULL, "%s: %s", words, s.why);
	aur_select_release(&s);
}

static void test_words(void)
{
	means(team, "", NULL, "web1 web2 web4 db01 db02 db10 a1..2");
	means(team, "all", NULL, "web1 web2 web4 db01 db02 db10 a1..2");
	means(team, "local", NULL, "local");
	means(team, "web2,web1,web2", NULL, "web2 web1");
	means(team, "local,all,local", NULL,
	    "local web1 web2 web4 db01 db02 db10 a1..2");
	means(team, "web*", NULL, "web1 web2 web4");
	means(team, "web[12]", NULL, "web1 web2");
	means(team, "*", NULL, "web1 web2 web4 db01 db02 db10 a1..2");
	means(team, "@web", NULL, "web1 web2 web4");
	means(team, "@eu,web1", NULL, "web2 db02 web1");
	means(team, "web1..4", NULL, "web1 web2 web4");
	means(team, "web1..web2", NULL, "web1 web2");
	means(team, "db01..10", NULL, "db01 db02 db10");
	means(team, "db01..02", NULL, "db01 db02");
	means(team, "a1..2", NULL, "a1..2");
	means(team, "all", "@web", "db01 db02 db10 a1..2");
	means(team, "all", "web*,db01..02,a1..2", "db10");
	means(team, "web1", "web1", "");
	means(team, "web1", "web2,local", "web1");
	means(team, "alice@web9.example,web1", NULL, "alice@web9.example web1");
	means(team, "alice@x,alice@x,bob@x", "bob@x", "alice@x");
	means(NULL, "", NULL, "local");
	means(NULL, "all", NULL, "local");
	means(NULL, "lo*", NULL, "local");
	means(NULL, "alice@x:2222", NULL, "alice@x:2222");
}

static void test_wrong(void)
{
	fails(team, "wbe1", AUR_EABSENT,
	    "unknown host 'wbe1'; did you mean 'web1'? 'aurora team show'");
	fails(team, "mail", AUR_EABSENT,
	    "unknown host 'mail': 'aurora team show' lists those of team "
	    "pixel");
	fails(team, "@wbe", AUR_EABSENT, "did you mean '@web'?");
	fails(team, "@", AUR_EABSENT, "group '@'");
	fails(team, "mail*", AUR_EABSENT, "no host of team pixel matches");
	fails(team, "web1..9", AUR_EABSENT, "unknown host 'web9'");
	fails(team, "web3..4", AUR_EABSENT, "unknown host 'web3'");
	fails(team, "web4..1", AUR_EINVALID, "to a larger one");
	fails(team, "web1..99999", AUR_EINVALID, "at most");
	fails(team, "web1..9999999999", AUR_EABSENT, "unknown host");
	fails(team, "web1..", AUR_EABSENT, "unknown host 'web1..'");
	fails(team, "..", AUR_EABSENT, "unknown host '..'");
	fails(team, "..5", AUR_EABSENT, "unknown host '..5'");
	fails(team, "1..2", AUR_EABSENT, "unknown host '1'");
	fails(team, "web1,,web2", AUR_EINVALID, "an empty host name");
	fails(team, "", AUR_EINVALID, "an empty host name");
	fails(team, "a@", AUR_EINVALID, ": ");
	fails(team, "a@-oProxyCommand=x", AUR_EINVALID, ": ");
	fails(team, "-oX@web1", AUR_EINVALID, ": ");
	fails(NULL, "web1", AUR_EABSENT,
	    "unknown host 'web1': only 'local' (this machine) is known");
	fails(NULL, "@web", AUR_EABSENT, "there is no team");
	fails(NULL, "we*", AUR_EABSENT, "only 'local'");
}

static void test_parts(void)
{
	struct aur_select s;

	aur_select_init(&s, NULL);
	tap_eq_int(aur_select_add(&s, aur_slice_str("al@h:22,bob@h")), 0,
	    "two addresses");
	tap_eq_str(s.pick[0].address->user, "al", "a user");
	tap_eq_str(s.pick[0].address->host, "h", "an address");
	tap_eq_int(s.pick[0].address->port, 22, "a port");
	tap_eq_int(s.pick[1].address->port, 0, "none");
	aur_select_release(&s);
	tap_ok(aur_select_needs_team(aur_slice_str("local,web1")), "web1 does");
	tap_ok(aur_select_needs_team(aur_slice_str("@web")), "@web does");
	tap_ok(aur_select_needs_team(aur_slice_str("")), "nothing does");
	tap_ok(!aur_select_needs_team(aur_slice_str("local,a@b")),
	    "an address does not need a team");
}

static void test_memory(void)
{
	for (unsigned long nth = 1; fail_begin(nth); nth++) {
		struct aur_select s;
		int rc;

		aur_select_init(&s, team);
		rc = aur_select_add(&s, aur_slice_str("all,local,a@b,c@d"));
		if (rc == 0)
			rc = aur_select_less(&s, aur_slice_str("web*,a@b"));
		if (!fail_end()) {
			tap_eq_int(rc, 0, "got through");
			aur_select_release(&s);
			break;
		}
		if (rc != AUR_ENOMEM)
			tap_eq_int(rc, AUR_ENOMEM, "allocation failed");
		aur_select_release(&s);
	}
}

int main(void)
{
	char path[128], why[AUR_TEAM_WHY] = "";
	FILE *f;

	if (mkdtemp(dir) == NULL)
		return 99;
	snprintf(path, sizeof(path), "%s/pixel.json", dir);
	f = fopen(path, "w");
	if (f == NULL || fputs(file, f) < 0 || fclose(f) != 0)
		return 99;
	tap_eq_int(
	    aur_team_load(&team, dir, "pixel", why, sizeof(why)), 0, why);
	unlink(path);
	rmdir(dir);
	if (team == NULL)
		return tap_done();
	test_words();
	test_wrong();
	test_parts();
	test_memory();
	aur_team_free(team);
	return tap_done();
}
