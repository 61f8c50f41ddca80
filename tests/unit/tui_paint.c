/* SPDX-License-Identifier: MIT */
/*
 * Frames as bytes: a terminal's model that gets nothing but the differences
 * shows what the surface has, whatever was drawn before.
 */
#include "tests/harness/screen.h"
#include "tests/harness/tap.h"

#include "base/text.h"
#include "tui/ansi.h"
#include "tui/paint.h"

#include <locale.h>

#define W 30
#define H 6

static struct tui_surface old, now;
static struct tui_paint paint;
static struct screen *screen;
static uint32_t seed = 1;

static void move(int x, int y, char *out)
{
	snprintf(out, TUI_PAINT_TEXT, "\033[%d;%dH", y + 1, x + 1);
}

static void column(int x, char *out)
{
	snprintf(out, TUI_PAINT_TEXT, "\033[%dG", x + 1);
}

static void right(int n, char *out)
{
	snprintf(out, TUI_PAINT_TEXT, "\033[%dC", n);
}

static void begin(void)
{
	paint = (struct tui_paint){.start = "\033(B\033[m",
	    .plain = "\033[m",
	    .no_color = "\033[39;49m",
	    .attr = {"\033[1m", "\033[7m", "\033[4m", "\033[2m"},
	    .erase = "\033[K",
	    .clear = "\033[H\033[2J",
	    .insert = "\033[@",
	    .delete = "\033[P",
	    .down = "\033[B",
	    .move = move,
	    .column = column,
	    .right = right};
	for (int i = 0; i < TUI_ROLE_COUNT; i++) {
		struct tui_look *l = &paint.look[i];

		*l = tui_theme_look(
		    TUI_THEME_DEFAULT, TUI_GROUND_AUTO, (enum tui_role)i, 256);
		if (l->fg >= 0)
			snprintf(paint.fg[i], TUI_PAINT_TEXT, "\033[38;5;%dm",
			    l->fg);
		if (l->bg >= 0)
			snprintf(paint.bg[i], TUI_PAINT_TEXT, "\033[48;5;%dm",
			    l->bg);
	}
}

static unsigned next(unsigned n)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 16) % n;
}

/* What a cell shows. */
static bool agrees(int x, int y)
{
	const struct tui_cell *c = tui_surface_at(&now, x, y);
	const struct screen_cell *s = screen_cell(screen, y, x);
	struct tui_look l = paint.look[c->role];
	unsigned attr = (unsigned)(l.attr | c->attr);
	struct aur_slice text = aur_slice_str(s->text);
	bool space = c->c == ' ';

	if (c->width == 0)
		return s->width == 0;
	if (s->width != c->width || aur_text_take(&text) != c->c)
		return false;
	if (s->bg != l.bg || (!space && s->fg != l.fg))
		return false;
	if (((attr & TUI_REVERSE) != 0) != ((s->attr & SCREEN_REVERSE) != 0))
		return false;
	return space ||
	       ((attr & TUI_BOLD) != 0) == ((s->attr & SCREEN_BOLD) != 0);
}

/* Paints and compares; the bytes it took. */
static size_t shown(const char *text)
{
	struct aur_buf b;
	size_t n;
	int bad = 0;

	aur_buf_init(&b, 1u << 20);
	if (tui_paint_frame(&paint, &old, &now, &b) < 0)
		tap_ok(false, "%s: painted", text);
	n = b.n;
	screen_feed(screen, aur_buf_peek(&b).p, n);
	for (int y = 0; y < H; y++)
		for (int x = 0; x < W; x++)
			if (!agrees(x, y) && bad++ == 0)
				tap_ok(false, "%s: cell %d,%d is '%s'", text, x,
				    y, screen_cell(screen, y, x)->text);
	if (tui_surface_resize(&old, W, H) == 0)
		memcpy(old.cell, now.cell, W * H * sizeof(*now.cell));
	aur_buf_release(&b);
	return n;
}

static void scribble(void)
{
	static const char *const words[] = {"a", "abc def", "\xe6\xbc\xa2",
	    "e\xcc\x81", "\xe6\xbc\xa2\xe5\xad\x97", "        ", "x  y",
	    "                                        "};
	struct tui_area a = tui_area_all(&now);
	bool narrow = true;

	for (unsigned i = next(8); i > 0; i--)
		tui_str(&a, (int)next(W), (int)next(H),
		    words[next(AUR_ARRAY_LEN(words))],
		    (enum tui_role)next(TUI_ROLE_COUNT));
	if (next(4) == 0)
		tui_mark(&a, (int)next(W), (int)next(H), 5, TUI_DIM);
	if (next(4) == 0) {
		struct tui_cell *row = now.cell + next(H) * W;
		unsigned from = next(W - 20);

		for (int i = 0; i < W; i++)
			narrow &= row[i].width == 1;
		if (narrow)
			memmove(row + from, row + from + 1, 19 * sizeof(*row));
	}
	if (next(16) == 0)
		tui_surface_clear(&now);
}

/* Two cells of a row, far apart; the bytes they took. */
static size_t two(uint32_t c)
{
	struct tui_area a = tui_area_all(&now);

	tui_put(&a, 3, 2, c, TUI_ROLE_TEXT);
	tui_put(&a, 20, 2, c, TUI_ROLE_TEXT);
	return shown("two cells");
}

static void test_moves(void)
{
	size_t near, far;

	tui_surface_clear(&now);
	shown("nothing");
	near = two('a');
	paint.column = NULL;
	paint.right = NULL;
	far = two('b');
	paint.column = column;
	paint.right = right;
	tap_ok(
	    near < far, "within a row it moves for less: %zu, %zu", near, far);
}

/* A graph that moves by a cell, with text on both sides of it. */
static void test_shift(void)
{
	struct tui_area a = tui_area_all(&now);
	size_t moved, all;

	tui_surface_clear(&now);
	tui_str(&a, 0, 1, "CPU", TUI_ROLE_LABEL);
	tui_str(&a, 25, 1, "12.1%", TUI_ROLE_STRONG);
	for (int i = 0; i < 19; i++)
		tui_put(&a, 4 + i, 1, 0x28ff - next(255), TUI_ROLE_CPU_USER);
	shown("a graph");
	for (int i = 0; i < 18; i++)
		tui_put(&a, 4 + i, 1, tui_surface_at(&now, 5 + i, 1)->c,
		    TUI_ROLE_CPU_USER);
	tui_put(&a, 22, 1, 0x2840, TUI_ROLE_CPU_USER);
	moved = shown("moved");
	paint.insert[0] = '\0';
	for (int i = 0; i < 18; i++)
		tui_put(&a, 4 + i, 1, tui_surface_at(&now, 5 + i, 1)->c,
		    TUI_ROLE_CPU_USER);
	all = shown("moved without insertion");
	memcpy(paint.insert, "\033[@", 4);
	tap_ok(moved < all && moved < 40,
	    "a graph moves for %zu bytes, not %zu", moved, all);
}

/* What looks alike is written together, and roles that look the same are. */
static void test_looks(void)
{
	struct tui_area a = tui_area_all(&now);

	tui_surface_clear(&now);
	shown("nothing");
	for (int y = 0; y < 4; y++) {
		tui_str(&a, 2, y, "1", TUI_ROLE_TEXT);
		tui_str(&a, 10, y, "-", TUI_ROLE_MUTED);
		tui_str(&a, 18, y, "2", TUI_ROLE_TEXT);
		tui_str(&a, 26, y, "-", TUI_ROLE_MUTED);
	}
	tap_ok(shown("two looks") < 4 * 4 * 7 + 2 * 11 + 3 * 3,
	    "each row changes its look once");
	for (int y = 0; y < 4; y++)
		tui_paint(&a, 10, y, 1, TUI_ROLE_TREE);
	tap_eq_int((long)shown("another role"), 0,
	    "a role that looks the same costs nothing");
}

/* Moves that are not asked of terminfo say what it says. */
static void test_ansi(void)
{
	static const int places[] = {0, 1, 8, 9, 10, 98, 99, 100, 999, 12344};
	char out[TUI_PAINT_TEXT], want[TUI_PAINT_TEXT];
	bool same = true;

	for (size_t i = 0; i < AUR_ARRAY_LEN(places); i++) {
		int x = places[i], y = places[AUR_ARRAY_LEN(places) - 1 - i];

		tui_ansi_move(x, y, out);
		snprintf(want, sizeof(want), "\033[%d;%dH", y + 1, x + 1);
		same = same && strcmp(out, want) == 0;
		tui_ansi_column(x, out);
		snprintf(want, sizeof(want), "\033[%dG", x + 1);
		same = same && strcmp(out, want) == 0;
		tui_ansi_right(x + 2, out);
		snprintf(want, sizeof(want), "\033[%dC", x + 2);
		same = same && strcmp(out, want) == 0;
	}
	tap_ok(same, "rows from the second number, all from 1 on");
	tui_ansi_right(1, out);
	tap_eq_str(out, TUI_ANSI_RIGHT_1, "one to the right");
}

int main(void)
{
	test_ansi();
	if (setlocale(LC_CTYPE, "C.UTF-8") == NULL)
		return 77;
	begin();
	screen = screen_new(H, W);
	tap_ok(tui_surface_resize(&now, W, H) == 0, "a surface");
	scribble();
	shown("the first frame");
	tap_eq_int((long)shown("the same again"), 0, "costs nothing");
	tui_put(
	    &(struct tui_area){&now, {0, 0, W, H}}, 3, 3, 'z', TUI_ROLE_TEXT);
	tap_ok(shown("one cell") < 24, "one cell costs a movement");
	test_moves();
	test_shift();
	test_looks();
	for (int i = 0; i < 3000; i++) {
		scribble();
		shown("scribbled");
	}
	tap_ok(true, "3000 frames");
	tui_surface_release(&old);
	shown("all anew");
	tap_ok(
	    screen_unknown(screen) == NULL || screen_unknown(screen)[0] == '\0',
	    "nothing that it cannot read");
	screen_free(screen);
	tui_surface_release(&old);
	tui_surface_release(&now);
	return tap_done();
}
