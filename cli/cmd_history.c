/* SPDX-License-Identifier: MIT */
/*
 * history: what was recorded of figures, as graphs, documents or CSV; and the
 * care of the files themselves.
 */
#include "cli/cmd.h"
#include "cli/series_text.h"
#include "cli/when.h"

#include "base/err.h"

/* Points of documents, where the line does not say. */
#define POINTS 120
#define MOST_POINTS 100000

struct history {
	struct cli *cli;
	struct hosts hosts;
	struct past past;
	struct metrics metrics;
	struct series_list list;
	struct aur_when_base when;
	struct aur_wall from, to;
	uint64_t points;
	bool json, csv;
	bool all; /* -n 0: a point for each second */
};

/* --- documents ------------------------------------------------------------ */

static struct aur_json_series document_of(
    const struct history *h, const struct series *s)
{
	return (struct aur_json_series){
	    .host = s->host,
	    .metric = aur_slice_str(s->path),
	    .unit = s->unit,
	    .step = series_step(&h->list, s->n),
	    .summary = s->summary,
	    .from = h->from,
	    .point = s->point,
	    .n = s->n,
	};
}

static int print_json(struct history *h)
{
	struct aur_json_doc doc = {
	    .now = h->when.now, .team = hosts_team(&h->hosts)};
	int rc = aur_json_history_begin(&h->cli->out, &doc, h->from, h->to);

	for (size_t i = 0; i < h->list.n && rc == 0; i++) {
		struct aur_json_series s = document_of(h, &h->list.s[i]);

		rc = aur_json_history_add(&h->cli->out, &s, i == 0);
	}
	return rc < 0 ? rc : aur_json_history_end(&h->cli->out);
}

static int print_csv(struct history *h)
{
	int rc = series_csv_head(&h->cli->out);

	for (size_t i = 0; i < h->list.n && rc == 0; i++) {
		const struct series *s = &h->list.s[i];

		for (size_t k = 0; k < s->n && rc == 0; k++)
			rc = series_csv_point(&h->cli->out, &h->list, s, k);
	}
	return rc;
}

static int print_text(struct history *h)
{
	for (size_t i = 0; i < h->list.n; i++)
		series_bridge(&h->list.s[i]);
	return series_text(h->cli, &h->list, &h->when);
}

/* --- the command ---------------------------------------------------------- */

/* No more of them than seconds: between those nothing was sampled. */
static size_t points_of(const struct history *h)
{
	size_t n = h->points > 0 ? (size_t)h->points : POINTS;
	int64_t seconds = (h->to.ns - h->from.ns) / AUR_SECOND_NS;

	if (!h->json && !h->csv) /* a graph has as many as it is wide */
		return series_text_points(h->cli);
	if (seconds < 1)
		seconds = 1;
	if (h->all)
		return seconds < MOST_POINTS ? (size_t)seconds : MOST_POINTS;
	if (h->points == 0 && (int64_t)n > seconds)
		n = (size_t)seconds;
	return n;
}

static int look(struct history *h)
{
	int rc, status = past_open(&h->past, &h->hosts);

	if (status == CLI_OK)
		status = series_find(
		    &h->list, &h->past, &h->metrics, h->from, h->to);
	for (size_t i = 0; i < h->list.n && status == CLI_OK; i++)
		status = series_points(&h->list, i, points_of(h));
	if (status != CLI_OK)
		return status;
	rc = h->json ? print_json(h) : h->csv ? print_csv(h) : print_text(h);
	if (rc < 0)
		return cli_fail(rc);
	if (!cli_flush(h->cli))
		return CLI_FAILED;
	return series_tell_lacking(&h->list, &h->when);
}

static int parse(struct history *h, struct opts *o)
{
	struct aur_when_base read;
	int status = series_words(&h->metrics, o);

	h->when = when_base(h->cli);
	h->json = o->seen[OPT_JSON] > 0;
	h->csv = o->seen[OPT_CSV] > 0;
	if (status == CLI_OK)
		status = opt_number(o, OPT_ROWS, MOST_POINTS, &h->points);
	h->all = o->seen[OPT_ROWS] > 0 && h->points == 0;
	if (status == CLI_OK && h->json && h->csv) {
		cli_error(NULL, "--json or --csv, not both");
		status = CLI_USAGE;
	}
	if (status == CLI_OK)
		status = past_choose(&h->past, &h->hosts, o);
	read = past_when(&h->past, &h->when);
	if (status == CLI_OK)
		status = past_span(&h->past, o, &read, aur_span_seconds(3600),
		    &h->from, &h->to);
	if (status == CLI_OK && h->metrics.n == 0) {
		cli_error(NULL, "history of what? Name a METRIC, as in 'aurora "
				"history cpu.busy_percent'; 'aurora metrics' "
				"lists them");
		status = CLI_USAGE;
	}
	return status;
}

/* --- care ----------------------------------------------------------------- */

static void on_line(void *arg, const char *line)
{
	struct cli *c = arg;

	(void)!aur_buf_addf(&c->out, "%s\n", line);
}

static int care(struct history *h, struct opts *o)
{
	const char *into = o->value[OPT_SALVAGE];
	int rc, status;

	if (o->noperand > 0) {
		cli_error(NULL,
		    "'%s' is too much: --check and --salvage look "
		    "at all that is kept",
		    o->operand[0]);
		return CLI_USAGE;
	}
	status = past_choose(&h->past, &h->hosts, o);
	if (status == CLI_OK)
		status = past_open(&h->past, &h->hosts);
	if (status != CLI_OK)
		return status;
	rc = aur_history_check(h->past.history, into, on_line, h->cli);
	if (!cli_flush(h->cli))
		return CLI_FAILED;
	if (rc == AUR_EBUSY && into != NULL) {
		cli_error(NULL, "%s is not empty: name a new folder", into);
		return CLI_FAILED;
	}
	if (rc < 0)
		return cli_fail(rc);
	return rc > 0 && into == NULL ? CLI_CHECK : CLI_OK;
}

static int exec_history(struct cli *c, struct opts *o)
{
	struct history h = {.cli = c};
	bool cares = o->seen[OPT_CHECK_KEPT] > 0 || o->seen[OPT_SALVAGE] > 0;
	int status = cares ? care(&h, o) : parse(&h, o);

	if (status == CLI_OK && !cares)
		status = look(&h);
	series_release(&h.list);
	hosts_release(&h.hosts);
	past_close(&h.past);
	return status;
}

static const enum opt_id options[] = {OPT_FROM, OPT_TO, OPT_SINCE, OPT_UNTIL,
    OPT_JSON, OPT_CSV, OPT_ROWS, OPT_BUNDLE, OPT_EXCLUDE, OPT_CHECK_KEPT,
    OPT_SALVAGE, OPT_END};

const struct cmd_entry cmd_history = {
    .name = "history",
    .summary = "what was recorded, as graphs, JSON or CSV",
    .usage = "[OPTION...] [HOST...] METRIC...",
    .detail =
	"The last hour, or what --from and --to say; -n is how many points "
	"--json\nand --csv have.\n"
	"A METRIC with a glob, or of a list without an instance, is a line "
	"for each\nof its rows: 'disks[sd*].busy_percent', "
	"filesystems.used_percent.\n"
	"--check and --salvage look after the files in which it is kept.",
    .options = options,
    .exec = exec_history,
};
