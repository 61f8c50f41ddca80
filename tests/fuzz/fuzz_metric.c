/* SPDX-License-Identifier: MIT */
/* Any bytes as a metric path: what is taken is whole, what is not says why. */
#include "model/metric.h"

#include "base/err.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct aur_metric m;
	const char *nearest = NULL;
	int rc = aur_metric_parse(aur_slice_of(data, size), &m, &nearest);

	if (rc == 0 && (aur_figure_get(m.figure)->group != m.group ||
			   strlen(m.instance) >= size))
		abort();
	if (rc == AUR_EABSENT && nearest == NULL)
		abort();
	return 0;
}
