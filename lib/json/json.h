/* SPDX-License-Identifier: MIT */
/*
 * The documents that scripts read: aurora.status/1, aurora.ps/1,
 * aurora.metrics/1, as aurora-json(5) has them. They are loops over the tables
 * of figures and of the catalogue; a new figure is in the document without a
 * line here.
 *
 *	struct aur_json_host h = {.host = host, .figures = &f, ...};
 *	rc = aur_json_status(&buf, &doc, &h, 1);
 *
 * What is unknown is null, lists are always lists, objects always objects.
 * Text that is no UTF-8 has U+FFFD for each bad byte. Numbers are cut to three
 * decimals; none is ever NaN or infinite. A document is one line and ends with
 * a newline.
 */
#ifndef AUR_JSON_JSON_H
#define AUR_JSON_JSON_H

#include "base/buf.h"
#include "base/compiler.h"
#include "model/feed.h"
#include "model/figure.h"

/* What a document says of itself. */
struct aur_json_doc {
	struct aur_wall now;
	const char *team; /* NULL: null */
};

/* One host and what is known of it. All is borrowed. */
struct aur_json_host {
	const struct aur_feed_host *host;
	const char *error;	     /* instead of the host's own; or NULL */
	struct aur_figures *figures; /* of host->now; never NULL */
	struct aur_span age;	     /* of host->now; < 0 unknown */
	const uint32_t *rows;	     /* processes: rows of the figures */
	size_t nrow;
	struct aur_figures *close; /* a close-up of the rows; or NULL */
};

/* Append a document. 0, AUR_ENOMEM, AUR_ELIMIT, AUR_ERANGE. */
AUR_MUST_CHECK int aur_json_status(struct aur_buf *out,
    const struct aur_json_doc *doc, const struct aur_json_host *host,
    size_t nhost);
AUR_MUST_CHECK int aur_json_ps(struct aur_buf *out,
    const struct aur_json_doc *doc, const struct aur_json_host *host,
    size_t nhost);

/* The catalogue. With `has` only what it says is there: a domain's field, or
 * with `domain` NULL the figure `index`. */
typedef bool (*aur_json_has_fn)(
    void *arg, const struct aur_domain *domain, size_t index);
AUR_MUST_CHECK int aur_json_metrics(
    struct aur_buf *out, aur_json_has_fn has, void *arg);

#endif
