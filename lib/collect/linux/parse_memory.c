/* SPDX-License-Identifier: MIT */
/* Files that fill the one instance of one domain. */
#include "collect/linux/parse.h"

#include "base/err.h"
#include "base/scan.h"

int aur__parse_loadavg(struct aur_slice text, struct aur_part *p)
{
	struct aur_slice word, running;
	ptrdiff_t i;
	uint64_t v;

	for (size_t f = AUR_LOAD_one; f <= AUR_LOAD_fifteen; f++) {
		if (!aur_slice_word(&text, &word) ||
		    aur_scan_fixed(word, 2, &v) < 0)
			break;
		i = aur_part_one(p);
		if (i < 0)
			return (int)i;
		aur_part_set(p, 0, f, v);
	}
	if (p->n == 0)
		return AUR_EINVALID;
	if (!aur_slice_word(&text, &word) ||
	    !aur_slice_until(&word, '/', &running))
		return 0;
	if (aur_scan_u64(running, &v) == 0)
		aur_part_set(p, 0, AUR_LOAD_threads_running, v);
	if (aur_scan_u64(word, &v) == 0)
		aur_part_set(p, 0, AUR_LOAD_threads, v);
	return 0;
}

/* In the order of the file, which aur__word_find likes. */
static const struct aur__word meminfo_words[] = {
    {"MemTotal", AUR_MEMORY_total},
    {"MemFree", AUR_MEMORY_free},
    {"MemAvailable", AUR_MEMORY_available},
    {"Buffers", AUR_MEMORY_buffers},
    {"Cached", AUR_MEMORY_cached},
    {"SwapCached", AUR_MEMORY_swap_cached},
    {"Active", AUR_MEMORY_active},
    {"Inactive", AUR_MEMORY_inactive},
    {"SwapTotal", AUR_MEMORY_swap_total},
    {"SwapFree", AUR_MEMORY_swap_free},
    {"Zswap", AUR_MEMORY_zswap},
    {"Dirty", AUR_MEMORY_dirty},
    {"Writeback", AUR_MEMORY_writeback},
    {"AnonPages", AUR_MEMORY_anon_pages},
    {"Mapped", AUR_MEMORY_mapped},
    {"Shmem", AUR_MEMORY_shmem},
    {"Slab", AUR_MEMORY_slab},
    {"SReclaimable", AUR_MEMORY_slab_reclaimable},
    {"SUnreclaim", AUR_MEMORY_slab_unreclaimable},
    {"PageTables", AUR_MEMORY_page_tables},
    {"CommitLimit", AUR_MEMORY_commit_limit},
    {"Committed_AS", AUR_MEMORY_committed},
    {"HardwareCorrupted", AUR_MEMORY_hardware_corrupted},
    {"AnonHugePages", AUR_MEMORY_anon_huge_pages},
    {"HugePages_Total", AUR_MEMORY_huge_pages_total},
    {"HugePages_Free", AUR_MEMORY_huge_pages_free},
};

/* Pages set aside are counted in pages, and their size comes last. */
static void scale_huge_pages(struct aur_part *p, uint64_t size)
{
	static const uint16_t fields[] = {
	    AUR_MEMORY_huge_pages_total, AUR_MEMORY_huge_pages_free};

	for (size_t k = 0; k < AUR_ARRAY_LEN(fields); k++) {
		uint64_t n = aur_part_cell(p, 0, fields[k]);

		if (!aur_part_has(p, 0, fields[k]))
			continue;
		if (size == 0 || n > UINT64_MAX / size)
			aur_part_unset(p, 0, fields[k]);
		else
			aur_part_set(p, 0, fields[k], n * size);
	}
}

int aur__parse_meminfo(struct aur_slice text, struct aur_part *p)
{
	struct aur_slice line, key;
	uint64_t huge_size = 0, v;
	ptrdiff_t i = aur_part_one(p);
	size_t hint = 0;

	if (i < 0)
		return (int)i;
	while (aur_slice_line(&text, &line)) {
		int row;

		if (!aur_slice_until(&line, ':', &key) ||
		    !aur_scan_next_u64(&line, &v))
			continue;
		if (aur_slice_is(aur_slice_trim(line), "kB")) {
			if (v > UINT64_MAX / 1024)
				continue;
			v *= 1024;
		}
		row = aur__word_find(
		    meminfo_words, AUR_ARRAY_LEN(meminfo_words), key, &hint);
		if (row >= 0)
			aur_part_set(p, 0, meminfo_words[row].field, v);
		else if (aur_slice_is(key, "Hugepagesize"))
			huge_size = v;
	}
	scale_huge_pages(p, huge_size);
	if (p->have[0] != 0)
		return 0;
	aur_part_clear(p);
	return AUR_EINVALID;
}

int aur__parse_vmstat(struct aur_slice text, struct aur_part *p)
{
	static const struct aur__word words[] = {
	    {"pgpgin", AUR_VMSTAT_pgpgin},
	    {"pgpgout", AUR_VMSTAT_pgpgout},
	    {"pswpin", AUR_VMSTAT_pswpin},
	    {"pswpout", AUR_VMSTAT_pswpout},
	    {"pgfault", AUR_VMSTAT_pgfault},
	    {"pgmajfault", AUR_VMSTAT_pgmajfault},
	    {"oom_kill", AUR_VMSTAT_oom_kill},
	};
	ptrdiff_t i = aur_part_one(p);
	struct aur_slice line, key;
	size_t hint = 0;
	uint64_t v;

	if (i < 0)
		return (int)i;
	while (aur_slice_line(&text, &line)) {
		int row;

		/* 160 lines and more, of which few begin like ours. */
		if (line.n < 8 || (line.p[0] != 'p' && line.p[0] != 'o') ||
		    (line.p[1] != 'g' && line.p[1] != 's' &&
			line.p[1] != 'o') ||
		    !aur_slice_until(&line, ' ', &key))
			continue;
		row = aur__word_find(words, AUR_ARRAY_LEN(words), key, &hint);
		if (row >= 0 && aur_scan_next_u64(&line, &v))
			aur_part_set(p, 0, words[row].field, v);
	}
	if (p->have[0] != 0)
		return 0;
	aur_part_clear(p);
	return AUR_EINVALID;
}

bool aur__parse_pressure(
    struct aur_slice text, struct aur_part *p, size_t i, int some, int full)
{
	struct aur_slice line, word;
	bool any = false;

	while (aur_slice_line(&text, &line)) {
		int f = aur_slice_starts(line, "some ")	  ? some
			: aur_slice_starts(line, "full ") ? full
							  : -1;

		while (f >= 0 && aur_slice_word(&line, &word)) {
			uint64_t v;

			if (!aur_slice_starts(word, "total="))
				continue;
			word = aur_slice_of(word.p + 6, word.n - 6);
			if (aur_scan_u64(word, &v) < 0)
				continue;
			aur_part_set(p, i, (size_t)f, v);
			any = true;
		}
	}
	return any;
}
