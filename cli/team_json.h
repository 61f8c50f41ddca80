/* SPDX-License-Identifier: MIT */
/*
 * aurora.team/1 and aurora.teams/1, as aurora-json(5) has them.
 *
 *	rc = team_json_begin(&doc, "aurora.teams/1", team);
 *	... members of doc.root ...
 *	rc = team_json_end(&doc, &c->out);
 *	team_json_free(&doc);
 */
#ifndef CLI_TEAM_JSON_H
#define CLI_TEAM_JSON_H

#include "base/buf.h"
#include "json/doc.h"
#include "team/select.h"

struct team_doc {
	struct aur_doc *doc;
	struct aur_at root;
};

/* A document with schema, time and team ("": null). 0 or an aur_err, as of all
 * here. */
AUR_MUST_CHECK int team_json_begin(
    struct team_doc *d, const char *schema, const char *team);
AUR_MUST_CHECK int team_json_end(struct team_doc *d, struct aur_buf *out);
void team_json_free(struct team_doc *d);

/* A member; NULL is null. Text that is no UTF-8 has U+FFFD for each byte. */
AUR_MUST_CHECK int team_json_text(
    const struct aur_at *at, const char *name, const char *text);

/* A number; null where `known` is NULL. */
AUR_MUST_CHECK int team_json_count(
    const struct aur_at *at, const char *name, const void *known, size_t n);

/* Appends `t`, with the picked hosts, as aurora.team/1. */
AUR_MUST_CHECK int team_json_write(struct aur_buf *out,
    const struct aur_team *t, const struct aur_select *picked, bool is_current);

#endif
