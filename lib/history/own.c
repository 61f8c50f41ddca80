/* SPDX-License-Identifier: MIT */
/*
 * What came live and no block of the host has told since is packed by us, an
 * hour at a time, some minutes after its end: a host that keeps a record has
 * been asked for it by then (round.c), and nothing is packed twice. Blocks of
 * ours are marked own and give way when the host's come after all.
 *
 * Its rows of the log go right after (own_drop.c). A kill between the two
 * leaves rows that a block tells better; they go the next time.
 */
#include "base/err.h"
#include "base/mem.h"
#include "history/tidy_int.h"

#define WINDOW_NS (3600 * AUR_SECOND_NS)
/* Behind its end: the host's blocks are asked for after one and a half minutes,
 * and those of many hosts come one after the other. */
#define AFTER_NS (300 * AUR_SECOND_NS)
#define SILENT_NS (300 * AUR_SECOND_NS)
#define WINDOWS_MOST 64u
#define HOSTS_MOST AUR_MAX_TEAM_HOSTS
/* Raw bytes of tables in one block, and their number, which is what a host puts
 * into one: the form allows more, a reader has to decode it from its begin. */
#define TABLES_BYTES (8u << 20)
#define TABLES_MOST 120u

/* --- blocks that are being made ------------------------------------------- */

int aur__made_add(void *arg, const struct aur_block *block)
{
	struct aur__made *m = arg;
	struct aur__made_block *b;
	int rc;

	if (m->n == m->cap) {
		size_t cap = m->cap * 2 + 32;

		b = aur_mem_grow(m->block, cap, sizeof(*b));
		if (b == NULL)
			return AUR_ENOMEM;
		m->block = b;
		m->cap = cap;
	}
	b = &m->block[m->n];
	*b = (struct aur__made_block){
	    .kind = block->kind, .from = block->from, .to = block->to};
	memcpy(b->name, block->name.p,
	    block->name.n < AUR_MAX_BLOCK_NAME ? block->name.n
					       : AUR_MAX_BLOCK_NAME);
	memcpy(b->boot_id, block->boot_id, sizeof(b->boot_id));
	aur_buf_init(&b->bytes, AUR_MAX_BLOCK);
	rc = aur_buf_add_slice(&b->bytes, block->bytes);
	if (rc < 0) {
		aur_buf_release(&b->bytes);
		return rc == AUR_ELIMIT ? 0 : rc;
	}
	m->n++;
	return 0;
}

void aur__made_release(struct aur__made *m)
{
	for (size_t i = 0; i < m->n; i++)
		aur_buf_release(&m->block[i].bytes);
	aur_mem_free(m->block);
	*m = (struct aur__made){0};
}

int aur__made_put(const struct aur__made *m, struct aur__db *db, int64_t host,
    int64_t step, bool own)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < m->n; i++) {
		const struct aur__made_block *b = &m->block[i];
		sqlite3_stmt *st = aur__sql_use(db, AUR__SQL_BLOCK_PUT);

		aur__sql_i64(st, 1, host);
		aur__sql_i64(st, 2, step);
		aur__sql_i64(st, 3, (int64_t)b->kind);
		aur__sql_text(st, 4, aur_slice_str(b->name));
		aur__sql_i64(st, 5, b->from.ns);
		aur__sql_i64(st, 6, b->to.ns);
		aur__sql_blob(st, 7, aur_slice_of(b->boot_id, 16));
		aur__sql_i64(st, 8, own);
		aur__sql_i64(st, 9, 1);
		aur__sql_blob(st, 10, aur_buf_peek(&b->bytes));
		rc = aur__sql_done(db, st);
	}
	return rc;
}

int aur__pack_add(
    struct aur_packer *p, const struct aur_sample *s, struct aur__made *made)
{
	int rc = aur_packer_add(p, s);

	if (rc != AUR_ELIMIT)
		return rc;
	rc = aur_packer_finish(p, AUR_PACK_EFFORT, aur__made_add, made);
	if (rc == 0)
		rc = aur_packer_add(p, s);
	return rc;
}

/* --- tables --------------------------------------------------------------- */

void aur__tables_init(struct aur__tables *t)
{
	*t = (struct aur__tables){0};
	aur_buf_init(&t->frames, AUR_MAX_BLOCK_RAW);
}

void aur__tables_release(struct aur__tables *t)
{
	aur_encoder_free(t->encoder);
	aur_sample_unref(t->first);
	aur_sample_unref(t->last);
	aur_buf_release(&t->frames);
	*t = (struct aur__tables){0};
}

int aur__tables_finish(struct aur__tables *t, struct aur__made *made)
{
	struct aur_block b = {
	    .kind = AUR_BLOCK_FRAMES, .name = aur_slice_str("process")};
	struct aur_buf out;
	int rc;

	if (t->n == 0)
		return 0;
	memcpy(b.boot_id, t->first->boot_id, sizeof(b.boot_id));
	b.from = t->first->wall;
	b.to = t->last->wall;
	b.rows = t->n;
	aur_buf_init(&out, AUR_MAX_BLOCK);
	rc = aur_block_frames(
	    &b, aur_buf_peek(&t->frames), AUR_PACK_EFFORT, &out);
	b.bytes = aur_buf_peek(&out);
	if (rc == 0)
		rc = aur__made_add(made, &b);
	else if (rc == AUR_ELIMIT)
		rc = 0; /* it does not pack: it is left out */
	aur_buf_release(&out);
	aur__tables_release(t);
	aur__tables_init(t);
	return rc;
}

static int tables_begin(struct aur__tables *t, struct aur_sample *s)
{
	const struct aur_domain *d = aur_domain_get(AUR_DOMAIN_PROCESS);
	int rc = aur_encoder_new(&t->encoder, 1);

	if (rc == 0)
		rc = aur_encoder_open(t->encoder, "process", &d, 1, &t->frames);
	t->first = aur_sample_ref(s);
	return rc;
}

int aur__tables_add(
    struct aur__tables *t, struct aur_sample *s, struct aur__made *made)
{
	int rc = 0;

	if (t->n > 0 &&
	    (memcmp(t->first->boot_id, s->boot_id, 16) != 0 ||
		s->wall.ns <= t->last->wall.ns ||
		s->wall.ns - t->first->wall.ns >= 3600 * AUR_SECOND_NS ||
		t->n == TABLES_MOST ||
		aur_buf_peek(&t->frames).n > TABLES_BYTES))
		rc = aur__tables_finish(t, made);
	if (rc == 0 && t->n == 0)
		rc = tables_begin(t, s);
	if (rc == 0)
		rc = aur_encoder_sample(t->encoder, s, &t->frames);
	if (rc < 0)
		return rc;
	aur_sample_unref(t->last);
	t->last = aur_sample_ref(s);
	t->n++;
	return 0;
}

/* --- the log -------------------------------------------------------------- */

struct stream {
	int64_t id;
	struct aur_wall from, to;
};

struct window {
	struct aur__tidy *t;
	int64_t monday;
	struct aur_wall from; /* it begins */
	int64_t log_kind;
	struct stream stream[AUR__LATELY];
	size_t n;
	struct aur__packed packed;
	struct aur__at *block; /* that tell of the same time; owned */
	size_t nblock;
	struct aur__made made;
	struct aur_packer *packer;
	struct aur__tables tables;
};

/* Where a stream ends is asked only where a block may tell it. */
static int find_streams(struct window *w, struct aur__db *db)
{
	sqlite3_stmt *st = aur__sql_use(
	    db, w->nblock > 0 ? AUR__SQL_LOG_SPANS : AUR__SQL_LOG_BEGINS);
	struct aur__packed *p = &w->packed;
	int rc;

	aur__sql_i64(st, 1, w->t->source.host);
	aur__sql_i64(st, 2, w->log_kind);
	aur__sql_i64(st, 3, w->from.ns);
	aur__sql_i64(st, 4, w->from.ns + WINDOW_NS);
	while ((rc = aur__sql_step(db, st)) == 1 && w->n < AUR__LATELY) {
		int64_t id = aur__col_i64(st, 0);
		int64_t first = aur__col_i64(st, 2), last = aur__col_i64(st, 3);

		p->first = w->n == 0 || first < p->first ? first : p->first;
		p->last = w->n == 0 || last > p->last ? last : p->last;
		w->stream[w->n++] = (struct stream){
		    .id = id, .from = {id}, .to = {aur__col_i64(st, 1)}};
	}
	aur__sql_end(st);
	return rc < 0 ? rc : 0;
}

static int find_blocks(struct window *w, struct aur__db *db)
{
	bool tables = w->log_kind == AUR_KEPT_PROCESSES;
	sqlite3_stmt *st = aur__sql_use(db, AUR__SQL_BLOCK_SPANS);
	struct aur__at *mem;
	int rc;

	aur__sql_i64(st, 1, w->t->source.host);
	aur__sql_i64(st, 2, AUR__STEP_RAW);
	aur__sql_i64(st, 3, tables ? AUR_BLOCK_FRAMES : AUR_BLOCK_TIMES);
	aur__sql_text(st, 4, aur_slice_str(tables ? "process" : ""));
	aur__sql_i64(st, 5, w->from.ns);
	aur__sql_i64(st, 6, w->from.ns + 2 * WINDOW_NS);
	while ((rc = aur__sql_step(db, st)) == 1) {
		mem = aur_mem_grow(w->block, w->nblock + 1, sizeof(*mem));
		if (mem == NULL) {
			aur__sql_end(st);
			return AUR_ENOMEM;
		}
		w->block = mem;
		aur__at_take(&w->block[w->nblock], st);
		if (w->block[w->nblock].whole)
			w->nblock++;
	}
	return rc;
}

static bool is_told(const struct window *w, struct aur_wall t)
{
	for (size_t i = 0; i < w->nblock; i++)
		if (w->block[i].from.ns <= t.ns && t.ns <= w->block[i].to.ns)
			return true;
	return false;
}

static int pack_sample(void *arg, struct aur_sample *s)
{
	struct window *w = arg;

	if (is_told(w, s->wall))
		return 0;
	if (w->log_kind == AUR_KEPT_PROCESSES)
		return aur__tables_add(&w->tables, s, &w->made);
	return aur__pack_add(w->packer, s, &w->made);
}

static int pack_stream(
    struct window *w, struct aur__db *db, const struct stream *stream)
{
	struct aur__source *s = &w->t->source;
	struct aur__chunk *chunk;
	int rc;

	if (is_told(w, stream->from) && is_told(w, stream->to)) {
		bool all = true;

		for (size_t i = 0; all && i < w->nblock; i++)
			all = w->block[i].from.ns > stream->from.ns ||
			      w->block[i].to.ns < stream->to.ns;
		if (!all)
			return 0; /* one block tells all of it */
	}
	chunk = aur__cache_stream(
	    s->cache, db, w->monday, s->host, w->log_kind, stream->id, s->strs);
	if (chunk == NULL)
		return 0;
	rc = aur__chunk_pass(chunk, pack_sample, w);
	aur__chunk_release(chunk);
	return rc;
}

static int commit_window(struct window *w)
{
	struct aur__db *db;
	int64_t host = w->t->source.host;
	int rc = aur__write_begin(w->t->w, w->monday, &db);

	if (rc < 0)
		return rc;
	rc = aur__made_put(&w->made, db, host, AUR__STEP_RAW, true);
	for (size_t i = 0; rc == 0 && i < w->made.n; i++)
		rc = aur__hours_put(
		    db, host, w->made.block[i].from, w->made.block[i].to);
	return aur__write_end(w->t->w, w->monday, db, rc);
}

static int pack_window(struct aur__tidy *t, int64_t monday, int64_t log_kind,
    struct aur_wall from, struct aur__packed_all *all)
{
	struct window *w = aur_mem_new(1, sizeof(*w));
	struct aur__db *db;
	int rc = AUR_ENOMEM;

	if (w == NULL)
		return rc;
	w->t = t;
	w->monday = monday;
	w->from = from;
	w->log_kind = log_kind;
	aur__tables_init(&w->tables);
	db = aur__weeks_open(&t->w->weeks, monday, &rc);
	if (db != NULL)
		rc = find_blocks(w, db);
	if (rc == 0 && db != NULL)
		rc = find_streams(w, db);
	if (rc == 0)
		rc = aur_packer_new(&w->packer);
	for (size_t i = 0; rc == 0 && i < w->n; i++)
		rc = pack_stream(w, db, &w->stream[i]);
	if (rc == 0)
		rc = aur_packer_finish(
		    w->packer, AUR_PACK_EFFORT, aur__made_add, &w->made);
	if (rc == 0)
		rc = aur__tables_finish(&w->tables, &w->made);
	if (rc == 0)
		rc = commit_window(w);
	if (rc == 0 && w->n > 0) {
		w->packed.host = t->source.host;
		w->packed.from = w->stream[0].id;
		w->packed.to = w->stream[w->n - 1].id;
		rc = aur__packed_add(all, &w->packed);
	}
	aur_packer_free(w->packer);
	aur__tables_release(&w->tables);
	aur__made_release(&w->made);
	aur_mem_free(w->block);
	aur_mem_free(w);
	return rc;
}

/* The oldest, or the newest, row of a host's log. */
static bool find_end(struct aur__db *db, enum aur__sql id, int64_t host,
    int64_t log_kind, struct aur_wall *ret_t)
{
	sqlite3_stmt *st = aur__sql_use(db, id);
	bool found;

	aur__sql_i64(st, 1, host);
	aur__sql_i64(st, 2, log_kind);
	found = aur__sql_step(db, st) == 1;
	if (found)
		ret_t->ns = aur__col_i64(st, 0);
	aur__sql_end(st);
	return found;
}

/* Whether nothing more of a window can come: its last stream, which goes on in
 * the encoder, must not lose its begin. By the host's clock, which may be
 * behind ours; or it has been silent for a while. */
static bool is_over(struct aur__tidy *t, struct aur__db *db, int64_t log_kind,
    struct aur_wall end)
{
	const struct aur__known *known = aur__job_known(t->w, t->source.host);
	struct aur_wall last;

	if (t->all)
		return end.ns <= t->now.ns;
	if (find_end(
		db, AUR__SQL_LOG_NEWEST, t->source.host, log_kind, &last) &&
	    last.ns >= end.ns)
		return true;
	return end.ns <= t->now.ns &&
	       (known == NULL ||
		   aur_clock_mono().ns - known->put_at.ns > SILENT_NS);
}

/* Packs the oldest hour of a host's log, if it is over. */
static int tidy_host(struct aur__tidy *t, int64_t monday, int64_t log_kind,
    struct aur__packed_all *all)
{
	int err;
	struct aur__db *db = aur__weeks_open(&t->w->weeks, monday, &err);
	struct aur_wall first, end;

	if (db == NULL || !find_end(db, AUR__SQL_LOG_OLDEST, t->source.host,
			      log_kind, &first))
		return 0;
	first.ns -= first.ns % WINDOW_NS;
	end.ns = first.ns + WINDOW_NS + AFTER_NS;
	if (!is_over(t, db, log_kind, end))
		return 0;
	return pack_window(t, monday, log_kind, first, all);
}

/* Packs an hour of each host and drops its rows, and so on while there are
 * such. */
static int tidy_kind(struct aur__tidy *t, int64_t monday, int64_t log_kind,
    const int64_t *host, size_t n)
{
	bool found = true;
	int rc = 0;

	for (unsigned i = 0; rc == 0 && found && (t->all || i < WINDOWS_MOST);
	     i++) {
		struct aur__packed_all all = {0};

		for (size_t k = 0; rc == 0 && k < n; k++) {
			t->source.host = host[k];
			rc = tidy_host(t, monday, log_kind, &all);
		}
		found = all.n > 0;
		if (rc == 0)
			rc = aur__packed_drop(t, monday, log_kind, &all);
		aur_mem_free(all.at);
	}
	return rc;
}

/* The hosts that have a log, in order. */
static size_t hosts_of(struct aur__db *db, int64_t *host, size_t most)
{
	int64_t last = INT64_MIN;
	size_t n = 0;

	while (n < most) {
		sqlite3_stmt *st = aur__sql_use(db, AUR__SQL_LOG_HOST_AFTER);
		bool found;

		aur__sql_i64(st, 1, last);
		found = aur__sql_step(db, st) == 1;
		if (found)
			last = host[n++] = aur__col_i64(st, 0);
		aur__sql_end(st);
		if (!found)
			break;
	}
	return n;
}

static int tidy_week(struct aur__tidy *t, int64_t monday, int64_t *host)
{
	static const int64_t kinds[] = {AUR_KEPT_SYSTEM, AUR_KEPT_PROCESSES};
	int err, rc = 0;
	struct aur__db *db = aur__weeks_open(&t->w->weeks, monday, &err);
	size_t n = db == NULL ? 0 : hosts_of(db, host, HOSTS_MOST);

	for (size_t k = 0; rc == 0 && k < AUR_ARRAY_LEN(kinds); k++)
		rc = tidy_kind(t, monday, kinds[k], host, n);
	return rc;
}

int aur__tidy_log(struct aur__tidy *t)
{
	int64_t *host = aur_mem_new(HOSTS_MOST, sizeof(*host));
	int rc = 0;

	if (host == NULL)
		return AUR_ENOMEM;
	for (size_t i = t->w->weeks.n; rc == 0 && i > 0; i--)
		if (!t->w->weeks.week[i - 1].settled)
			rc = tidy_week(t, t->w->weeks.week[i - 1].monday, host);
	aur_mem_free(host);
	return rc;
}
