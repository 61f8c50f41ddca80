/* SPDX-License-Identifier: MIT */
/*
 * What will be touched is looked up first, once, and named by pid and start
 * from then on: what is asked about is what is acted on, however long the
 * answer takes. The agent checks the start again just before.
 */
#include "cli/target.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/scan.h"
#include "cli/bar.h"
#include "cli/hosts.h"
#include "cli/shot.h"

#include <unistd.h>

#define LOOKS 10 /* each waits up to 30 ms for command lines */

_Static_assert(TARGET_MOST <= AUR_WANT_CLOSE_MAX, "all are seen from close");

struct acting;

struct deed {
	struct acting *acting;
	size_t target;
	bool done;
	int err;
};

struct acting {
	struct cli *cli;
	struct hosts hosts;
	struct session session;
	struct shot *shot; /* one of each host */
	size_t nshot;
	const struct target_act *what;
	struct target target[TARGET_MOST];
	uint32_t row[TARGET_MOST];
	struct deed deed[TARGET_MOST];
	size_t n, open; /* targets; those that were not answered yet */
};

static struct shot *shot_of(struct acting *a, size_t target)
{
	return &a->shot[a->target[target].host];
}

static const char *host_of(struct acting *a, size_t target)
{
	return shot_of(a, target)->host->name;
}

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

/* The host may have colons of its own: the last one counts. */
static bool split_host(
    const char *text, struct aur_slice *ret_host, struct aur_slice *ret_rest)
{
	const char *colon = strrchr(text, ':');

	if (colon == NULL || colon == text)
		return false;
	*ret_host = aur_slice_of(text, (size_t)(colon - text));
	*ret_rest = aur_slice_str(colon + 1);
	return true;
}

int target_parse(struct hosts *h, const char *text, struct target *ret_target)
{
	struct target t = {.pid = 0};
	struct aur_slice host, rest, pid;
	int status;

	if (strlen(text) >= sizeof t.text || !split_host(text, &host, &rest))
		return bad_target(text);
	status = hosts_one(h, host, &t.host);
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

static uint64_t number_of(
    const struct shot *shot, enum aur_figure_id id, uint32_t row)
{
	struct aur_value v;

	shot_process(shot, id, row, &v);
	return v.type == AUR_VALUE_INT && v.i > 0 ? (uint64_t)v.i : 0;
}

/* Finds a target among the rows and fills in its start. */
static bool find(struct acting *a, size_t i)
{
	struct target *t = &a->target[i];
	const struct shot *shot = shot_of(a, i);

	for (size_t r = 0; r < shot->nrow; r++) {
		uint32_t row = shot->rows[r];
		uint64_t start;

		if (number_of(shot, AUR_FIG_processes_pid, row) != t->pid)
			continue;
		start = number_of(shot, AUR_FIG_processes_start_ticks, row);
		if (t->start != 0 && t->start != start) {
			cli_error(host_of(a, i),
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
	cli_error(host_of(a, i), "there is no process %llu; nothing was done",
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
		rc = bar_cellf(&t, AUR_TABLE_PLAIN, "%s:%llu@%llu",
		    host_of(a, i), (unsigned long long)a->target[i].pid,
		    (unsigned long long)a->target[i].start);
		for (size_t k = 0; k < AUR_ARRAY_LEN(cells) && rc == 0; k++)
			rc =
			    bar_cell(&t, shot_of(a, i), cells[k], a->row[i], 0);
		if (rc == 0)
			rc = bar_command(&t, shot_of(a, i), a->row[i]);
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

	shot_process(shot_of(a, i), AUR_FIG_processes_cmdline, a->row[i], &v);
	return v.type == AUR_VALUE_NULL;
}

static void release_shots(struct acting *a)
{
	for (size_t i = 0; i < a->nshot; i++)
		shot_release(&a->shot[i]);
	aur_mem_free(a->shot);
	a->shot = NULL;
	a->nshot = 0;
}

/* Asks a host for all processes in outline, and for its targets from close. */
static int ask_host(struct acting *a, size_t host)
{
	struct aur_want want =
	    session_want(AUR_WANT_DOMAIN(PROCESS) | AUR_WANT_DOMAIN(SYSTEM),
		aur_want_process_overview());

	want.count = 1;
	want.close_fields = aur_want_process_close();
	for (size_t i = 0; i < a->n; i++)
		if (a->target[i].host == host)
			want.close[want.nclose++] = a->target[i].pid;
	return session_ask(&a->session, host, &want);
}

static int take_shots(struct acting *a)
{
	struct shot_order order = {.sort = AUR_FIG_processes_pid};
	size_t n = a->session.nhost;
	int rc = 0;

	release_shots(a);
	a->shot = aur_mem_new(n, sizeof *a->shot);
	if (a->shot == NULL)
		return AUR_ENOMEM;
	for (; a->nshot < n && rc == 0; a->nshot++) {
		struct shot *shot = &a->shot[a->nshot];

		rc = shot_take(shot, &a->session, a->nshot);
		if (rc == 0)
			rc = shot_select(shot, &order);
	}
	return rc;
}

/* Who cannot be seen is not touched, and the others wait for him. */
static int check_hosts(struct acting *a)
{
	if (shots_tell(a->shot, a->nshot, &a->session))
		return CLI_OK;
	cli_error(NULL, "nothing was done");
	return CLI_UNSAMPLED;
}

static int look_once(struct acting *a, bool *ret_whole)
{
	int rc = 0, status;

	for (size_t i = 0; i < a->session.nhost && rc == 0; i++)
		rc = ask_host(a, i);
	if (rc < 0)
		return cli_fail(rc);
	status = session_wait(&a->session);
	if (status != CLI_OK)
		return status;
	rc = take_shots(a);
	if (rc < 0)
		return cli_fail(rc);
	status = check_hosts(a);
	if (status != CLI_OK)
		return status;
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
	int status = session_open(&a->session, a->cli, o, &a->hosts);

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
	struct acting *a = d->acting;

	d->done = true;
	d->err = reply->err;
	if (d->err < 0)
		cli_error(host_of(a, d->target), "process %llu: %.*s",
		    (unsigned long long)a->target[d->target].pid,
		    (int)reply->text.n,
		    reply->text.n > 0 ? (const char *)reply->text.p : "");
	if (--a->open == 0)
		aur_loop_stop(a->session.loop);
}

static void order_all(struct acting *a)
{
	struct session *s = &a->session;

	a->open = a->n + 1; /* until all are on their way */
	for (size_t i = 0; i < a->n; i++) {
		struct aur_act act = {.kind = a->what->kind,
		    .pid = a->target[i].pid,
		    .start_ticks = a->target[i].start,
		    .value = a->what->value};

		a->deed[i] = (struct deed){.acting = a, .target = i};
		s->feed->class->act(
		    s->feed, a->target[i].host, &act, on_reply, &a->deed[i]);
	}
	a->open--;
}

/* What became of one. */
static int report(struct acting *a, size_t i)
{
	unsigned long long pid = (unsigned long long)a->target[i].pid;

	if (!a->deed[i].done) {
		cli_error(host_of(a, i),
		    "process %llu: no answer within %g s: look before you "
		    "try again",
		    pid, aur_span_in_seconds(a->session.timeout));
		return CLI_FAILED;
	}
	if (a->deed[i].err < 0 || aur_buf_addf(&a->cli->out, "%s:%llu: %s\n",
				      host_of(a, i), pid, a->what->verb) < 0)
		return CLI_FAILED;
	return CLI_OK;
}

/* All at once: a host that is slow holds up none of the others. */
static int act_on_all(struct acting *a)
{
	struct session *s = &a->session;
	int status = CLI_OK;

	session_start_deadline(s);
	order_all(a);
	while (a->open > 0 && !s->interrupted && !s->expired)
		if (aur_loop_run(s->loop) < 0)
			return CLI_FAILED;
	if (s->interrupted)
		return CLI_INTERRUPTED;
	for (size_t i = 0; i < a->n; i++)
		if (report(a, i) != CLI_OK)
			status = CLI_FAILED;
	return status;
}

static int act(struct acting *a, bool ask)
{
	char question[128];
	int status;

	snprintf(question, sizeof question, "%s %zu process%s?",
	    a->what->question, a->n, a->n == 1 ? "" : "es");
	aur_timer_stop(a->session.deadline);
	if (ask && !cli_confirm(question)) {
		cli_error(NULL, "nothing was done");
		return CLI_FAILED;
	}
	status = act_on_all(a);
	return cli_flush(a->cli) ? status : CLI_FAILED;
}

static int parse(struct acting *a, const struct opts *o, int first)
{
	int status = CLI_OK;

	hosts_begin(&a->hosts, o);
	a->hosts.named = true;
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
		status =
		    target_parse(&a->hosts, o->operand[i], &a->target[a->n++]);
	return status;
}

int target_run(struct cli *c, const struct opts *o, int first,
    const struct target_act *what)
{
	struct acting *a = aur_mem_new(1, sizeof *a);
	bool ask = true;
	int status;

	if (a == NULL)
		return cli_fail(AUR_ENOMEM);
	a->cli = c;
	a->what = what;
	status = parse(a, o, first);
	if (status == CLI_OK)
		status = check_asking(a, o, &ask);
	if (status == CLI_OK)
		status = look(a, o);
	if (status == CLI_OK)
		status = act(a, ask);
	/* the feed answers what is open, and must find us */
	session_close(&a->session);
	release_shots(a);
	hosts_release(&a->hosts);
	aur_mem_free(a);
	return status;
}
