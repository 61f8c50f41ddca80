/* SPDX-License-Identifier: MIT */
/*
 * Taking and ordering. Values are computed when asked for, so the sort key of
 * each row is computed once and kept beside its number.
 */
#include "cli/shot.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "cli/field.h"

struct keyed {
	struct shot_row at;
	struct aur_value value;
	int64_t pid;
};

static void explain(struct shot *shot, const struct session *s)
{
	const struct aur_feed_host *h = shot->host;

	if (shot->sampled || h->error != NULL)
		return;
	if (s->expired)
		snprintf(shot->error, sizeof shot->error,
		    "no sample within %g s: --timeout allows more",
		    aur_span_in_seconds(s->timeout));
	else
		snprintf(shot->error, sizeof shot->error, "no sample: %s",
		    aur_host_state_name(h->state));
}

/* Of the past: how much older it is than the moment that was asked for. */
static struct aur_span age_of(
    struct aur_feed *feed, const struct aur_feed_host *h)
{
	return feed->past != NULL
		   ? aur_wall_since(feed->past->at(feed), h->now->wall)
		   : aur_mono_since(aur_clock_mono(), h->received);
}

int shot_take(struct shot *shot, const struct session *s, size_t i)
{
	const struct aur_feed_host *h = s->feed->class->host(s->feed, i);
	int rc;

	*shot = (struct shot){.host = h, .index = i, .age = {.ns = -1}};
	rc = aur_figures_init(&shot->figures, h->before, h->now);
	if (rc < 0)
		return rc;
	shot->sampled = h->now != NULL && h->state == AUR_HOST_UP;
	if (h->now != NULL)
		shot->age = age_of(s->feed, h);
	explain(shot, s);
	return 0;
}

void shot_release(struct shot *shot)
{
	aur_figures_release(&shot->figures);
	aur_figures_release(&shot->close);
	aur_mem_free(shot->rows);
	*shot = (struct shot){0};
}

struct aur_json_host shot_json(struct shot *shot)
{
	return (struct aur_json_host){
	    .host = shot->host,
	    .error = shot->error[0] != '\0' ? shot->error : NULL,
	    .figures = &shot->figures,
	    .age = shot->age,
	    .rows = shot->rows,
	    .nrow = shot->nrow,
	    .close = shot->has_close ? &shot->close : NULL,
	};
}

const char *shot_error(const struct shot *shot)
{
	if (shot->sampled)
		return NULL;
	return shot->error[0] != '\0' ? shot->error : shot->host->error;
}

/* Whether that was not said before. */
static bool is_news(const struct shot *shot, struct session *s)
{
	const struct aur_feed_host *h = shot->host;
	uint64_t what = (h->restarts << 8 | (uint64_t)h->state) + 1;
	bool news = s->told[shot->index] != what;

	s->told[shot->index] = shot->sampled ? 0 : what;
	return news && !shot->sampled;
}

static void say(struct cli *c, const char *name, const char *text)
{
	if (!c->redraws)
		cli_error(name, "%s", text);
	else if (aur_buf_addf(&c->note, "%s: %s\n", name, text) < 0)
		aur_buf_clear(&c->note); /* the state is in the table */
}

static void say_one(const struct shot *shot, struct cli *c)
{
	const char *state = aur_host_state_name(shot->host->state);
	const char *error = shot_error(shot);
	char text[1024];

	snprintf(text, sizeof text, "%s: %s", state,
	    error != NULL ? error : "no sample");
	say(c, shot->host->name, text);
}

static bool same_blame(const struct shot *a, const struct shot *b)
{
	return !a->sampled && !b->sampled && b->host->blamed != NULL &&
	       strcmp(a->host->blamed, b->host->blamed) == 0;
}

/* A jump host once, with the hosts behind it. */
static void say_jump(
    const struct shot *shot, size_t first, size_t n, struct cli *c)
{
	struct aur_buf b;
	const char *text = NULL, *between = "";
	int rc;

	aur_buf_init(&b, AUR_MAX_STRING);
	rc = aur_buf_addf(&b,
	    "%s: %s; behind it: ", aur_host_state_name(shot[first].host->state),
	    shot_error(&shot[first]));
	for (size_t i = first; i < n && rc == 0; i++) {
		if (!same_blame(&shot[first], &shot[i]))
			continue;
		rc = aur_buf_addf(&b, "%s%s", between, shot[i].host->name);
		between = ", ";
	}
	text = aur_buf_str(&b);
	if (text != NULL)
		say(c, shot[first].host->blamed, text);
	aur_buf_release(&b);
}

bool shots_tell(const struct shot *shot, size_t n, struct session *s)
{
	struct cli *c = s->cli;
	bool all = true;

	for (size_t i = 0; i < n; i++) {
		bool news = is_news(&shot[i], s), said = false;

		all = all && shot[i].sampled;
		if (shot[i].sampled || !(news || c->redraws))
			continue;
		if (shot[i].host->blamed == NULL) {
			say_one(&shot[i], c);
			continue;
		}
		for (size_t k = 0; k < i && !said; k++)
			said = same_blame(&shot[i], &shot[k]);
		if (!said)
			say_jump(shot, i, n, c);
	}
	return all;
}

/* --- filter and order ----------------------------------------------------- */

struct filter_row {
	struct shot *shot;
	uint32_t row;
};

static bool get_field(void *arg, int field, unsigned nth, struct aur_value *ret)
{
	static const enum aur_figure_id texts[] = {AUR_FIG_processes_name,
	    AUR_FIG_processes_cmdline, AUR_FIG_processes_user,
	    AUR_FIG_processes_unit};
	struct filter_row *r = arg;

	if (field == FIELD_HOST) {
		*ret = (struct aur_value){.type = AUR_VALUE_TEXT,
		    .s = aur_slice_str(r->shot->host->name)};
		return true;
	}
	if (field < 0) {
		if (nth >= AUR_ARRAY_LEN(texts))
			return false;
		field = (int)texts[nth];
	}
	shot_process(r->shot, (enum aur_figure_id)field, r->row, ret);
	return true;
}

static int by_place(const struct keyed *a, const struct keyed *b)
{
	if (a->pid != b->pid)
		return a->pid > b->pid ? 1 : -1;
	return (a->at.shot > b->at.shot) - (a->at.shot < b->at.shot);
}

/* Unknown stays last in either direction; ties by pid. */
static int by_value_down(const void *pa, const void *pb)
{
	const struct keyed *a = pa, *b = pb;
	int order = aur_value_cmp(&b->value, &a->value);

	return order != 0 ? order : by_place(a, b);
}

static int by_value_up(const void *pa, const void *pb)
{
	const struct keyed *a = pa, *b = pb;
	bool none_a = a->value.type == AUR_VALUE_NULL;
	bool none_b = b->value.type == AUR_VALUE_NULL;
	int order = aur_value_cmp(&a->value, &b->value);

	if (none_a != none_b)
		return none_a - none_b;
	return order != 0 ? order : by_place(a, b);
}

static bool is_kernel(const struct shot *shot, size_t i)
{
	const struct aur_part *part = shot->figures.part[AUR_GROUP_PROCESSES];

	return aur_part_cell(part, i, AUR_PROCESS_kernel_thread) != 0;
}

/* Adds the rows of shot `k` that pass. */
static size_t gather(struct shot *shot, size_t k,
    const struct shot_order *order, struct keyed *keyed)
{
	size_t n = 0,
	       all = aur_figures_rows(&shot->figures, AUR_GROUP_PROCESSES);

	for (size_t i = 0; i < all; i++) {
		struct filter_row r = {shot, (uint32_t)i};
		struct aur_value pid;

		if ((order->no_kernel && is_kernel(shot, i)) ||
		    !aur_filter_match(order->filter, get_field, &r))
			continue;
		keyed[n].at = (struct shot_row){k, (uint32_t)i};
		aur_figures_get(&shot->figures, AUR_FIG_processes_pid, i, &pid);
		keyed[n].pid = pid.type == AUR_VALUE_INT ? pid.i : 0;
		aur_figures_get(
		    &shot->figures, order->sort, i, &keyed[n].value);
		n++;
	}
	return n;
}

/* Gives each shot its own of the rows, in their order. */
static int hand_out(
    struct shot *shot, size_t nshot, const struct keyed *keyed, size_t n)
{
	for (size_t i = 0; i < n; i++)
		shot[keyed[i].at.shot].nrow++;
	for (size_t k = 0; k < nshot; k++) {
		shot[k].rows = aur_mem_new(shot[k].nrow + 1, sizeof(uint32_t));
		if (shot[k].rows == NULL)
			return AUR_ENOMEM;
		shot[k].nrow = 0;
	}
	for (size_t i = 0; i < n; i++) {
		struct shot *s = &shot[keyed[i].at.shot];

		s->rows[s->nrow++] = keyed[i].at.row;
	}
	return 0;
}

int shots_select(struct shot *shot, size_t nshot,
    const struct shot_order *order, struct shot_row **ret_row, size_t *ret_n)
{
	struct shot_row *row = NULL;
	struct keyed *keyed;
	size_t n = 0;
	int rc = AUR_ENOMEM;

	for (size_t k = 0; k < nshot; k++)
		n += aur_figures_rows(&shot[k].figures, AUR_GROUP_PROCESSES);
	keyed = aur_mem_new(n + 1, sizeof *keyed);
	if (keyed == NULL)
		return rc;
	n = 0;
	for (size_t k = 0; k < nshot; k++)
		n += gather(&shot[k], k, order, keyed + n);
	qsort(keyed, n, sizeof *keyed,
	    order->descending ? by_value_down : by_value_up);
	if (order->most > 0 && n > order->most)
		n = order->most;
	row = aur_mem_new(n + 1, sizeof *row);
	if (row == NULL)
		goto out;
	rc = hand_out(shot, nshot, keyed, n);
	if (rc < 0)
		goto out;
	for (size_t i = 0; i < n; i++)
		row[i] = keyed[i].at;
	*ret_row = row;
	*ret_n = n;
	row = NULL;
out:
	aur_mem_free(row);
	aur_mem_free(keyed);
	return rc;
}

int shot_select(struct shot *shot, const struct shot_order *order)
{
	struct shot_row *row = NULL;
	size_t n;
	int rc = 0;

	/* most hosts of a list have none of their processes shown */
	if (aur_figures_rows(&shot->figures, AUR_GROUP_PROCESSES) > 0)
		rc = shots_select(shot, 1, order, &row, &n);
	aur_mem_free(row);
	return rc;
}

/* --- a close-up ----------------------------------------------------------- */

static const struct aur_part *processes_of(const struct aur_figures *f)
{
	return f->now != NULL ? aur_sample_get(f->now, AUR_DOMAIN_PROCESS)
			      : NULL;
}

/* The row's index in the part. */
static uint32_t inst_of(const struct shot *shot, uint32_t row)
{
	const uint32_t *rows = shot->figures.rows[AUR_GROUP_PROCESSES];

	return rows != NULL ? rows[row] : row;
}

/* What to ask for its rows; false where there are none. */
static bool want_close(const struct shot *shot, struct aur_want *ret_want)
{
	const struct aur_part *part = processes_of(&shot->figures);
	struct aur_want want = session_want(AUR_WANT_DOMAIN(PROCESS), 0);

	if (!shot->sampled || part == NULL || shot->nrow == 0)
		return false;
	want.close_fields = aur_want_process_close();
	/* more than can be named: all */
	if (shot->nrow > AUR_WANT_CLOSE_MAX)
		want.process_fields = want.close_fields;
	for (size_t r = 0; r < shot->nrow && r < AUR_WANT_CLOSE_MAX; r++) {
		uint32_t inst = inst_of(shot, shot->rows[r]);

		want.close[want.nclose++] = part->inst[inst].key.v[0];
	}
	want.count = 1;
	*ret_want = want;
	return true;
}

static int keep_close(struct shot *shot, const struct session *s)
{
	const struct aur_feed_host *h = shot->host;
	int rc;

	if (s->got[shot->index] == 0 || h->now == shot->figures.now)
		return 0;
	rc = aur_figures_init(&shot->close, NULL, h->now);
	shot->has_close = rc == 0;
	return rc;
}

int shots_take_close(struct shot *shot, size_t n, struct session *s)
{
	struct aur_want want;
	int rc = 0, status;

	for (size_t i = 0; i < n && rc == 0; i++)
		if (want_close(&shot[i], &want))
			rc = session_ask(s, shot[i].index, &want);
		else
			s->got[shot[i].index] = 0;
	if (rc < 0)
		return cli_fail(rc);
	status = session_wait(s);
	for (size_t i = 0; i < n && rc == 0 && status == CLI_OK; i++)
		rc = keep_close(&shot[i], s);
	return rc < 0 ? cli_fail(rc) : status;
}

void shot_process(const struct shot *shot, enum aur_figure_id id, uint32_t row,
    struct aur_value *ret)
{
	struct shot *s = (struct shot *)(uintptr_t)shot;

	aur_figures_close_up(
	    &s->figures, s->has_close ? &s->close : NULL, id, row, ret);
}
