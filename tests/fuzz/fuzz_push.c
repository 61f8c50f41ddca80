/* SPDX-License-Identifier: MIT */
/* Any bytes as what a host answers: slices stay inside, names are names. */
#include "base/err.h"
#include "fleet/push.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look(const struct aur_push_answer *a, struct aur_slice s)
{
	const uint8_t *from = aur_buf_peek(&a->text).p;

	if (s.n > 0 && (s.p < from || s.p + s.n > from + a->text.n))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct aur_push_answer a;
	unsigned at;

	if (aur_push_parse(&a, aur_slice_of(data, size)) < 0)
		return 0;
	for (size_t i = 0; i < a.nfound; i++) {
		look(&a, a.found[i].path);
		look(&a, a.found[i].version);
	}
	for (size_t i = 0; i < a.nline; i++)
		look(&a, a.line[i].text);
	at = aur_push_place(&a, 0);
	if (at < AUR_PUSH_PLACES)
		look(&a, a.place[at]);
	if (strchr(a.system, '/') != NULL || strlen(a.system) > 40)
		abort();
	(void)aur_push_fits(aur_slice_of(data, size), a.system);
	aur_push_release(&a);
	return 0;
}
