/* SPDX-License-Identifier: MIT */
/*
 * Figures: the values that people and scripts see, by the names of the JSON
 * documents. A sample holds raw counters; a figure is what they mean:
 * cpu.busy_percent, disks[sda].await_ms, a process's cpu_percent. One table
 * (def/figure.def) names them, and JSON, tables, filters, sorting, --check,
 * METRIC paths and manuals are loops over it.
 *
 *	struct aur_figures f;
 *	rc = aur_figures_init(&f, before, now);
 *	for (size_t i = 0; i < aur_figures_rows(&f, AUR_GROUP_DISKS); i++) {
 *		struct aur_value v;
 *		aur_figures_get(&f, AUR_FIG_disks_busy_percent, i, &v);
 *	}
 *	aur_figures_release(&f);
 *
 * Values are computed when asked for: a table of 100,000 processes costs what
 * is drawn of it. What cannot be told is AUR_VALUE_NULL.
 *
 * Definitions: busy = 100 - idle - iowait, steal included,
 * guest inside user; a host's CPU percentages run 0 to 100 over all its CPUs,
 * a process's 100 is one CPU; memory used = total - available; cached
 * includes reclaimable slab; a filesystem's used_percent is df's, used /
 * (used + available); `disks` lists whole devices and totals count no device
 * twice.
 */
#ifndef AUR_MODEL_FIGURE_H
#define AUR_MODEL_FIGURE_H

#include "base/buf.h"
#include "model/rate.h"
#include "model/value.h"

/* Groups: the members of a host in JSON. */
enum aur_group_id {
#define AUR_GROUP(ID, name, many, domain, help) AUR_GROUP_##ID,
#define AUR_FIGURE(group, name, type, unit, help)
#include "model/def/figure.def"
#undef AUR_GROUP
#undef AUR_FIGURE
	AUR_GROUP_COUNT
};

/* Figures, in the order of the JSON documents: AUR_FIG_cpu_busy_percent. */
enum aur_figure_id {
#define AUR_GROUP(ID, name, many, domain, help)
#define AUR_FIGURE(group, name, type, unit, help) AUR_FIG_##group##_##name,
#include "model/def/figure.def"
#undef AUR_GROUP
#undef AUR_FIGURE
	AUR_FIG_COUNT
};

struct aur_group {
	const char *name; /* "disks" */
	const char *help;
	bool many; /* a list of rows, keyed by the first figure */
	enum aur_domain_id domain; /* where the rows come from */
	enum aur_figure_id first;  /* its figures are first .. first + n - 1 */
	size_t n;
};

struct aur_figure {
	const char *name; /* "busy_percent" */
	const char *help;
	enum aur_group_id group;
	enum aur_value_type type; /* when not NULL */
	enum aur_unit unit;
};

const struct aur_group *aur_group_get(enum aur_group_id id);
const struct aur_figure *aur_figure_get(enum aur_figure_id id);

/* The group called `name`; -1 if none is. */
int aur_group_find(struct aur_slice name);

/* The figure called `name` in `group`, the unit suffix (_bytes, _percent,
 * _seconds, _per_second, _bytes_per_second, _hertz, _ms ...) being optional;
 * the whole name comes first. Of processes `cpu` is cpu_percent, `mem` and
 * `memory` memory_percent, `container` container_name. -1 if none or more
 * than one is meant: of memory, `used` is used_bytes and used_percent. */
int aur_figure_find(enum aur_group_id group, struct aur_slice name);

/* How a figure is told of its instance, for who reads columns of cells
 * (track.h): a cell in its unit, the growth of one per second, the same in
 * percent (0 to 100), what modes of CPU time grew by of all of them, a rate
 * summed up over the instances, or something else of more than one field. */
enum aur_figure_how {
	AUR_FIGURE_CELL,
	AUR_FIGURE_RATE,
	AUR_FIGURE_SHARE,
	AUR_FIGURE_OF_MODES,
	AUR_FIGURE_TOTAL,
	AUR_FIGURE_MADE,
};
/* *ret_field: of the group's domain; 0 where it is of modes or made. */
enum aur_figure_how aur_figure_how(enum aur_figure_id id, size_t *ret_field);

/* The domains that figures of a group are made of, bits as in want.h: its own,
 * and others of one instance, one at most of what is not processes. */
uint64_t aur_group_reads(enum aur_group_id id);

/* CPU modes: the first so many fields of the domain. */
#define AUR_FIGURE_MODES 10u

/* Texts that stand in no cell (times, the boot's id) are made in turn in one
 * of so many buffers of a struct aur_figures. */
#define AUR_FIGURE_TEXTS 4u

/* What modes of CPU time grew by. */
struct aur_modes {
	const struct aur_part *part; /* NULL: none were asked for */
	size_t inst;
	double grew[AUR_FIGURE_MODES]; /* 0 where the kernel counts none */
	double total;
	unsigned counted; /* bits */
};

struct aur_figures {
	struct aur_sample *now; /* held; NULL: everything is unknown */
	struct aur_rates rates;
	const struct aur_part *part[AUR_GROUP_COUNT]; /* of now, or NULL */
	const struct aur_part *threads;		      /* of now, or NULL */
	uint32_t *rows[AUR_GROUP_COUNT]; /* part indexes of the rows; owned;
					    NULL: the whole part in its order */
	size_t nrow[AUR_GROUP_COUNT];
	double memory_total;	/* bytes, for memory_percent; NaN unknown */
	double cpu_count;	/* for the most that cpu_percent can be; NaN
				   unknown */
	struct aur_wall booted; /* when the host was started; 0 unknown */
	struct aur_modes modes; /* those that were asked for last */
	struct aur_buf time;	/* where times are formatted */
	char text[AUR_FIGURE_TEXTS][40];
	unsigned next_text;
};

/* Prepares the figures of `now` (NULL: nothing is known of the host), with
 * rates against `before` (NULL: none yet). Holds both. 0, AUR_ENOMEM. */
AUR_MUST_CHECK int aur_figures_init(
    struct aur_figures *f, struct aur_sample *before, struct aur_sample *now);
void aur_figures_release(struct aur_figures *f); /* zeroed is fine */

/* Rows of a group: 1 for those that are not `many`. */
size_t aur_figures_rows(const struct aur_figures *f, enum aur_group_id group);

/* The value of figure `id` in row `row` of its group; AUR_VALUE_NULL where it
 * is unknown. Text is borrowed from the sample; times and the boot's id stand
 * in `f` and are good until the AUR_FIGURE_TEXTS-th further one is got. */
void aur_figures_get(struct aur_figures *f, enum aur_figure_id id, size_t row,
    struct aur_value *ret);

/* Figure `id` of process row `row`; where it is unknown, what a close-up knows
 * of the same process: figures of a later sample that names a few processes
 * only (want.h), or NULL. */
void aur_figures_close_up(struct aur_figures *f, struct aur_figures *close,
    enum aur_figure_id id, size_t row, struct aur_value *ret);

/* The same for a process, by its index in the sample's process part; or, as
 * that goes on behind its end, for a thread. What all threads of a process
 * share is told of each (user, memory, command line); what only the process
 * is asked for (threads, bytes read and written, open files) is unknown. */
void aur_figures_process(struct aur_figures *f, enum aur_figure_id id,
    size_t inst, struct aur_value *ret);

/* --- processes and threads, as one list ----------------------------------- */

/* How many there are: processes, and the threads of domain `thread` where the
 * sample has it. Rows, sums and counts of the group are of processes alone. */
size_t aur_figures_tasks(const struct aur_figures *f);
bool aur_figures_is_thread(const struct aur_figures *f, size_t inst);
/* inst < aur_figures_tasks. */
struct aur_key aur_figures_task_key(const struct aur_figures *f, size_t inst);
/* Pid of the parent; of a thread, of its process. 0: unknown. */
uint64_t aur_figures_task_parent(const struct aur_figures *f, size_t inst);
/* The number of the task with that key, -1 if none; `hint` as for
 * aur_part_find. */
ptrdiff_t aur_figures_task_find(
    const struct aur_figures *f, struct aur_key key, size_t hint);
/* Their numbers, ascending by pid; aur_figures_tasks of them. */
void aur_figures_by_pid(const struct aur_figures *f, uint32_t *ret_inst);
/* The process itself, or that of a thread; -1: it is not in the sample. */
ptrdiff_t aur_figures_process_of(const struct aur_figures *f, size_t inst);

#endif
