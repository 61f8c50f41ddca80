/* SPDX-License-Identifier: MIT */
/*
 * An agent that hears any bytes, before a machine of dice. A first byte of 0
 * puts the magic line and a hello before them.
 */
#include "agentd/daemon_report.h"
#include "base/limits.h"
#include "tests/unit/wire_source.h"
#include "wire/frame.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int begin(struct serve *s, struct serve_now now)
{
	static const char hello[] = AUR_WIRE_PREAMBLE "\x0a\0\1\1\1x\0\0\0\0\0";

	return serve_put(s, aur_slice_of(hello, sizeof(hello) - 1), now);
}

/* A service makes an event of it; nothing but what was checked is in there. */
static void on_report(void *arg, const struct aur_event *said)
{
	char digits[REPORT_DIGITS];
	struct aur_event e;

	(void)arg;
	if (report_check(said, 1000, digits, &e) == 0 &&
	    (e.npair < 3 || e.npair > AUR_EVENT_PAIRS ||
		!aur_slice_is(e.pair[e.npair - 1].key, "uid")))
		abort();
}

static int on_team(
    struct aur_slice id, struct aur_buf *ret_file, struct aur_buf *text)
{
	(void)text;
	return id.n > 8 ? aur_buf_add_slice(ret_file, id) : AUR_EABSENT;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const size_t blocks[] = {1, AUR_MAX_PIECE + 1, 100000, 400000};
	struct fake fake = {.strs = aur_strs_new(AUR_MAX_STRING_BYTES),
	    .block = blocks,
	    .nblock = AUR_ARRAY_LEN(blocks)};
	struct serve_source source = fake_source(&fake);
	struct serve_options options = {.member = "m", .team = on_team};
	struct serve_now now = {{1}, {1}};
	struct serve *s;
	int rc;

	source.report = on_report;
	source.kept = fake_kept();
	dice_state = 1;
	if (size == 0 || fake.strs == NULL ||
	    serve_new(&s, &source, &options, now) < 0) {
		fake_release(&fake);
		return 0;
	}
	rc = data[0] == 0 ? begin(s, now) : 0;
	for (size_t i = 1; rc == 0 && i < size; i += 64) {
		size_t n = size - i < 64 ? size - i : 64;

		rc = serve_put(s, aur_slice_of(data + i, n), now);
		now.mono.ns += 700000000;
		now.wall.ns += 700000000;
		if (rc == 0)
			rc = serve_step(s, now);
		serve_sent(s, serve_out(s).n);
	}
	serve_free(s);
	fake_release(&fake);
	return 0;
}
