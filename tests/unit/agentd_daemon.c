/* SPDX-License-Identifier: MIT */
/*
 * What the service does without a socket: one want out of many, a view out of
 * one sample, an event out of a claim.
 */
#include "agentd/daemon_plan.h"
#include "agentd/daemon_report.h"
#include "agentd/daemon_view.h"
#include "base/err.h"
#include "base/mem.h"
#include "tests/harness/tap.h"
#include "tests/unit/model_make.h"

/* --- the plan ------------------------------------------------------------- */

static struct aur_want system_want(double seconds)
{
	return (struct aur_want){
	    .domains = AUR_WANT_DOMAIN(CPU) | AUR_WANT_DOMAIN(LOAD),
	    .interval = aur_span_seconds(seconds)};
}

static struct aur_want process_want(uint64_t fields)
{
	return (struct aur_want){.domains = AUR_WANT_DOMAIN(PROCESS),
	    .process_fields = fields,
	    .interval = aur_span_seconds(5)};
}

static void plan_unites(void)
{
	struct aur_want one = system_want(1);
	struct aur_want two = process_want(AUR_WANT_PROCESS(rss));
	const struct aur_want *all;
	struct plan p;

	plan_begin(&p);
	plan_join(&p, &one, false, false);
	all = plan_want(&p);
	tap_ok(p.n == 1 && all->domains == one.domains &&
		   all->process_fields == 0 && all->count == 0 &&
		   all->interval.ns == AUR_SECOND_NS,
	    "one reader's want is what is sampled");
	plan_join(&p, &two, false, false);
	all = plan_want(&p);
	tap_ok(all->domains == (one.domains | two.domains) &&
		   all->process_fields == AUR_WANT_PROCESS(rss) &&
		   all->interval.ns == AUR_SECOND_NS,
	    "two: both domains, the shorter interval");
	plan_join(&p, &two, true, false);
	tap_ok(plan_want(&p)->at_once && plan_want(&p)->count == 0,
	    "a fresh reader: all at once, and nobody waits for it");
	plan_begin(&p);
	two.count = 2;
	plan_join(&p, &two, false, false);
	tap_eq_u64(plan_want(&p)->count, 1, "and one that wants but few");
	plan_begin(&p);
	one.process_fields = AUR_WANT_PROCESS(cmdline);
	plan_join(&p, &one, false, true);
	tap_eq_u64(plan_want(&p)->process_fields, 0,
	    "fields of processes that nobody wants are not read");
}

static void plan_looks_close(void)
{
	struct aur_want a = process_want(0), b = process_want(0);
	const struct aur_want *all;
	struct plan p;

	a.close_fields = AUR_WANT_PROCESS(cmdline);
	a.nclose = 2;
	a.close[0] = 7;
	a.close[1] = 9;
	b.close_fields = AUR_WANT_PROCESS(open_files);
	b.nclose = 2;
	b.close[0] = 9;
	b.close[1] = 11;
	plan_begin(&p);
	plan_join(&p, &a, false, false);
	plan_join(&p, &b, false, false);
	all = plan_want(&p);
	tap_ok(all->nclose == 3 && all->process_fields == 0 &&
		   all->close_fields == (a.close_fields | b.close_fields),
	    "named ones alone stay named ones alone");
	plan_join(&p, &(struct aur_want){.domains = b.domains}, false, false);
	tap_eq_u64(plan_want(&p)->process_fields, AUR_WANT_PROCESS(state),
	    "who wants all rows and no cell gets all rows");
	plan_begin(&p);
	plan_join(&p, &a, false, true);
	tap_ok(plan_want(&p)->close_fields ==
		       (a.close_fields | AUR_WANT_PROCESS(uid)) &&
		   plan_want(&p)->process_fields == 0,
	    "owners are read of those shown");
	plan_join(&p, &(struct aur_want){.domains = b.domains}, false, false);
	tap_ok((plan_want(&p)->process_fields & AUR_WANT_PROCESS(uid)) != 0,
	    "of all, where all are");
	a.nclose = b.nclose = AUR_WANT_CLOSE_MAX;
	for (uint32_t i = 0; i < AUR_WANT_CLOSE_MAX; i++) {
		a.close[i] = i + 1;
		b.close[i] = i + 100;
	}
	plan_begin(&p);
	plan_join(&p, &a, false, false);
	plan_join(&p, &b, false, false);
	all = plan_want(&p);
	tap_ok(all->nclose == AUR_WANT_CLOSE_MAX &&
		   all->process_fields == (a.close_fields | b.close_fields),
	    "more than can be named: all");
}

/* Limits are read of who is named, whatever else is wanted. */
static void plan_names(void)
{
	struct aur_want w = {.domains = AUR_WANT_DOMAIN(PROCESS_LIMIT),
	    .nclose = 1,
	    .close = {7}};
	struct plan p;

	plan_begin(&p);
	plan_join(&p, &w, false, false);
	tap_ok(plan_want(&p)->nclose == 1 && plan_want(&p)->close[0] == 7,
	    "limits of named ones");
}

static void plan_waits(void)
{
	struct aur_span none = {-1}, s = {10000000}, due = {400000000};

	tap_eq_int(plan_wait(due, none).ns, due.ns, "the first is not held");
	tap_eq_int(plan_wait(due, s).ns, due.ns, "nor what is due later");
	due.ns = 0;
	tap_eq_int(plan_wait(due, s).ns, PLAN_GAP_NS - s.ns,
	    "but two are not taken in a row");
	s.ns = PLAN_GAP_NS;
	tap_eq_int(plan_wait(due, s).ns, 0, "only after the gap");
}

/* --- views ---------------------------------------------------------------- */

#define ALL_FIELDS                                                             \
	(AUR_WANT_PROCESS(uid) | AUR_WANT_PROCESS(name) |                      \
	    AUR_WANT_PROCESS(cmdline) | AUR_WANT_PROCESS(read_bytes) |         \
	    AUR_WANT_PROCESS(open_files) | AUR_WANT_PROCESS(rss))

static void add_process(struct aur_part *p, uint64_t pid, uint64_t uid)
{
	size_t i = make_key(p, pid, pid * 10);

	aur_part_set(p, i, AUR_PROCESS_uid, uid);
	aur_part_set(p, i, AUR_PROCESS_read_bytes, 4096);
	aur_part_set(p, i, AUR_PROCESS_open_files, 5);
	aur_part_set(p, i, AUR_PROCESS_rss, 8192);
	make_text(p, i, AUR_PROCESS_name, "sh");
	if (aur_part_set_text(p, i, AUR_PROCESS_cmdline,
		aur_slice_of("/bin/sh\0-c\0secret", 17)) < 0)
		make_sure(false, "no command line");
	p->inst[i].at_ns = -(int64_t)pid;
}

/* Processes 1 (root's), 20 (of user 1000), 30 (of 1001). */
static struct aur_sample *host(struct aur_strs *strs)
{
	struct aur_sample *s = make_sample(strs, 3);
	struct aur_part *p = make_part(s, AUR_DOMAIN_AGENT);

	make_sure(aur_part_one(p) == 0, "no agent");
	p = make_part(s, AUR_DOMAIN_LOAD);
	make_sure(aur_part_one(p) == 0, "no load");
	aur_part_set(p, 0, AUR_LOAD_one, 12);
	p = make_part(s, AUR_DOMAIN_TASKS);
	make_sure(aur_part_one(p) == 0, "no tasks");
	aur_part_set(p, 0, AUR_TASKS_total, 3);
	aur_part_set(p, 0, AUR_TASKS_threads, 9);
	p = make_part(s, AUR_DOMAIN_PROCESS);
	p->at_ns = -77;
	add_process(p, 1, 0);
	add_process(p, 20, 1000);
	add_process(p, 30, 1001);
	p = make_part(s, AUR_DOMAIN_PROCESS_LIMIT);
	aur_part_set(p, make_key(p, 1, 10), AUR_PROCESS_LIMIT_open_files, 64);
	aur_part_set(p, make_key(p, 30, 300), AUR_PROCESS_LIMIT_open_files, 9);
	p = make_part(s, AUR_DOMAIN_THREAD);
	aur_part_set(p, make_key(p, 21, 210), AUR_THREAD_process, 20);
	return s;
}

static struct aur_want host_want(void)
{
	return (struct aur_want){
	    .domains = AUR_WANT_DOMAIN(AGENT) | AUR_WANT_DOMAIN(LOAD) |
		       AUR_WANT_DOMAIN(TASKS) | AUR_WANT_DOMAIN(PROCESS),
	    .process_fields = ALL_FIELDS,
	    .interval = {AUR_SECOND_NS}};
}

static struct aur_sample *view(struct aur_sample *all,
    const struct aur_want *wanted, const struct aur_want *one,
    const struct view_peer *peer)
{
	struct aur_sample *v = NULL;

	make_sure(view_make(all, wanted, one, peer, &v) == 0, "no view");
	return v;
}

static const struct aur_part *processes(const struct aur_sample *s)
{
	const struct aur_part *p = aur_sample_get(s, AUR_DOMAIN_PROCESS);

	make_sure(p != NULL, "no processes");
	return p;
}

static bool has_secret(const struct aur_part *p, size_t i)
{
	struct aur_slice text;

	return aur_part_text(p, i, AUR_PROCESS_cmdline, &text) && text.n == 17;
}

static bool has_text(
    const struct aur_part *p, size_t i, size_t f, const char *want)
{
	struct aur_slice text;

	return aur_part_text(p, i, f, &text) && aur_slice_is(text, want);
}

static void view_of_root(struct aur_strs *strs)
{
	struct aur_sample *all = host(strs), *v;
	struct aur_want want = host_want(), less = want;
	struct view_peer root = {.whole = true, .only_own = true};

	v = view(all, &want, &want, &root);
	tap_ok(processes(v)->cell == processes(all)->cell && v->refs == 1 &&
		   v->mono.ns == all->mono.ns,
	    "who is shown all is lent the cells");
	tap_ok(aur_sample_get(v, AUR_DOMAIN_AGENT)->lender == NULL,
	    "but the agent's, which are each connection's own");
	tap_eq_u64(aur_part_cell(
		       aur_sample_get(v, AUR_DOMAIN_TASKS), 0, AUR_TASKS_total),
	    3, "hidepid is not for root");
	aur_sample_unref(v);
	less.domains = AUR_WANT_DOMAIN(LOAD);
	v = view(all, &want, &less, &root);
	tap_eq_u64(v->npart, 1, "who asked for less gets less");
	aur_sample_unref(v);
	less = want;
	less.process_fields = AUR_WANT_PROCESS(rss);
	v = view(all, &want, &less, &root);
	tap_ok(processes(v)->n == 3 && processes(v)->at_ns == -77 &&
		   processes(v)->inst[2].at_ns == -30 &&
		   processes(v)->have[1] == AUR_WANT_PROCESS(rss),
	    "and no cell besides");
	aur_sample_unref(v);
	aur_sample_unref(all);
}

static void view_of_user(struct aur_strs *strs)
{
	struct aur_sample *all = host(strs), *v;
	struct aur_want want = host_want();
	struct view_peer peer = {.uid = 1000};
	const struct aur_part *p;

	tap_ok(view_needs_owner(&want, &peer), "owners matter to a user");
	v = view(all, &want, &want, &peer);
	p = processes(v);
	tap_ok(p->n == 3 && aur_part_has(p, 0, AUR_PROCESS_rss),
	    "a user sees everybody's processes");
	tap_ok(!aur_part_has(p, 0, AUR_PROCESS_read_bytes) &&
		   !aur_part_has(p, 2, AUR_PROCESS_open_files) &&
		   aur_part_has(p, 1, AUR_PROCESS_read_bytes) &&
		   aur_part_has(p, 1, AUR_PROCESS_open_files),
	    "their I/O and files as /proc: only of his own");
	tap_ok(has_secret(p, 0), "command lines too, by default");
	aur_sample_unref(v);
	peer.cmdline = VIEW_NAME;
	v = view(all, &want, &want, &peer);
	tap_ok(has_text(processes(v), 0, AUR_PROCESS_cmdline, "/bin/sh"),
	    "names in their place");
	tap_ok(has_secret(processes(v), 1), "of others alone");
	aur_sample_unref(v);
	peer.cmdline = VIEW_NONE;
	v = view(all, &want, &want, &peer);
	tap_ok(!aur_part_has(processes(v), 0, AUR_PROCESS_cmdline) &&
		   has_secret(processes(v), 1),
	    "or nothing");
	aur_sample_unref(v);
	want.process_fields = AUR_WANT_PROCESS(rss);
	tap_ok(!view_needs_owner(&want, &peer), "memory is everybody's");
	aur_sample_unref(all);
}

/* What goes to the disk: all of it, but for command lines. */
static void view_is_recorded(struct aur_strs *strs)
{
	struct aur_sample *all = host(strs), *v;
	struct aur_want want = host_want();
	struct view_peer peer = {.whole = true, .recorded = true};

	v = view(all, &want, &want, &peer);
	tap_ok(processes(v)->cell == processes(all)->cell,
	    "recorded in full: lent");
	aur_sample_unref(v);
	peer.cmdline = VIEW_NAME;
	v = view(all, &want, &want, &peer);
	tap_ok(has_text(processes(v), 0, AUR_PROCESS_cmdline, "/bin/sh") &&
		   has_text(processes(v), 1, AUR_PROCESS_cmdline, "/bin/sh"),
	    "names alone are recorded, of all");
	tap_ok(aur_part_has(processes(v), 2, AUR_PROCESS_read_bytes),
	    "and the rest as it was");
	aur_sample_unref(v);
	peer.cmdline = VIEW_NONE;
	v = view(all, &want, &want, &peer);
	tap_ok(!aur_part_has(processes(v), 0, AUR_PROCESS_cmdline) &&
		   !aur_part_has(processes(v), 2, AUR_PROCESS_cmdline),
	    "or none");
	aur_sample_unref(v);
	aur_sample_unref(all);
}

static void view_hides(struct aur_strs *strs)
{
	struct aur_sample *all = host(strs), *v;
	struct aur_want want = host_want();
	struct view_peer peer = {.uid = 1001, .only_own = true};
	const struct aur_part *t;

	v = view(all, &want, &want, &peer);
	t = aur_sample_get(v, AUR_DOMAIN_TASKS);
	tap_ok(processes(v)->n == 1 && processes(v)->inst[0].key.v[0] == 30,
	    "hidepid: his own alone");
	tap_ok(!aur_part_has(t, 0, AUR_TASKS_total) &&
		   aur_part_cell(t, 0, AUR_TASKS_threads) == 9 &&
		   aur_part_cell(t, 0, AUR_TASKS_restricted_view) == 1,
	    "sums of what is hidden are not told");
	aur_sample_unref(v);
	aur_sample_unref(all);
}

static void view_looks_close(struct aur_strs *strs)
{
	struct aur_sample *all = host(strs), *v;
	struct aur_want wanted = host_want(), want = wanted;
	struct view_peer root = {.whole = true}, user = {.uid = 1000};

	want.process_fields = 0;
	want.close_fields = AUR_WANT_PROCESS(name) | AUR_WANT_PROCESS(rss);
	want.nclose = 2;
	want.close[0] = 30;
	want.close[1] = 1;
	v = view(all, &wanted, &want, &root);
	tap_ok(processes(v)->n == 2 && processes(v)->inst[1].key.v[0] == 30 &&
		   processes(v)->have[0] == want.close_fields,
	    "named ones alone");
	aur_sample_unref(v);
	want.process_fields = AUR_WANT_PROCESS(uid);
	v = view(all, &wanted, &want, &root);
	tap_ok(processes(v)->n == 3 &&
		   processes(v)->have[1] == AUR_WANT_PROCESS(uid) &&
		   processes(v)->have[0] ==
		       (want.close_fields | AUR_WANT_PROCESS(uid)),
	    "or more of named ones");
	aur_sample_unref(v);
	tap_ok(view_is_same(&want, &root, &want, &root) &&
		   !view_is_same(&want, &root, &wanted, &root) &&
		   !view_is_same(&want, &root, &want, &user),
	    "same want and same rights: same view");
	aur_sample_unref(all);
}

/* What of the host's processes stands in other domains. */
static void view_of_others(struct aur_strs *strs)
{
	struct aur_sample *all = host(strs), *v;
	struct aur_want wanted = {.domains = aur_want_processes(),
	    .process_fields = ALL_FIELDS,
	    .nclose = 2,
	    .close = {1, 30}};
	struct aur_want want = wanted;
	struct view_peer root = {.whole = true};
	struct view_peer user = {.uid = 1000, .only_own = true};
	const struct aur_part *p;

	v = view(all, &wanted, &want, &root);
	p = aur_sample_get(v, AUR_DOMAIN_PROCESS_LIMIT);
	tap_ok(p != NULL && p->n == 2 &&
		   aur_sample_get(v, AUR_DOMAIN_THREAD) != NULL,
	    "limits and threads");
	aur_sample_unref(v);
	want.nclose = 1;
	want.close[0] = 30;
	v = view(all, &wanted, &want, &root);
	p = aur_sample_get(v, AUR_DOMAIN_PROCESS_LIMIT);
	tap_ok(p != NULL && p->n == 1 && p->inst[0].key.v[0] == 30 &&
		   aur_part_cell(p, 0, AUR_PROCESS_LIMIT_open_files) == 9,
	    "limits of those that oneself named");
	aur_sample_unref(v);
	v = view(all, &wanted, &wanted, &user);
	tap_ok(aur_sample_get(v, AUR_DOMAIN_PROCESS_LIMIT) == NULL &&
		   aur_sample_get(v, AUR_DOMAIN_THREAD) == NULL &&
		   processes(v)->n == 1,
	    "hidepid: nothing of the others");
	aur_sample_unref(v);
	aur_sample_unref(all);
}

static void view_fails(void)
{
	unsigned long nth = 1;
	bool good = true, done = false;

	while (!done && nth < 200) {
		struct aur_strs *strs = make_strs();
		struct aur_sample *all = host(strs), *v = NULL;
		struct aur_want want = host_want();
		struct view_peer peer = {.uid = 1000, .cmdline = VIEW_NAME};
		int rc;

		aur_mem_set_fail(make_fail, &nth);
		rc = view_make(all, &want, &want, &peer, &v);
		aur_mem_set_fail(NULL, NULL);
		done = rc == 0;
		good = good && (done || rc == AUR_ENOMEM);
		aur_sample_unref(v);
		aur_sample_unref(all);
		good = good && aur_strs_count(strs) == 0;
		aur_strs_unref(strs);
		nth++;
	}
	tap_ok(good && done, "every allocation fails without harm (%lu)", nth);
}

/* --- reports -------------------------------------------------------------- */

static void add(struct aur_event *e, const char *key, const char *value)
{
	e->pair[e->npair++] =
	    (struct aur_event_pair){aur_slice_str(key), aur_slice_str(value)};
}

static struct aur_slice value_of(const struct aur_event *e, const char *key)
{
	for (size_t i = 0; i < e->npair; i++)
		if (aur_slice_is(e->pair[i].key, key))
			return e->pair[i].value;
	return aur_slice_str("(none)");
}

static void reports(void)
{
	struct aur_event said = {.kind = aur_slice_str("process_signal")}, e;
	char digits[REPORT_DIGITS];

	add(&said, "pid", "42");
	tap_eq_int(report_check(&said, 1000, digits, &e), AUR_EINVALID,
	    "half a process");
	add(&said, "start_ticks", "4200");
	add(&said, "signal", "9");
	add(&said, "uid", "0");
	add(&said, "member", "bob\n<3>root");
	add(&said, "pid", "1");
	add(&said, "colour", "red");
	add(&said, "name", "a\nb");
	tap_eq_int(report_check(&said, 1000, digits, &e), 0, "a claim");
	tap_ok(aur_slice_is(value_of(&e, "uid"), "1000"),
	    "is told of who made it, not of whom it says");
	tap_ok(aur_slice_is(value_of(&e, "pid"), "42") &&
		   aur_slice_is(value_of(&e, "name"), "a\nb") &&
		   aur_slice_is(value_of(&e, "member"), "(none)") &&
		   aur_slice_is(value_of(&e, "colour"), "(none)"),
	    "with what can be told of it");
	said.pair[0].value = aur_slice_str("4x");
	said.pair[5].value = aur_slice_str("");
	tap_eq_int(report_check(&said, 1000, digits, &e), AUR_EINVALID,
	    "no number, no process");
	said.pair[0].value = aur_slice_str("42");
	said.kind = aur_slice_str("oom_kill");
	tap_eq_int(report_check(&said, 1000, digits, &e), AUR_EINVALID,
	    "no kind of a client's");
	said = (struct aur_event){.kind = aur_slice_str("process_nice")};
	add(&said, "pid", "42");
	add(&said, "start_ticks", "1");
	add(&said, "nice", "-5");
	add(&said, "member", "bob");
	while (said.npair < AUR_EVENT_PAIRS)
		add(&said, "name", "x");
	tap_ok(report_check(&said, 7, digits, &e) == 0 && e.npair == 6 &&
		   aur_slice_is(value_of(&e, "nice"), "-5") &&
		   aur_slice_is(value_of(&e, "member"), "bob"),
	    "sixteen pairs, and each key once");
}

int main(void)
{
	struct aur_strs *strs = make_strs();

	plan_unites();
	plan_looks_close();
	plan_names();
	plan_waits();
	view_of_root(strs);
	view_of_user(strs);
	view_is_recorded(strs);
	view_hides(strs);
	view_looks_close(strs);
	view_of_others(strs);
	tap_eq_u64(aur_strs_count(strs), 0, "no string is left");
	aur_strs_unref(strs);
	view_fails();
	reports();
	return tap_done();
}
