/* SPDX-License-Identifier: MIT */
/*
 * Taking and ordering. Values are computed when asked for, so the sort key of
 * each row is computed once and kept beside its number.
 */
#include "cli/shot.h"

#include "base/err.h"
#include "base/mem.h"
#include "cli/field.h"

struct keyed {
	uint32_t row;
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
		shot->age = aur_mono_since(aur_clock_mono(), h->received);
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

bool shot_tell(const struct shot *shot, struct session *s)
{
	const struct aur_feed_host *h = shot->host;
	const char *error = shot_error(shot), *state;
	uint64_t what = (h->restarts << 8 | (uint64_t)h->state) + 1;
	bool news = s->told[shot->index] != what;
	struct cli *c = s->cli;

	s->told[shot->index] = shot->sampled ? 0 : what;
	if (shot->sampled)
		return true;
	state = aur_host_state_name(h->state);
	if (error == NULL)
		error = "no sample";
	if (!c->redraws) {
		if (news)
			cli_error(h->name, "%s: %s", state, error);
	} else if (aur_buf_addf(
		       &c->note, "%s: %s: %s\n", h->name, state, error) < 0) {
		aur_buf_clear(&c->note); /* the state is in the table */
	}
	return false;
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

static int by_value(const void *pa, const void *pb)
{
	const struct keyed *a = pa, *b = pb;
	int order = aur_value_cmp(&a->value, &b->value);

	if (order != 0)
		return order;
	return (a->pid > b->pid) - (a->pid < b->pid);
}

/* Unknown stays last in either direction; ties by pid. */
static int by_value_down(const void *pa, const void *pb)
{
	const struct keyed *a = pa, *b = pb;
	int order = aur_value_cmp(&b->value, &a->value);

	if (order != 0)
		return order;
	return (a->pid > b->pid) - (a->pid < b->pid);
}

static int by_value_up(const void *pa, const void *pb)
{
	const struct keyed *a = pa, *b = pb;
	bool none_a = a->value.type == AUR_VALUE_NULL;
	bool none_b = b->value.type == AUR_VALUE_NULL;

	return none_a != none_b ? none_a - none_b : by_value(pa, pb);
}

static size_t gather(
    struct shot *shot, const struct shot_order *order, struct keyed *keyed)
{
	size_t n = 0,
	       all = aur_figures_rows(&shot->figures, AUR_GROUP_PROCESSES);

	for (size_t i = 0; i < all; i++) {
		struct filter_row r = {shot, (uint32_t)i};
		struct aur_value pid;

		if (!aur_filter_match(order->filter, get_field, &r))
			continue;
		keyed[n].row = (uint32_t)i;
		aur_figures_get(&shot->figures, AUR_FIG_processes_pid, i, &pid);
		keyed[n].pid = pid.type == AUR_VALUE_INT ? pid.i : 0;
		aur_figures_get(
		    &shot->figures, order->sort, i, &keyed[n].value);
		n++;
	}
	return n;
}

int shot_select(struct shot *shot, const struct shot_order *order)
{
	size_t n = aur_figures_rows(&shot->figures, AUR_GROUP_PROCESSES);
	struct keyed *keyed = NULL;
	int rc = 0;

	if (n == 0)
		return 0;
	keyed = aur_mem_new(n, sizeof *keyed);
	shot->rows = aur_mem_new(n, sizeof *shot->rows);
	rc = AUR_ENOMEM;
	if (keyed == NULL || shot->rows == NULL)
		goto out;
	n = gather(shot, order, keyed);
	qsort(keyed, n, sizeof *keyed,
	    order->descending ? by_value_down : by_value_up);
	if (order->most > 0 && n > order->most)
		n = order->most;
	for (size_t i = 0; i < n; i++)
		shot->rows[i] = keyed[i].row;
	shot->nrow = n;
	rc = 0;
out:
	aur_mem_free(keyed);
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

int shot_take_close(struct shot *shot, struct session *s)
{
	const struct aur_feed_host *h = shot->host;
	const struct aur_part *part = processes_of(&shot->figures);
	struct aur_want want = session_want(AUR_WANT_DOMAIN(PROCESS), 0);
	int status, rc;

	if (!shot->sampled || part == NULL || shot->nrow == 0)
		return CLI_OK;
	want.close_fields = aur_want_process_close();
	/* more than can be named: all */
	if (shot->nrow > AUR_WANT_CLOSE_MAX)
		want.process_fields = want.close_fields;
	for (size_t r = 0; r < shot->nrow && r < AUR_WANT_CLOSE_MAX; r++) {
		uint32_t inst = inst_of(shot, shot->rows[r]);

		want.close[want.nclose++] = part->inst[inst].key.v[0];
	}
	want.count = 1;
	status = session_take(s, &want);
	if (status != CLI_OK)
		return status;
	if (s->got[shot->index] == 0 || h->now == shot->figures.now)
		return CLI_OK;
	rc = aur_figures_init(&shot->close, NULL, h->now);
	if (rc < 0)
		return cli_fail(rc);
	shot->has_close = true;
	return CLI_OK;
}

void shot_process(const struct shot *shot, enum aur_figure_id id, uint32_t row,
    struct aur_value *ret)
{
	struct shot *s = (struct shot *)(uintptr_t)shot;

	aur_figures_close_up(
	    &s->figures, s->has_close ? &s->close : NULL, id, row, ret);
}
