/* SPDX-License-Identifier: MIT */
/*
 * lib/ssh/session against what is no SSH server: bytes out of memory. Real
 * ones are in tests/ssh/session.test.
 */
#include "tests/harness/fail.h"
#include "tests/harness/tap.h"

#include "base/err.h"
#include "ssh/session.h"

#include <fcntl.h>
#include <unistd.h>

struct fake {
	struct aur_slice says; /* what is left of it */
	bool ends;	       /* and then it closes; else it is silent */
	bool endless;	       /* it says it again and again */
	uint64_t heard, said;
	struct aur_slice all;
};

static int64_t on_send(void *arg, struct aur_slice bytes)
{
	struct fake *f = arg;

	f->heard += bytes.n;
	return (int64_t)bytes.n;
}

static int64_t on_recv(void *arg, uint8_t *p, size_t n)
{
	struct fake *f = arg;

	if (f->says.n == 0 && f->endless)
		f->says = f->all;
	if (f->says.n == 0)
		return f->ends ? AUR_ECLOSED : 0;
	if (n > f->says.n)
		n = f->says.n;
	memcpy(p, f->says.p, n);
	f->says.p += n;
	f->says.n -= n;
	f->said += n;
	return (int64_t)n;
}

struct world {
	struct aur_ssh_ring *ring;
	int fd;
};

static void setup(struct world *w)
{
	w->fd = open("/dev/null", O_RDWR | O_NONBLOCK);
	if (w->fd < 0 || aur_ssh_ring_new(&w->ring) < 0)
		_exit(99);
}

static void teardown(struct world *w)
{
	aur_ssh_ring_free(w->ring);
	close(w->fd);
}

static int make(struct world *w, struct fake *f, struct aur_ssh_session **ret_s)
{
	struct aur_ssh_options o = {.user = "nobody",
	    .host = {.name = "fake"},
	    .ring = w->ring,
	    .patience = aur_span_seconds(5)};
	struct aur_ssh_io io = {on_send, on_recv, f, w->fd};

	f->all = f->says;
	return aur_ssh_session_new(ret_s, &o, &io);
}

/* Steps until it is over, at most a thousand times. */
static void expect(struct world *w, struct fake *f,
    enum aur_ssh_outcome outcome, const char *part, const char *text)
{
	struct aur_ssh_session *s;
	const struct aur_ssh_failure *why;
	struct aur_mono now = {.ns = 1};
	int rc = 0;

	if (make(w, f, &s) < 0)
		_exit(99);
	for (int i = 0; i < 1000 && rc == 0; i++) {
		rc = aur_ssh_session_step(s, now);
		if ((aur_ssh_session_wants(s) & AUR_SSH_WANT_STEP) == 0)
			now.ns += AUR_SECOND_NS;
	}
	why = aur_ssh_session_failure(s);
	tap_ok(rc < 0 && why->outcome == outcome, "%s (%s)", text, why->what);
	tap_ok(strstr(why->what, part) != NULL, "%s: says so", text);
	tap_ok(aur_ssh_session_step(s, now) == rc, "and it stays so");
	aur_ssh_session_free(s);
}

static void test_strangers(void)
{
	static uint8_t noise[4096];
	struct world w;
	struct fake f;

	setup(&w);
	f = (struct fake){.says = {NULL, 0}, .ends = true};
	expect(&w, &f, AUR_SSH_END_CLOSED, "closed", "an end at once");
	f = (struct fake){.says = {NULL, 0}};
	expect(&w, &f, AUR_SSH_END_LATE, "in time", "silence");
	f = (struct fake){
	    .says = aur_slice_str("HTTP/1.1 400 \033[31mBad\r\n\r\n"),
	    .ends = true};
	expect(&w, &f, AUR_SSH_END_GARBAGE, "HTTP/1.1 400  [31mBad",
	    "a web server, its escapes cleaned");
	f = (struct fake){
	    .says = aur_slice_str("Exceeded MaxStartups\r\n"), .ends = true};
	expect(&w, &f, AUR_SSH_END_BUSY, "MaxStartups", "a full one");
	f = (struct fake){.says = aur_slice_str("Not allowed at this time\r\n"),
	    .ends = true};
	expect(&w, &f, AUR_SSH_END_BUSY, "Not allowed", "a penalty");
	f = (struct fake){.says = aur_slice_str("la la la\n"), .endless = true};
	expect(&w, &f, AUR_SSH_END_GARBAGE, "la la la", "an endless song");
	tap_ok(f.said < 65536, "that is not heard out (%d bytes)", (int)f.said);
	for (size_t i = 0; i < sizeof noise; i++)
		noise[i] = (uint8_t)(i * 7919 >> 3);
	f = (struct fake){
	    .says = aur_slice_of(noise, sizeof noise), .ends = true};
	expect(&w, &f, AUR_SSH_END_GARBAGE, "no SSH server", "noise");
	f = (struct fake){
	    .says = aur_slice_str("SSH-2.0-x\r\n\377\377\377\377zzzzzzzzzzz"),
	    .ends = true};
	expect(&w, &f, AUR_SSH_END_GARBAGE, "key exchange", "a frame of 4 GB");
	f = (struct fake){.says = aur_slice_str("SSH-2.0-x\r\n"), .ends = true};
	expect(&w, &f, AUR_SSH_END_CLOSED, "closed", "a banner and an end");
	teardown(&w);
}

static void test_memory(void)
{
	struct aur_ssh_session *s = NULL;
	struct world w;
	unsigned long nth;
	int rc = AUR_ENOMEM;

	setup(&w);
	for (nth = 1; fail_begin(nth); nth++) {
		struct fake f = {.says = aur_slice_str("SSH-2.0-x\r\n")};

		rc = make(&w, &f, &s);
		if (rc == 0) {
			rc =
			    aur_ssh_session_step(s, (struct aur_mono){.ns = 1});
			aur_ssh_session_free(s);
		}
		if (!fail_end())
			break;
	}
	tap_eq_int(rc, 0, "no allocation is taken for granted");
	tap_ok(nth > 20, "of %lu", nth - 1);
	teardown(&w);
}

int main(void)
{
	test_strangers();
	test_memory();
	return tap_done();
}
