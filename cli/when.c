/* SPDX-License-Identifier: MIT */
/* Times of a command line, and what is said of those that are none. */
#include "cli/when.h"

#include "base/err.h"

struct aur_when_base when_base(const struct cli *c)
{
	return (struct aur_when_base){.now = aur_clock_wall(), .utc = c->utc};
}

static int refuse(enum opt_id id, const char *text, int rc)
{
	const char *name = opt_get(id)->name;
	const char *near = aur_when_nearest(aur_slice_str(text));

	if (rc == AUR_ERANGE)
		cli_error(NULL,
		    "option '--%s': '%s' is further away than times go", name,
		    text);
	else if (near != NULL)
		cli_error(NULL,
		    "option '--%s': '%s' is no time; did you mean '%s'?", name,
		    text, near);
	else if (text[0] == '+')
		cli_error(NULL,
		    "option '--%s': '%s' counts from --from, and there is none",
		    name, text);
	else
		cli_error(NULL, "option '--%s': '%s' is no time: write %s",
		    name, text, aur_when_examples());
	return CLI_USAGE;
}

/* `id` or, where that was not given, `other`. */
static int read_one(const struct opts *o, enum opt_id id, enum opt_id other,
    const struct aur_when_base *when, struct aur_wall *ret)
{
	const char *text;
	int rc;

	if (o->value[id] == NULL)
		id = other;
	text = o->value[id];
	if (text == NULL)
		return CLI_OK;
	rc = aur_when_parse(aur_slice_str(text), when, ret);
	return rc < 0 ? refuse(id, text, rc) : CLI_OK;
}

int when_at(const struct opts *o, enum opt_id id,
    const struct aur_when_base *when, struct aur_wall *ret)
{
	struct aur_wall at = *ret;
	int status = read_one(o, id, id, when, &at);

	if (status == CLI_OK && at.ns > when->now.ns) {
		cli_error(NULL, "option '--%s': '%s' is still to come",
		    opt_get(id)->name, o->value[id]);
		status = CLI_USAGE;
	}
	if (status == CLI_OK && o->value[id] != NULL)
		*ret = aur_when_last(at);
	return status;
}

/* The second that is running, to its end: so that what was written in it is
 * between. */
static struct aur_wall round_up(struct aur_wall t)
{
	int64_t over = t.ns % AUR_SECOND_NS;

	return over <= 0 ? t : (struct aur_wall){t.ns - over + AUR_SECOND_NS};
}

int when_span(const struct opts *o, const struct aur_when_base *when,
    struct aur_span usual, struct aur_wall *ret_from, struct aur_wall *ret_to)
{
	struct aur_when_base base = *when;
	struct aur_wall from = {0}, to = round_up(when->now);
	int status = read_one(o, OPT_FROM, OPT_SINCE, when, &from);

	if (status != CLI_OK)
		return status;
	base.has_from =
	    o->value[OPT_FROM] != NULL || o->value[OPT_SINCE] != NULL;
	base.from = from;
	status = read_one(o, OPT_TO, OPT_UNTIL, &base, &to);
	if (status != CLI_OK)
		return status;
	if (!base.has_from)
		from = aur_wall_add(to, (struct aur_span){-usual.ns});
	if (from.ns >= to.ns) {
		cli_error(NULL, "--from is not before --to: nothing lies "
				"between them");
		return CLI_USAGE;
	}
	*ret_from = from;
	*ret_to = to;
	return CLI_OK;
}

int when_add(
    struct aur_buf *b, struct aur_wall at, const struct aur_when_base *when)
{
	int64_t ahead = at.ns - when->now.ns;
	int rc;

	/* the second that is running ends then */
	if (ahead > 0 && ahead < AUR_SECOND_NS)
		return aur_buf_add_str(b, "now");
	rc = aur_when_add(b, at, when, AUR_WHEN_SECONDS);
	return rc == AUR_ERANGE ? aur_buf_add_str(b, "-") : rc;
}
