/* SPDX-License-Identifier: MIT */
/*
 * The language of the terminal: bytes become calls of screen.c. The states
 * and the sequences are those of ECMA-48 and of xterm's control sequences
 * document; only what terminfo's xterm-256color can make ncurses emit is here.
 *
 *	GROUND --ESC--> ESCAPE --[--> CSI --final--> GROUND
 *	                       --()--> CHARSET --any--> GROUND
 *	                       --]P^_X--> STRING --BEL, ESC \--> GROUND
 */
#include "tests/harness/screen_int.h"

#include <wchar.h>

static void complain(struct screen *s)
{
	size_t n = 0;

	if (s->unknown[0] != '\0')
		return;
	for (size_t i = 0; i < s->vt.nseen; i++) {
		unsigned char c = (unsigned char)s->vt.seen[i];

		if (n + 3 > sizeof s->unknown)
			break;
		if (c < 32) {
			s->unknown[n++] = '^';
			c = (unsigned char)(c + 64);
		}
		s->unknown[n++] = (char)c;
	}
	s->unknown[n] = '\0';
}

static void answer(struct screen *s, const char *text)
{
	size_t n = strlen(text);

	if (n > sizeof s->reply - s->nreply)
		return;
	memcpy(s->reply + s->nreply, text, n);
	s->nreply += n;
}

/* The i-th parameter; what is left out or 0 is `fallback`. */
static int param(const struct vt *v, int i, int fallback)
{
	return i < v->nparams && v->params[i] > 0 ? v->params[i] : fallback;
}

/* 38 or 48 at `i`: a palette number or red, green and blue. Returns how many
 * parameters more were used. */
static int colour(const struct vt *v, int i, int *out)
{
	if (param(v, i + 1, 0) == 5) {
		*out = param(v, i + 2, 0) & 255;
		return 2;
	}
	if (param(v, i + 1, 0) == 2) {
		*out = SCREEN_RGB | (param(v, i + 2, 0) & 255) << 16 |
		       (param(v, i + 3, 0) & 255) << 8 |
		       (param(v, i + 4, 0) & 255);
		return 4;
	}
	return 0;
}

static bool attribute(struct screen_cell *c, int n)
{
	static const struct {
		uint8_t on, off;
		uint8_t bits;
	} all[] = {
	    {1, 22, SCREEN_BOLD},
	    {2, 22, SCREEN_DIM},
	    {3, 23, SCREEN_ITALIC},
	    {4, 24, SCREEN_UNDERLINE},
	    {5, 25, SCREEN_BLINK},
	    {7, 27, SCREEN_REVERSE},
	    {8, 28, SCREEN_HIDDEN},
	    {9, 29, SCREEN_STRIKE},
	};
	bool known = false;

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		if (n == all[i].on)
			c->attr |= all[i].bits;
		if (n == all[i].off)
			c->attr &= (uint8_t)~all[i].bits;
		known = known || n == all[i].on || n == all[i].off;
	}
	return known;
}

static void rendition(struct screen *s)
{
	struct screen_cell *c = &s->pen.style;
	const struct vt *v = &s->vt;

	for (int i = 0; i < (v->nparams ? v->nparams : 1); i++) {
		int n = param(v, i, 0);

		if (n == 0) {
			c->attr = 0;
			c->fg = c->bg = SCREEN_DEFAULT;
		} else if (n == 38) {
			i += colour(v, i, &c->fg);
		} else if (n == 48) {
			i += colour(v, i, &c->bg);
		} else if (n >= 30 && n <= 37) {
			c->fg = n - 30;
		} else if (n >= 90 && n <= 97) {
			c->fg = n - 90 + 8;
		} else if (n >= 40 && n <= 47) {
			c->bg = n - 40;
		} else if (n >= 100 && n <= 107) {
			c->bg = n - 100 + 8;
		} else if (n == 39) {
			c->fg = SCREEN_DEFAULT;
		} else if (n == 49) {
			c->bg = SCREEN_DEFAULT;
		} else if (!attribute(c, n)) {
			complain(s);
		}
	}
}

static void save(struct screen *s)
{
	s->pen.origin = s->modes.origin;
	s->saved[s->modes.alternate] = s->pen;
}

static void restore(struct screen *s)
{
	s->pen = s->saved[s->modes.alternate];
	s->modes.origin = s->pen.origin;
	if (s->pen.row >= s->rows)
		s->pen.row = s->rows - 1;
	if (s->pen.col >= s->cols)
		s->pen.col = s->cols - 1;
}

static void alternate(struct screen *s, int mode, bool on)
{
	if (mode == 1049 && on)
		save(s);
	screen__alternate(s, on);
	if (mode == 1049 && on)
		for (int r = 0; r < s->rows; r++)
			screen__erase(s, r, 0, s->cols);
	if (mode == 1049 && !on)
		restore(s);
}

/* ESC [ ? n h and l; 12 is the blinking of the cursor, 3 and 4 are widths and
 * speeds of old, 1034 is the meta key: none of them can be seen. */
static void private_mode(struct screen *s, int n, bool on)
{
	switch (n) {
	case 1:
		s->modes.cursor_keys = on;
		break;
	case 5:
		s->modes.reverse_video = on;
		break;
	case 6:
		s->modes.origin = on;
		screen__move(s, on ? s->top : 0, 0);
		break;
	case 7:
		s->modes.no_wrap = !on;
		break;
	case 25:
		s->modes.cursor_hidden = !on;
		break;
	case 9:
	case 1000:
	case 1001:
	case 1002:
	case 1003:
		s->modes.mouse = on;
		break;
	case 1004:
		s->modes.focus = on;
		break;
	case 1005:
	case 1006:
	case 1015:
		s->modes.mouse_sgr = on;
		break;
	case 47:
	case 1047:
	case 1049:
		alternate(s, n, on);
		break;
	case 2004:
		s->modes.paste = on;
		break;
	case 3:
	case 4:
	case 12:
	case 1034:
		break;
	default:
		complain(s);
	}
}

static void set_modes(struct screen *s, bool on)
{
	for (int i = 0; i < s->vt.nparams; i++) {
		int n = param(&s->vt, i, 0);

		if (s->vt.prefix == '?')
			private_mode(s, n, on);
		else if (n == 4)
			s->modes.insert = on;
		else
			complain(s);
	}
}

static void erase_line(struct screen *s, int how)
{
	int col = s->pen.col;

	screen__erase(
	    s, s->pen.row, how == 0 ? col : 0, how == 1 ? col + 1 : s->cols);
}

static void erase_screen(struct screen *s, int how)
{
	int from = how == 0 ? s->pen.row + 1 : 0;
	int to = how == 1 ? s->pen.row : s->rows;

	if (how == 3) /* what has scrolled away, which is not kept */
		return;
	for (int r = from; r < to; r++)
		screen__erase(s, r, 0, s->cols);
	if (how != 2)
		erase_line(s, how);
}

static void margins(struct screen *s)
{
	int top = param(&s->vt, 0, 1) - 1;
	int bottom = param(&s->vt, 1, s->rows) - 1;

	if (bottom >= s->rows)
		bottom = s->rows - 1;
	if (top >= bottom)
		return;
	s->top = top;
	s->bottom = bottom;
	s->modes.margins = top > 0 || bottom < s->rows - 1;
	screen__move(s, s->modes.origin ? top : 0, 0);
}

static void lines(struct screen *s, int n)
{
	if (s->pen.row >= s->top && s->pen.row <= s->bottom)
		screen__scroll(s, s->pen.row, s->bottom, n);
	s->pen.col = 0;
}

static void report(struct screen *s)
{
	char text[32];

	if (param(&s->vt, 0, 0) == 5) {
		answer(s, "\033[0n");
		return;
	}
	snprintf(
	    text, sizeof text, "\033[%d;%dR", s->pen.row + 1, s->pen.col + 1);
	answer(s, text);
}

static void tab(struct screen *s, int n)
{
	int col = s->pen.col;

	for (; n > 0; n--)
		col = (col / 8 + 1) * 8;
	for (; n < 0; n++)
		col = col > 0 ? (col - 1) / 8 * 8 : 0;
	screen__move(s, s->pen.row, col);
}

/* Sequences that move; false when `final` is none of them. */
static bool motion(struct screen *s, char final)
{
	int n = param(&s->vt, 0, 1), row = s->pen.row, col = s->pen.col;
	int base = s->modes.origin ? s->top : 0;

	switch (final) {
	case 'A':
		screen__move(s, row - n, col);
		return true;
	case 'B':
	case 'e':
		screen__move(s, row + n, col);
		return true;
	case 'C':
	case 'a':
		screen__move(s, row, col + n);
		return true;
	case 'D':
		screen__move(s, row, col - n);
		return true;
	case 'E':
		screen__move(s, row + n, 0);
		return true;
	case 'F':
		screen__move(s, row - n, 0);
		return true;
	case 'G':
	case '`':
		screen__move(s, row, n - 1);
		return true;
	case 'd':
		screen__move(s, base + n - 1, col);
		return true;
	case 'H':
	case 'f':
		screen__move(s, base + n - 1, param(&s->vt, 1, 1) - 1);
		return true;
	case 'I':
		tab(s, n);
		return true;
	case 'Z':
		tab(s, -n);
		return true;
	default:
		return false;
	}
}

/* Sequences that change cells; false when `final` is none of them. */
static bool edit(struct screen *s, char final)
{
	int n = param(&s->vt, 0, 1);

	switch (final) {
	case 'J':
		erase_screen(s, param(&s->vt, 0, 0));
		return true;
	case 'K':
		erase_line(s, param(&s->vt, 0, 0));
		return true;
	case 'X':
		screen__erase(s, s->pen.row, s->pen.col, s->pen.col + n);
		return true;
	case '@':
		screen__shift(s, n);
		return true;
	case 'P':
		screen__shift(s, -n);
		return true;
	case 'L':
		lines(s, -n);
		return true;
	case 'M':
		lines(s, n);
		return true;
	case 'S':
		screen__scroll(s, s->top, s->bottom, n);
		return true;
	case 'T':
		screen__scroll(s, s->top, s->bottom, -n);
		return true;
	case 'b':
		for (; n > 0 && s->last_width > 0; n--)
			screen__put(s, s->last, s->last_width);
		return true;
	default:
		return false;
	}
}

static void soft_reset(struct screen *s)
{
	bool alternate_on = s->modes.alternate;

	memset(&s->modes, 0, sizeof s->modes);
	s->modes.alternate = alternate_on;
	s->pen.style.attr = 0;
	s->pen.style.fg = s->pen.style.bg = SCREEN_DEFAULT;
	s->pen.drawing[0] = s->pen.drawing[1] = false;
	s->pen.shift = 0;
	s->top = 0;
	s->bottom = s->rows - 1;
}

static void csi(struct screen *s, char final)
{
	const struct vt *v = &s->vt;

	if (v->prefix == '?' && (final == 'h' || final == 'l')) {
		set_modes(s, final == 'h');
	} else if (v->prefix == '!' && final == 'p') {
		soft_reset(s);
	} else if (v->prefix == '>' && final == 'c') {
		answer(s, "\033[>0;0;0c");
	} else if (v->prefix != 0 || v->middle != 0) {
		complain(s);
	} else if (motion(s, final) || edit(s, final)) {
		return;
	} else if (final == 'm') {
		rendition(s);
	} else if (final == 'h' || final == 'l') {
		set_modes(s, final == 'h');
	} else if (final == 'r') {
		margins(s);
	} else if (final == 'n') {
		report(s);
	} else if (final == 'c') {
		answer(s, "\033[?62;22c");
	} else if (final != 't' && final != 'g' && final != 'i') {
		complain(s); /* t: window titles; g: tabs; i: printer */
	}
}

static void escape(struct screen *s, char c)
{
	s->vt.state = VT_GROUND;
	switch (c) {
	case '[':
		s->vt.state = VT_CSI;
		s->vt.nparams = 0;
		s->vt.prefix = s->vt.middle = 0;
		break;
	case ']':
	case 'P':
	case '^':
	case '_':
	case 'X':
		s->vt.state = VT_STRING;
		break;
	case '(':
	case ')':
		s->vt.state = VT_CHARSET;
		s->vt.slot = c;
		break;
	case '7':
		save(s);
		break;
	case '8':
		restore(s);
		break;
	case '=':
	case '>':
		s->modes.keypad = c == '=';
		break;
	case 'D':
		screen__newline(s);
		break;
	case 'E':
		s->pen.col = 0;
		screen__newline(s);
		break;
	case 'M':
		if (s->pen.row == s->top)
			screen__scroll(s, s->top, s->bottom, -1);
		else
			screen__move(s, s->pen.row - 1, s->pen.col);
		break;
	case 'c':
		screen__reset(s);
		break;
	case 'H':
	case '\\':
		break;
	default:
		complain(s);
	}
}

static void csi_byte(struct screen *s, char c)
{
	struct vt *v = &s->vt;

	if (c >= '0' && c <= '9') {
		if (v->nparams == 0) {
			v->nparams = 1;
			v->params[0] = -1;
		}
		int *p = &v->params[v->nparams - 1];

		*p = (*p < 0 ? 0 : *p > 9999 ? 9999 : *p) * 10 + (c - '0');
	} else if (c == ';' || c == ':') {
		if (v->nparams == 0)
			v->params[v->nparams++] = -1;
		if (v->nparams < VT_PARAMS)
			v->params[v->nparams++] = -1;
	} else if (c >= '<' && c <= '?') {
		v->prefix = c;
	} else if (c == '!') {
		v->prefix = c;
	} else if (c >= ' ' && c <= '/') {
		v->middle = c;
	} else if (c >= '@') {
		v->state = VT_GROUND;
		csi(s, c);
	}
}

static void control(struct screen *s, char c)
{
	switch (c) {
	case '\a':
		s->bells++;
		break;
	case '\b':
		screen__move(s, s->pen.row, s->pen.col - 1);
		break;
	case '\t':
		tab(s, 1);
		break;
	case '\n':
	case '\v':
	case '\f':
		screen__newline(s);
		break;
	case '\r':
		s->pen.col = 0;
		s->pen.pending = false;
		break;
	case 14:
	case 15:
		s->pen.shift = c == 14;
		break;
	case 27:
		s->vt.state = VT_ESCAPE;
		s->vt.nseen = 0;
		break;
	default:
		break;
	}
}

static size_t encode(uint32_t r, char *out)
{
	size_t n = r < 0x80 ? 1 : r < 0x800 ? 2 : r < 0x10000 ? 3 : 4;

	if (n == 1) {
		out[0] = (char)r;
		return 1;
	}
	for (size_t i = n - 1; i > 0; i--, r >>= 6)
		out[i] = (char)(0x80 | (r & 0x3f));
	out[0] = (char)((0xf00 >> n & 0xff) | r);
	return n;
}

static void put_rune(struct screen *s, uint32_t rune)
{
	char text[8] = "";
	const char *drawn = NULL;
	int width;

	if (s->pen.drawing[s->pen.shift])
		drawn = screen__drawing(rune);
	if (drawn != NULL)
		snprintf(text, sizeof text, "%s", drawn);
	else
		encode(rune, text);
	width = drawn != NULL ? 1 : wcwidth((wchar_t)rune);
	if (width == 0) {
		screen__combine(s, text);
		return;
	}
	if (width < 0) {
		snprintf(text, sizeof text, "\xef\xbf\xbd");
		width = 1;
	}
	snprintf(s->last, sizeof s->last, "%s", text);
	s->last_width = width;
	screen__put(s, text, width);
}

static void ground(struct screen *s, unsigned char c)
{
	struct vt *v = &s->vt;

	if (v->rune_left > 0 && (c & 0xc0) == 0x80) {
		v->rune = v->rune << 6 | (c & 0x3f);
		if (--v->rune_left == 0)
			put_rune(s, v->rune);
		return;
	}
	if (v->rune_left > 0)
		put_rune(s, 0xfffd);
	v->rune_left = 0;
	if (c < 32 || c == 127) {
		control(s, (char)c);
	} else if (c < 0x80) {
		put_rune(s, c);
	} else if (c >= 0xc2 && c < 0xf5) {
		v->rune_left = c < 0xe0 ? 1 : c < 0xf0 ? 2 : 3;
		v->rune = c & (0x3f >> v->rune_left);
	} else {
		put_rune(s, 0xfffd);
	}
}

static void byte(struct screen *s, unsigned char c)
{
	struct vt *v = &s->vt;

	if (v->state != VT_GROUND && v->nseen < sizeof v->seen)
		v->seen[v->nseen++] = (char)c;
	switch (v->state) {
	case VT_GROUND:
		ground(s, c);
		if (v->state == VT_ESCAPE)
			v->seen[v->nseen++] = (char)c;
		break;
	case VT_ESCAPE:
		/* a second one begins anew, as when a write was cut behind
		 * the first */
		if (c == 27)
			control(s, (char)c);
		else
			escape(s, (char)c);
		break;
	case VT_CHARSET:
		s->pen.drawing[v->slot == ')'] = c == '0';
		v->state = VT_GROUND;
		break;
	case VT_CSI:
		if (c < 32)
			control(s, (char)c);
		else
			csi_byte(s, (char)c);
		break;
	case VT_STRING:
		if (c == 27)
			v->state = VT_STRING_ESCAPE;
		else if (c == '\a')
			v->state = VT_GROUND;
		break;
	case VT_STRING_ESCAPE:
		v->state = c == '\\' ? VT_GROUND : VT_STRING;
		break;
	}
}

void screen_feed(struct screen *s, const void *bytes, size_t n)
{
	const unsigned char *p = bytes;

	while (n-- > 0)
		byte(s, *p++);
}

const char *screen__drawing(uint32_t rune)
{
	static const char *const signs[] = {"◆", "▒", "␉", "␌", "␍", "␊", "°",
	    "±", "␤", "␋", "┘", "┐", "┌", "└", "┼", "⎺", "⎻", "─", "⎼", "⎽",
	    "├", "┤", "┴", "┬", "│", "≤", "≥", "π", "≠", "£", "·"};

	return rune >= '`' && rune <= '~' ? signs[rune - '`'] : NULL;
}
