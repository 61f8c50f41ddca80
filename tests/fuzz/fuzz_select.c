/* SPDX-License-Identifier: MIT */
/* Any bytes as words for hosts: refused with a reason, or picks, each once. */
#include "team/select.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char file[] =
    "{\"name\":\"t\",\"id\":\"00000000\",\"hosts\":["
    "{\"name\":\"web1\",\"id\":\"00000001\",\"groups\":[\"web\"]},"
    "{\"name\":\"web2\",\"id\":\"00000002\",\"groups\":[\"web\",\"eu\"]},"
    "{\"name\":\"db09\",\"id\":\"00000003\"},"
    "{\"name\":\"db10\",\"id\":\"00000004\"}]}";

static void check(const struct aur_select *s)
{
	for (size_t i = 0; i < s->n; i++)
		for (size_t k = 0; k < i; k++)
			if (s->pick[i].kind == s->pick[k].kind &&
			    strcmp(s->pick[i].name, s->pick[k].name) == 0)
				abort();
}

static void try(const struct aur_team *t, struct aur_slice words)
{
	struct aur_select s;

	aur_select_init(&s, t);
	if (aur_select_add(&s, words) < 0 && s.why[0] == '\0')
		abort();
	check(&s);
	if (aur_select_less(&s, words) == 0 && s.n > 0)
		abort();
	aur_select_release(&s);
	(void)aur_select_needs_team(words);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct aur_slice none = aur_slice_of(NULL, 0);
	char why[AUR_TEAM_WHY];
	struct aur_team *t = NULL;

	if (size > 4096)
		return 0;
	if (aur_team_parse(
		&t, "t", aur_slice_str(file), none, why, sizeof(why)) < 0)
		abort();
	try(t, aur_slice_of(data, size));
	try(NULL, aur_slice_of(data, size));
	aur_team_free(t);
	return 0;
}
