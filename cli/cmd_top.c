/* SPDX-License-Identifier: MIT */
/*
 * top: checks what the line says, then hands the terminal to tui/.
 */
#include "cli/cmd.h"
#include "cli/field.h"
#include "cli/history.h"
#include "cli/hosts.h"
#include "cli/keep.h"
#include "cli/session.h"
#include "cli/shell.h"
#include "cli/still.h"
#include "cli/top_settings.h"
#include "cli/when.h"

#include "base/err.h"
#include "base/scan.h"
#include "fleet/fleet.h"
#include "tui/columns.h"
#include "tui/tui.h"
#include "view/column.h"

#include <stdlib.h>
#include <unistd.h>

#define MAX_PIDS 256
#define MAX_WORDS 256

static int parse_pids(const char *text, uint64_t *pids, size_t *ret_n)
{
	struct aur_slice rest = aur_slice_str(text), word;
	size_t n = 0;

	do {
		if (!aur_slice_until(&rest, ',', &word)) {
			word = rest;
			rest.n = 0;
		}
		if (n == MAX_PIDS || aur_scan_u64(word, &pids[n]) < 0 ||
		    pids[n] == 0) {
			cli_error(NULL,
			    "--pid wants at most %d process ids, not '%s'",
			    MAX_PIDS, text);
			return CLI_USAGE;
		}
		n++;
	} while (rest.n > 0);
	*ret_n = n;
	return CLI_OK;
}

static int parse_sort(const char *text, struct tui_options *t)
{
	enum aur_figure_id id;
	struct aur_slice name;
	bool descending;
	int order, status = field_split_sort(text, &name, &order);
	bool by_host = status == CLI_OK && aur_slice_is(name, "host");

	if (status == CLI_OK && !by_host)
		status = field_parse_sort(text, &id, &descending);
	if (status != CLI_OK)
		return status;
	t->sort = by_host ? TUI_COLUMN_HOST : aur_column_find(name);
	if (t->sort < 0) {
		cli_error(NULL, "--sort: the screen has no column '%s'", text);
		return CLI_USAGE;
	}
	if (order != 0)
		t->order =
		    order > 0 ? TUI_ORDER_ASCENDING : TUI_ORDER_DESCENDING;
	return CLI_OK;
}

static int parse_screen(const char *text, struct tui_options *t)
{
	static const char *const names[] = {
	    [TUI_SCREEN_FLEET] = "fleet",
	    [TUI_SCREEN_OVERVIEW] = "overview",
	    [TUI_SCREEN_HOST] = "host",
	    [TUI_SCREEN_PROCESSES] = "processes",
	    [TUI_SCREEN_EVENTS] = "events",
	};

	for (int i = TUI_SCREEN_FLEET; i <= TUI_SCREEN_EVENTS; i++)
		if (strcmp(text, names[i]) == 0) {
			t->screen = (enum tui_screen)i;
			return CLI_OK;
		}
	cli_error(NULL,
	    "option '--screen' wants fleet, overview, host, processes or "
	    "events, not '%s'",
	    text);
	return CLI_USAGE;
}

/* Switches, on or off; where both are there, off. */
static void take_switches(const struct opts *o, struct tui_settings *s)
{
	static const struct {
		enum opt_id opt;
		enum tui_setting set;
		int choice;
	} given[] = {
	    {OPT_TREE, TUI_SET_TREE, 1},
	    {OPT_NO_TREE, TUI_SET_TREE, 0},
	    {OPT_THREADS, TUI_SET_THREADS, 1},
	    {OPT_NO_THREADS, TUI_SET_THREADS, 0},
	    {OPT_KERNEL, TUI_SET_KERNEL, 1},
	    {OPT_NO_KERNEL, TUI_SET_KERNEL, 0},
	};

	for (size_t i = 0; i < AUR_ARRAY_LEN(given); i++)
		if (o->seen[given[i].opt] > 0)
			s->choice[given[i].set] = given[i].choice;
}

static int take_columns(const struct opts *o, struct tui_settings *s)
{
	const char *names = o->value[OPT_COLUMNS];

	if (names == NULL || tui_settings_set_columns(s, names))
		return CLI_OK;
	cli_error(NULL,
	    "option '--columns' wants names of columns, each once, as in "
	    "pid,user,cpu,rss,command, not '%s'; 'f' on the screen lists them",
	    names);
	return CLI_USAGE;
}

/* What the line says of settings counts for this run. */
static int take_settings(const struct opts *o, struct tui_settings *s)
{
	static const struct {
		enum opt_id opt;
		enum tui_setting set;
	} word[] = {
	    {OPT_THEME, TUI_SET_THEME},
	    {OPT_LAYOUT, TUI_SET_LAYOUT},
	    {OPT_KEYS, TUI_SET_KEYS},
	};

	for (size_t i = 0; i < AUR_ARRAY_LEN(word); i++) {
		const char *value = o->value[word[i].opt];
		int n;

		if (value == NULL)
			continue;
		n = tui_setting_find(word[i].set, aur_slice_str(value));
		if (n < 0) {
			cli_error(NULL,
			    "option '--%s' wants one of %s, not '%s'",
			    opt_get(word[i].opt)->name,
			    tui_setting_row(word[i].set)->words, value);
			return CLI_USAGE;
		}
		s->choice[word[i].set] = n;
	}
	take_switches(o, s);
	return take_columns(o, s);
}

static int parse(struct cli *c, const struct opts *o, struct hosts *h,
    struct past *past, struct tui_options *t, uint64_t *pids)
{
	struct aur_when_base when = when_base(c);
	struct aur_filter *filter = NULL;
	int status = past_choose(past, h, o);

	*t = (struct tui_options){.user = o->value[OPT_USER],
	    .filter = o->value[OPT_FILTER],
	    .sort = -1,
	    .no_color = o->seen[OPT_NO_COLOR] > 0 || !c->color,
	    .ascii = o->seen[OPT_ASCII] > 0 || !c->utf8,
	    .no_mouse = o->seen[OPT_NO_MOUSE] > 0,
	    .readonly = o->seen[OPT_READONLY] > 0,
	    .utc = c->utc};
	if (status == CLI_OK)
		status = opt_seconds(o, OPT_INTERVAL, 0.1, 3600, &t->interval);
	if (status == CLI_OK && o->value[OPT_PID] != NULL) {
		status = parse_pids(o->value[OPT_PID], pids, &t->npid);
		t->pids = pids;
	}
	t->at = past->end;
	when = past_when(past, &when);
	if (status == CLI_OK)
		status = when_at(o, OPT_AT, &when, &t->at);
	if (status == CLI_OK && o->value[OPT_SCREEN] != NULL)
		status = parse_screen(o->value[OPT_SCREEN], t);
	if (status == CLI_OK && o->value[OPT_SORT_KEY] != NULL)
		status = parse_sort(o->value[OPT_SORT_KEY], t);
	if (status == CLI_OK && t->filter != NULL)
		status = field_parse_processes("filter", t->filter, &filter);
	aur_filter_free(filter);
	return status;
}

/* What the line says of hosts, for the screen to copy: operands, then each
 * -x. */
static size_t take_hosts(const struct opts *o, const char *word[MAX_WORDS])
{
	size_t n = 0;

	for (int i = 0; i < o->noperand && n < MAX_WORDS; i++)
		word[n++] = o->operand[i];
	for (size_t i = 0; i < o->ngiven && n + 1 < MAX_WORDS; i++)
		if (o->given[i].id == OPT_EXCLUDE) {
			word[n++] = "-x";
			word[n++] = o->given[i].value;
		}
	return n;
}

/* What was kept of the hosts. Only who begins in the past must have it; the
 * first run of all will look back at what it records, and who keeps nothing
 * looks back at nothing. */
static int open_past(
    struct past *p, struct hosts *h, struct tui_options *t, bool keeps)
{
	bool needed = t->at.ns != 0;
	int status, rc;

	if (!keeps && !needed)
		return CLI_OK;
	status = needed ? past_open(p, h) : past_open_early(p, h);
	if (status == CLI_OK) {
		rc = past_feed(p, &t->past);
		status = rc < 0 ? cli_fail(rc) : CLI_OK;
		t->looked = aur_history_looked(p->history);
	}
	return needed ? status : CLI_OK;
}

/* What runs where there is no link: the screen of a bundle. */
static int run_bundle(struct hosts *h, struct past *past, const char *bundle,
    struct tui_options *t, bool plain)
{
	struct aur_loop *loop = NULL;
	struct aur_feed *feed = NULL;
	int rc, status = open_past(past, h, t, false);

	if (status != CLI_OK)
		return status;
	t->readonly = true;
	t->bundle = bundle;
	t->looked = (struct aur_wall){0};
	t->ended = true;
	rc = aur_loop_new(&loop);
	if (rc == 0)
		rc = still_new(&feed, h);
	status = rc < 0 ? cli_fail(rc)
			: (plain ? tui_run_plain : tui_run)(loop, feed, t);
	if (feed != NULL)
		feed->class->free(feed);
	aur_loop_free(loop);
	return status;
}

static int run(struct hosts *h, struct past *past, struct tui_options *t,
    bool plain, bool keeps)
{
	struct ask ask;
	struct aur_fleet_options options = {
	    .asked = h->named, .ask = ask_on_question, .arg = &ask};
	struct aur_loop *loop = NULL;
	struct aur_feed *feed = NULL;
	struct shell sh = {.loop = NULL};
	struct keep keep = {.history = NULL};
	int rc, status = open_past(past, h, t, keeps);

	if (status != CLI_OK)
		return status;
	rc = aur_loop_new(&loop);
	ask_init(&ask, loop, &sh.door);
	if (!ask_can())
		options.ask = NULL;
	if (rc == 0)
		rc = session_feed(&feed, loop, h, &options);
	ask.feed = feed;
	sh.loop = loop;
	sh.feed = feed;
	t->door = &sh.door;
	t->shell = shell_open;
	t->shell_arg = &sh;
	t->team = hosts_team(h);
	if (rc == 0 && keeps)
		feed =
		    keep_begin(&keep, loop, feed, h, past->history, &sh.door);
	if (rc < 0)
		status = cli_fail(rc);
	else
		status = (plain ? tui_run_plain : tui_run)(loop, feed, t);
	ask_release(&ask);
	shell_release(&sh);
	if (feed != NULL)
		feed->class->free(feed);
	keep_end(&keep);
	aur_loop_free(loop);
	return status;
}

/* A terminal that can do nothing has TERM=dumb. */
static bool is_dumb(void)
{
	const char *term = getenv("TERM");

	return term != NULL && strcmp(term, "dumb") == 0;
}

static int exec_hosts(
    struct cli *c, struct opts *o, struct hosts *h, struct past *past)
{
	struct tui_options t;
	struct top_settings settings;
	struct tui_settings kept;
	uint64_t pids[MAX_PIDS];
	const char *word[MAX_WORDS];
	bool plain = o->seen[OPT_PLAIN] > 0;
	int status = parse(c, o, h, past, &t, pids);

	tui_settings_init(&settings.set);
	if (status == CLI_OK) /* a wrong line before a wrong file */
		status = take_settings(o, &settings.set);
	if (status != CLI_OK)
		return status;
	if (!plain && (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))) {
		cli_error(NULL,
		    "top needs a terminal: --plain does not, and 'aurora "
		    "status' and 'aurora ps' print");
		return CLI_FAILED;
	}
	status = top_settings_read(&settings);
	kept = settings.set;
	if (status == CLI_OK)
		status = take_settings(o, &settings.set);
	if (status == CLI_OK)
		status = hosts_reach(h);
	if (status != CLI_OK)
		return status;
	t.words = word;
	t.nword = take_hosts(o, word);
	t.kept = &kept;
	t.settings = &settings.set;
	t.save = top_settings_save;
	t.save_arg = &settings;
	plain = plain || is_dumb() || settings.set.choice[TUI_SET_PLAIN];
	status = past->bundle.history != NULL
		     ? run_bundle(h, past, o->value[OPT_BUNDLE], &t, plain)
		     : run(h, past, &t, plain, o->seen[OPT_NO_HISTORY] == 0);
	if (t.past != NULL)
		t.past->class->free(t.past);
	return status;
}

static int exec_top(struct cli *c, struct opts *o)
{
	struct hosts h;
	struct past past;
	int status = exec_hosts(c, o, &h, &past);

	hosts_release(&h);
	past_close(&past);
	return status;
}

static const enum opt_id options[] = {OPT_AT, OPT_BUNDLE, OPT_INTERVAL,
    OPT_USER, OPT_PID, OPT_TREE, OPT_NO_TREE, OPT_THREADS, OPT_NO_THREADS,
    OPT_KERNEL, OPT_NO_KERNEL, OPT_COLUMNS, OPT_FILTER, OPT_SORT_KEY,
    OPT_SCREEN, OPT_NO_COLOR, OPT_ASCII, OPT_NO_MOUSE, OPT_READONLY, OPT_PLAIN,
    OPT_THEME, OPT_LAYOUT, OPT_KEYS, OPT_NO_HISTORY, OPT_EXCLUDE, OPT_END};

static const char detail[] =
    "The letters are those of htop; F1 or ? on the screen lists its keys.\n"
    "F2 or S opens the setup; what is changed there is kept in\n"
    "$XDG_CONFIG_HOME/aurora/top.json. With --plain, and where TERM is\n"
    "dumb, there is no screen but lines of text: a summary, then what\n"
    "changed; h and Enter lists the commands.\n"
    "\n"
    "Several hosts open as a fleet: a row for each, or a tile with a graph\n"
    "where they have room; the team's order while all fit on the screen,\n"
    "the worst first when they do not, or as sorted. Enter goes into a\n"
    "host, @ to one by its name, 1 back to all; 3 is the processes of all\n"
    "hosts in one list, where a filter knows host; ! is ssh to the host,\n"
    "and back. Shapes tell states: a full circle is up, a dotted one stale,\n"
    "an empty one connecting, a triangle not reached, a square not let in;\n"
    "a struck circle behind a name marks who keeps no record.\n"
    "\n"
    "What was kept can be gone back to: b asks for a time, ( and ) step, {\n"
    "and } go to the moments that mattered, Esc comes back; --at begins\n"
    "there. All screens are as they were then, and nothing acts. Enter at\n"
    "the cursor of a graph goes to its highest moment there and lists who\n"
    "it was. 6 is what happened; after a night the last row tells it in a\n"
    "line.";

const struct cmd_entry cmd_top = {
    .name = "top",
    .alias = "monit",
    .summary = "the screen: graphs and processes, live",
    .usage = "[OPTION...] [HOST...]",
    .detail = detail,
    .options = options,
    .exec = exec_top,
};
