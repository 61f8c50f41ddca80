/* SPDX-License-Identifier: MIT */
/*
 * The file is read line by line and copied as it is, less the team's lines
 * that are not as they should be; then come those that are missing. A line
 * that is merely old (another role, another path) so goes and comes again.
 *
 * Whether another line holds a key is asked of its text, not of what we make
 * of the line: sshd may read one that we cannot.
 */
#include "team/keys.h"

#include "base/address.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "ssh/key.h"
#include "team/team_int.h"

#define MARK "aurora:"
#define SSH_PORT 22

/* One member's line, as it should be. */
struct wanted {
	struct aur_buf line;
	struct aur_slice base64; /* of his key */
	bool refused, stands;
};

struct planning {
	struct aur_keys_plan *plan;
	const struct aur_team *t;
	size_t host;
	const char *agent;
	struct wanted *wanted; /* by member */
};

/* --- a line --------------------------------------------------------------- */

/* 1: the line holds a key; 0: it does not; AUR_ENOMEM. */
static int parse(struct aur_slice line, struct aur_ssh_line *ret_line)
{
	int rc = aur_ssh_line_parse(line, ret_line);

	if (rc == AUR_ENOMEM)
		return rc;
	return rc == 0;
}

static int add_open(struct aur_buf *options, const char *host, unsigned port)
{
	const bool number = strchr(host, ':') != NULL;
	char to[AUR_MAX_HOSTNAME + 16], whole[sizeof(to) + 16];
	struct aur_slice hay = aur_buf_peek(options);
	int rc = 0, n = snprintf(to, sizeof(to), "%s%s%s:%u", number ? "[" : "",
			host, number ? "]" : "", port != 0 ? port : SSH_PORT);

	if (n < 0 || (size_t)n >= sizeof(to))
		return AUR_ELIMIT;
	snprintf(whole, sizeof(whole), "permitopen=\"%s\"", to);
	if (aur_text_has(hay, aur_slice_str(whole)))
		return 0;
	if (!aur_text_has(hay, aur_slice_str(",port-forwarding")))
		rc = aur_ssh_option_add(options, "port-forwarding", NULL);
	return rc == 0 ? aur_ssh_option_add(options, "permitopen", to) : rc;
}

/* Where a word of a way leads: a host of the team, or an address. */
static int add_word_open(
    struct aur_buf *options, const struct aur_team *t, struct aur_slice word)
{
	struct aur_address a;
	size_t i;

	if (aur_team_find(t, word, &i))
		return add_open(options, t->host[i].address, t->host[i].port);
	if (aur_address_parse(word, &a, NULL) < 0)
		return AUR_EINVALID;
	return add_open(options, a.host, a.port);
}

/* What must be passed on from `jump` for `h`: the hop that follows it. */
static int add_way(struct aur_buf *options, const struct aur_team *t,
    const char *jump, const struct aur_team_host *h)
{
	struct aur_slice rest = aur_slice_str(h->jump), word;
	bool here = false;
	int rc = 0;

	while (rc == 0 && aur__team_word(&rest, &word)) {
		if (here)
			rc = add_word_open(options, t, word);
		here = aur_slice_is(word, jump);
	}
	return rc == 0 && here ? add_open(options, h->address, h->port) : rc;
}

static int add_ways(
    struct aur_buf *options, const struct aur_team *t, size_t host)
{
	const struct aur_team_host *jump = &t->host[host];
	int rc = 0;

	for (size_t i = 0; i < t->nhost && rc == 0 && jump->is_jump; i++)
		if (t->host[i].jump != NULL)
			rc = add_way(options, t, jump->name, &t->host[i]);
	return rc;
}

static int add_command(
    struct aur_buf *options, const char *agent, const struct aur_team_member *m)
{
	struct aur_buf command;
	const char *text;
	int rc;

	aur_buf_init(&command, AUR_MAX_SSH_LINE);
	rc = aur_buf_addf(&command, "%s --stdio --role %s --member %s", agent,
	    aur_team_role_name(m->role), m->name);
	if (rc == 0) {
		text = aur_buf_str(&command);
		rc = text == NULL
			 ? AUR_ENOMEM
			 : aur_ssh_option_add(options, "command", text);
	}
	aur_buf_release(&command);
	return rc;
}

static int add_slice(struct aur_buf *out, struct aur_slice s)
{
	int rc = aur_buf_add_byte(out, ' ');

	return rc == 0 ? aur_buf_add_slice(out, s) : rc;
}

int aur_keys_line(struct aur_buf *out, const struct aur_team *t, size_t host,
    const char *agent, size_t member, const char *key)
{
	const struct aur_team_member *m = &t->member[member];
	struct aur_ssh_line l;
	struct aur_buf options;
	int rc;

	rc = parse(aur_slice_str(key != NULL ? key : m->key), &l);
	if (rc <= 0)
		return rc < 0 ? rc : AUR_EINVALID;
	aur_buf_init(&options, AUR_MAX_SSH_LINE);
	rc = aur_ssh_option_add(&options, "restrict", NULL);
	if (rc == 0)
		rc = add_command(&options, agent, m);
	if (rc == 0)
		rc = add_ways(&options, t, host);
	if (rc == 0)
		rc = aur_buf_add_slice(out, aur_buf_peek(&options));
	if (rc == 0)
		rc = add_slice(out, l.name);
	if (rc == 0)
		rc = add_slice(out, l.base64);
	if (rc == 0)
		rc = aur_buf_addf(
		    out, " " MARK "%s:%s:%s", t->name, m->name, t->id);
	aur_buf_release(&options);
	return rc;
}

int aur_keys_append(struct aur_buf *file, struct aur_slice line)
{
	struct aur_slice s = aur_buf_peek(file);
	const size_t before = s.n;
	int rc = 0;

	if (s.n > 0 && s.p[s.n - 1] != '\n')
		rc = aur_buf_add_byte(file, '\n');
	if (rc == 0)
		rc = aur_buf_add_slice(file, line);
	if (rc == 0)
		rc = aur_buf_add_byte(file, '\n');
	if (rc < 0)
		aur_buf_cut(file, before);
	return rc;
}

/* --- the plan ------------------------------------------------------------- */

static int add_change(struct aur_keys_plan *p, const struct aur_keys_change *c,
    struct aur_slice line)
{
	struct aur_keys_change *grown =
	    aur_mem_grow(p->change, p->n + 1, sizeof(*grown));

	if (grown == NULL)
		return AUR_ENOMEM;
	p->change = grown;
	grown[p->n] = *c;
	if (line.p != NULL) {
		grown[p->n].line = aur_mem_dup(line.p, line.n);
		if (grown[p->n].line == NULL)
			return AUR_ENOMEM;
	}
	p->n++;
	p->nadd += c->kind == AUR_KEYS_ADD;
	p->ntake += c->kind == AUR_KEYS_TAKE;
	p->nrefused += c->kind > AUR_KEYS_TAKE;
	return 0;
}

static int refuse(
    struct planning *p, size_t member, enum aur_keys_kind why, size_t number)
{
	const struct aur_keys_change c = {
	    .kind = why, .member = member, .number = number};

	if (p->wanted[member].refused)
		return 0;
	p->wanted[member].refused = true;
	return add_change(p->plan, &c, (struct aur_slice){NULL, 0});
}

/* Whether a line is the team's, by the mark in its comment: 1, 0, or
 * AUR_ENOMEM. */
static int is_ours(const struct planning *p, struct aur_slice line)
{
	const size_t n = strlen(p->t->id);
	struct aur_ssh_line l;
	struct aur_slice c;
	int rc = parse(line, &l);

	if (rc <= 0)
		return rc;
	c = l.comment;
	return aur_slice_starts(c, MARK) && c.n > n &&
	       c.p[c.n - n - 1] == ':' &&
	       aur_slice_is(aur_slice_of(c.p + c.n - n, n), p->t->id);
}

static bool is_comment(struct aur_slice line)
{
	struct aur_slice s = aur_slice_trim(line);

	return s.n == 0 || s.p[0] == '#';
}

static int want_member(struct planning *p, size_t i)
{
	struct wanted *w = &p->wanted[i];
	struct aur_ssh_line l;
	int rc = parse(aur_slice_str(p->t->member[i].key), &l);

	if (rc < 0)
		return rc;
	if (rc == 0 || l.options.n > 0)
		return refuse(p, i, AUR_KEYS_INVALID, 0);
	w->base64 = l.base64;
	for (size_t k = 0; k < i; k++)
		if (aur_slice_eq(p->wanted[k].base64, w->base64))
			return refuse(p, i, AUR_KEYS_SHARED, 0);
	if (p->agent == NULL)
		return 0;
	return aur_keys_line(&w->line, p->t, p->host, p->agent, i, NULL);
}

/* Members' keys in lines that are not the team's. */
static int look_for_keys(
    struct planning *p, struct aur_slice line, size_t number)
{
	int rc = 0;

	for (size_t i = 0; i < p->t->nmember && rc == 0; i++)
		if (p->wanted[i].base64.n > 0 &&
		    aur_text_has(line, p->wanted[i].base64))
			rc = refuse(p, i, AUR_KEYS_OTHER, number);
	return rc;
}

/* Whether a line of the team's is one that should be there, once. */
static bool take_wanted(struct planning *p, struct aur_slice line)
{
	for (size_t i = 0; i < p->t->nmember; i++) {
		struct wanted *w = &p->wanted[i];

		if (w->stands || w->line.n == 0 ||
		    !aur_slice_eq(aur_buf_peek(&w->line), line))
			continue;
		w->stands = true;
		return true;
	}
	return false;
}

/* Without an agent's path what a member's line should say is not known: all
 * that can be judged is whether he still is one. 1, 0, AUR_ENOMEM. */
static int is_members(const struct planning *p, struct aur_slice line)
{
	struct aur_ssh_line l;
	int rc = p->agent == NULL ? parse(line, &l) : 0;

	for (size_t i = 0; i < p->t->nmember && rc > 0; i++)
		if (aur_slice_eq(p->wanted[i].base64, l.base64))
			return 1;
	return rc < 0 ? rc : 0;
}

/* The next line with all it ends in. */
static bool next_line(struct aur_slice *rest, struct aur_slice *ret_raw,
    struct aur_slice *ret_line)
{
	const uint8_t *begin = rest->p;

	if (!aur_slice_line(rest, ret_line))
		return false;
	*ret_raw = aur_slice_of(begin, (size_t)(rest->p - begin));
	return true;
}

/* Whether a line of the team's stays. 1, 0, AUR_ENOMEM. */
static int stays(struct planning *p, struct aur_slice line)
{
	return take_wanted(p, line) ? 1 : is_members(p, line);
}

static int read_line(struct planning *p, struct aur_slice raw,
    struct aur_slice line, size_t number)
{
	const struct aur_keys_change gone = {
	    .kind = AUR_KEYS_TAKE, .number = number};
	int ours = is_ours(p, line), rc;

	if (ours < 0)
		return ours;
	rc = ours ? stays(p, line) : 1;
	if (rc == 0)
		return add_change(p->plan, &gone, line);
	if (rc > 0)
		rc = !ours && !is_comment(line) ? look_for_keys(p, line, number)
						: 0;
	return rc == 0 ? aur_buf_add_slice(&p->plan->text, raw) : rc;
}

static int read_file(struct planning *p, struct aur_slice file)
{
	struct aur_slice raw, line;
	size_t number = 0;
	int rc = 0;

	while (rc == 0 && next_line(&file, &raw, &line))
		rc = read_line(p, raw, line, ++number);
	return rc;
}

static int add_missing(struct planning *p)
{
	int rc = 0;

	for (size_t i = 0; i < p->t->nmember && rc == 0; i++) {
		const struct aur_keys_change c = {
		    .kind = AUR_KEYS_ADD, .member = i};
		struct aur_slice line = aur_buf_peek(&p->wanted[i].line);

		if (p->wanted[i].stands || p->wanted[i].refused || line.n == 0)
			continue;
		rc = aur_keys_append(&p->plan->text, line);
		if (rc == 0)
			rc = add_change(p->plan, &c, line);
	}
	return rc;
}

static int want_all(struct planning *p)
{
	int rc = 0;

	for (size_t i = 0; i < p->t->nmember; i++)
		aur_buf_init(&p->wanted[i].line, AUR_MAX_SSH_LINE);
	for (size_t i = 0; i < p->t->nmember && rc == 0; i++)
		if (p->t->member[i].key != NULL)
			rc = want_member(p, i);
	return rc;
}

int aur_keys_plan(struct aur_keys_plan *ret_plan, struct aur_slice file,
    const struct aur_team *t, size_t host, const char *agent)
{
	struct planning p = {
	    .plan = ret_plan, .t = t, .host = host, .agent = agent};
	int rc = 0;

	*ret_plan = (struct aur_keys_plan){.n = 0};
	aur_buf_init(&ret_plan->text, AUR_MAX_AUTHORIZED_KEYS);
	p.wanted = aur_mem_new(t->nmember + 1, sizeof(*p.wanted));
	if (p.wanted == NULL)
		return AUR_ENOMEM;
	rc = want_all(&p);
	if (rc == 0)
		rc = read_file(&p, file);
	if (rc == 0)
		rc = add_missing(&p);
	for (size_t i = 0; i < t->nmember; i++)
		aur_buf_release(&p.wanted[i].line);
	aur_mem_free(p.wanted);
	return rc;
}

void aur_keys_plan_release(struct aur_keys_plan *p)
{
	for (size_t i = 0; i < p->n; i++)
		aur_mem_free(p->change[i].line);
	aur_mem_free(p->change);
	aur_buf_release(&p->text);
	*p = (struct aur_keys_plan){.n = 0};
}
