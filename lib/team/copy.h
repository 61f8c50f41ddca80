/* SPDX-License-Identifier: MIT */
/*
 * A team and its published copy: a file on one host of the team, which all
 * its members read and its owner writes (publish.h). Where it is stands in the
 * team's own file, so who has read it once finds it again:
 *
 *	"published": "5f0c..."      the id of a host
 *
 * What was last seen there is kept in the local file, as what both sides
 * began with when they are merged (merge.h):
 *
 *	rc = aur_team_text(t, &ours);
 *	rc = aur_team_seen(t, &base);
 *	rc = aur_merge(&m, base, ours, theirs, why, size);
 *	rc = aur_team_take(t, merged, why, size);
 *	... aur_team_changes tells what nobody has trusted yet ...
 *	rc = aur_team_set_seen(t, theirs, why, size);
 *	rc = aur_team_save(t, why, size);
 */
#ifndef AUR_TEAM_COPY_H
#define AUR_TEAM_COPY_H

#include "base/buf.h"
#include "team/team.h"

/* The number of the host that has the copy. False: none of the team's. */
bool aur_team_published(const struct aur_team *t, size_t *ret_host);

/* Says which host has it; NULL: none. 0, AUR_ENOMEM. */
AUR_MUST_CHECK int aur_team_set_published(struct aur_team *t, const char *id);

/* Appends the document that others share, as its file would hold it; what was
 * last seen of the copy, nothing where it never was. 0, AUR_ELIMIT,
 * AUR_ENOMEM. */
AUR_MUST_CHECK int aur_team_text(const struct aur_team *t, struct aur_buf *out);
AUR_MUST_CHECK int aur_team_seen(const struct aur_team *t, struct aur_buf *out);

/* Makes the shared document what `text` says; what is mine stays. What was
 * borrowed from the team before is gone. 0; AUR_EINVALID, AUR_EVERSION,
 * AUR_ELIMIT with the reason in `why`; AUR_ENOMEM. After an error the team can
 * only be freed. */
AUR_MUST_CHECK int aur_team_take(
    struct aur_team *t, struct aur_slice text, char *why, size_t size);

/* Keeps `text`, a team's document, as what was last seen. As above. */
AUR_MUST_CHECK int aur_team_set_seen(
    struct aur_team *t, struct aur_slice text, char *why, size_t size);

/* My key for all hosts of the team that are given no other; NULL: none. 0,
 * AUR_EINVALID, AUR_ENOMEM, as above. */
AUR_MUST_CHECK int aur_team_set_identity(
    struct aur_team *t, const char *path, char *why, size_t size);

#endif
