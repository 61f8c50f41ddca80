/* SPDX-License-Identifier: MIT */
/*
 * export: what was recorded over a span, for other programs and for colleagues.
 * Every value that is kept, or with -n so many points. It is written series by
 * series: a week of a fleet is never whole in memory. A bundle is a history in
 * one file, which Aurora itself reads.
 */
#include "cli/cmd.h"
#include "cli/series_text.h"
#include "cli/when.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"

#include <math.h>

#define FLUSH_BYTES (1u << 20)

struct export
{
	struct cli *cli;
	struct hosts hosts;
	struct past past;
	struct metrics metrics;
	struct series_list list;
	struct aur_when_base when;
	struct aur_wall from, to;
	uint64_t points;		    /* of each series; 0: every value */
	const struct export_format *format; /* NULL: a bundle */
	const char *file;		    /* which is that */
	bool cmdlines;
	/* of the series that is being read */
	struct aur_wall *time; /* of values */
	double *value;	       /* NaN: a gap */
	size_t n, cap;
	size_t written; /* series */
};

struct export_format {
	const char *name;
	int (*begin)(struct export *e);
	int (*add)(struct export *e, const struct series *s);
	int (*end)(struct export *e);
};

/* --- values --------------------------------------------------------------- */

static int on_value(void *arg, struct aur_wall at, double v)
{
	struct export *e = arg;

	if (e->n == AUR_MAX_POINTS)
		return AUR_ELIMIT;
	if (e->n == e->cap) {
		size_t cap = e->cap > 0 ? 2 * e->cap : 4096;
		void *time = aur_mem_grow(e->time, cap, sizeof *e->time);
		void *value;

		if (time == NULL)
			return AUR_ENOMEM;
		e->time = time;
		value = aur_mem_grow(e->value, cap, sizeof *e->value);
		if (value == NULL)
			return AUR_ENOMEM;
		e->value = value;
		e->cap = cap;
	}
	e->time[e->n] = at;
	e->value[e->n++] = v;
	return 0;
}

static void summarize(const struct export *e, struct aur_json_summary *sum)
{
	double all = 0, n = 0;

	*sum = (struct aur_json_summary){.min = NAN, .mean = NAN, .max = NAN};
	for (size_t i = 0; i < e->n; i++) {
		double v = e->value[i];

		if (isnan(v))
			continue;
		if (!(v >= sum->min)) {
			sum->min = v;
			sum->min_at = e->time[i];
		}
		if (!(v <= sum->max)) {
			sum->max = v;
			sum->max_at = e->time[i];
		}
		all += v;
		n++;
	}
	if (n > 0)
		sum->mean = all / n;
}

/* Every value of the series. */
static int read_values(struct export *e, struct series *s)
{
	int rc;

	e->n = 0;
	rc = aur_history_values(e->past.history, e->past.host[s->pick],
	    &s->metric, e->from, e->to, on_value, e);
	if (rc == 0)
		summarize(e, &s->summary);
	return rc;
}

/* --- formats -------------------------------------------------------------- */

static int json_begin(struct export *e)
{
	struct aur_json_doc doc = {
	    .now = e->when.now, .team = hosts_team(&e->hosts)};

	return aur_json_history_begin(&e->cli->out, &doc, e->from, e->to);
}

static int json_add(struct export *e, const struct series *s)
{
	struct aur_json_series j = {
	    .host = s->host,
	    .metric = aur_slice_str(s->path),
	    .unit = s->unit,
	    .summary = s->summary,
	    .from = e->from,
	    .point = s->point,
	    .n = s->n,
	};

	if (e->points > 0) {
		j.step = series_step(&e->list, s->n);
	} else {
		j.time = e->time;
		j.value = e->value;
		j.n = e->n;
	}
	return aur_json_history_add(&e->cli->out, &j, e->written == 0);
}

static int json_end(struct export *e)
{
	return aur_json_history_end(&e->cli->out);
}

static int csv_begin(struct export *e)
{
	return series_csv_head(&e->cli->out);
}

static int csv_point(struct export *e, const struct series *s, size_t i)
{
	return e->points > 0
		   ? series_csv_point(&e->cli->out, &e->list, s, i)
		   : series_csv_value(&e->cli->out, s, e->time[i], e->value[i]);
}

static int csv_add(struct export *e, const struct series *s)
{
	size_t n = e->points > 0 ? s->n : e->n;
	int rc = 0;

	for (size_t i = 0; i < n && rc == 0 && !e->cli->broken; i++) {
		rc = csv_point(e, s, i);
		if (rc == 0 && e->cli->out.n >= FLUSH_BYTES &&
		    !cli_flush(e->cli))
			break;
	}
	return rc;
}

static int csv_end(struct export *e)
{
	(void)e;
	return 0;
}

static const struct export_format formats[] = {
    {"json", json_begin, json_add, json_end},
    {"csv", csv_begin, csv_add, csv_end},
};

static const char bundle[] = "bundle";
#define FORMATS (AUR_ARRAY_LEN(formats) + 1)

static const char *format_name(size_t i, void *arg)
{
	(void)arg;
	return i < AUR_ARRAY_LEN(formats) ? formats[i].name : bundle;
}

static int parse_format(struct export *e, const char *name)
{
	const char *near;

	e->format = &formats[0];
	if (name != NULL && strcmp(name, bundle) == 0) {
		e->format = NULL;
		return CLI_OK;
	}
	for (size_t i = 0; name != NULL && i < AUR_ARRAY_LEN(formats); i++)
		if (strcmp(formats[i].name, name) == 0) {
			e->format = &formats[i];
			return CLI_OK;
		}
	if (name == NULL)
		return CLI_OK;
	near = opt_nearest(name, format_name, FORMATS, NULL);
	cli_error(NULL,
	    "option '--format' wants json, csv or bundle, not '%s'%s%s%s", name,
	    near != NULL ? "; did you mean '" : "", near != NULL ? near : "",
	    near != NULL ? "'?" : "");
	return CLI_USAGE;
}

/* --- writing -------------------------------------------------------------- */

static int write_one(struct export *e, size_t i)
{
	struct series *s = &e->list.s[i];
	int rc = 0, status = CLI_OK;

	if (e->points > 0)
		status = series_points(&e->list, i, (size_t)e->points);
	else
		rc = read_values(e, s);
	if (rc == AUR_ELIMIT) {
		cli_error(s->host,
		    "%s: more than %u values: say --from and --to, or -n",
		    s->path, AUR_MAX_POINTS);
		return CLI_FAILED;
	}
	if (rc == 0 && status == CLI_OK)
		rc = e->format->add(e, s);
	if (rc < 0)
		return cli_fail(rc);
	aur_mem_free(s->point);
	s->point = NULL;
	e->written++;
	if (status == CLI_OK && e->cli->out.n >= FLUSH_BYTES &&
	    !cli_flush(e->cli))
		status = CLI_FAILED;
	return status;
}

static int write_all(struct export *e)
{
	int rc = e->format->begin(e), status = CLI_OK;

	for (size_t i = 0;
	     i < e->list.n && rc == 0 && status == CLI_OK && !e->cli->broken;
	     i++)
		status = write_one(e, i);
	if (rc == 0)
		rc = e->format->end(e);
	if (rc < 0)
		return cli_fail(rc);
	return cli_flush(e->cli) ? status : CLI_FAILED;
}

/* --- bundles -------------------------------------------------------------- */

static int parse_cmdlines(struct export *e, const char *how)
{
	e->cmdlines = how != NULL && strcmp(how, "full") == 0;
	if (how == NULL || e->cmdlines || strcmp(how, "name") == 0)
		return CLI_OK;
	cli_error(NULL, "option '--cmdline' wants name or full, not '%s'", how);
	return CLI_USAGE;
}

/* Takes the file off the operands. A host's name there is a file forgotten. */
static int take_file(struct export *e, struct opts *o)
{
	if (o->noperand == 0 || series_is_host(o, o->operand[0])) {
		cli_error(NULL,
		    "a bundle is written to a file, which stands first: "
		    "'aurora export --format bundle night.aurora%s%s'",
		    o->noperand > 0 ? " " : "",
		    o->noperand > 0 ? o->operand[0] : "");
		return CLI_USAGE;
	}
	e->file = o->operand[0];
	o->operand++;
	o->noperand--;
	return CLI_OK;
}

static int write_bundle(struct export *e)
{
	struct aur_bundle_what what = {
	    .from = e->from, .to = e->to, .cmdlines = e->cmdlines};
	size_t *host = aur_mem_new(e->past.n + 1, sizeof *host);
	const char **name = aur_mem_new(e->past.n + 1, sizeof *name);
	char why[1024];
	int rc = host != NULL && name != NULL ? 0 : AUR_ENOMEM;

	for (size_t i = 0; i < e->past.n && rc == 0; i++)
		if (e->past.host[i] != SIZE_MAX) {
			name[what.n] = e->hosts.select.pick[i].name;
			host[what.n++] = e->past.host[i];
		}
	what.host = host;
	what.name = name;
	snprintf(why, sizeof why, "%s", aur_err_str(rc));
	if (rc == 0)
		rc = aur_bundle_write(
		    e->past.history, &what, e->file, why, sizeof why);
	aur_mem_free(name);
	aur_mem_free(host);
	if (rc < 0)
		cli_error(NULL, "%s", why);
	return rc < 0 ? CLI_FAILED : CLI_OK;
}

static bool has_any(const struct export *e, size_t i)
{
	struct aur_wall first, last;

	return e->past.host[i] != SIZE_MAX &&
	       aur_history_bounds(
		   e->past.history, e->past.host[i], &first, &last) &&
	       first.ns < e->to.ns && last.ns >= e->from.ns;
}

static int run_bundle(struct export *e)
{
	int status = write_bundle(e);

	for (size_t i = 0; i < e->past.n && status != CLI_FAILED; i++)
		if (!has_any(e, i)) {
			past_tell_lacking(
			    &e->past, i, &e->when, e->from, e->to);
			status = CLI_UNSAMPLED;
		}
	return status;
}

/* --- the command ---------------------------------------------------------- */

static int parse_words(struct export *e, struct opts *o)
{
	int status = CLI_OK;

	if (e->format == NULL)
		status = take_file(e, o);
	if (status == CLI_OK)
		status = series_words(&e->metrics, o);
	if (status == CLI_OK && e->format == NULL && e->metrics.n > 0) {
		cli_error(NULL, "a bundle has all that was kept: leave out the "
				"METRICs");
		status = CLI_USAGE;
	}
	return status;
}

static int parse(struct export *e, struct opts *o)
{
	struct aur_when_base read;
	int status = parse_format(e, o->value[OPT_FORMAT]);

	e->when = when_base(e->cli);
	if (status == CLI_OK)
		status = parse_cmdlines(e, o->value[OPT_CMDLINE]);
	if (status == CLI_OK)
		status = parse_words(e, o);
	if (status == CLI_OK)
		status = opt_number(o, OPT_ROWS, AUR_MAX_POINTS, &e->points);
	if (status == CLI_OK)
		status = past_choose(&e->past, &e->hosts, o);
	read = past_when(&e->past, &e->when);
	if (status == CLI_OK)
		status = past_span(&e->past, o, &read, aur_span_seconds(3600),
		    &e->from, &e->to);
	return status;
}

static int run(struct export *e)
{
	int status = past_open(&e->past, &e->hosts);

	if (status == CLI_OK && e->format == NULL)
		return run_bundle(e);
	if (status == CLI_OK)
		status = series_find(
		    &e->list, &e->past, &e->metrics, e->from, e->to);
	if (status == CLI_OK)
		status = write_all(e);
	if (status == CLI_OK && !e->cli->broken)
		status = series_tell_lacking(&e->list, &e->when);
	return status;
}

static int exec_export(struct cli *c, struct opts *o)
{
	struct export e = {.cli = c};
	int status = parse(&e, o);

	if (status == CLI_OK)
		status = run(&e);
	series_release(&e.list);
	aur_mem_free(e.time);
	aur_mem_free(e.value);
	hosts_release(&e.hosts);
	past_close(&e.past);
	return status;
}

static const enum opt_id options[] = {OPT_FORMAT, OPT_FROM, OPT_TO, OPT_SINCE,
    OPT_UNTIL, OPT_ROWS, OPT_CMDLINE, OPT_BUNDLE, OPT_EXCLUDE, OPT_END};

const struct cmd_entry cmd_export = {
    .name = "export",
    .summary = "what was recorded, for others",
    .usage = "[OPTION...] [FILE] [HOST...] [METRIC...]",
    .detail =
	"Every value of the last hour, or of what --from and --to say; with "
	"-n so\nmany points, each with its least, mean and most. Without a "
	"METRIC of all\nthat are kept.\n"
	"With --format bundle it is a history in one FILE, which a colleague "
	"opens\nwith --bundle FILE. Of command lines it has the programs' "
	"names, unless\n--cmdline is full.",
    .options = options,
    .exec = exec_export,
};
