/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a team's file and, behind a NUL, the local one: refused with a
 * reason, or a team that can be changed and that reads back what it wrote.
 */
#include "base/buf.h"
#include "base/limits.h"
#include "json/doc.h"
#include "team/team.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void tell(void *arg, const struct aur_team_change *c)
{
	size_t *n = arg;

	if (c->host == NULL || c->what == NULL)
		abort();
	(*n)++;
}

static struct aur_slice write_out(const struct aur_doc *d, struct aur_buf *b)
{
	aur_buf_init(b, AUR_MAX_JSON);
	if (aur_doc_write(d, b) < 0)
		abort();
	return aur_buf_peek(b);
}

static void read_back(const struct aur_team *t)
{
	char why[AUR_TEAM_WHY];
	struct aur_team *again = NULL;
	struct aur_buf shared, local;

	if (aur_team_parse(&again, "t", write_out(t->doc, &shared),
		write_out(t->local, &local), why, sizeof(why)) < 0)
		abort();
	if (again->nhost != t->nhost || again->nmember != t->nmember)
		abort();
	aur_team_free(again);
	aur_buf_release(&shared);
	aur_buf_release(&local);
}

static int change(struct aur_team *t)
{
	char why[AUR_TEAM_WHY];
	struct aur_team_host h = {.name = "fuzz", .address = "a"};
	size_t n = 0;

	if (aur_team_changes(t, tell, &n) != n || aur_team_trust(t) < 0)
		abort();
	if (aur_team_changes(t, NULL, NULL) != 0)
		abort();
	if (t->nhost > 0) {
		h = t->host[0];
		h.name = "fuzz";
		h.my_user = "me";
	}
	if (aur_team_put_host(t, 0, &h, why, sizeof(why)) < 0)
		return -1; /* another host may be called that */
	if (t->nhost > 1)
		return aur_team_drop_host(t, t->nhost - 1, why, sizeof(why));
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct aur_slice shared, local = aur_slice_of(data, size);
	char why[AUR_TEAM_WHY] = "";
	struct aur_team *t = NULL;

	if (!aur_slice_until(&local, '\0', &shared)) {
		shared = local;
		local = aur_slice_of(NULL, 0);
	}
	if (aur_team_parse(&t, "t", shared, local, why, sizeof(why)) < 0) {
		if (why[0] == '\0')
			abort();
		return 0;
	}
	read_back(t);
	if (change(t) == 0)
		read_back(t);
	aur_team_free(t);
	return 0;
}
