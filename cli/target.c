/* SPDX-License-Identifier: MIT */
/*
 * What will be touched is looked up first, once, and named by pid and start
 * from then on: what is asked about is what is acted on, however long the
 * answer takes. The agent checks the start again just before.
 */
#include "cli/target.h"

#include "base/err.h"
#include "base/scan.h"
#include "cli/bar.h"
#include "cli/hosts.h"
#include "cli/shot.h"

#include <unistd.h>

#define LOOKS 10 /* each waits up to 30 ms for command lines */

_Static_assert(TARGET_MOST <= AUR_WANT_CLOSE_MAX, "all are seen from close");

struct deed {
	struct session *session;
	const struct target *target;
	const struct target_act *what;
	bool done, failed;
};

struct acting {
	struct cli *cli;
	struct session session;
	struct shot shot;
	const struct target_act *what;
	struct target target[TARGET_MOST];
	uint32_t row[TARGET_MOST];
	size_t n;
};

/* --- the line ------------------------------------------------------------- */

static int bad_target(const char *text)
{
	uint64_t pid;

	if (aur_scan_u64(aur_slice_str(text), &pid) == 0)
		cli_error(NULL,
		    "'%s' does not say on which host: write local:%s", text,
		    text);
	else
		cli_error(NULL,
		    "'%s' is no process: write HOST:PID or "
		    "HOST:PID@STARTED, as in local:1234",
		    text);
	return CLI_USAGE;
}

int target_parse(const char *text, struct target *ret_target)
{
	struct target t = {.pid = 0};
	struct aur_slice rest = aur_slice_str(text), host, pid;
	bool local = false;
	int status;

	if (rest.n >= sizeof t.text || !aur_slice_until(&rest, ':', &host))
		return bad_target(text);
	status = hosts_match(host, &local);
	if (status != CLI_OK)
		return status;
	if (!aur_slice_until(&rest, '@', &pid)) {
		pid = rest;
		rest = aur_slice_of(NULL, 0);
	} else if (aur_scan_u64(rest, &t.start) < 0 || t.start == 0) {
		return bad_target(text);
	}
	if (aur_scan_u64(pid, &t.pid) < 0 || t.pid == 0 || t.pid > INT32_MAX)
		return bad_target(text);
	snprintf(t.text, sizeof t.text, "%s", text);
	*ret_target = t;
	return CLI_OK;
}

/* Without somebody to ask, everything must have been said. */
static int check_asking(
    const struct acting *a, const struct opts *o, bool *ret_ask)
{
	bool terminal = isatty(STDIN_FILENO) && isatty(STDERR_FILENO);

	*ret_ask = o->seen[OPT_YES] == 0;
	if (terminal)
		return CLI_OK;
	if (*ret_ask) {
		cli_error(
		    NULL, "there is no terminal to ask on: --yes acts without");
		return CLI_USAGE;
	}
	for (size_t i = 0; i < a->n && a->what->start_needed; i++)
		if (a->target[i].start == 0) {
			cli_error(NULL,
			    "'%s' lacks the start: without a terminal write "
			    "HOST:PID@STARTED (start_ticks of 'aurora ps "
			    "--json')",
			    a->target[i].text);
			return CLI_USAGE;
		}
	return CLI_OK;
}

/* --- looking -------------------------------------------------------------- */

static uint64_t number_of(struct acting *a, enum aur_figure_id id, uint32_t row)
{
	struct aur_value v;

	shot_process(&a->shot, id, row, &v);
	return v.type == AUR_VALUE_INT && v.i > 0 ? (uint64_t)v.i : 0;
}

/* Finds a target among the rows and fills in its start. */
static bool find(struct acting *a, size_t i)
{
	struct target *t = &a->target[i];

	for (size_t r = 0; r < a->shot.nrow; r++) {
		uint32_t row = a->shot.rows[r];
		uint64_t start;

		if (number_of(a, AUR_FIG_processes_pid, row) != t->pid)
			continue;
		start = number_of(a, AUR_FIG_processes_start_ticks, row);
		if (t->start != 0 && t->start != start) {
			cli_error("local",
			    "process %llu is no longer the one meant: it "
			    "started at %llu; nothing was done",
			    (unsigned long long)t->pid,
			    (unsigned long long)start);
			return false;
		}
		t->start = start;
		a->row[i] = row;
		return true;
	}
	cli_error("local", "there is no process %llu; nothing was done",
	    (unsigned long long)t->pid);
	return false;
}

static const struct aur_table_column columns[] = {
    {.title = "PROCESS"},
    {.title = "USER"},
    {.title = "NAME"},
    {.title = "UNIT", .optional = true},
    {.title = "COMMAND"},
};

/* What will be touched, on stderr: the answer is what was done. */
static int show(struct acting *a)
{
	static const enum aur_figure_id cells[] = {AUR_FIG_processes_user,
	    AUR_FIG_processes_name, AUR_FIG_processes_unit};
	struct aur_table_how how = {
	    .width = a->cli->width, .ascii = !a->cli->utf8};
	struct aur_table t;
	struct aur_buf text;
	int rc = 0;

	aur_buf_init(&text, 1u << 20);
	aur_table_init(&t, columns, AUR_ARRAY_LEN(columns));
	for (size_t i = 0; i < a->n && rc == 0; i++) {
		rc = bar_cellf(&t, AUR_TABLE_PLAIN, "local:%llu@%llu",
		    (unsigned long long)a->target[i].pid,
		    (unsigned long long)a->target[i].start);
		for (size_t k = 0; k < AUR_ARRAY_LEN(cells) && rc == 0; k++)
			rc = bar_cell(&t, &a->shot, cells[k], a->row[i], 0);
		if (rc == 0)
			rc = bar_command(&t, &a->shot, a->row[i]);
	}
	if (rc == 0)
		rc = aur_table_write(&t, &text, &how);
	if (rc == 0)
		fwrite(aur_buf_peek(&text).p, 1, text.n, stderr);
	aur_table_release(&t);
	aur_buf_release(&text);
	return rc;
}

/* Whether a target's command line has yet to come. */
static bool lacks_command(struct acting *a, size_t i)
{
	struct aur_value v;

	shot_process(&a->shot, AUR_FIG_processes_cmdline, a->row[i], &v);
	return v.type == AUR_VALUE_NULL;
}

/* One sample: all processes in outline, the targets from close. */
static int look_once(struct acting *a, bool *ret_whole)
{
	struct aur_want want =
	    session_want(AUR_WANT_DOMAIN(PROCESS) | AUR_WANT_DOMAIN(SYSTEM),
		aur_want_process_overview());
	struct shot_order order = {.sort = AUR_FIG_processes_pid};
	int rc, status;

	want.count = 1;
	want.close_fields = aur_want_process_close();
	for (size_t i = 0; i < a->n; i++)
		want.close[want.nclose++] = a->target[i].pid;
	status = session_take(&a->session, &want);
	if (status != CLI_OK)
		return status;
	shot_release(&a->shot);
	rc = shot_take(&a->shot, &a->session, 0);
	if (rc == 0)
		rc = shot_select(&a->shot, &order);
	if (rc < 0)
		return cli_fail(rc);
	if (!a->shot.sampled) {
		const char *error = shot_error(&a->shot);

		cli_error("local", "%s; nothing was done",
		    error != NULL ? error : "no sample");
		return CLI_UNSAMPLED;
	}
	for (size_t i = 0; i < a->n; i++)
		if (!find(a, i))
			status = CLI_FAILED;
	*ret_whole = status == CLI_OK;
	for (size_t i = 0; i < a->n && *ret_whole; i++)
		*ret_whole = !lacks_command(a, i);
	return status;
}

/* A command line comes from the agent's helper, on a busy machine not with
 * the first sample; nobody should say yes to a process he cannot tell. */
static int look(struct acting *a, const struct opts *o)
{
	bool whole = false;
	int status = session_open(&a->session, a->cli, o);

	for (int i = 0; i < LOOKS && status == CLI_OK && !whole; i++)
		status = look_once(a, &whole);
	if (status == CLI_OK && show(a) < 0)
		return cli_fail(AUR_ENOMEM);
	return status;
}

/* --- acting --------------------------------------------------------------- */

static void on_reply(void *arg, const struct aur_act_reply *reply)
{
	struct deed *d = arg;

	d->done = true;
	d->failed = reply->err < 0;
	if (d->failed)
		cli_error("local", "process %llu: %.*s",
		    (unsigned long long)d->target->pid,
		    (int)(reply->text.n > 0 ? reply->text.n : 0),
		    reply->text.n > 0 ? (const char *)reply->text.p : "");
	aur_loop_stop(d->session->loop);
}

static int act_on(struct acting *a, size_t i)
{
	struct session *s = &a->session;
	struct deed d = {
	    .session = s, .target = &a->target[i], .what = a->what};
	struct aur_act act = {.kind = a->what->kind,
	    .pid = a->target[i].pid,
	    .start_ticks = a->target[i].start,
	    .value = a->what->value};

	aur_timer_start(s->deadline, s->timeout);
	s->feed->class->act(s->feed, 0, &act, on_reply, &d);
	while (!d.done && !s->interrupted && !s->expired)
		if (aur_loop_run(s->loop) < 0)
			return CLI_FAILED;
	if (s->interrupted)
		return CLI_INTERRUPTED;
	if (!d.done) {
		cli_error("local",
		    "process %llu: no answer within %g s: look before you "
		    "try again",
		    (unsigned long long)a->target[i].pid,
		    aur_span_in_seconds(s->timeout));
		return CLI_FAILED;
	}
	if (d.failed)
		return CLI_FAILED;
	if (aur_buf_addf(&a->cli->out, "local:%llu: %s\n",
		(unsigned long long)a->target[i].pid, a->what->verb) < 0)
		return CLI_FAILED;
	return CLI_OK;
}

static int act(struct acting *a, bool ask)
{
	char question[128];
	int status = CLI_OK;

	snprintf(question, sizeof question, "%s %zu process%s?",
	    a->what->question, a->n, a->n == 1 ? "" : "es");
	aur_timer_stop(a->session.deadline);
	if (ask && !cli_confirm(question)) {
		cli_error(NULL, "nothing was done");
		return CLI_FAILED;
	}
	for (size_t i = 0; i < a->n; i++) {
		int one = act_on(a, i);

		if (one == CLI_INTERRUPTED)
			return one;
		if (one != CLI_OK)
			status = one;
	}
	return cli_flush(a->cli) ? status : CLI_FAILED;
}

static int parse(struct acting *a, const struct opts *o, int first)
{
	int status = CLI_OK;

	if (first >= o->noperand) {
		cli_error(NULL, "which process? write HOST:PID, as in "
				"local:1234");
		return CLI_USAGE;
	}
	if (o->noperand - first > TARGET_MOST) {
		cli_error(NULL, "at most %d processes at once", TARGET_MOST);
		return CLI_USAGE;
	}
	for (int i = first; i < o->noperand && status == CLI_OK; i++)
		status = target_parse(o->operand[i], &a->target[a->n++]);
	return status;
}

int target_run(struct cli *c, const struct opts *o, int first,
    const struct target_act *what)
{
	struct acting a = {.cli = c, .what = what};
	bool ask = true;
	int status = parse(&a, o, first);

	if (status == CLI_OK)
		status = check_asking(&a, o, &ask);
	if (status == CLI_OK)
		status = look(&a, o);
	if (status == CLI_OK)
		status = act(&a, ask);
	shot_release(&a.shot);
	session_close(&a.session);
	return status;
}
