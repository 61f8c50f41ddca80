/* SPDX-License-Identifier: MIT */
/* Surfaces, rectangles and the typed line. */
#include "tests/harness/tap.h"

#include "base/mem.h"
#include "tui/prompt.h"

static struct tui_surface s;

static void row_is(int y, const char *want, const char *text)
{
	struct aur_buf b;

	aur_buf_init(&b, 4096);
	tap_ok(tui_surface_row(&s, y, &b) == 0, "%s: read", text);
	tap_eq_str(aur_buf_str(&b), want, text);
	aur_buf_release(&b);
}

static void test_text(void)
{
	struct tui_area a;

	tap_eq_int(tui_surface_resize(&s, 10, 3), 0, "resize");
	a = tui_area_all(&s);
	tap_eq_int(tui_str(&a, 0, 0, "hello", TUI_ROLE_TEXT), 5, "columns");
	row_is(0, "hello", "plain text");
	tui_str(&a, 6, 0, "too long", TUI_ROLE_TEXT);
	row_is(0, "hello too\xe2\x80\xa6", "a cut is marked");
	tui_str(&a, 0, 1,
	    "a\xe6\x97\xa5\xe6\x9c\xac"
	    "b",
	    TUI_ROLE_TEXT);
	tap_eq_int(tui_surface_at(&s, 1, 1)->width, 2, "wide takes two");
	tap_eq_int(tui_surface_at(&s, 2, 1)->width, 0, "its second half");
	tui_put(&a, 2, 1, 'x', TUI_ROLE_TEXT);
	row_is(1,
	    "a x\xe6\x9c\xac"
	    "b",
	    "half a wide one is blanked");
	tui_str(&a, 0, 2, "\033[31mred\n", TUI_ROLE_TEXT);
	row_is(2, "\xef\xbf\xbd[31mred", "controls are harmless");
	tui_surface_clear(&s);
	tui_str(&a, 0, 0, "e\xcc\x81\xcc\x82\xcc\x83x", TUI_ROLE_TEXT);
	row_is(0, "e\xcc\x81\xcc\x82x", "two marks and no more");
	tui_put(&a, 9, 1, 0x65e5, TUI_ROLE_TEXT);
	row_is(1, "", "no half of a wide one at the edge");
	s.ascii = true;
	tui_str(&a, 0, 2, "\xe6\x97\xa5\xe2\x80\xa6", TUI_ROLE_TEXT);
	row_is(2, "?+", "ASCII alone");
	s.ascii = false;
}

static void test_area(void)
{
	struct tui_area all, a;

	tap_eq_int(tui_surface_resize(&s, 10, 3), 0, "resize again");
	all = tui_area_all(&s);
	a = tui_area_cut(&all, (struct tui_rect){2, 1, 4, 9});
	tap_eq_int(a.r.h, 2, "an area is within its parent");
	tui_str(&a, 0, 0, "abcdef", TUI_ROLE_TEXT);
	row_is(1, "  abc\xe2\x80\xa6", "an area clips");
	tui_put(&a, 4, 0, 'Z', TUI_ROLE_TEXT);
	tui_put(&a, -1, 0, 'Z', TUI_ROLE_TEXT);
	tui_put(&a, 0, 2, 'Z', TUI_ROLE_TEXT);
	row_is(1, "  abc\xe2\x80\xa6", "nothing outside");
	tui_paint(&a, 0, 0, 99, TUI_ROLE_SELECTED);
	tap_eq_int(
	    tui_surface_at(&s, 5, 1)->role, TUI_ROLE_SELECTED, "paint inside");
	tap_eq_int(
	    tui_surface_at(&s, 6, 1)->role, TUI_ROLE_TEXT, "not outside");
	tap_ok(tui_surface_at(&s, 10, 0) == NULL, "no cell outside");
}

static void test_rect(void)
{
	struct tui_rect r = {0, 0, 10, 5}, t = tui_rect_top(&r, 2);

	tap_ok(t.h == 2 && r.y == 2 && r.h == 3, "top");
	t = tui_rect_right(&r, 99);
	tap_ok(t.w == 10 && r.w == 0, "no more than there is");
	t = tui_rect_centre((struct tui_rect){0, 0, 10, 10}, 4, 2);
	tap_ok(t.x == 3 && t.y == 4, "centre");
	t = tui_rect_meet(
	    (struct tui_rect){0, 0, 2, 2}, (struct tui_rect){5, 5, 2, 2});
	tap_ok(t.w == 0 && t.h == 0, "apart");
}

static void type(struct tui_prompt *p, uint32_t key)
{
	struct tui_event e = {.kind = TUI_EVENT_KEY, .key = key};

	tui_prompt_key(p, &e);
}

static void test_prompt(void)
{
	struct tui_prompt p;
	struct tui_event e = {.kind = TUI_EVENT_PASTE, .key = '\r'};

	tui_prompt_set(&p, "ab");
	type(&p, 'q');
	type(&p, 0x65e5);
	tap_eq_str(p.text, "abq\xe6\x97\xa5", "every letter is text");
	type(&p, TUI_KEY_LEFT);
	type(&p, TUI_KEY_BACKSPACE);
	tap_eq_str(p.text, "ab\xe6\x97\xa5", "erase before the cursor");
	type(&p, TUI_KEY_DELETE);
	tap_eq_str(p.text, "ab", "erase a whole character");
	type(&p, TUI_KEY_HOME);
	type(&p, 'x');
	type(&p, TUI_KEY_END);
	type(&p, TUI_KEY_RIGHT);
	type(&p, 'y');
	tap_eq_str(p.text, "xaby", "both ends");
	tap_ok(tui_prompt_key(&p, &e), "a pasted newline is taken");
	tap_eq_str(p.text, "xaby ", "as a blank");
	type(&p, 'w');
	type(&p, TUI_KEY_CTRL('w'));
	tap_eq_str(p.text, "xaby ", "a word erased");
	type(&p, TUI_KEY_CTRL('u'));
	tap_eq_str(p.text, "", "all erased");
	type(&p, TUI_KEY_BACKSPACE);
	type(&p, TUI_KEY_DELETE);
	type(&p, TUI_KEY_LEFT);
	tap_eq_int((int64_t)p.n, 0, "nothing to erase is fine");
	e.kind = TUI_EVENT_KEY;
	tap_ok(!tui_prompt_key(&p, &e), "Enter is the caller's");
	for (int i = 0; i < 3000; i++)
		type(&p, 'a');
	tap_eq_int((int64_t)strlen(p.text), TUI_PROMPT_MAX - 1, "bounded");
}

static int fail_all(unsigned long nth, void *arg)
{
	(void)nth;
	(void)arg;
	return 1;
}

int main(void)
{
	test_text();
	test_area();
	test_rect();
	test_prompt();
	aur_mem_set_fail(fail_all, NULL);
	tap_ok(tui_surface_resize(&s, 50, 50) < 0, "no memory is told");
	aur_mem_set_fail(NULL, NULL);
	tap_eq_int(s.w, 10, "and the surface is as it was");
	tui_surface_release(&s);
	return tap_done();
}
