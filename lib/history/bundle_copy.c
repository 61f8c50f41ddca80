/* SPDX-License-Identifier: MIT */
/*
 * A part of a store becomes a store by being read and put again, sample by
 * sample: blocks reach beyond the span, and hold command lines that are not to
 * be told. What was thinned stays thinned.
 *
 * A moment as it is read has the last table of processes in every sample. It
 * is put once, with the time at which it was read.
 */
#include "history/bundle_int.h"

#include "base/err.h"

/* Samples put between two waits for the disk: the queue has an end. */
#define BATCH 100u
#define WAIT_SECONDS 60

struct copy {
	struct aur_history *from, *to;
	const struct aur_bundle_what *what;
	size_t host, into;     /* the host here and there */
	const char *name;      /* it has in the bundle */
	struct aur_wall table; /* when the last table that was put was read */
	size_t put;	       /* samples in all */
	int rc;
};

/* The first word of a command line instead of all of it. A program that wrote
 * itself a title has blanks where there were NULs. */
static int shorten(struct aur_part *p, size_t i)
{
	struct aur_slice text;
	size_t n = 0;

	if (!aur_part_text(p, i, AUR_PROCESS_cmdline, &text))
		return 0;
	while (n < text.n && text.p[n] != '\0' && text.p[n] != ' ')
		n++;
	return n == text.n ? 0
			   : aur_part_set_text(p, i, AUR_PROCESS_cmdline,
				 aur_slice_of(text.p, n));
}

/* The table alone, as a sample of its own time. */
static int put_table(
    struct copy *c, const struct aur_sample *now, const struct aur_part *table)
{
	struct aur_span age = {.ns = table->at_ns};
	struct aur_sample *s = aur_sample_new(now->strs);
	struct aur_part *p;
	int rc = 0;

	if (s == NULL)
		return AUR_ENOMEM;
	aur_sample_copy_times(s, now);
	s->wall = aur_wall_add(now->wall, age);
	s->mono = aur_mono_add(now->mono, age);
	s->boot = aur_mono_add(now->boot, age);
	p = aur_sample_part(s, table->domain);
	if (p == NULL)
		rc = AUR_ENOMEM;
	if (rc == 0)
		rc = aur_part_copy(p, table);
	if (rc == 0)
		p->at_ns = 0;
	for (size_t i = 0; rc == 0 && !c->what->cmdlines && i < p->n; i++)
		rc = shorten(p, i);
	if (rc == 0 && s->wall.ns >= c->what->from.ns)
		aur_history_put(c->to, c->into, s);
	c->table = s->wall;
	aur_sample_unref(s);
	return rc;
}

static bool tells_of_processes(const struct aur_domain *d)
{
	return d->key == AUR_KEY_PROCESS;
}

/* All but what is told of processes. */
static int put_system(struct copy *c, struct aur_sample *now)
{
	struct aur_sample *s = aur_sample_new(now->strs);
	int rc = s == NULL ? AUR_ENOMEM : 0;

	if (s == NULL)
		return rc;
	aur_sample_copy_times(s, now);
	aur_sample_keep(s, now->keep);
	for (size_t i = 0; i < now->npart && rc == 0; i++)
		if (!tells_of_processes(now->part[i].domain))
			rc = aur_sample_lend(s, now, &now->part[i]);
	if (rc == 0)
		aur_history_put(c->to, c->into, s);
	aur_sample_unref(s);
	return rc;
}

static int put_moment(struct copy *c, struct aur_sample *now)
{
	const struct aur_part *table = aur_sample_get(now, AUR_DOMAIN_PROCESS);
	int rc = put_system(c, now);

	if (rc == 0 && table != NULL &&
	    now->wall.ns + table->at_ns > c->table.ns)
		rc = put_table(c, now, table);
	if (rc == 0 && ++c->put % BATCH == 0)
		rc = aur_history_flush(c->to, aur_span_seconds(WAIT_SECONDS));
	return rc;
}

static int copy_samples(struct copy *c)
{
	struct aur_want want = {
	    .domains = UINT64_MAX, .process_fields = UINT64_MAX};
	struct aur_wall at = {c->what->from.ns - 1};
	int rc = 0;

	while (rc == 0) {
		struct aur_sample *before = NULL, *now = NULL;

		rc = aur_history_step(c->from, c->host, at, 1, &at);
		if (rc == AUR_EABSENT || at.ns >= c->what->to.ns)
			return 0;
		if (rc < 0)
			return rc;
		rc = aur_history_at(c->from, c->host, at, &want, &before, &now);
		if (rc == AUR_EABSENT) { /* damaged: the next one */
			rc = 0;
			continue;
		}
		if (rc == 0)
			rc = put_moment(c, now);
		aur_sample_unref(before);
		aur_sample_unref(now);
	}
	return rc;
}

static void on_event(void *arg, size_t host, const struct aur_event *event)
{
	struct copy *c = arg;

	(void)host;
	if (c->rc == 0 && ++c->put % BATCH == 0)
		c->rc =
		    aur_history_flush(c->to, aur_span_seconds(WAIT_SECONDS));
	if (c->rc == 0)
		aur_history_put_event(c->to, c->into, event);
}

static int copy_host(struct copy *c)
{
	int rc = aur_history_host(
	    c->to, aur_history_id(c->from, c->host), c->name, &c->into);

	c->table = (struct aur_wall){0};
	if (rc == 0)
		rc = copy_samples(c);
	if (rc == 0)
		rc = aur_history_events(c->from, c->host, c->what->from,
		    c->what->to, 0, on_event, c);
	return rc < 0 ? rc : c->rc;
}

int aur__bundle_copy(struct aur_history *h, const struct aur_bundle_what *what,
    struct aur_history *to)
{
	struct copy c = {.from = h, .to = to, .what = what};
	int rc = 0;

	for (size_t i = 0; i < what->n && rc == 0; i++) {
		c.host = what->host[i];
		c.name = what->name != NULL ? what->name[i]
					    : aur_history_name(h, c.host);
		rc = copy_host(&c);
	}
	if (rc == 0 && c.put == 0)
		return AUR_EABSENT;
	/* packed, as the columns of hours take a fifth of their frames */
	if (rc == 0)
		rc = aur_history_tidy(
		    to, what->to, aur_span_seconds(WAIT_SECONDS));
	return rc;
}
