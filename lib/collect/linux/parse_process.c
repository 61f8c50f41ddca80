/* SPDX-License-Identifier: MIT */
/*
 * stat is read for every process that ran, so it is read by one walk over the
 * numbers behind the last ')': a name may hold anything, ')' and newlines
 * included. The other files are lines of "key: value" in no promised order.
 */
#include "collect/linux/parse_process.h"

#include "base/err.h"
#include "base/scan.h"

#include <stdio.h>

/* Fields of stat by their number in proc(5); those before 4 are no numbers. */
enum {
	STAT_PARENT = 4,
	STAT_SESSION = 6,
	STAT_TTY = 7,
	STAT_FLAGS = 9,
	STAT_MINOR = 10,
	STAT_MAJOR = 12,
	STAT_USER = 14,
	STAT_SYSTEM = 15,
	STAT_PRIORITY = 18,
	STAT_NICE = 19,
	STAT_THREADS = 20,
	STAT_START = 22,
	STAT_VIRTUAL = 23,
	STAT_RSS = 24,
	STAT_START_CODE = 26,
	STAT_START_STACK = 28,
	STAT_PROCESSOR = 39,
	STAT_END = 40,
};

static const uint8_t *last_paren(struct aur_slice s)
{
	for (size_t i = s.n; i > 0; i--)
		if (s.p[i - 1] == ')')
			return s.p + i - 1;
	return NULL;
}

/* Fills v[4..STAT_END) as far as numbers go; negative ones as two's
 * complement. Gives the number of the field where it ended. */
static size_t stat_numbers(struct aur_slice s, uint64_t v[STAT_END])
{
	size_t i = 4;

	while (i < STAT_END) {
		const uint8_t *p = s.p, *end = s.p + s.n;

		while (p < end && *p == ' ')
			p++;
		s = aur_slice_of(p, (size_t)(end - p));
		if (s.n > 0 && *p == '-') {
			int64_t n;

			if (!aur_scan_next_i64(&s, &n))
				break;
			v[i] = (uint64_t)n;
		} else if (!aur_scan_next_u64(&s, &v[i])) {
			break;
		}
		i++;
	}
	return i;
}

static bool split_stat(
    struct aur_slice *text, struct aur_slice *ret_comm, char *ret_state)
{
	struct aur_slice s = *text;
	const uint8_t *close;
	uint64_t pid;

	if (!aur_scan_next_u64(&s, &pid) || s.n < 2 || s.p[0] != ' ' ||
	    s.p[1] != '(')
		return false;
	s = aur_slice_of(s.p + 2, s.n - 2);
	close = last_paren(s);
	if (close == NULL || s.p + s.n - close < 4 || close[1] != ' ' ||
	    close[2] < 'A' || close[2] > 'z' || close[3] != ' ')
		return false;
	*ret_comm = aur_slice_of(s.p, (size_t)(close - s.p));
	*ret_state = (char)close[2];
	*text = aur_slice_of(close + 3, (size_t)(s.p + s.n - (close + 3)));
	return true;
}

int aur__parse_stat(struct aur_slice text, struct aur__stat *ret_stat)
{
	uint64_t v[STAT_END] = {0};
	struct aur_slice comm;
	char state;

	if (!split_stat(&text, &comm, &state))
		return AUR_EINVALID;
	if (stat_numbers(text, v) <= STAT_RSS)
		return AUR_ETRUNCATED;
	*ret_stat = (struct aur__stat){
	    .comm = comm,
	    .state = state,
	    .priority = (int64_t)v[STAT_PRIORITY],
	    .nice = (int64_t)v[STAT_NICE],
	    .parent = v[STAT_PARENT],
	    .session = v[STAT_SESSION],
	    .tty = v[STAT_TTY],
	    .flags = v[STAT_FLAGS],
	    .minor_faults = v[STAT_MINOR],
	    .major_faults = v[STAT_MAJOR],
	    .user_ticks = v[STAT_USER],
	    .system_ticks = v[STAT_SYSTEM],
	    .start_ticks = v[STAT_START],
	    .threads = v[STAT_THREADS],
	    .virtual_bytes = v[STAT_VIRTUAL],
	    .rss_pages = (int64_t)v[STAT_RSS] < 0 ? 0 : v[STAT_RSS],
	    .processor = v[STAT_PROCESSOR],
	    .image = v[STAT_START_CODE] * 31 + v[STAT_START_STACK],
	};
	return 0;
}

int aur__parse_statm(struct aur_slice text, uint64_t *ret_shared_pages)
{
	uint64_t v[3];

	for (size_t i = 0; i < 3; i++)
		if (!aur_scan_next_u64(&text, &v[i]))
			return AUR_EINVALID;
	*ret_shared_pages = v[2];
	return 0;
}

/* The number behind a key, in kB, as bytes. */
static bool kilobytes(struct aur_slice value, uint64_t *ret)
{
	uint64_t kb;

	if (!aur_scan_next_u64(&value, &kb) || kb > UINT64_MAX / 1024)
		return false;
	*ret = kb * 1024;
	return true;
}

static void status_line(
    struct aur_slice key, struct aur_slice value, struct aur__status *st)
{
	struct aur_slice word;
	uint64_t n;

	if (aur_slice_is(key, "Uid")) {
		if (aur_scan_next_u64(&value, &n) &&
		    aur_scan_next_u64(&value, &st->uid))
			st->have |= AUR__STATUS_UID;
	} else if (aur_slice_is(key, "Groups")) {
		st->groups = value;
	} else if (aur_slice_is(key, "Cpus_allowed_list")) {
		if (aur_slice_word(&value, &word))
			st->cpus = word;
	} else if (aur_slice_is(key, "VmSwap")) {
		if (kilobytes(value, &st->swap))
			st->have |= AUR__STATUS_SWAP;
	} else if (aur_slice_is(key, "RssFile") ||
		   aur_slice_is(key, "RssShmem")) {
		if (kilobytes(value, &n) && st->shared + n >= n) {
			st->shared += n;
			st->have |= AUR__STATUS_SHARED;
		}
	} else if (aur_slice_is(key, "CapEff")) {
		if (aur_slice_word(&value, &word) &&
		    aur_scan_hex(word, &st->caps) == 0)
			st->have |= AUR__STATUS_CAPS;
	}
}

int aur__parse_status(struct aur_slice text, struct aur__status *ret_status)
{
	struct aur__status st = {0};
	struct aur_slice line, key;
	bool any = false;

	while (aur_slice_line(&text, &line)) {
		if (!aur_slice_until(&line, ':', &key))
			continue;
		any = true;
		status_line(key, line, &st);
	}
	if (!any)
		return AUR_EINVALID;
	*ret_status = st;
	return 0;
}

int aur__parse_io(
    struct aur_slice text, uint64_t *ret_read, uint64_t *ret_written)
{
	struct aur_slice line, key;
	uint64_t got = 0, put = 0;
	unsigned have = 0;

	while (aur_slice_line(&text, &line)) {
		if (!aur_slice_until(&line, ':', &key))
			continue;
		if (aur_slice_is(key, "read_bytes") &&
		    aur_scan_next_u64(&line, &got))
			have |= 1;
		if (aur_slice_is(key, "write_bytes") &&
		    aur_scan_next_u64(&line, &put))
			have |= 2;
	}
	if (have != 3)
		return AUR_EINVALID;
	*ret_read = got;
	*ret_written = put;
	return 0;
}

/* A line "number:controllers:path". */
static bool cgroup_line(struct aur_slice line, struct aur_slice *ret_list,
    struct aur_slice *ret_path)
{
	struct aur_slice number;

	if (!aur_slice_until(&line, ':', &number) ||
	    !aur_slice_until(&line, ':', ret_list) || line.n == 0 ||
	    line.p[0] != '/')
		return false;
	*ret_path = line;
	return true;
}

int aur__parse_cgroup(struct aur_slice text, struct aur_slice *ret_path)
{
	struct aur_slice line, list, path, found = {0};
	int best = 0; /* 1 any at "/", 2 a controller, 3 systemd, 4 unified */

	while (aur_slice_line(&text, &line)) {
		int rank = 2;

		if (!cgroup_line(line, &list, &path))
			continue;
		if (list.n == 0)
			rank = 4;
		else if (aur_slice_is(list, "name=systemd"))
			rank = 3;
		if (path.n == 1)
			rank = 1;
		if (rank > best) {
			best = rank;
			found = path;
		}
	}
	if (best == 0)
		return AUR_EINVALID;
	*ret_path = found;
	return 0;
}

/* Whether `word` is in the comma-separated `list`. */
static bool in_list(struct aur_slice list, const char *word)
{
	struct aur_slice part;

	while (aur_slice_until(&list, ',', &part))
		if (aur_slice_is(part, word))
			return true;
	return aur_slice_is(list, word);
}

bool aur__parse_cgroup_of(
    struct aur_slice text, const char *controller, struct aur_slice *ret_path)
{
	struct aur_slice line, list, path;

	while (aur_slice_line(&text, &line)) {
		if (!cgroup_line(line, &list, &path) ||
		    !in_list(list, controller))
			continue;
		*ret_path = path;
		return true;
	}
	return false;
}

static unsigned hidepid_level(struct aur_slice value)
{
	static const struct {
		const char *word;
		unsigned level;
	} words[] = {
	    {"off", 0},
	    {"noaccess", 1},
	    {"invisible", 2},
	    {"ptraceable", 4},
	};
	uint64_t n;

	if (aur_scan_u64(value, &n) == 0)
		return n <= 4 ? (unsigned)n : 0;
	for (size_t i = 0; i < AUR_ARRAY_LEN(words); i++)
		if (aur_slice_is(value, words[i].word))
			return words[i].level;
	return 0;
}

/* One comma-separated option of the mount. */
static void hidepid_option(
    struct aur_slice option, unsigned *level, uint64_t *gid)
{
	struct aur_slice key;
	uint64_t n;

	if (!aur_slice_until(&option, '=', &key))
		return;
	if (aur_slice_is(key, "hidepid"))
		*level = hidepid_level(option);
	else if (aur_slice_is(key, "gid") && aur_scan_u64(option, &n) == 0)
		*gid = n;
}

bool aur__parse_hidepid(
    struct aur_slice text, unsigned *ret_hidepid, uint64_t *ret_gid)
{
	struct aur_slice line, word, option, last;
	bool found = false;

	while (aur_slice_line(&text, &line)) {
		unsigned level = 0;
		uint64_t gid = UINT64_MAX;
		size_t at = 0;
		bool here = false;

		last = (struct aur_slice){0};
		while (aur_slice_word(&line, &word)) {
			if (++at == 5)
				here = aur_slice_is(word, "/proc");
			last = word;
		}
		if (!here || at < 10)
			continue;
		while (aur_slice_until(&last, ',', &option))
			hidepid_option(option, &level, &gid);
		hidepid_option(last, &level, &gid);
		*ret_hidepid = level;
		*ret_gid = gid;
		found = true; /* a later mount hides an earlier one */
	}
	return found;
}

void aur__tty_name(uint64_t tty, char out[24])
{
	/* The kernel's new_encode_dev() (include/linux/kdev_t.h); majors from
	 * its admin-guide/devices.txt. */
	unsigned major = (tty >> 8) & 0xfff;
	unsigned minor = (unsigned)((tty & 0xff) | ((tty >> 12) & 0xfff00));

	out[0] = '\0';
	if (tty == 0)
		return;
	if (major >= 136 && major <= 143)
		snprintf(out, 24, "pts/%u", minor + ((major - 136) & 7) * 256);
	else if (major == 4 && minor < 64)
		snprintf(out, 24, "tty%u", minor);
	else if (major == 4)
		snprintf(out, 24, "ttyS%u", minor - 64);
	else if (major == 204 && minor >= 64)
		snprintf(out, 24, "ttyAMA%u", minor - 64);
	else if (major == 229)
		snprintf(out, 24, "hvc%u", minor);
	else if (major == 5 && minor == 1)
		snprintf(out, 24, "console");
	else
		snprintf(out, 24, "%u:%u", major, minor);
}
