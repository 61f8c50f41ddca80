/* SPDX-License-Identifier: MIT */
/* Small files with a word, a pair or a table of keys. */
#include "collect/linux/parse_cgroup.h"

#include "base/scan.h"

bool aur__parse_keyed(struct aur_slice text, const char *key, uint64_t *ret_v)
{
	struct aur_slice line, word;

	while (aur_slice_line(&text, &line))
		if (aur_slice_word(&line, &word) && aur_slice_is(word, key))
			return aur_scan_u64(aur_slice_trim(line), ret_v) == 0;
	return false;
}

bool aur__parse_limit(struct aur_slice text, uint64_t *ret_v)
{
	uint64_t v;

	/* v1 says "none" by the largest long, cut to whole pages. */
	if (aur_scan_u64(aur_slice_trim(text), &v) < 0 || v >= (uint64_t)1
								   << 62)
		return false;
	*ret_v = v;
	return true;
}

static bool thousandths(uint64_t quota, uint64_t period, uint64_t *ret)
{
	if (period == 0 || quota == 0 || quota > UINT64_MAX / 1000)
		return false;
	*ret = quota * 1000 / period;
	return true;
}

bool aur__parse_cpu_max(struct aur_slice text, uint64_t *ret_thousandths)
{
	uint64_t quota, period;

	return aur_scan_next_u64(&text, &quota) &&
	       aur_scan_next_u64(&text, &period) &&
	       thousandths(quota, period, ret_thousandths);
}

bool aur__parse_cfs(
    struct aur_slice quota, struct aur_slice period, uint64_t *ret_thousandths)
{
	uint64_t q, p;

	return aur_scan_u64(aur_slice_trim(quota), &q) == 0 &&
	       aur_scan_u64(aur_slice_trim(period), &p) == 0 &&
	       thousandths(q, p, ret_thousandths);
}

static unsigned kind_of(struct aur_slice option)
{
	static const struct {
		const char *name;
		unsigned kind;
	} names[] = {
	    {"cpu", AUR__CG_CPU},
	    {"cpuacct", AUR__CG_CPUACCT},
	    {"memory", AUR__CG_MEMORY},
	    {"pids", AUR__CG_PIDS},
	};

	for (size_t i = 0; i < AUR_ARRAY_LEN(names); i++)
		if (aur_slice_is(option, names[i].name))
			return names[i].kind;
	return 0;
}

static unsigned kinds_of(struct aur_slice options)
{
	struct aur_slice option;
	unsigned kinds = 0;

	while (aur_slice_until(&options, ',', &option))
		kinds |= kind_of(option);
	return kinds | kind_of(options);
}

/* id parent dev root point options ... - type source super */
static bool mount_line(struct aur_slice line, struct aur__cg_mount *m)
{
	struct aur_slice word, type, super = {0};
	size_t at = 0;

	while (aur_slice_word(&line, &word) && !aur_slice_is(word, "-")) {
		at++;
		if (at == 4)
			m->root = word;
		else if (at == 5)
			m->point = word;
	}
	if (at < 6 || m->point.p[0] != '/' || !aur_slice_word(&line, &type))
		return false;
	while (aur_slice_word(&line, &word))
		super = word;
	if (aur_slice_is(type, "cgroup2"))
		m->kinds = AUR__CG_V2;
	else if (aur_slice_is(type, "cgroup"))
		m->kinds = kinds_of(super);
	else
		return false;
	return true;
}

bool aur__parse_cg_mount(
    struct aur_slice *text, struct aur__cg_mount *ret_mount)
{
	struct aur_slice line;

	while (aur_slice_line(text, &line)) {
		struct aur__cg_mount m = {0};

		if (!mount_line(line, &m))
			continue;
		*ret_mount = m;
		return true;
	}
	return false;
}
