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
	size_t most; /* 0: all */
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

/* Asks the host for what is dear to read of the chosen rows alone (of all,
 * where they are more than a subscription may name). CLI_OK also when it did
 * not come. The feed then holds that small sample; the shot keeps its own. */
AUR_MUST_CHECK int shot_take_close(struct shot *shot, struct session *s);

/* The value of a process's figure in row `row`; from the close-up where it is
 * only there. */
void shot_process(const struct shot *shot, enum aur_figure_id id, uint32_t row,
    struct aur_value *ret);

/* Why the host could not be sampled; NULL where it could. */
const char *shot_error(const struct shot *shot);

/* Says so, once until it is something else, or above a screen that is drawn
 * over. Whether the host could be sampled. */
bool shot_tell(const struct shot *shot, struct session *s);

#endif
