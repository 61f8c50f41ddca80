/* SPDX-License-Identifier: MIT */
/*
 * The hosts of a history. Who records has them written down in the index and,
 * with what is kept of them, in the weeks; who does not reads the index, again
 * when it has become another one. What is known stays: a call may hold on to a
 * host's number for as long as the history is open.
 */
#include "base/err.h"
#include "base/mem.h"
#include "history/store_int.h"

#include <sys/stat.h>

/* --- what is read --------------------------------------------------------- */

static int enter_host(struct aur_history *h, int64_t id, struct aur_slice ident,
    struct aur_slice name)
{
	struct aur__host *mem, host = {.id = id};

	if (h->nhost >= AUR_MAX_TEAM_HOSTS)
		return AUR_ELIMIT;
	if (h->nhost == h->host_cap) {
		size_t cap = h->host_cap * 2 + 16;

		mem = aur_mem_grow(h->host, cap, sizeof(*mem));
		if (mem == NULL)
			return AUR_ENOMEM;
		h->host = mem;
		h->host_cap = cap;
	}
	host.ident = aur_mem_dup(ident.p, ident.n);
	host.name = aur_mem_dup(name.p, name.n);
	if (host.ident == NULL || host.name == NULL) {
		aur_mem_free(host.ident);
		aur_mem_free(host.name);
		return AUR_ENOMEM;
	}
	h->host[h->nhost++] = host;
	return 0;
}

static size_t find_ident(const struct aur_history *h, struct aur_slice ident)
{
	for (size_t i = 0; i < h->nhost; i++)
		if (aur_slice_is(ident, h->host[i].ident))
			return i;
	return SIZE_MAX;
}

int aur__store_hosts_read(struct aur_history *h, struct aur__db *db)
{
	sqlite3_stmt *st = aur__sql_use(db, AUR__SQL_HOSTS);
	int rc;

	while ((rc = aur__sql_step(db, st)) == 1) {
		struct aur_slice ident = aur__col_blob(st, 1);
		int64_t id = aur__col_i64(st, 0);
		bool taken = find_ident(h, ident) != SIZE_MAX;

		for (size_t i = 0; !taken && i < h->nhost; i++)
			taken = h->host[i].id == id;
		if (!taken) {
			rc = enter_host(h, id, ident, aur__col_blob(st, 2));
			if (rc < 0) {
				aur__sql_end(st);
				return rc;
			}
		}
	}
	return rc;
}

int aur__store_hosts_index(struct aur_history *h)
{
	const char *path = aur__weeks_path(&h->weeks, "index.db");
	struct aur__db db = {0};
	int rc;

	if (path == NULL)
		return AUR_ENOMEM;
	rc = aur__db_open(&db, path, AUR__READ, AUR__INDEX);
	if (rc == AUR_EDENIED)
		rc = aur__db_open(&db, path, AUR__FROZEN, AUR__INDEX);
	if (rc == 0)
		rc = aur__store_hosts_read(h, &db);
	aur__db_close(&db);
	return rc;
}

/* When the index was written last, by itself or in its log. */
static int64_t index_time(struct aur_history *h)
{
	static const char *const names[] = {"index.db", "index.db-wal"};
	int64_t last = 0;

	for (size_t i = 0; i < 2; i++) {
		const char *path = aur__weeks_path(&h->weeks, names[i]);
		struct stat st;
		int64_t t;

		if (path == NULL || stat(path, &st) < 0)
			continue;
		t = st.st_mtim.tv_sec * AUR_SECOND_NS + st.st_mtim.tv_nsec;
		last = t > last ? t : last;
	}
	return last;
}

void aur__store_hosts_learn(struct aur_history *h)
{
	int64_t t = index_time(h);

	if (t == h->index_at)
		return;
	h->index_at = t;
	(void)!aur__store_hosts_index(h); /* those that are known stay */
}

void aur__store_hosts_lost(struct aur_history *h)
{
	for (size_t i = 0; i < h->weeks.n; i++) {
		int rc;
		struct aur__db *db =
		    aur__weeks_open(&h->weeks, h->weeks.week[i].monday, &rc);

		if (db != NULL)
			(void)!aur__store_hosts_read(h, db);
	}
}

/* --- what is entered ------------------------------------------------------ */

static int put_host_job(struct aur_history *h, const struct aur__host *host)
{
	struct aur__job *job = aur__job_new(AUR__JOB_HOST, host->id);

	if (job == NULL)
		return AUR_ENOMEM;
	job->ident = aur_mem_dup(host->ident, strlen(host->ident));
	job->name = aur_mem_dup(host->name, strlen(host->name));
	if (job->ident == NULL || job->name == NULL) {
		aur__job_free(job);
		return AUR_ENOMEM;
	}
	return aur__writer_put(h->writer, job, AUR__QUEUE_MOST, NULL);
}

int aur__store_hosts_put(struct aur_history *h)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < h->nhost; i++)
		rc = put_host_job(h, &h->host[i]);
	return rc;
}

static int new_host(
    struct aur_history *h, const char *id, const char *name, size_t *ret_host)
{
	int64_t last = 0;
	int rc;

	for (size_t i = 0; i < h->nhost; i++)
		if (h->host[i].id > last)
			last = h->host[i].id;
	rc = enter_host(h, last + 1, aur_slice_str(id), aur_slice_str(name));
	if (rc == 0)
		rc = put_host_job(h, &h->host[h->nhost - 1]);
	if (rc == 0)
		*ret_host = h->nhost - 1;
	return rc;
}

int aur_history_host(
    struct aur_history *h, const char *id, const char *name, size_t *ret_host)
{
	size_t i = find_ident(h, aur_slice_str(id));
	struct aur__host *host;
	char *copy;

	if (i == SIZE_MAX && h->writer == NULL) {
		(void)!aur__store_hosts_index(h);
		i = find_ident(h, aur_slice_str(id));
		if (i == SIZE_MAX)
			return AUR_EABSENT;
	}
	if (i == SIZE_MAX)
		return new_host(h, id, name, ret_host);
	*ret_host = i;
	host = &h->host[i];
	if (h->writer == NULL || strcmp(host->name, name) == 0)
		return 0;
	copy = aur_mem_dup(name, strlen(name));
	if (copy == NULL)
		return AUR_ENOMEM;
	aur_mem_free(host->name);
	host->name = copy;
	return put_host_job(h, host);
}

size_t aur_history_count(const struct aur_history *h)
{
	return h->nhost;
}

const char *aur_history_id(const struct aur_history *h, size_t host)
{
	return h->host[host].ident;
}

const char *aur_history_name(const struct aur_history *h, size_t host)
{
	return h->host[host].name;
}

struct aur_strs *aur__host_strs(struct aur_history *h, size_t host)
{
	struct aur__host *at = &h->host[host];

	if (at->strs == NULL)
		at->strs = aur_strs_new(AUR_MAX_STRING_BYTES);
	return at->strs;
}

void aur__store_hosts_release(struct aur_history *h)
{
	for (size_t i = 0; i < h->nhost; i++) {
		aur__put_release(&h->host[i]);
		aur_strs_unref(h->host[i].strs);
		aur_mem_free(h->host[i].ident);
		aur_mem_free(h->host[i].name);
	}
	aur_mem_free(h->host);
}
