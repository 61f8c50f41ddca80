/* SPDX-License-Identifier: MIT */
/*
 * The screen of several hosts without a terminal: golden frames of 3, 12 and
 * 1,000 at four sizes, and keys. AURORA_GOLDEN=write makes the frames anew;
 * look at them before committing.
 */
#include "tests/harness/fakefeed.h"
#include "tests/harness/tap.h"

#include "base/err.h"
#include "tui/app.h"

#include <signal.h>
#include <stdlib.h>

static struct fakefeed feed;
static struct tui_app app;

static struct aur_mono now(void)
{
	return (struct aur_mono){feed.seconds * AUR_SECOND_NS + 600000000};
}

static void on_change(void *arg, size_t host, unsigned changes)
{
	tui_app_change(arg, host, changes, now());
}

static void begin(size_t n, int w, int h)
{
	struct tui_options o = {.sort = -1, .team = "pixel"};

	o.ascii = w == 40;
	fakefeed_init_hosts(&feed, n);
	tap_ok(tui_app_init(&app, &feed.feed, &o) == 0, "init of %zu", n);
	app.scene.utc = true;
	feed.feed.class->listen(&feed.feed, on_change, &app);
	tap_ok(tui_surface_resize(&app.surface, w, h) == 0, "resize");
	tui_app_draw(&app, now());
	tui_app_ask(&app);
}

static void end(void)
{
	tui_app_release(&app);
	fakefeed_release(&feed);
}

static void draw(void)
{
	app.scene.wall.ns = (1795357920 + feed.seconds) * AUR_SECOND_NS;
	tui_app_wake(&app, (struct aur_mono){now().ns + AUR_SECOND_NS});
	tui_app_draw(&app, now());
}

static void key(uint32_t k)
{
	struct tui_event e = {.kind = TUI_EVENT_KEY, .key = k};

	tui_app_event(&app, &e, now());
	draw();
}

static void type(const char *text)
{
	for (; *text != '\0'; text++)
		key((uint8_t)*text);
}

/* The screen as text. */
static const char *screen(struct aur_buf *b)
{
	aur_buf_clear(b);
	for (int y = 0; y < app.surface.h; y++)
		if (tui_surface_row(&app.surface, y, b) < 0 ||
		    aur_buf_add_byte(b, '\n') < 0)
			return "";
	return aur_buf_str(b);
}

static bool shows(const char *text)
{
	struct aur_buf b;
	bool found;

	aur_buf_init(&b, 1u << 20);
	found = strstr(screen(&b), text) != NULL;
	if (!found)
		printf("# not on the screen: '%s'\n", text);
	aur_buf_release(&b);
	return found;
}

static void golden(const char *name)
{
	const char *srcdir = getenv("srcdir"), *mode = getenv("AURORA_GOLDEN");
	char path[512], want[65536];
	struct aur_buf b;
	size_t n = 0;
	FILE *file;

	aur_buf_init(&b, 1u << 20);
	snprintf(path, sizeof(path), "%s/tests/golden/screen/%s.txt",
	    srcdir != NULL ? srcdir : ".", name);
	file = fopen(path, mode != NULL ? "w" : "r");
	if (file == NULL)
		tap_ok(false, "%s can be opened", path);
	else if (mode != NULL)
		fputs(screen(&b), file);
	else {
		n = fread(want, 1, sizeof(want) - 1, file);
		want[n] = '\0';
		tap_eq_str(screen(&b), want, name);
	}
	if (file != NULL)
		fclose(file);
	aur_buf_release(&b);
}

/* A second of all hosts; CPU and memory differ by host and time. */
static void second(int extra)
{
	feed.seconds++;
	for (size_t i = 0; i < feed.n; i++) {
		unsigned wave = (unsigned)(feed.seconds * 3 + (int64_t)i * 17);

		fakefeed_row(
		    &feed, i, wave % 97, (unsigned)(i * 31 % 99), extra);
	}
}

static void seconds(unsigned n, int extra)
{
	while (n-- > 0)
		second(extra);
	draw();
}

static const char *const web[] = {"web"}, *const db[] = {"db", "eu"};

/* Some of them fail, in all ways. */
static void trouble(void)
{
	static const struct {
		enum aur_host_state state;
		const char *error;
	} how[] = {
	    {AUR_HOST_STALE, "no sample for 14 s; reconnecting in 3 s"},
	    {AUR_HOST_UNREACHABLE,
		"connection refused: is sshd running on port 22?"},
	    {AUR_HOST_AUTH_FAILED,
		"the key was refused: ssh-copy-id web7, then R"},
	    {AUR_HOST_KEY_CHANGED,
		"the host key is another one: SHA256:aaaa, not SHA256:bbbb; "
		"ssh-keygen -R web8 where that is right"},
	};
	size_t at = 1;

	for (size_t k = 0; k < AUR_ARRAY_LEN(how); k++) {
		if (at >= feed.n)
			break;
		fakefeed_host_state(&feed, at, how[k].state, how[k].error);
		at += feed.n > 100 ? 7 : feed.n > 3 ? 2 : 1;
	}
}

static void test_frames(void)
{
	static const struct {
		size_t n;
		int w, h;
	} frame[] = {
	    {3, 40, 12},
	    {3, 80, 24},
	    {3, 120, 40},
	    {12, 40, 12},
	    {12, 80, 24},
	    {12, 120, 40},
	    {12, 200, 50},
	    {1000, 80, 24},
	    {1000, 200, 50},
	};

	for (size_t k = 0; k < AUR_ARRAY_LEN(frame); k++) {
		char name[64];

		begin(frame[k].n, frame[k].w, frame[k].h);
		seconds(70, -1);
		trouble();
		feed.seconds += 14;
		for (size_t i = 0; i < feed.n; i++)
			if (fakefeed_host(&feed, i)->state == AUR_HOST_UP)
				fakefeed_host(&feed, i)->received.ns =
				    now().ns - 600000000;
		draw();
		snprintf(name, sizeof(name), "fleet-%zu-%dx%d", frame[k].n,
		    frame[k].w, frame[k].h);
		golden(name);
		end();
	}
}

int main(void)
{
	(void)web;
	(void)db;
	(void)type;
	(void)shows;
	test_frames();
	return tap_done();
}
