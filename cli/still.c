/* SPDX-License-Identifier: MIT */
#include "cli/still.h"

#include "base/err.h"
#include "base/mem.h"

struct still {
	struct aur_feed feed; /* first */
	struct aur_feed_host *host;
	size_t n;
};

static struct still *of(const struct aur_feed *f)
{
	return (struct still *)(uintptr_t)f;
}

static size_t count(const struct aur_feed *f)
{
	return of(f)->n;
}

static const struct aur_feed_host *host_at(const struct aur_feed *f, size_t i)
{
	return &of(f)->host[i];
}

static void listen(struct aur_feed *f, aur_feed_listen_fn fn, void *arg)
{
	(void)f;
	(void)fn;
	(void)arg;
}

static int want(struct aur_feed *f, size_t i, const struct aur_want *w)
{
	(void)f;
	(void)i;
	(void)w;
	return 0;
}

static void act(struct aur_feed *f, size_t i, const struct aur_act *a,
    aur_feed_reply_fn done, void *arg)
{
	struct aur_act_reply reply = {.err = AUR_EUNSUPPORTED};

	(void)f;
	(void)i;
	(void)a;
	done(arg, &reply);
}

static void retry(struct aur_feed *f, size_t i)
{
	(void)f;
	(void)i;
}

static void free_still(struct aur_feed *f)
{
	aur_mem_free(of(f)->host);
	aur_mem_free(f);
}

static const struct aur_feed_class class = {
    .count = count,
    .host = host_at,
    .listen = listen,
    .want = want,
    .act = act,
    .retry = retry,
    .free = free_still,
};

int still_new(struct aur_feed **ret_feed, const struct hosts *hosts)
{
	struct still *s = aur_mem_new(1, sizeof *s);

	if (s == NULL)
		return AUR_ENOMEM;
	s->feed.class = &class;
	s->n = hosts->n;
	s->host = aur_mem_new(s->n + 1, sizeof *s->host);
	if (s->host == NULL) {
		aur_mem_free(s);
		return AUR_ENOMEM;
	}
	for (size_t i = 0; i < s->n; i++) {
		const struct aur_fleet_host *h = &hosts->reach[i];

		s->host[i] = (struct aur_feed_host){
		    .name = h->name,
		    .id = h->id != NULL ? h->id : "",
		    .address = h->address != NULL ? h->address : h->name,
		    .groups = h->groups,
		    .ngroup = h->ngroup,
		    .via = "",
		    .mode = "",
		    .state = AUR_HOST_UNREACHABLE,
		    .error = "a bundle has the past alone: b goes to a time, "
			     "as does (",
		    .rtt = {.ns = -1},
		};
	}
	*ret_feed = &s->feed;
	return 0;
}
