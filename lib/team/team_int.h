/* SPDX-License-Identifier: MIT */
/* What the files of lib/team share. */
#ifndef AUR_TEAM_TEAM_INT_H
#define AUR_TEAM_TEAM_INT_H

#include "base/buf.h"
#include "json/doc.h"
#include "team/team.h"

#define AUR__TEAM_VERSION 1

/* Hex digits of a random id. */
#define AUR__TEAM_ID 32

/* What the arrays of a struct aur_team live in. The texts live in the
 * documents. */
struct aur__team_view {
	char *name; /* of the team */
	struct aur_team_host *host;
	struct aur_team_member *member;
	const char **group; /* of all hosts */
	struct aur_team_tag *tag;
	/* Hosts by name and by id, for bsearch. */
	const struct aur_team_host **by_name, **by_id;
	size_t ngroup, ntag; /* used */
};

/* Makes the view anew out of the documents, and checks all they say. 0,
 * AUR_EINVALID, AUR_ELIMIT with the reason in `why`; AUR_ENOMEM. */
int aur__team_view(struct aur_team *t, char *why, size_t size);

/* Frees what the view holds but its name. */
void aur__team_view_clear(struct aur_team *t);

/* Copies what the document says of its failure `rc`; `rc`. */
int aur__team_why(const struct aur_doc *d, int rc, char *why, size_t size);

/* Follows the jumps of every host: a circle and a way of more than
 * AUR_MAX_HOST_JUMPS are AUR_EINVALID, told at its "jump". AUR_ENOMEM. */
int aur__team_check_jumps(struct aur_team *t);

/* A random id; false where the system gives none. */
bool aur__team_new_id(char out[AUR__TEAM_ID + 1]);

/* The next word of a list with commas; false at the end. */
bool aur__team_word(struct aur_slice *rest, struct aur_slice *ret_word);

/* Goes behind the line that is `mark`, as rc files print what they like. */
bool aur__answer_mark(struct aur_slice *out, const char *mark);

/* Takes a line that begins with `word`, with the rest of it. */
bool aur__answer_take(
    struct aur_slice *out, const char *word, struct aur_slice *ret_rest);

#endif
