/* SPDX-License-Identifier: MIT */
/*
 * What the links of a feed have in common: the queue for handshakes, the one
 * question that may be open, what was refused, the look at our own sleep. The
 * links do the rest.
 *
 * Handshakes are few at a time because sshd drops what comes beside them
 * (MaxStartups), and because a jump host makes each one twice. Whose turn has
 * come is told by a timer of no length: links that fail at once must not make
 * each other fail ever deeper on the stack.
 */
#include "fleet/fleet.h"

#include "base/err.h"
#include "base/mem.h"
#include "fleet/exec_int.h"
#include "fleet/fleet_int.h"
#include "fleet/link_int.h"

#define HANDSHAKES 8u
#define CLASSES 4u

struct fleet {
	struct aur_feed feed; /* first: this is one */
	struct aur__world world;
	struct aur_fleet_options options; /* texts are copies */
	char *agent, *ssh;
	struct aur__hosts hosts;
	struct aur__link *link;
	size_t nlink;

	struct aur__link *first, **last; /* wait for their turn */
	unsigned inside;		 /* have it */
	struct aur_timer *turn;

	struct aur_timer *compare; /* the clocks */
	struct aur_span gap;

	struct aur__refused *refused;
	struct aur__link *asking; /* whose question is open */
	struct aur_timer *next;	  /* question */
	struct aur__execs execs;
	void *pool[CLASSES];
	bool has_pool[CLASSES];

	aur_feed_listen_fn listen;
	void *listen_arg;
};

static struct fleet *of(struct aur_feed *f)
{
	return (struct fleet *)f;
}

/* --- turns ---------------------------------------------------------------- */

static bool is_remote(const struct aur__link *l)
{
	return l->route.host->via != AUR_FLEET_LOCAL;
}

static void on_turn(void *arg)
{
	struct fleet *f = arg;
	unsigned most =
	    f->options.handshakes > 0 ? f->options.handshakes : HANDSHAKES;
	struct aur__link *l = f->first;

	if (l == NULL || (is_remote(l) && f->inside >= most))
		return;
	f->first = l->next;
	if (f->first == NULL)
		f->last = &f->first;
	l->next = NULL;
	if (is_remote(l)) {
		f->inside++;
		l->inside = true;
	}
	aur_timer_start(f->turn, aur_span_ms(0));
	aur__link_open(l);
}

static void on_enter(void *arg, struct aur__link *l)
{
	struct fleet *f = arg;

	/* this machine waits for nobody */
	if (!is_remote(l) && f->first != NULL) {
		l->next = f->first;
		f->first = l;
	} else {
		l->next = NULL;
		*f->last = l;
		f->last = &l->next;
	}
	aur_timer_start(f->turn, aur_span_ms(0));
}

static void leave_line(struct fleet *f, struct aur__link *l)
{
	struct aur__link **p = &f->first;

	while (*p != NULL && *p != l)
		p = &(*p)->next;
	if (*p == NULL)
		return;
	*p = l->next;
	if (*p == NULL)
		f->last = p;
	l->next = NULL;
}

static void on_leave(void *arg, struct aur__link *l)
{
	struct fleet *f = arg;

	leave_line(f, l);
	if (!l->inside)
		return;
	l->inside = false;
	f->inside--;
	aur_timer_start(f->turn, aur_span_ms(0));
}

/* Those who are in the line for the same jump need not try it too. */
static void on_jump_failed(
    void *arg, struct aur__link *failed, const struct aur__failure *why)
{
	struct fleet *f = arg;

	(void)failed;
	for (size_t i = 0; i < f->nlink; i++) {
		struct aur__link *l = &f->link[i];

		for (size_t k = 0; k < l->route.nhop; k++)
			if (l->phase == AUR__LINK_QUEUE &&
			    strcmp(l->route.hop[k]->name, why->jump) == 0)
				aur__link_fail(l, why);
	}
}

/* --- questions ------------------------------------------------------------ */

static void keep_question(
    struct aur__link *l, const struct aur_fleet_question *q)
{
	l->question = *q;
	snprintf(l->prompt, sizeof l->prompt, "%s",
	    q->prompt != NULL ? q->prompt : "");
	snprintf(l->fingerprint, sizeof l->fingerprint, "%s",
	    q->fingerprint != NULL ? q->fingerprint : "");
	l->question.prompt = l->prompt;
	l->question.fingerprint =
	    q->fingerprint != NULL ? l->fingerprint : NULL;
	l->queued = true;
}

/* Opens the next question, from the loop: an answer may come at once. */
static void on_next(void *arg)
{
	struct fleet *f = arg;
	size_t i = 0;

	while (i < f->nlink && !f->link[i].queued)
		i++;
	if (f->asking != NULL || i == f->nlink || f->options.ask == NULL)
		return;
	f->asking = &f->link[i];
	f->asking->queued = false;
	f->options.ask(f->options.arg, &f->asking->question);
}

/* One is open at a time, the others wait: their links' deadlines do too. */
static void on_ask(
    void *arg, struct aur__link *l, const struct aur_fleet_question *question)
{
	struct fleet *f = arg;

	l->queued = false;
	if (question != NULL) {
		keep_question(l, question);
	} else if (f->asking == l) {
		f->asking = NULL;
		if (f->options.ask != NULL)
			f->options.ask(f->options.arg, NULL);
	}
	aur_timer_start(f->next, aur_span_ms(0));
}

void aur_fleet_answer(struct aur_feed *feed, const char *text)
{
	struct fleet *f = of(feed);
	struct aur__link *l = f->asking;

	f->asking = NULL;
	if (l == NULL)
		return;
	aur__link_answer(l, text);
	aur_timer_start(f->next, aur_span_ms(0));
}

/* --- refusals ------------------------------------------------------------- */

/* The login: whose, where, with what. */
static void login_key(const struct aur__link *l, char *out, size_t size)
{
	const struct aur_fleet_host *h = l->route.host;
	const char *identity = h->identity != NULL ? h->identity : "";

	snprintf(out, size, "%s/%016llx", l->host.address,
	    (unsigned long long)aur_slice_hash(aur_slice_str(identity)));
}

static void on_refused(void *arg, struct aur__link *l, const char *why)
{
	struct fleet *f = arg;
	char key[1100];

	(void)why;
	login_key(l, key, sizeof key);
	aur__refused_add(f->refused, key, aur_clock_wall());
}

static void on_accepted(void *arg, struct aur__link *l)
{
	struct fleet *f = arg;
	struct aur_wall when;
	char key[1100];

	if (!is_remote(l))
		return;
	login_key(l, key, sizeof key);
	l->refused = false;
	if (aur__refused_find(f->refused, key, aur_clock_wall(), &when))
		aur__refused_drop(f->refused, key, aur_clock_wall());
}

static bool on_was_refused(
    void *arg, struct aur__link *l, struct aur_buf *ret_why)
{
	struct fleet *f = arg;
	struct aur_wall now = aur_clock_wall(), when;
	char key[1100];

	if (!is_remote(l))
		return false;
	login_key(l, key, sizeof key);
	if (!aur__refused_find(f->refused, key, now, &when))
		return false;
	aur_buf_clear(ret_why);
	return aur_buf_addf(ret_why,
		   "the login was refused %d min ago and is not repeated "
		   "within the hour: name the host on a terminal to try it "
		   "again",
		   (int)(aur_wall_since(now, when).ns / AUR_SECOND_NS / 60)) ==
	       0;
}

/* --- the world of the links ----------------------------------------------- */

static void on_changed(void *arg, size_t host, unsigned changes)
{
	struct fleet *f = arg;

	if (f->listen != NULL)
		f->listen(f->listen_arg, host, changes);
}

static size_t class_index(const struct aur__transport_class *class)
{
	size_t i = 0;

	while (i + 1 < CLASSES && aur__transports[i] != NULL &&
	       aur__transports[i] != class)
		i++;
	return i;
}

/* Made when it is first needed: who watches this machine needs none. */
static void *on_pool(void *arg, const struct aur__transport_class *class)
{
	struct fleet *f = arg;
	size_t i = class_index(class);

	if (class->pool_new == NULL)
		return NULL;
	if (!f->has_pool[i])
		f->has_pool[i] = class->pool_new(&f->pool[i], f->world.loop,
				     &f->options) == 0;
	return f->pool[i];
}

static void on_compare(void *arg)
{
	struct fleet *f = arg;
	bool slept = aur__pace_slept(
	    f->world.pace, aur_clock_mono(), aur_clock_boot(), &f->gap);

	for (size_t i = 0; i < f->nlink && slept; i++)
		aur__link_woke(&f->link[i]);
	aur_timer_start(f->compare, f->world.pace->compare);
}

/* --- the feed ------------------------------------------------------------- */

static size_t feed_count(const struct aur_feed *f)
{
	return ((const struct fleet *)f)->nlink;
}

static const struct aur_feed_host *feed_host(const struct aur_feed *f, size_t i)
{
	return &((const struct fleet *)f)->link[i].host;
}

static void feed_listen(struct aur_feed *f, aur_feed_listen_fn fn, void *arg)
{
	of(f)->listen = fn;
	of(f)->listen_arg = arg;
}

static int feed_want(struct aur_feed *f, size_t i, const struct aur_want *want)
{
	return aur__link_want(&of(f)->link[i], want);
}

static void feed_act(struct aur_feed *f, size_t i, const struct aur_act *act,
    aur_feed_reply_fn done, void *arg)
{
	aur__link_act(&of(f)->link[i], act, done, arg);
}

void aur_fleet_team(struct aur_feed *f, size_t i, const char *id,
    aur_fleet_team_fn done, void *arg)
{
	aur__link_team(&of(f)->link[i], id, done, arg);
}

static void feed_retry(struct aur_feed *f, size_t i)
{
	aur__link_retry(&of(f)->link[i]);
}

static void feed_backfill(struct aur_feed *f, size_t i,
    const struct aur_backfill *what, aur_feed_block_fn block,
    aur_feed_reply_fn done, void *arg)
{
	aur__link_backfill(&of(f)->link[i], what, block, done, arg);
}

static void feed_free(struct aur_feed *feed)
{
	struct fleet *f = of(feed);

	if (f == NULL)
		return;
	f->listen = NULL;
	f->options.ask = NULL;
	f->options.step = NULL;
	aur__execs_release(&f->execs);
	for (size_t i = 0; i < f->nlink; i++)
		aur__link_release(&f->link[i]);
	for (size_t i = 0; i < CLASSES; i++)
		if (f->has_pool[i])
			aur__transports[i]->pool_free(f->pool[i]);
	aur_timer_free(f->turn);
	aur_timer_free(f->next);
	aur_timer_free(f->compare);
	aur__refused_free(f->refused);
	aur_mem_free(f->link);
	aur__hosts_release(&f->hosts);
	aur_mem_free(f->agent);
	aur_mem_free(f->ssh);
	aur_mem_free(f->world.chunk);
	aur_mem_free(f);
}

static const struct aur_feed_class feed_class = {
    .count = feed_count,
    .host = feed_host,
    .listen = feed_listen,
    .want = feed_want,
    .act = feed_act,
    .retry = feed_retry,
    .backfill = feed_backfill,
    .free = feed_free,
};

/* --- beginning ------------------------------------------------------------ */

static int copy_option(char **ret, const char **text)
{
	if (*text == NULL)
		return 0;
	*ret = aur_mem_dup(*text, strlen(*text));
	*text = *ret;
	return *ret != NULL ? 0 : AUR_ENOMEM;
}

static int init_world(struct fleet *f, struct aur_loop *loop)
{
	f->world = (struct aur__world){
	    .loop = loop,
	    .options = &f->options,
	    .pace = aur__pace_usual(),
	    .transport = aur__transport_get,
	    .pool = on_pool,
	    .enter = on_enter,
	    .leave = on_leave,
	    .changed = on_changed,
	    .ask = on_ask,
	    .refused = on_refused,
	    .was_refused = on_was_refused,
	    .accepted = on_accepted,
	    .jump_failed = on_jump_failed,
	    .arg = f,
	};
	f->world.chunk = aur_mem_new(1, AUR__READ_CHUNK);
	return f->world.chunk != NULL ? 0 : AUR_ENOMEM;
}

static int init_links(struct fleet *f)
{
	int rc = 0;

	f->link = aur_mem_new(f->hosts.nfeed, sizeof *f->link);
	if (f->link == NULL)
		return AUR_ENOMEM;
	while (rc == 0 && f->nlink < f->hosts.nfeed) {
		struct aur__route route;

		rc = aur__hosts_route(&f->hosts, f->nlink, &route);
		if (rc < 0)
			break;
		f->nlink++;
		rc = aur__link_init(
		    &f->link[f->nlink - 1], &f->world, f->nlink - 1, &route);
	}
	return rc;
}

static int init(struct fleet *f, struct aur_loop *loop,
    const struct aur_fleet_host *hosts, size_t n)
{
	int rc = copy_option(&f->agent, &f->options.agent);

	if (rc == 0)
		rc = copy_option(&f->ssh, &f->options.ssh);
	if (rc == 0)
		rc = init_world(f, loop);
	if (rc == 0)
		rc = aur_timer_new(loop, on_turn, f, &f->turn);
	if (rc == 0)
		rc = aur_timer_new(loop, on_next, f, &f->next);
	if (rc == 0)
		rc = aur_timer_new(loop, on_compare, f, &f->compare);
	if (rc == 0)
		rc = aur__refused_new(&f->refused, f->world.pace->refused);
	if (rc == 0)
		rc = aur__hosts_init(
		    &f->hosts, hosts, n, f->options.jumps, f->options.njump);
	f->options.jumps = NULL;
	f->options.njump = 0;
	return rc == 0 ? init_links(f) : rc;
}

int aur_fleet_new(struct aur_feed **ret_feed, struct aur_loop *loop,
    const struct aur_fleet_host *hosts, size_t n,
    const struct aur_fleet_options *options)
{
	struct fleet *f = aur_mem_new(1, sizeof *f);
	int rc;

	if (f == NULL)
		return AUR_ENOMEM;
	f->feed.class = &feed_class;
	f->last = &f->first;
	if (options != NULL)
		f->options = *options;
	aur__execs_init(&f->execs, &f->world);
	rc = init(f, loop, hosts, n);
	if (rc < 0) {
		feed_free(&f->feed);
		return rc;
	}
	on_compare(f);
	for (size_t i = 0; i < f->nlink; i++)
		aur__link_start(&f->link[i]);
	*ret_feed = &f->feed;
	return 0;
}

void aur_fleet_exec(struct aur_feed *feed, size_t i, const char *command,
    struct aur_slice input, struct aur_span most, aur_fleet_result_fn done,
    void *arg)
{
	struct fleet *f = of(feed);
	struct aur__exec_order order = {
	    .route = &f->link[i].route,
	    .class = f->link[i].class,
	    .command = command,
	    .input = input,
	    .most = most,
	    .done = done,
	    .arg = arg,
	};

	aur__exec_run(&f->execs, &order);
}

const struct aur__route *aur__fleet_route(struct aur_feed *feed, size_t i)
{
	return &of(feed)->link[i].route;
}

const char *aur__fleet_ssh(struct aur_feed *feed)
{
	return of(feed)->options.ssh;
}
