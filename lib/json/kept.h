/* SPDX-License-Identifier: MIT */
/*
 * Documents of what was kept: aurora.history/1 and aurora.events/1, as
 * aurora-json(5) has them. A history may be large: it is written series by
 * series, and what was written may leave the buffer in between.
 *
 *	rc = aur_json_history_begin(&out, &doc, from, to);
 *	for each series:
 *		rc = aur_json_history_add(&out, &series, first);
 *	rc = aur_json_history_end(&out);
 */
#ifndef AUR_JSON_KEPT_H
#define AUR_JSON_KEPT_H

#include "json/json.h"
#include "model/event.h"
#include "model/series.h"

/* What is said of a series as a whole; NaN and 0 are null. */
struct aur_json_summary {
	double min, mean, max;
	struct aur_wall min_at, max_at;
};

struct aur_json_series {
	const char *host;
	struct aur_slice metric; /* its path */
	enum aur_unit unit;
	struct aur_span step; /* between points; 0: they are samples */
	struct aur_json_summary summary;
	const struct aur_wall *time; /* of each point; NULL: from + i * step */
	struct aur_wall from;
	const struct aur_point *point;
	const double *value; /* instead of points; NaN is a gap */
	size_t n;
};

/* Append to `out`. 0, AUR_ENOMEM, AUR_ELIMIT. */
AUR_MUST_CHECK int aur_json_history_begin(struct aur_buf *out,
    const struct aur_json_doc *doc, struct aur_wall from, struct aur_wall to);
AUR_MUST_CHECK int aur_json_history_add(
    struct aur_buf *out, const struct aur_json_series *s, bool first);
AUR_MUST_CHECK int aur_json_history_end(struct aur_buf *out);

/* An event of a host, as it was told; `text` is its sentence. */
struct aur_json_event {
	const char *host;
	const struct aur_event *event;
	struct aur_slice text;
};

/* Events the same way; one document may have none. */
AUR_MUST_CHECK int aur_json_events_begin(
    struct aur_buf *out, const struct aur_json_doc *doc);
AUR_MUST_CHECK int aur_json_events_add(
    struct aur_buf *out, const struct aur_json_event *e, bool first);
AUR_MUST_CHECK int aur_json_events_end(struct aur_buf *out);

#endif
