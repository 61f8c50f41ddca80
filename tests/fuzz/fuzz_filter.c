/* SPDX-License-Identifier: MIT */
/* Any bytes as a filter: refused with a place inside, or asked about rows. */
#include "model/filter.h"

#include "base/limits.h"
#include "model/figure.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int find(void *ctx, struct aur_slice name)
{
	(void)ctx;
	return aur_figure_find(AUR_GROUP_PROCESSES, name);
}

/* A row whose values are of each type in turn. */
static bool get(void *row, int field, unsigned nth, struct aur_value *ret)
{
	(void)row;
	if (field < 0 && nth > 1)
		return false;
	ret->type =
	    field < 0 ? AUR_VALUE_LIST : (enum aur_value_type)(field % 6);
	switch (ret->type) {
	case AUR_VALUE_BOOL:
		ret->b = true;
		break;
	case AUR_VALUE_INT:
		ret->i = 42;
		break;
	case AUR_VALUE_REAL:
		ret->d = 4.2;
		break;
	default:
		ret->s = aur_slice_of("nginx\0-c\0nginx.conf", 20);
		break;
	}
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct aur_filter *f = NULL;
	struct aur_buf error;
	size_t at = 0;

	aur_buf_init(&error, 256);
	if (aur_filter_parse(
		aur_slice_of(data, size), find, NULL, &f, &error, &at) == 0)
		aur_filter_match(f, get, NULL);
	else if (at > size && size <= AUR_MAX_FILTER_TEXT)
		abort();
	aur_filter_free(f);
	aur_buf_release(&error);
	return 0;
}
