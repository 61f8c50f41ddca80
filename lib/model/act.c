/* SPDX-License-Identifier: MIT */
/* What acts carry, as words: sets of CPUs, priorities of I/O. */
#include "model/act.h"

#include "base/err.h"
#include "base/scan.h"

#include <stdio.h>

unsigned aur_cpus_count(const struct aur_cpus *c)
{
	unsigned n = 0;

	for (size_t i = 0; i < AUR_CPUS_WORDS; i++)
		for (uint64_t w = c->word[i]; w != 0; w &= w - 1)
			n++;
	return n;
}

void aur_cpus_text(const struct aur_cpus *c, char *out, size_t size)
{
	size_t at = 0;
	unsigned n = 0;

	out[0] = '\0';
	while (n < AUR_CPUS_MAX) {
		char run[24];
		unsigned first = n;
		int len;

		if (!aur_cpus_has(c, n++))
			continue;
		while (aur_cpus_has(c, n))
			n++;
		len = n - first == 1 ? snprintf(run, sizeof(run), "%s%u",
					   at > 0 ? "," : "", first)
				     : snprintf(run, sizeof(run), "%s%u-%u",
					   at > 0 ? "," : "", first, n - 1);
		if (at + (size_t)len + sizeof("..") > size) {
			snprintf(out + at, size - at, "..");
			return;
		}
		memcpy(out + at, run, (size_t)len + 1);
		at += (size_t)len;
	}
}

static int take_run(struct aur_slice *text, struct aur_cpus *c)
{
	uint64_t first, last;

	if (text->p[0] == ' ' || !aur_scan_next_u64(text, &first))
		return AUR_EINVALID;
	last = first;
	if (text->n > 1 && text->p[0] == '-') {
		*text = aur_slice_of(text->p + 1, text->n - 1);
		if (text->p[0] == ' ' || !aur_scan_next_u64(text, &last))
			return AUR_EINVALID;
	}
	if (last < first)
		return AUR_EINVALID;
	if (last >= AUR_CPUS_MAX)
		return AUR_ERANGE;
	for (; first <= last; first++)
		c->word[first / 64] |= (uint64_t)1 << (first % 64);
	return 0;
}

int aur_cpus_parse(struct aur_slice text, struct aur_cpus *ret)
{
	struct aur_cpus c = {{0}};

	while (text.n > 0) {
		int rc = take_run(&text, &c);

		if (rc < 0)
			return rc;
		if (text.n == 0)
			break;
		if (text.p[0] != ',' || text.n == 1)
			return AUR_EINVALID;
		text = aur_slice_of(text.p + 1, text.n - 1);
	}
	*ret = c;
	return 0;
}

bool aur_io_priority_valid(int32_t value)
{
	int32_t class = value >> 13, level = value & 0x1fff;

	if (value < 0)
		return false;
	if (class == AUR_IO_REALTIME || class == AUR_IO_BEST_EFFORT)
		return level < AUR_IO_LEVELS;
	return (class == AUR_IO_NONE || class == AUR_IO_IDLE) && level == 0;
}

void aur_io_priority_text(int32_t value, char out[AUR_IO_PRIORITY_TEXT])
{
	unsigned level = (unsigned)value & 0x1fff;

	switch (value >> 13) {
	case AUR_IO_NONE:
		snprintf(out, AUR_IO_PRIORITY_TEXT, "none");
		break;
	case AUR_IO_REALTIME:
		snprintf(out, AUR_IO_PRIORITY_TEXT, "realtime %u", level);
		break;
	case AUR_IO_BEST_EFFORT:
		snprintf(out, AUR_IO_PRIORITY_TEXT, "best-effort %u", level);
		break;
	case AUR_IO_IDLE:
		snprintf(out, AUR_IO_PRIORITY_TEXT, "idle");
		break;
	default:
		snprintf(out, AUR_IO_PRIORITY_TEXT, "unknown");
	}
}
