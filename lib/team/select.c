/* SPDX-License-Identifier: MIT */
/*
 * Words become picks. The order of trying is that of certainty: what can only
 * be one thing (local, all, @, user@) before the exact name, the name before
 * the range and the glob, as a name may itself look like a range.
 *
 * A range names its ends, so both must be there; one that is missing between
 * them was removed one day, and the command line in the crontab need not
 * change for that.
 */
#include "team/select.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/scan.h"
#include "base/text.h"
#include "team/team_int.h"

#include <stdarg.h>

void aur_select_init(struct aur_select *s, const struct aur_team *team)
{
	*s = (struct aur_select){.team = team};
}

void aur_select_release(struct aur_select *s)
{
	for (size_t i = 0; i < s->n; i++)
		aur_mem_free(s->pick[i].address);
	aur_mem_free(s->pick);
	aur_mem_free(s->has);
	*s = (struct aur_select){.team = s->team};
}

/* Notes what is wrong with the word; `rc`. */
static AUR_PRINTF(3, 4) int fail(
    struct aur_select *s, int rc, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(s->why, sizeof(s->why), fmt, ap);
	va_end(ap);
	return rc;
}

/* --- picks ---------------------------------------------------------------- */

static int push(struct aur_select *s, const struct aur_pick *pick)
{
	struct aur_pick *more;

	if (s->n >= AUR_MAX_TEAM_HOSTS)
		return fail(
		    s, AUR_ELIMIT, "more than %u hosts", AUR_MAX_TEAM_HOSTS);
	if ((s->n & (s->n - 1)) == 0) { /* room for powers of two */
		more = aur_mem_grow(
		    s->pick, s->n > 0 ? 2 * s->n : 1, sizeof(*more));
		if (more == NULL)
			return AUR_ENOMEM;
		s->pick = more;
	}
	s->pick[s->n++] = *pick;
	return 0;
}

static int pick_local(struct aur_select *s)
{
	const struct aur_pick pick = {.kind = AUR_PICK_LOCAL, .name = "local"};

	for (size_t i = 0; i < s->n; i++)
		if (s->pick[i].kind == AUR_PICK_LOCAL)
			return 0;
	return push(s, &pick);
}

static int pick_host(struct aur_select *s, size_t host)
{
	const struct aur_pick pick = {.kind = AUR_PICK_HOST,
	    .host = host,
	    .name = s->team->host[host].name};
	int rc;

	if (s->has == NULL)
		s->has = aur_mem_new(s->team->nhost, sizeof(*s->has));
	if (s->has == NULL)
		return AUR_ENOMEM;
	if (s->has[host])
		return 0;
	rc = push(s, &pick);
	if (rc == 0)
		s->has[host] = true;
	return rc;
}

static int pick_address(struct aur_select *s, struct aur_slice word)
{
	struct aur_pick pick = {.kind = AUR_PICK_ADDRESS};
	struct aur_buf why;
	char *mem; /* the address, and the word behind it */
	int rc;

	for (size_t i = 0; i < s->n; i++)
		if (s->pick[i].kind == AUR_PICK_ADDRESS &&
		    aur_slice_is(word, s->pick[i].name))
			return 0;
	mem = aur_mem_new(1, sizeof(*pick.address) + word.n + 1);
	if (mem == NULL)
		return AUR_ENOMEM;
	memcpy(mem + sizeof(*pick.address), word.p, word.n);
	pick.address = (struct aur_address *)(void *)mem;
	pick.name = mem + sizeof(*pick.address);
	aur_buf_init(&why, 256);
	rc = aur_address_parse(word, pick.address, &why);
	if (rc == AUR_EINVALID || rc == AUR_ELIMIT)
		rc = fail(s, AUR_EINVALID, "'%s': %s", s->word,
		    aur_buf_str(&why) != NULL ? aur_buf_str(&why) : "");
	aur_buf_release(&why);
	if (rc == 0)
		rc = push(s, &pick);
	if (rc < 0)
		aur_mem_free(mem);
	return rc;
}

/* --- words ---------------------------------------------------------------- */

/* All hosts for which `is` holds. False in `ret_any`: none. */
static int pick_each(struct aur_select *s,
    bool (*is)(const struct aur_team_host *h, const char *arg), const char *arg,
    bool *ret_any)
{
	int rc = 0;

	*ret_any = false;
	for (size_t i = 0; s->team != NULL && i < s->team->nhost && rc == 0;
	     i++)
		if (is(&s->team->host[i], arg)) {
			*ret_any = true;
			rc = pick_host(s, i);
		}
	return rc;
}

static bool is_any(const struct aur_team_host *h, const char *arg)
{
	(void)h;
	(void)arg;
	return true;
}

static bool is_of_group(const struct aur_team_host *h, const char *group)
{
	return aur_team_in_group(h, aur_slice_str(group));
}

static bool is_matched(const struct aur_team_host *h, const char *glob)
{
	return aur_text_glob(glob, aur_slice_str(h->name));
}

int aur_select_rest(struct aur_select *s)
{
	bool any;
	int rc;

	if (s->team == NULL)
		return pick_local(s);
	rc = pick_each(s, is_any, NULL, &any);
	if (rc == 0 && !any)
		rc = fail(s, AUR_EABSENT,
		    "team %s has no hosts yet: 'aurora team add host NAME' "
		    "adds one; 'local' is this machine",
		    s->team->name);
	return rc;
}

static int no_group(struct aur_select *s, const char *group)
{
	const char *near = NULL;
	size_t best = SIZE_MAX;

	if (s->team == NULL)
		return fail(s, AUR_EABSENT,
		    "unknown group '%s': there is no team", s->word);
	for (size_t i = 0; i < s->team->nhost; i++)
		for (size_t k = 0; k < s->team->host[i].ngroup; k++)
			if (aur_text_is_nearer(
				group, s->team->host[i].group[k], &best))
				near = s->team->host[i].group[k];
	return fail(s, AUR_EABSENT,
	    "no host of team %s is in a group '%s'%s%s%s: see 'aurora team "
	    "show'",
	    s->team->name, s->word, near != NULL ? "; did you mean '@" : "",
	    near != NULL ? near : "", near != NULL ? "'?" : "");
}

static int no_host(struct aur_select *s, const char *name)
{
	char listed[160] = "";
	const char *near = NULL;
	size_t best = SIZE_MAX;

	if (s->team == NULL && s->listed == NULL)
		return fail(s, AUR_EABSENT,
		    "unknown host '%s': only 'local' (this machine) is known; "
		    "'aurora team create' makes a team, user@address is "
		    "reached without one",
		    name);
	for (size_t i = 0; s->team != NULL && i < s->team->nhost; i++)
		if (aur_text_is_nearer(name, s->team->host[i].name, &best))
			near = s->team->host[i].name;
	if (s->listed == NULL)
		snprintf(listed, sizeof(listed),
		    "'aurora team show' lists those of team %s", s->team->name);
	return fail(s, AUR_EABSENT, "unknown host '%s'%s%s%s %s", name,
	    near != NULL ? "; did you mean '" : "", near != NULL ? near : "",
	    near != NULL ? "'?" : ":", s->listed != NULL ? s->listed : listed);
}

static int match_group(struct aur_select *s)
{
	const char *group = s->word + 1;
	bool any;
	int rc = pick_each(s, is_of_group, group, &any);

	return rc == 0 && !any ? no_group(s, group) : rc;
}

static int match_glob(struct aur_select *s)
{
	bool any;
	int rc;

	if (s->team == NULL && aur_text_glob(s->word, aur_slice_str("local")))
		return pick_local(s);
	rc = pick_each(s, is_matched, s->word, &any);
	if (rc < 0 || any)
		return rc;
	if (s->team == NULL)
		return fail(s, AUR_EABSENT,
		    "no host matches '%s': only 'local' (this machine) is "
		    "known",
		    s->word);
	return fail(s, AUR_EABSENT,
	    "no host of team %s matches '%s': see 'aurora team show'",
	    s->team->name, s->word);
}

/* "web08": the part before the digits at its end. */
static size_t before_digits(struct aur_slice s)
{
	size_t n = s.n;

	while (n > 0 && s.p[n - 1] >= '0' && s.p[n - 1] <= '9')
		n--;
	return n;
}

struct range {
	struct aur_slice prefix;
	uint64_t from, to;
	int width; /* of the digits; 0: no zeros in front */
};

/* Reads "web1..9", "web01..12", "web1..web9". False: it is no range. */
static bool parse_range(struct aur_slice word, struct range *ret)
{
	struct aur_slice left, right, digits;
	size_t dots = 0, n;

	while (dots + 1 < word.n &&
	       (word.p[dots] != '.' || word.p[dots + 1] != '.'))
		dots++;
	if (dots + 1 >= word.n)
		return false;
	left = aur_slice_of(word.p, dots);
	right = aur_slice_of(word.p + dots + 2, word.n - dots - 2);
	n = before_digits(left);
	ret->prefix = aur_slice_of(left.p, n);
	digits = aur_slice_of(left.p + n, left.n - n);
	if (right.n > n && n > 0 && memcmp(right.p, left.p, n) == 0)
		right = aur_slice_of(right.p + n, right.n - n);
	if (before_digits(right) > 0 || digits.n > 9 || right.n > 9 ||
	    aur_scan_u64(digits, &ret->from) < 0 ||
	    aur_scan_u64(right, &ret->to) < 0)
		return false;
	ret->width = digits.n > 1 && digits.p[0] == '0' ? (int)digits.n : 0;
	return true;
}

static int match_range(struct aur_select *s, const struct range *r)
{
	char name[2 * AUR_MAX_NAME];
	size_t host;
	int rc = 0;

	if (r->to < r->from || r->to - r->from >= AUR_MAX_TEAM_HOSTS)
		return fail(s, AUR_EINVALID,
		    "'%s' runs from a number to a larger one, at most %u of "
		    "them",
		    s->word, AUR_MAX_TEAM_HOSTS);
	for (uint64_t i = r->from; i <= r->to && rc == 0; i++) {
		snprintf(name, sizeof(name), "%.*s%0*llu", (int)r->prefix.n,
		    (const char *)r->prefix.p, r->width, (unsigned long long)i);
		if (s->team != NULL &&
		    aur_team_find(s->team, aur_slice_str(name), &host))
			rc = pick_host(s, host);
		else if (i == r->from || i == r->to)
			rc = no_host(s, name);
	}
	return rc;
}

/* What stands in s->word. */
static int match(struct aur_select *s, struct aur_slice word)
{
	struct range range;
	size_t host;

	if (aur_slice_is(word, "local"))
		return pick_local(s);
	if (aur_slice_is(word, "all"))
		return aur_select_rest(s);
	if (word.p[0] == '@')
		return match_group(s);
	if (memchr(word.p, '@', word.n) != NULL)
		return pick_address(s, word);
	if (s->team != NULL && aur_team_find(s->team, word, &host))
		return pick_host(s, host);
	if (strpbrk(s->word, "*?[") != NULL)
		return match_glob(s);
	if (parse_range(word, &range) && range.prefix.n <= AUR_MAX_NAME)
		return match_range(s, &range);
	return no_host(s, s->word);
}

int aur_select_add(struct aur_select *s, struct aur_slice words)
{
	struct aur_slice rest = words.p != NULL ? words : aur_slice_str("");
	struct aur_slice word;
	int rc = 0;

	while (rc == 0 && aur__team_word(&rest, &word)) {
		if (word.n == 0)
			return fail(s, AUR_EINVALID,
			    "an empty host name in '%.*s'",
			    (int)(words.n < 200 ? words.n : 200),
			    words.n > 0 ? (const char *)words.p : "");
		if (word.n >= sizeof(s->word) ||
		    memchr(word.p, '\0', word.n) != NULL)
			return fail(s, AUR_EINVALID,
			    "a host name of %zu bytes is too long", word.n);
		memcpy(s->word, word.p, word.n);
		s->word[word.n] = '\0';
		rc = match(s, word);
	}
	return rc;
}

/* --- leaving out ---------------------------------------------------------- */

static bool is_same(const struct aur_pick *a, const struct aur_pick *b)
{
	return a->kind == b->kind && a->host == b->host &&
	       strcmp(a->name, b->name) == 0;
}

static bool has(const struct aur_select *s, const struct aur_pick *p)
{
	if (p->kind == AUR_PICK_HOST)
		return s->has != NULL && s->has[p->host];
	for (size_t i = 0; i < s->n; i++)
		if (is_same(&s->pick[i], p))
			return true;
	return false;
}

/* Keeps what is not in `less`. */
static void take_away(struct aur_select *s, const struct aur_select *less)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++) {
		struct aur_pick *p = &s->pick[i];

		if (!has(less, p)) {
			s->pick[n++] = *p;
			continue;
		}
		if (p->kind == AUR_PICK_HOST)
			s->has[p->host] = false;
		aur_mem_free(p->address);
	}
	s->n = n;
}

int aur_select_less(struct aur_select *s, struct aur_slice words)
{
	struct aur_select less;
	int rc;

	aur_select_init(&less, s->team);
	rc = aur_select_add(&less, words);
	if (rc == 0) {
		take_away(s, &less);
	} else {
		memcpy(s->word, less.word, sizeof(s->word));
		memcpy(s->why, less.why, sizeof(s->why));
	}
	aur_select_release(&less);
	return rc;
}

bool aur_select_needs_team(struct aur_slice words)
{
	struct aur_slice rest = words.p != NULL ? words : aur_slice_str("");
	struct aur_slice word;

	while (aur__team_word(&rest, &word))
		if (!aur_slice_is(word, "local") &&
		    (word.n == 0 || word.p[0] == '@' ||
			memchr(word.p, '@', word.n) == NULL))
			return true;
	return false;
}
