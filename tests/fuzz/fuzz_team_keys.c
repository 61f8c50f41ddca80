/* SPDX-License-Identifier: MIT */
/* Any bytes as authorized_keys, and as what a host answers. What is planned
 * once is planned no more. */
#include "base/err.h"
#include "team/keys.h"
#include "team/keys_host.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char doc[] =
    "{\"name\":\"t\",\"id\":\"0123456789\",\"hosts\":["
    "{\"name\":\"web\",\"id\":\"00000001\"}],\"members\":["
    "{\"name\":\"bob\",\"id\":\"10000001\",\"role\":\"viewer\",\"key\":"
    "\"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBukwO63WZeWGHAgyMAttWRXbEFjPOGLxG"
    "nqEbJ0E5l2\"}]}";

static void plan(
    const struct aur_team *t, struct aur_slice s, const char *agent)
{
	struct aur_keys_plan first, second;
	int rc = aur_keys_plan(&first, s, t, 0, agent);

	if (rc < 0 && rc != AUR_ELIMIT)
		abort();
	if (rc == 0) {
		if (aur_keys_plan(
			&second, aur_buf_peek(&first.text), t, 0, agent) < 0 ||
		    second.nadd + second.ntake > 0 ||
		    !aur_slice_eq(
			aur_buf_peek(&first.text), aur_buf_peek(&second.text)))
			abort();
		aur_keys_plan_release(&second);
	}
	aur_keys_plan_release(&first);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct aur_slice s = aur_slice_of(data, size);
	struct aur_keys_answer a;
	struct aur_team *t = NULL;
	char why[AUR_TEAM_WHY];

	if (aur_team_parse(&t, "t", aur_slice_of(doc, sizeof(doc) - 1),
		aur_slice_of("", 0), why, sizeof(why)) < 0)
		abort();
	plan(t, s, "/usr/bin/aurora-agentd");
	plan(t, s, NULL);
	aur_team_free(t);
	if (aur_keys_look_parse(s, &a) == 0 && a.file.n > size)
		abort();
	if (aur_keys_write_parse(s, &a) == 0 && a.word == AUR_KEYS_READ)
		abort();
	return 0;
}
