/* SPDX-License-Identifier: MIT */
/*
 * A client that hears any bytes. The first byte says how they are cut: 0, the
 * magic line and a hello stand before them; else they are all there is.
 */
#include "wire/client.h"
#include "wire/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Looks at every cell, so that a bad string id or index shows. */
static void on_sample(void *arg, struct aur_sample *s)
{
	size_t *sum = arg;

	for (size_t k = 0; k < s->npart; k++) {
		const struct aur_part *p = &s->part[k];

		for (size_t i = 0; i < p->n; i++)
			for (size_t f = 0; f < p->domain->nfield; f++) {
				struct aur_slice text;

				if (aur_part_text(p, i, f, &text))
					*sum += text.n;
				*sum += aur_part_cell(p, i, f) & 1;
			}
	}
}

static void on_team(void *arg, const struct aur_team_answer *answer)
{
	size_t *sum = arg;

	for (size_t i = 0; i < answer->file.n; i++)
		*sum += answer->file.p[i];
}

static void on_block(void *arg, uint64_t request, struct aur_slice block)
{
	size_t *sum = arg;

	*sum += (size_t)request;
	for (size_t i = 0; i < block.n; i++)
		*sum += block.p[i];
}

/* Request 1, for a team, and 2, a backfill, wait from here on. */
static int begin(struct aur_client *c)
{
	static const char hello[] =
	    AUR_WIRE_PREAMBLE "\x1a\0\1\1\1x\1d\1v\0\0\2\4team\x08"
			      "backfill";
	const struct aur_backfill all = {.kinds = 7, .to = {INT64_MAX}};
	uint64_t id;
	int rc = aur_client_put(c, aur_slice_of(hello, sizeof(hello) - 1));

	if (rc == 0)
		rc = aur_client_team(c, aur_slice_str("x"), &id);
	return rc == 0 ? aur_client_backfill(c, &all, &id) : rc;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct aur_client_handler handler = {
	    .sample = on_sample, .team = on_team, .block = on_block};
	struct aur_client *c;
	size_t sum = 0, half;
	int rc;

	if (size == 0 || aur_client_new(&c, &handler, &sum) < 0)
		return 0;
	rc = data[0] == 0 ? begin(c) : 0;
	half = 1 + (size - 1) / 2;
	if (rc == 0)
		rc = aur_client_put(c, aur_slice_of(data + 1, half - 1));
	if (rc == 0)
		rc = aur_client_put(c, aur_slice_of(data + half, size - half));
	aur_client_free(c);
	return 0;
}
