/* SPDX-License-Identifier: MIT */
/*
 * A shot: one host at one moment, ready to be printed: figures, which process
 * rows in which order, and the error where there is one.
 */
#ifndef CLI_SHOT_H
#define CLI_SHOT_H

#include "cli/session.h"
#include "json/json.h"
#include "model/filter.h"

struct shot {
	const struct aur_feed_host *host;
	size_t index; /* of the host in the feed */
	struct aur_figures figures;
	struct aur_figures close; /* of a later sample, of the rows alone */
	bool has_close;
	bool sampled;	/* up, and with a sample */
	uint32_t *rows; /* process rows, owned */
	size_t nrow;
	char error[512]; /* "" where the host's own says it, or there is none */
	struct aur_span age; /* of the sample; < 0 unknown */
};

/* How process rows are chosen. */
struct shot_order {
	const struct aur_filter *filter; /* NULL: all */
	enum aur_figure_id sort;
	bool descending;
	size_t most;	/* 0: all */
	bool no_kernel; /* without threads of the kernel */
};

/* Takes host `i` as it now is. 0, AUR_ENOMEM. */
AUR_MUST_CHECK int shot_take(
    struct shot *shot, const struct session *s, size_t i);
void shot_release(struct shot *shot); /* zeroed is fine */

/* The shot as documents want it, wherever the shot has been moved to. */
struct aur_json_host shot_json(struct shot *shot);

/* Chooses the process rows. 0, AUR_ENOMEM. */
AUR_MUST_CHECK int shot_select(
    struct shot *shot, const struct shot_order *order);

/* A process row of one of several shots. */
struct shot_row {
	size_t shot;
	uint32_t row;
};

/* The same of many hosts as if they were one: `order->most` is of all rows
 * together. The caller frees the list, which has them in their order. 0,
 * AUR_ENOMEM. */
AUR_MUST_CHECK int shots_select(struct shot *shot, size_t n,
    const struct shot_order *order, struct shot_row **ret_row, size_t *ret_n);

/* Asks the hosts for what is dear to read of the chosen rows alone (of all,
 * where they are more than a subscription may name), all at once. CLI_OK also
 * where it did not come. The feed then holds those small samples; the shots
 * keep their own. */
AUR_MUST_CHECK int shots_take_close(
    struct shot *shot, size_t n, struct session *s);

/* The value of a process's figure in row `row`; from the close-up where it is
 * only there. */
void shot_process(const struct shot *shot, enum aur_figure_id id, uint32_t row,
    struct aur_value *ret);

/* Why the host could not be sampled; NULL where it could. */
const char *shot_error(const struct shot *shot);

/* Says what failed, of each host once until it is something else, or above a
 * screen that is drawn over; of hosts behind a dead jump host all at once.
 * Whether all could be sampled. */
bool shots_tell(const struct shot *shot, size_t n, struct session *s);

#endif
