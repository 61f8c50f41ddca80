/* SPDX-License-Identifier: MIT */
/*
 * A team's file on its way from the host where it was published. There is no
 * message that brings one there: only who may run commands on the host can
 * write it, so whatever a member's key lets in, it never is a new file
 * (lib/team/publish.h).
 */
#include "wire/msg.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/varint.h"
#include "wire/pay.h"

int aur_team_ask_put(struct aur_buf *b, const struct aur_team_ask *ask)
{
	int rc = aur_varint_add(b, ask->id);

	return rc < 0 ? rc : aur__put_text(b, ask->team);
}

int aur_team_ask_take(struct aur_slice in, struct aur_team_ask *ret_ask)
{
	struct aur_team_ask a = {0};
	int rc = aur__take_u64(&in, &a.id);

	if (rc == 0)
		rc = aur__take_text(&in, &a.team);
	if (rc == 0)
		*ret_ask = a;
	return rc;
}

int aur_team_answer_put(struct aur_buf *b, const struct aur_team_answer *answer)
{
	int rc = aur_varint_add(b, answer->request);

	if (answer->file.n > AUR_MAX_TEAM_FILE)
		return AUR_ELIMIT;
	if (rc == 0)
		rc = aur__put_err(b, answer->err);
	if (rc == 0)
		rc = aur__put_text(b, answer->text);
	if (rc == 0)
		rc = aur_varint_add(b, answer->file.n);
	return rc < 0 ? rc : aur_buf_add_slice(b, answer->file);
}

int aur_team_answer_take(
    struct aur_slice in, struct aur_team_answer *ret_answer)
{
	struct aur_team_answer a = {0};
	int rc = aur__take_u64(&in, &a.request);

	if (rc == 0)
		rc = aur__take_err(&in, &a.err);
	if (rc == 0)
		rc = aur__take_text(&in, &a.text);
	if (rc == 0)
		rc = aur__take_blob(&in, AUR_MAX_TEAM_FILE, &a.file);
	if (rc == 0)
		*ret_answer = a;
	return rc;
}
