/* SPDX-License-Identifier: MIT */
/* The filter language: what matches, what is refused, and where. */
#include "model/filter.h"

#include "base/err.h"
#include "base/limits.h"
#include "model/figure.h"
#include "model/regex_int.h"
#include "tests/unit/model_make.h"

/* A row as the process table has them, with the figures' names. */
struct row {
	int64_t pid;
	double cpu;
	int64_t rss;
	const char *user, *name, *cmdline;
	size_t ncmdline;
	bool restricted;
};

enum { RESTRICTED = AUR_FIG_COUNT };

static const struct row nginx = {.pid = 1234,
    .cpu = 12.5,
    .rss = 2ll << 30,
    .user = "www-data",
    .name = "nginx",
    .cmdline = "/usr/sbin/nginx\0-c\0/etc/n.conf",
    .ncmdline = 31,
    .restricted = true};

static int find(void *ctx, struct aur_slice name)
{
	(void)ctx;
	if (aur_slice_is(name, "restricted"))
		return RESTRICTED;
	return aur_figure_find(AUR_GROUP_PROCESSES, name);
}

static struct aur_value text(const char *s)
{
	return (struct aur_value){
	    .type = AUR_VALUE_TEXT, .s = aur_slice_str(s)};
}

static bool get_text(const struct row *r, unsigned nth, struct aur_value *ret)
{
	if (nth == 0)
		*ret = text(r->name);
	else if (nth == 1)
		*ret = (struct aur_value){.type = AUR_VALUE_LIST,
		    .s = aur_slice_of(r->cmdline, r->ncmdline)};
	return nth < 2;
}

static bool get(void *row, int field, unsigned nth, struct aur_value *ret)
{
	const struct row *r = row;

	*ret = (struct aur_value){.type = AUR_VALUE_NULL};
	switch (field) {
	case -1:
		return get_text(r, nth, ret);
	case AUR_FIG_processes_pid:
		*ret = (struct aur_value){.type = AUR_VALUE_INT, .i = r->pid};
		break;
	case AUR_FIG_processes_rss_bytes:
		*ret = (struct aur_value){.type = AUR_VALUE_INT, .i = r->rss};
		break;
	case AUR_FIG_processes_cpu_percent:
		*ret = (struct aur_value){.type = AUR_VALUE_REAL, .d = r->cpu};
		break;
	case AUR_FIG_processes_user:
		*ret = text(r->user);
		break;
	case AUR_FIG_processes_name:
		*ret = text(r->name);
		break;
	case AUR_FIG_processes_cmdline:
		return get_text(r, 1, ret);
	case RESTRICTED:
		*ret = (struct aur_value){
		    .type = AUR_VALUE_BOOL, .b = r->restricted};
		break;
	}
	return true;
}

static void matches(const char *filter, bool want)
{
	struct aur_filter *f = NULL;
	struct row row = nginx;
	struct aur_buf error;
	size_t at = 0;
	int rc;

	aur_buf_init(&error, 200);
	rc = aur_filter_parse(
	    aur_slice_str(filter), find, NULL, &f, &error, &at);
	if (!tap_ok(rc == 0 && aur_filter_match(f, get, &row) == want, "%s %s",
		want ? "passes:" : "does not pass:", filter) &&
	    rc < 0)
		printf("# %s at %zu\n", aur_buf_str(&error), at);
	aur_filter_free(f);
	aur_buf_release(&error);
}

static void refused(
    const char *filter, int want_rc, size_t want_at, const char *want)
{
	struct aur_filter *f = NULL;
	struct aur_buf error;
	size_t at = 9999;
	int rc;

	aur_buf_init(&error, 200);
	rc = aur_filter_parse(
	    aur_slice_str(filter), find, NULL, &f, &error, &at);
	tap_eq_int(rc, want_rc, filter);
	tap_ok(f == NULL, "no filter then");
	tap_eq_u64(at, want_at, "where");
	if (want != NULL)
		tap_eq_str(aur_buf_str(&error), want, "why");
	aur_filter_free(f);
	aur_buf_release(&error);
}

static void comparing(void)
{
	matches("cpu gt 5 and user eq root", false);
	matches("cpu gt 5 and user eq www-data", true);
	matches("cpu>5", true);
	matches("cpu>12.5", false);
	matches("cpu>=12.5", true);
	matches("cpu ge 12.5%", true);
	matches("cpu<13", true);
	matches("cpu le 12.4", false);
	matches("cpu=12.5", true);
	matches("cpu == 12.5", true);
	matches("cpu != 12.5", false);
	matches("cpu ne 1", true);
	matches("cpu lt -1", false);
	matches("cpu gt -1", true);
	matches("cpu_percent>50|pid=1234", true);
}

static void units(void)
{
	matches("rss ge 1G", true);
	matches("rss ge 2G", true);
	matches("rss > 2G", false);
	matches("rss<2.5GiB", true);
	matches("rss_bytes=2147483648", true);
	matches("rss > 100000M", false);
	matches("rss > lots", false);
	matches("rss ne lots", true);
}

static void colons(void)
{
	matches("cpu:5", true);
	matches("cpu:12.5", true);
	matches("cpu:13", false);
	matches("name:GIN", true);
	matches("name:apache", false);
	matches("cmdline:'nginx -c'", true);
	matches("cmdline:--none", false);
	matches("rss:1G", true);
}

static void texts(void)
{
	matches("user = www-data", true);
	matches("user = WWW-data", false);
	matches("user != root", true);
	matches("name > mysql", true);
	matches("name lt mysql", false);
	matches("user = 'www-data'", true);
	matches("user=\"www-data\"", true);
	matches("cmdline = '/usr/sbin/nginx -c /etc/n.conf'", true);
	matches("pid = x", false);
	matches("restricted = true", true);
	matches("restricted = no", false);
	matches("restricted", false);
}

static void regexes(void)
{
	matches("name ~ ^ng", true);
	matches("name ~ ^NG", true);
	matches("name~^(apache|nginx)$", true);
	matches("name !~ ^ng", false);
	matches("name !~ ^x", true);
	matches("(name ~ ^(a|b))|pid:1", true);
	matches("name ~ [[:alpha:]]{5}", true);
	matches("name ~ n[ |)]", false);
	matches("name ~ 'n g'", false);
	matches("cmdline ~ 'nginx -c /etc'", true);
	matches("pid ~ ^12", true);
	matches("name ~ ''", true);
}

static void unknowns(void)
{
	matches("tty = pts/0", false);
	matches("tty != pts/0", false);
	matches("tty ~ .", false);
	matches("tty !~ x", false);
	matches("swap lt 5", false);
	matches("swap ge 0", false);
	matches("swap:0", false);
	matches("not swap ge 0", true);
}

static void precedence(void)
{
	matches("", true);
	matches("  \t ", true);
	matches("pid=1 and pid=2 or pid=1234", true);
	matches("pid=1234 or pid=1 and pid=2", true);
	matches("(pid=1234 or pid=1) and pid=2", false);
	matches("not pid=1 and pid=2", false);
	matches("not (pid=1 and pid=2)", true);
	matches("!pid=1", true);
	matches("!!pid=1", false);
	matches("! ! ! pid=1", true);
	matches("pid=1 || pid=1234 && cpu>5", true);
	matches("pid=1234&&cpu>50", false);
	matches("pid=1234 AND NOT cpu>50", true);
	matches("cpu>5 name:nginx", true);
	matches("cpu>5 name:apache", false);
	matches("(((pid=1234)))", true);
}

static void plain_text(void)
{
	matches("nginx", true);
	matches("NGINX", true);
	matches("apache", false);
	matches("apache|nginx", true);
	matches("nginx conf", true);
	matches("nginx apache", false);
	matches("'-c /etc'", true);
	matches("not apache", true);
	matches("!nginx", false);
	matches("/usr/sbin", true);
	matches("[kworker/0:1]", false);
	matches("gt", false);
	matches("hello! & bye", false);
}

static void errors(void)
{
	refused("cpuu > 5", AUR_EINVALID, 0, "'cpuu' is no field");
	refused("a or (pid=1 and x:5)", AUR_EINVALID, 16, "'x' is no field");
	refused("cpu >", AUR_EINVALID, 5, "a value is missing after '>'");
	refused("cpu gt", AUR_EINVALID, 6, "a value is missing after 'gt'");
	refused("cpu>|a", AUR_EINVALID, 4, "a value is missing after '>'");
	refused("> 5", AUR_EINVALID, 0, "'>' needs a field before it");
	refused("'cpu' > 5", AUR_EINVALID, 0, "'cpu' is no field");
	refused("(cpu>5", AUR_EINVALID, 6, "a ')' is missing");
	refused("cpu>5)", AUR_EINVALID, 5, "')' without its '('");
	refused("()", AUR_EINVALID, 1, "a condition is missing before ')'");
	refused("a and", AUR_EINVALID, 5, "a condition is missing at the end");
	refused(
	    "a or or b", AUR_EINVALID, 5, "a condition is missing before 'or'");
	refused(
	    "and a", AUR_EINVALID, 0, "a condition is missing before 'and'");
	refused("not", AUR_EINVALID, 3, "a condition is missing at the end");
	refused("'a", AUR_EINVALID, 0, "'a: this quote is not closed");
	refused("user=\"a", AUR_EINVALID, 5, "\"a: this quote is not closed");
	refused("name ~ (", AUR_EINVALID, 7, NULL);
	refused("name ~ (a)\\1", AUR_ELIMIT, 7, NULL);
	refused("name ~ ((a{99}){99}){99}", AUR_ELIMIT, 7, NULL);
}

static int parse(const char *s, size_t n)
{
	struct aur_filter *f = NULL;
	int rc =
	    aur_filter_parse(aur_slice_of(s, n), find, NULL, &f, NULL, NULL);

	aur_filter_free(f);
	return rc;
}

static void hostile(void)
{
	static char s[AUR_MAX_FILTER_TEXT + 1];

	memset(s, '(', sizeof(s));
	tap_eq_int(parse(s, sizeof(s) - 1), AUR_ELIMIT, "(((((...");
	tap_eq_int(parse(s, sizeof(s)), AUR_ELIMIT, "longer than allowed");
	memset(s, '!', sizeof(s));
	tap_eq_int(parse(s, sizeof(s) - 1), AUR_EINVALID, "!!!!!...");
	for (size_t i = 0; i < sizeof(s); i++)
		s[i] = "a|"[i % 2];
	tap_eq_int(parse(s, sizeof(s) - 1), AUR_ELIMIT, "too many nodes");
	tap_eq_int(parse(s, 255), 0, "255 of them, 127 times or");
	for (size_t i = 0; i < sizeof(s); i++)
		s[i] = "! "[i % 2];
	s[sizeof(s) - 2] = 'x';
	tap_eq_int(parse(s, sizeof(s) - 1), 0, "thousands of not");
	for (size_t i = 0; i < sizeof(s); i++)
		s[i] = "(a) "[i % 4];
	tap_eq_int(parse(s, 400), 0, "a hundred groups, none in another");
	memset(s, 'x', sizeof(s));
	tap_eq_int(parse(s, sizeof(s) - 1), 0, "one long word");
	memset(s, '[', sizeof(s));
	tap_eq_int(parse(s, sizeof(s) - 1), 0, "[[[[[...");
	tap_eq_int(parse("name ~ a\0b", 10), AUR_EINVALID, "a NUL inside");
	tap_eq_int(parse("\xff\xfe | \x01", 6), 0, "bytes that are no text");
}

static void bounded(const char *pattern, bool want)
{
	tap_ok(aur__regex_is_bounded(aur_slice_str(pattern)) == want, "%s %s",
	    want ? "may be used:" : "may not:", pattern);
}

static void bounds(void)
{
	bounded("", true);
	bounded("^[0-9a-f]{64}$", true);
	bounded("[0-9]{1,3}(\\.[0-9]{1,3}){3}", true);
	bounded("a{1000}", true);
	bounded("a{3000}", false);
	bounded("a{99999999999999999999}", false);
	bounded("a{50}{50}", false);
	bounded("(a{50}b{50}){30}", false);
	bounded("a++++++++++++++++++++++++++++++++++++++", false);
	bounded("(a+b+)+ [a-z]+$", true);
	bounded("a{50}*{50}", false);
	bounded("(a)\\1", false);
	bounded("a\\", true);
	bounded("a{", true);
	bounded("[", true);
	bounded("[]{99}{99}]", true);
	bounded("a{,5}", true);
	bounded("))))", true);
	bounded("((((((((((((((((((((((((((((((((((((((((", false);
}

static void failing(void)
{
	struct aur_filter *f = NULL;
	unsigned long nth = 0;
	struct row row = nginx;
	struct aur_buf error;
	size_t at;
	bool good = true;
	int rc;

	aur_buf_init(&error, 100);
	do {
		nth++;
		aur_mem_set_fail(make_fail, &nth);
		rc = aur_filter_parse(
		    aur_slice_str("cpu>5 and (name ~ ^n or not user:root)"),
		    find, NULL, &f, &error, &at);
		aur_mem_set_fail(NULL, NULL);
		good = good && (rc == 0 || (rc == AUR_ENOMEM && f == NULL));
	} while (rc < 0 && nth < 100);
	tap_ok(good && rc == 0 && nth > 5, "each allocation may fail");
	tap_ok(aur_filter_match(f, get, &row), "then it works");
	aur_filter_free(f);
	aur_filter_free(NULL);
	tap_ok(aur_filter_match(NULL, get, &row), "no filter passes all");
	aur_buf_release(&error);
}

int main(void)
{
	comparing();
	units();
	colons();
	texts();
	regexes();
	unknowns();
	precedence();
	plain_text();
	errors();
	hostile();
	bounds();
	failing();
	return tap_done();
}
