/* SPDX-License-Identifier: MIT */
/* A store in a new folder, hosts to put into it, and how two samples differ. */
#ifndef TESTS_UNIT_HISTORY_MAKE_H
#define TESTS_UNIT_HISTORY_MAKE_H

#include "history/history.h"
#include "model/want.h"
#include "tests/harness/fakefeed.h"
#include "tests/harness/tap.h"

#include <sqlite3.h>
#include <unistd.h>

#define HIST_HOSTS 12

struct hist {
	char folder[64];
	struct aur_history *h;
	struct fakefeed feed[HIST_HOSTS];
	size_t host[HIST_HOSTS];
	size_t n;
	int64_t begin; /* second of the first sample */
};

static inline void hist_must(bool good, const char *what)
{
	if (!good) {
		printf("Bail out! %s\n", what);
		exit(1);
	}
}

static inline void hist_again(struct hist *x, bool record)
{
	struct aur_history_options o = {.folder = x->folder, .record = record};
	char why[256] = "";
	int rc = aur_history_open(&x->h, &o, why, sizeof(why));

	if (rc < 0)
		printf("# %s\n", why);
	hist_must(rc == 0, "the store opens");
	for (size_t i = 0; i < x->n; i++) {
		char id[24];

		snprintf(id, sizeof(id), "id-%zu", i);
		rc = aur_history_host(x->h, id, id + 3, &x->host[i]);
		hist_must(rc == 0, "a host is known");
	}
}

static inline void hist_open_hosts(struct hist *x, bool record, size_t n)
{
	memset(x, 0, sizeof(*x));
	snprintf(x->folder, sizeof(x->folder), "/tmp/aur-history-XXXXXX");
	hist_must(mkdtemp(x->folder) != NULL, "a folder");
	x->n = n;
	/* from this hour on: nothing of it is due before a test says so */
	x->begin = aur_clock_wall().ns / AUR_SECOND_NS / 3600 * 3600;
	for (size_t i = 0; i < n; i++)
		fakefeed_init(&x->feed[i]);
	hist_again(x, record);
}

static inline void hist_open(struct hist *x, bool record)
{
	hist_open_hosts(x, record, 1);
}

static inline void hist_remove(const struct hist *x)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf '%s'", x->folder);
	hist_must(system(command) == 0, "the folder goes");
}

static inline void hist_close(struct hist *x)
{
	aur_history_close(x->h);
	for (size_t i = 0; i < x->n; i++)
		fakefeed_release(&x->feed[i]);
	hist_remove(x);
}

/* The next second of a host. */
static inline struct aur_sample *hist_sample(struct hist *x, size_t host)
{
	struct aur_sample *s = fakefeed_machine_sample(
	    &x->feed[host], 2, (unsigned)(x->feed[host].seconds / 50 % 7));
	uint64_t t = (uint64_t)x->feed[host].seconds;

	s->wall.ns = (x->begin + x->feed[host].seconds) * AUR_SECOND_NS +
		     (int64_t)(t % 13) * 10000;
	s->mono.ns += (int64_t)(t % 13) * 10000;
	s->boot = s->mono;
	memset(s->boot_id, 0xb0 + (int)host, sizeof(s->boot_id));
	fakefeed_set(
	    s, AUR_DOMAIN_LOAD, NULL, AUR_LOAD_one, 100 + t * 2654435761u % 97);
	fakefeed_set(s, AUR_DOMAIN_KERNEL, NULL, AUR_KERNEL_interrupts,
	    t * 1000 + t * t % 977);
	return s;
}

static inline struct aur_want hist_want_all(void)
{
	struct aur_want w = {
	    .domains = aur_want_system() | AUR_WANT_DOMAIN(PROCESS),
	    .process_fields = aur_want_process_all(),
	    .interval = {AUR_SECOND_NS}};

	return w;
}

static inline bool hist_same_value(
    const struct aur_value *a, const struct aur_value *b)
{
	if (a->type != b->type)
		return false;
	switch (a->type) {
	case AUR_VALUE_REAL:
		return a->d == b->d;
	case AUR_VALUE_INT:
		return a->i == b->i;
	case AUR_VALUE_BOOL:
		return a->b == b->b;
	case AUR_VALUE_NULL:
		return true;
	default:
		return aur_slice_eq(a->s, b->s);
	}
}

/* How many figures of two hosts differ; of processes if asked. */
static inline size_t hist_differ(struct aur_sample *a0, struct aur_sample *a,
    struct aur_sample *b0, struct aur_sample *b, bool processes)
{
	struct aur_figures fa, fb;
	size_t bad = 0;

	hist_must(aur_figures_init(&fa, a0, a) == 0 &&
		      aur_figures_init(&fb, b0, b) == 0,
	    "figures");
	for (unsigned g = 0; g < AUR_GROUP_COUNT; g++) {
		const struct aur_group *group =
		    aur_group_get((enum aur_group_id)g);
		size_t n = aur_figures_rows(&fa, (enum aur_group_id)g);

		if (g == AUR_GROUP_PROCESSES && !processes)
			continue;
		if (n != aur_figures_rows(&fb, (enum aur_group_id)g)) {
			bad++;
			continue;
		}
		for (size_t r = 0; r < n; r++)
			for (unsigned k = 0; k < group->n; k++) {
				enum aur_figure_id id =
				    (enum aur_figure_id)(group->first + k);
				struct aur_value va, vb;

				aur_figures_get(&fa, id, r, &va);
				aur_figures_get(&fb, id, r, &vb);
				if (hist_same_value(&va, &vb))
					continue;
				bad++;
				if (bad < 5)
					printf("# %s.%s differs\n", group->name,
					    aur_figure_get(id)->name);
			}
	}
	aur_figures_release(&fa);
	aur_figures_release(&fb);
	return bad;
}

/* Whether nobody else may read anything in the folder. */
static inline bool hist_private(const struct hist *x)
{
	char command[160];

	snprintf(command, sizeof(command),
	    "test -z \"$(find '%s' -perm /077)\"", x->folder);
	return system(command) == 0;
}

/* Rows of a table in all weeks. */
static inline int64_t hist_rows(const struct hist *x, const char *table)
{
	char command[256];
	int64_t n = 0;
	FILE *f;
	char line[128];

	snprintf(command, sizeof(command), "ls '%s' | grep 'W[0-9]*.db$'",
	    x->folder);
	f = popen(command, "r");
	hist_must(f != NULL, "ls");
	while (fgets(line, sizeof(line), f) != NULL) {
		char path[256], sql[128];
		sqlite3 *db = NULL;
		sqlite3_stmt *st = NULL;

		line[strcspn(line, "\n")] = '\0';
		snprintf(path, sizeof(path), "%s/%s", x->folder, line);
		snprintf(sql, sizeof(sql), "SELECT count(*) FROM %s", table);
		if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) ==
			SQLITE_OK &&
		    sqlite3_prepare_v2(db, sql, -1, &st, NULL) == SQLITE_OK &&
		    sqlite3_step(st) == SQLITE_ROW)
			n += sqlite3_column_int64(st, 0);
		sqlite3_finalize(st);
		sqlite3_close(db);
	}
	pclose(f);
	return n;
}

#endif
