/* SPDX-License-Identifier: MIT */
/*
 * What the figure files share: where each figure comes from. Nobody outside
 * lib/model includes it.
 *
 * Reading order: figure.h (what they mean), figure_source.c (one row each),
 * figure.c (rows to values), then figure_system.c, figure_cpu.c, figure_list.c
 * and figure_process.c for those that are more than a cell or a rate, and
 * figure_thread.c. track.c has the same formulas gone through by columns.
 */
#ifndef AUR_MODEL_FIGURE_INT_H
#define AUR_MODEL_FIGURE_INT_H

#include "model/figure.h"
#include "model/track.h"

#include <math.h>

enum aur__how {
	AUR__HOW_NONE,	  /* a hole in the table */
	AUR__HOW_CELL,	  /* the cell, as the figure's type says */
	AUR__HOW_WORD,	  /* a text cell; the empty text is unknown */
	AUR__HOW_NAME,	  /* the instance's name */
	AUR__HOW_RATE,	  /* growth per second */
	AUR__HOW_SHARE,	  /* growth of a time per time, in percent, 0 to 100 */
	AUR__HOW_MODES,	  /* growth of CPU modes by that of all, in percent */
	AUR__HOW_FORMULA, /* of several fields of an instance, by its formula */
	AUR__HOW_MADE,	  /* a function of the instance */
	AUR__HOW_TOTAL,	  /* rates of those that count, summed up */
};

/* Sets *ret where the figure can be told; it is NULL before. `i` is the
 * instance in `part`. */
typedef void (*aur__make_fn)(struct aur_figures *f, const struct aur_part *part,
    size_t i, struct aur_value *ret);

/* A formula is told numbers, NaN where one is unknown, and tells one: so it
 * does not know whether they are of a sample or of columns. */
enum aur__input_how {
	AUR__INPUT_CELL,
	AUR__INPUT_GROWTH, /* since the sample before */
	AUR__INPUT_RATE,   /* that, per second */
	AUR__INPUT_WAS,	   /* the cell in the sample before */
	AUR__INPUT_CPUS,   /* no field of its own: how many CPUs there are */
};
struct aur__input {
	uint8_t how, field;
};
#define AUR__IN(HOW, field)                                                    \
	{                                                                      \
		AUR__INPUT_##HOW, AUR_##field                                  \
	}
#define AUR__INPUTS 7u
struct aur__formula {
	uint8_t domain; /* the group's, or of aur_group_reads and key ONE */
	uint8_t n;
	struct aur__input input[AUR__INPUTS];
	double (*fn)(const double *in);
};

struct aur__source {
	uint8_t how;	 /* enum aur__how */
	uint8_t field;	 /* of the group's domain, unless made */
	uint8_t counted; /* TOTAL: the field that tells who counts */
	aur__make_fn make;
	const struct aur__formula *formula;
};

extern const struct aur__source aur__source[AUR_FIG_COUNT];

/* Setters; a real that is no finite number stays NULL, integers saturate. */
void aur__value_real(struct aur_value *ret, double v);
void aur__value_int(struct aur_value *ret, double v);
void aur__value_u64(struct aur_value *ret, uint64_t v);
void aur__value_text(struct aur_value *ret, struct aur_slice s);

/* 100 * part / whole, from 0 to 100; NULL (NaN) where whole is not positive. */
void aur__value_share(struct aur_value *ret, double part, double whole);
double aur__share(double part, double whole);

/* a - b, 0 at least; NaN where either is. */
static inline double aur__less(double a, double b)
{
	return a < b ? 0 : a - b;
}

/* `t` as RFC 3339, in a buffer of `f`. */
void aur__value_time(
    struct aur_figures *f, struct aur_wall t, struct aur_value *ret);

/* A buffer of `f` that the next texts do not use; 40 bytes. */
char *aur__figure_text(struct aur_figures *f);

/* A cell as the figure's type says. */
void aur__figure_cell(const struct aur_part *part, size_t i, size_t field,
    enum aur_value_type type, struct aur_value *ret);

/* A number's cell that is there, as the figure's type says. */
void aur__figure_number(const struct aur_field *field, uint64_t cell,
    enum aur_value_type type, struct aur_value *ret);

/* The field that is not 0 in those instances that are rows of the group; -1:
 * all are. */
int aur__listed_by(enum aur_group_id group);

/* A figure's number as its type says. */
void aur__figure_real(
    enum aur_value_type type, double v, struct aur_value *ret);

/* A letter of a cell; NULL where it is none. */
void aur__value_letter(
    const struct aur_part *part, size_t i, size_t field, struct aur_value *ret);

/* Figure `id` of thread `i` of the part; *ret is NULL before. */
void aur__figure_thread(struct aur_figures *f, enum aur_figure_id id, size_t i,
    struct aur_value *ret);

/* A cell, NaN where absent. */
double aur__cell(const struct aur_part *part, size_t i, size_t field);

/* A share of CPU time held below what there is, in percent of one CPU. */
double aur__cpu_limit(double cpus, double percent);

/* When the host was started; 0 unknown. */
struct aur_wall aur__booted(const struct aur_sample *now);

#define AUR__MAKE(name)                                                        \
	void aur__make_##name(struct aur_figures *f,                           \
	    const struct aur_part *part, size_t i, struct aur_value *ret)

#define AUR__FORMULA(name) extern const struct aur__formula aur__formula_##name

/* figure_system.c */
AUR__FORMULA(agent_cpu_percent);
AUR__MAKE(system_distribution);
AUR__MAKE(system_boot_id);
AUR__MAKE(system_boot_time);
AUR__FORMULA(memory_used_bytes);
AUR__FORMULA(memory_used_percent);
AUR__FORMULA(memory_available_bytes);
AUR__FORMULA(memory_cached_bytes);
AUR__FORMULA(swap_used_bytes);
AUR__FORMULA(swap_used_percent);
AUR__FORMULA(swap_in);
AUR__FORMULA(swap_out);
AUR__FORMULA(sockets_udp);

/* figure_cpu.c */
AUR__MAKE(core_id);
/* Figure `id` is a share of CPU modes. */
void aur__figure_modes(struct aur_figures *f, enum aur_figure_id id,
    const struct aur_part *part, size_t i, struct aur_value *ret);
/* Adds mode `k`, which grew from `was` to `now`; one that did not spoils the
 * sum, as does one that was not there. */
void aur__modes_add(struct aur_modes *m, const struct aur_domain *d, unsigned k,
    uint64_t was, uint64_t now);
void aur__modes_spoil(struct aur_modes *m);
/* NaN where it cannot be told. */
double aur__modes_percent(enum aur_figure_id id, const struct aur_modes *m);

/* What modes grew by in rows in which all went well: each by less than
 * AUR__GREW_MOST, so that sums are exact. */
#define AUR__GREW_ROWS 128u
#define AUR__GREW_MOST ((uint64_t)1 << 48)
struct aur__grown {
	unsigned counted; /* modes that the kernel counts, as bits */
	unsigned moved;	  /* those of them that `by` tells; others stood */
	uint64_t by[AUR_FIGURE_MODES][AUR__GREW_ROWS];
	uint64_t total[AUR__GREW_ROWS]; /* by aur__modes_sum */
};
void aur__modes_sum(struct aur__grown *g);
/* As aur__modes_percent, of the first `n` rows; NaN where `over` is. */
void aur__modes_percents(enum aur_figure_id id, const struct aur__grown *g,
    const double *over, size_t n, double *ret);

/* figure_list.c */
void aur__figure_total(struct aur_figures *f, const struct aur__source *src,
    const struct aur_part *part, struct aur_value *ret);
/* Adds an instance; `rate` is NaN where it is unknown. */
static inline void aur__total_add(
    struct aur_total *t, bool matched, bool counted, double rate)
{
	t->matched += matched;
	t->counted += counted;
	if (!counted || isnan(rate))
		return;
	t->sum += rate;
	t->known++;
}
AUR__FORMULA(disk_await);
AUR__FORMULA(filesystem_used_bytes);
AUR__FORMULA(filesystem_used_percent);
AUR__FORMULA(filesystem_inodes_used);
AUR__FORMULA(filesystem_inodes_used_percent);

/* figure_process.c */
AUR__MAKE(process_pid);
AUR__MAKE(process_start_ticks);
AUR__MAKE(process_started_at);
AUR__MAKE(process_state);
AUR__MAKE(process_cpu_percent);
AUR__MAKE(process_cpu_seconds);
AUR__MAKE(process_memory_percent);

#endif
