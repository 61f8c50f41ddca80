/* SPDX-License-Identifier: MIT */
/*
 * The real service, recording, and killed at random moments: while it runs,
 * while it starts, and while it ends and seals. What stood in its files when
 * it died must be there at the end, each second once, in order. With AUR_LONG
 * 200 times.
 */
#include "agentd/daemon_spool_int.h"
#include "base/err.h"
#include "base/limits.h"
#include "tests/harness/service.h"
#include "wire/frame.h"
#include "wire/msg.h"

#define DEATHS 8
#define DEATHS_LONG 200
#define MOST 100000

static char spool[96];
static int64_t seen[MOST]; /* ms of seconds that stood in a file */
static size_t nseen;
static int64_t kept[MOST]; /* that a walk found */
static int64_t kept_mono[MOST];
static size_t nkept;
static uint64_t number[MOST]; /* of events */
static size_t nevent, nstart, nkilled;
static unsigned tables, bad;

static uint32_t dice(uint32_t n)
{
	static uint32_t state = 1;

	state = state * 1664525u + 1013904223u; /* Numerical Recipes */
	return (state >> 8) % n;
}

/* --- what stands in the files --------------------------------------------- */

static size_t open_seconds(int64_t *ms, size_t most)
{
	char path[160];
	struct aur_buf buf;
	struct record r;
	struct stat st;
	uint64_t at = 0;
	size_t n = 0;
	int fd;

	snprintf(path, sizeof(path), "%s/" SPOOL_OPEN, spool);
	fd = open(path, O_RDONLY);
	if (fd < 0 || fstat(fd, &st) < 0)
		return 0;
	aur_buf_init(&buf, AUR_MAX_SPOOL_RECORD);
	while (n < most &&
	       spool__record_read(fd, &at, (uint64_t)st.st_size, &buf, &r) == 0)
		if (r.kind == RECORD_SYSTEM)
			ms[n++] = r.at.ns / 1000000;
	aur_buf_release(&buf);
	close(fd);
	return n;
}

/* Waits until the open segment has a second more. */
static bool await_second(size_t before)
{
	struct aur_mono since = aur_clock_mono();
	static int64_t some[MOST];

	while (!late(since)) {
		if (open_seconds(some, MOST) > before)
			return true;
		nap();
	}
	return false;
}

static void remember(void)
{
	nseen += open_seconds(seen + nseen, MOST - nseen);
}

/* --- what a walk finds ---------------------------------------------------- */

static void take_events(struct aur_slice block)
{
	struct aur_buf buf;
	struct aur_slice in;
	struct aur_frame f;
	struct aur_event e;

	aur_buf_init(&buf, AUR_MAX_BLOCK_RAW);
	bad += aur_block_open_frames(block, &buf) < 0;
	in = aur_buf_peek(&buf);
	while (aur_frame_take(&in, &f) > 0) {
		bad += aur_event_take(f.payload, &e) < 0;
		if (nevent < MOST)
			number[nevent++] = e.number;
		nstart += aur_slice_is(e.kind, "agent_start");
		for (size_t i = 0; i < e.npair; i++)
			nkilled += aur_slice_is(e.pair[i].key, "before") &&
				   aur_slice_is(e.pair[i].value, "killed");
	}
	aur_buf_release(&buf);
}

static void take_times(struct aur_slice block)
{
	struct aur_times t = {0};

	if (aur_times_open(&t, block, NULL) < 0) {
		bad++;
		return;
	}
	for (size_t i = 0; i < t.n && nkept < MOST; i++) {
		kept[nkept] = t.wall[i].ns / 1000000;
		kept_mono[nkept++] = t.mono[i].ns;
	}
	aur_times_release(&t);
}

static void walk(void)
{
	struct aur_strs *strs = aur_strs_new(AUR_MAX_STRING_BYTES);
	struct spool_options o = {.folder = spool,
	    .most_bytes = UINT64_MAX,
	    .most_age = {INT64_MAX},
	    .strs = strs};
	struct serve_now now = {aur_clock_mono(), aur_clock_wall()};
	struct aur_wall from = {0}, to = {INT64_MAX};
	struct spool_walk *w = NULL;
	struct spool *s = NULL;
	struct aur_block block;
	struct aur_buf buf;
	char why[256] = "";
	int rc;

	/* no boot of ours: what is open gets sealed */
	rc = spool_open(&s, &o, now, why, sizeof(why));
	tap_ok(rc == 0, "what it left can be opened %s", why);
	aur_buf_init(&buf, AUR_MAX_BLOCK);
	if (rc == 0)
		rc = spool_walk_begin(s, 7, from, to, &w);
	while (rc == 0 && (rc = spool_walk_next(w, &buf)) == 0) {
		bad += aur_block_head(aur_buf_peek(&buf), &block) < 0;
		if (block.kind == AUR_BLOCK_TIMES)
			take_times(block.bytes);
		if (aur_slice_is(block.name, "event"))
			take_events(block.bytes);
		tables += aur_slice_is(block.name, "process") ? block.rows : 0;
	}
	spool_walk_end(w);
	aur_buf_release(&buf);
	spool_close(s, now);
	aur_strs_unref(strs);
}

/* --- the test ------------------------------------------------------------- */

static int by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static size_t twice(int64_t *v, size_t n)
{
	size_t same = 0;

	qsort(v, n, sizeof(*v), by_value);
	for (size_t i = 1; i < n; i++)
		same += v[i] == v[i - 1];
	return same;
}

/* One life and its end. Whether it was ended well. */
static bool live(unsigned i)
{
	pid_t pid = spawn_service();
	bool gently = i % 4 == 3;
	int status;

	if (i % 4 != 2) {
		/* a second of its own, unless it is to die while it starts */
		static int64_t some[MOST];

		await_second(open_seconds(some, MOST));
	}
	poll(NULL, 0, (int)dice(i % 4 == 2 ? 100 : 1500));
	if (gently || i % 4 == 1) {
		remember(); /* sealing moves them */
		kill(pid, SIGTERM);
		if (!gently)
			usleep(dice(8000));
	}
	if (!gently)
		kill(pid, SIGKILL);
	status = await_end(pid);
	if (status == -1000)
		end_service(pid, SIGKILL);
	remember();
	return status == 0;
}

static void test_deaths(unsigned deaths)
{
	unsigned well = 0;
	size_t missing = 0, n;

	for (unsigned i = 0; i < deaths; i++)
		well += live(i);
	tap_ok(well >= deaths / 4, "%u lives, %u ended well", deaths, well);
	walk();
	tap_eq_u64(bad, 0, "all that is kept is sound");
	n = nkept;
	tap_ok(n >= deaths / 2, "%zu seconds, %u tables, %zu events", n, tables,
	    nevent);
	tap_eq_u64(twice(kept_mono, n), 0, "no second twice");
	tap_eq_u64(twice(kept, n), 0, "by no clock");
	(void)twice(seen, nseen);
	for (size_t i = 0; i < nseen; i++)
		missing +=
		    bsearch(&seen[i], kept, n, sizeof(*kept), by_value) == NULL;
	tap_ok(nseen >= n / 2, "%zu were seen in a file", nseen);
	tap_eq_u64(missing, 0, "and each of them is kept");
	tap_ok(nstart >= deaths / 2 && nkilled >= deaths / 8,
	    "%zu starts are told, %zu after a kill", nstart, nkilled);
	tap_eq_u64(twice((int64_t *)number, nevent), 0,
	    "no two events have one number");
}

int main(void)
{
	if (service_begin()) {
		snprintf(spool, sizeof(spool), "%s/spool", folder);
		setenv("STATE_DIRECTORY", folder, 1);
		settings("{\"process_interval\":1}");
		test_deaths(getenv("AUR_LONG") != NULL ? DEATHS_LONG : DEATHS);
		service_remove_spool();
		service_end();
	}
	return tap_done();
}
