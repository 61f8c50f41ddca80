/* SPDX-License-Identifier: MIT */
#include "tui/prompt.h"

#include "base/limits.h"
#include "base/text.h"

void tui_prompt_set(struct tui_prompt *p, const char *text)
{
	snprintf(p->text, sizeof(p->text), "%s", text);
	p->n = p->at = strlen(p->text);
}

/* The bytes of the character that ends, or begins, at `at`. */
static size_t before(const struct tui_prompt *p)
{
	size_t i = p->at;

	while (i > 0 && (p->text[--i] & 0xc0) == 0x80)
		;
	return p->at - i;
}

static size_t after(const struct tui_prompt *p)
{
	struct aur_slice s = aur_slice_of(p->text + p->at, p->n - p->at);

	if (s.n == 0)
		return 0;
	aur_text_take(&s);
	return p->n - p->at - s.n;
}

static void erase(struct tui_prompt *p, size_t from, size_t n)
{
	memmove(p->text + from, p->text + from + n, p->n - from - n + 1);
	p->n -= n;
	p->at = from;
}

static void insert(struct tui_prompt *p, uint32_t c)
{
	uint8_t bytes[4];
	size_t n = aur_text_put(c, bytes);

	if (p->n + n >= sizeof(p->text))
		return;
	memmove(p->text + p->at + n, p->text + p->at, p->n - p->at + 1);
	memcpy(p->text + p->at, bytes, n);
	p->n += n;
	p->at += n;
}

/* Start of the word before the cursor. */
static size_t word_start(const struct tui_prompt *p)
{
	size_t i = p->at;

	while (i > 0 && p->text[i - 1] == ' ')
		i--;
	while (i > 0 && p->text[i - 1] != ' ')
		i--;
	return i;
}

static bool edit(struct tui_prompt *p, uint32_t key)
{
	switch (key) {
	case TUI_KEY_LEFT:
		p->at -= before(p);
		return true;
	case TUI_KEY_RIGHT:
		p->at += after(p);
		return true;
	case TUI_KEY_HOME:
	case TUI_KEY_CTRL('a'):
		p->at = 0;
		return true;
	case TUI_KEY_END:
	case TUI_KEY_CTRL('e'):
		p->at = p->n;
		return true;
	case TUI_KEY_BACKSPACE:
		erase(p, p->at - before(p), before(p));
		return true;
	case TUI_KEY_DELETE:
		erase(p, p->at, after(p));
		return true;
	case TUI_KEY_CTRL('u'):
		erase(p, 0, p->at);
		return true;
	case TUI_KEY_CTRL('k'):
		erase(p, p->at, p->n - p->at);
		return true;
	case TUI_KEY_CTRL('w'): {
		size_t from = word_start(p);

		erase(p, from, p->at - from);
		return true;
	}
	default:
		return false;
	}
}

bool tui_prompt_key(struct tui_prompt *p, const struct tui_event *event)
{
	uint32_t c = event->key;

	if (event->kind == TUI_EVENT_MOUSE)
		return false;
	if (event->kind == TUI_EVENT_PASTE) {
		if (c == '\r' || c == '\t')
			c = ' ';
	} else if (edit(p, c))
		return true;
	if (c < ' ' || c >= TUI_KEY_FIRST || !aur_text_is_safe(c))
		return event->kind == TUI_EVENT_PASTE;
	insert(p, c);
	return true;
}

/* Drops characters in front until the cursor is within `w` columns. */
static struct aur_slice visible(const struct tui_prompt *p, int w)
{
	struct aur_slice s = aur_slice_of(p->text, p->at);

	while (s.n > 0 && aur_text_width(s) > (size_t)w)
		aur_text_take(&s);
	s.n = p->n - (size_t)(s.p - (const uint8_t *)p->text);
	return s;
}

void tui_prompt_draw(const struct tui_prompt *p, const struct tui_area *a,
    int y, const char *label)
{
	int x = tui_str(a, 0, y, label, TUI_ROLE_LABEL);
	int w = a->r.w - x - 2;
	struct aur_slice shown;
	size_t front;

	if (w < 1)
		return;
	shown = visible(p, w);
	front = p->at - (size_t)(shown.p - (const uint8_t *)p->text);
	x++;
	tui_text(a, x, y, w + 1, shown, TUI_ROLE_PROMPT);
	a->s->cursor_x =
	    a->r.x + x + (int)aur_text_width(aur_slice_of(shown.p, front));
	a->s->cursor_y = a->r.y + y;
}

bool tui_prompt_filter(const char *text, aur_filter_find_fn find,
    struct aur_filter **filter, char kept[TUI_PROMPT_MAX], char *error,
    size_t size)
{
	struct aur_filter *fresh = NULL;
	struct aur_buf why;
	const char *s;
	size_t at = 0;
	int rc = 0;

	aur_buf_init(&why, AUR_MAX_LINE);
	if (text[0] != '\0')
		rc = aur_filter_parse(
		    aur_slice_str(text), find, NULL, &fresh, &why, &at);
	if (rc < 0) {
		s = aur_buf_str(&why);
		snprintf(error, size, "at %zu: %s", at + 1,
		    s != NULL && s[0] != '\0' ? s : "not valid");
	}
	aur_buf_release(&why);
	if (rc < 0)
		return false;
	aur_filter_free(*filter);
	*filter = fresh;
	snprintf(kept, TUI_PROMPT_MAX, "%s", text);
	return true;
}
