/* SPDX-License-Identifier: MIT */
/*
 * Sequences as xterm, the Linux console, screen, tmux and rxvt send them
 * (ECMA-48: CSI parameters final; SS3 final). Terminfo was not used: its
 * entries name one spelling of each key where terminals send several.
 */
#include "tui/input.h"

#include "base/compiler.h"
#include "base/text.h"

#define ESC 0x1b
#define ESC_MS 25
#define TORN_MS 500
#define PASTE_MS 5000

/* What the front of the buffer is. */
enum found { FOUND_NOTHING, FOUND_PART, FOUND_EVENT, FOUND_DROP };

void tui_input_add(
    struct tui_input *in, const uint8_t *bytes, size_t n, struct aur_mono now)
{
	if (n > TUI_INPUT_MAX - in->n)
		n = TUI_INPUT_MAX - in->n;
	memcpy(in->buf + in->n, bytes, n);
	in->n += n;
	in->came = now;
}

static void take(struct tui_input *in, size_t n)
{
	memmove(in->buf, in->buf + n, in->n - n);
	in->n -= n;
}

static uint32_t key_of_number(unsigned number)
{
	static const struct {
		unsigned number;
		uint32_t key;
	} keys[] = {
	    {1, TUI_KEY_HOME},
	    {2, TUI_KEY_INSERT},
	    {3, TUI_KEY_DELETE},
	    {4, TUI_KEY_END},
	    {5, TUI_KEY_PAGE_UP},
	    {6, TUI_KEY_PAGE_DOWN},
	    {7, TUI_KEY_HOME},
	    {8, TUI_KEY_END},
	    {11, TUI_KEY_F(1)},
	    {12, TUI_KEY_F(2)},
	    {13, TUI_KEY_F(3)},
	    {14, TUI_KEY_F(4)},
	    {15, TUI_KEY_F(5)},
	    {17, TUI_KEY_F(6)},
	    {18, TUI_KEY_F(7)},
	    {19, TUI_KEY_F(8)},
	    {20, TUI_KEY_F(9)},
	    {21, TUI_KEY_F(10)},
	    {23, TUI_KEY_F(11)},
	    {24, TUI_KEY_F(12)},
	};

	for (size_t i = 0; i < AUR_ARRAY_LEN(keys); i++)
		if (keys[i].number == number)
			return keys[i].key;
	return 0;
}

/* The key of a final byte, of CSI and SS3 alike. */
static uint32_t key_of_final(uint8_t c)
{
	static const char finals[] = "ABCDHFZPQRSM";
	static const uint32_t keys[] = {TUI_KEY_UP, TUI_KEY_DOWN, TUI_KEY_RIGHT,
	    TUI_KEY_LEFT, TUI_KEY_HOME, TUI_KEY_END, TUI_KEY_BACKTAB,
	    TUI_KEY_F(1), TUI_KEY_F(2), TUI_KEY_F(3), TUI_KEY_F(4), '\r'};
	const char *p = c != 0 ? strchr(finals, c) : NULL;

	return p != NULL ? keys[p - finals] : 0;
}

/* A keypad in application mode: SS3 j is '*', k '+', m '-', o '/', p to y
 * the digits. */
static uint32_t key_of_keypad(uint8_t c)
{
	if (c >= 'j' && c <= 'y')
		return (uint32_t)(c - 'j' + '*');
	return key_of_final(c);
}

struct csi {
	uint8_t lead; /* '<', '?', ... or 0 */
	unsigned arg[4];
	unsigned narg;
	uint8_t final;
};

/* Reads CSI at buf[2]; the bytes it took, 0 when it goes on. */
static size_t csi_read(const uint8_t *buf, size_t n, struct csi *ret)
{
	struct csi c = {.narg = 1};
	size_t i = 2;

	if (i < n && buf[i] >= '<' && buf[i] <= '?')
		c.lead = buf[i++];
	for (; i < n; i++) {
		uint8_t b = buf[i];

		if (b >= '0' && b <= '9' && c.arg[c.narg - 1] < 100000)
			c.arg[c.narg - 1] = c.arg[c.narg - 1] * 10 + (b - '0');
		else if (b == ';' && c.narg < AUR_ARRAY_LEN(c.arg))
			c.narg++;
		else if (b < 0x20 || b >= 0x40) {
			c.final = b;
			*ret = c;
			return i + (b < 0x20 ? 0 : 1);
		}
	}
	return 0;
}

static enum found mouse_event(const struct csi *c, struct tui_event *ret)
{
	unsigned button = c->arg[0] & ~0x1cu; /* shift, alt, ctrl */

	if (c->narg < 3 || c->arg[1] < 1 || c->arg[2] < 1 || c->final != 'M')
		return FOUND_DROP;
	*ret = (struct tui_event){.kind = TUI_EVENT_MOUSE,
	    .x = (int)c->arg[1] - 1,
	    .y = (int)c->arg[2] - 1};
	if (button == 0)
		ret->mouse = TUI_MOUSE_LEFT;
	else if (button == 64)
		ret->mouse = TUI_MOUSE_WHEEL_UP;
	else if (button == 65)
		ret->mouse = TUI_MOUSE_WHEEL_DOWN;
	else
		return FOUND_DROP;
	return FOUND_EVENT;
}

static enum found key_event(uint32_t key, struct tui_event *ret)
{
	if (key == 0)
		return FOUND_DROP;
	*ret = (struct tui_event){.kind = TUI_EVENT_KEY, .key = key};
	return FOUND_EVENT;
}

static enum found csi_event(
    struct tui_input *in, size_t *ret_used, struct tui_event *ret)
{
	struct csi c;

	if (in->n >= 3 && in->buf[2] == '[') { /* Linux console: F1 to F5 */
		if (in->n < 4)
			return FOUND_PART;
		*ret_used = 4;
		return key_event(in->buf[3] >= 'A' && in->buf[3] <= 'E'
				     ? TUI_KEY_F(in->buf[3] - 'A' + 1u)
				     : 0,
		    ret);
	}
	*ret_used = csi_read(in->buf, in->n, &c);
	if (*ret_used == 0)
		return FOUND_PART;
	if (c.lead == '<')
		return mouse_event(&c, ret);
	if (c.lead == 0 && c.final == '~' && c.arg[0] == 200) {
		in->pasting = true;
		return FOUND_DROP;
	}
	if (c.lead != 0 || (c.narg > 1 && c.arg[1] > 1))
		return FOUND_DROP; /* a reply, or with Alt, Ctrl, Shift */
	if (c.final == '~')
		return key_event(key_of_number(c.arg[0]), ret);
	return key_event(c.final != 'M' ? key_of_final(c.final) : 0, ret);
}

/* OSC, DCS and the like: to BEL or ESC \. */
static enum found string_event(const struct tui_input *in, size_t *ret_used)
{
	for (size_t i = 2; i < in->n; i++) {
		if (in->buf[i] == 0x07) {
			*ret_used = i + 1;
			return FOUND_DROP;
		}
		if (in->buf[i] == '\\' && in->buf[i - 1] == ESC) {
			*ret_used = i + 1;
			return FOUND_DROP;
		}
	}
	return FOUND_PART;
}

static enum found escape_event(
    struct tui_input *in, size_t *ret_used, struct tui_event *ret)
{
	enum found found;

	if (in->n == 1)
		return FOUND_PART;
	switch (in->buf[1]) {
	case '[':
		return csi_event(in, ret_used, ret);
	case 'O':
		if (in->n < 3)
			return FOUND_PART;
		*ret_used = 3;
		return key_event(key_of_keypad(in->buf[2]), ret);
	case ']':
	case 'P':
	case '_':
	case '^':
		found = string_event(in, ret_used);
		return found;
	case ESC: /* Alt and a sequence: the inner one is dropped */
		*ret_used = 1;
		return FOUND_DROP;
	default: { /* Alt and a character, maybe of several bytes */
		struct aur_slice s = aur_slice_of(in->buf + 1, in->n - 1);

		aur_text_take(&s);
		*ret_used = in->n - s.n;
		return FOUND_DROP;
	}
	}
}

/* Bytes that a UTF-8 sequence beginning with `c` has. */
static size_t utf8_length(uint8_t c)
{
	return c < 0xc2 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : c < 0xf5 ? 4 : 1;
}

static enum found plain_event(
    struct tui_input *in, size_t *ret_used, struct tui_event *ret)
{
	struct aur_slice s = aur_slice_of(in->buf, in->n);
	uint32_t c;

	if (utf8_length(in->buf[0]) > in->n)
		return FOUND_PART;
	c = aur_text_take(&s);
	*ret_used = in->n - s.n;
	if (c == 0xfffd)
		return FOUND_DROP;
	if (c == 0x08)
		c = TUI_KEY_BACKSPACE;
	if (c == '\n')
		c = '\r';
	return key_event(c, ret);
}

static enum found paste_event(
    struct tui_input *in, size_t *ret_used, struct tui_event *ret)
{
	static const char end[] = "\033[201~";
	size_t n = in->n < sizeof(end) - 1 ? in->n : sizeof(end) - 1;
	enum found found;

	if (memcmp(in->buf, end, n) == 0) {
		if (n < sizeof(end) - 1)
			return FOUND_PART;
		in->pasting = false;
		*ret_used = n;
		return FOUND_DROP;
	}
	found = plain_event(in, ret_used, ret);
	if (found == FOUND_EVENT)
		ret->kind = TUI_EVENT_PASTE;
	return found;
}

static bool since(struct aur_mono then, struct aur_mono now, int ms)
{
	return aur_mono_since(now, then).ns >= aur_span_ms(ms).ns;
}

/* How long a part at the front waits for its rest. */
static int patience(const struct tui_input *in)
{
	return in->n == 1 && in->buf[0] == ESC ? ESC_MS : TORN_MS;
}

/* A part whose rest did not come: ESC is a key, the rest is nothing. */
static bool expire(
    struct tui_input *in, struct aur_mono now, struct tui_event *ret)
{
	bool lone = in->n == 1 && in->buf[0] == ESC && !in->pasting;

	if (!since(in->came, now, patience(in)))
		return false;
	take(in, in->n);
	if (lone) {
		in->esc = now;
		*ret = (struct tui_event){.key = TUI_KEY_ESC};
	}
	return lone;
}

/* Puts back the ESC that was told too soon; its sequence is dropped. */
static bool is_torn(struct tui_input *in, struct aur_mono now)
{
	if (in->esc.ns == 0 || in->n == 0 || in->pasting)
		return false;
	if (since(in->esc, now, TORN_MS) ||
	    (in->buf[0] != '[' && in->buf[0] != 'O')) {
		in->esc.ns = 0;
		return false;
	}
	return in->n < TUI_INPUT_MAX;
}

bool tui_input_next(
    struct tui_input *in, struct aur_mono now, struct tui_event *ret_event)
{
	while (in->n > 0) {
		bool torn = is_torn(in, now), doubled = false;
		size_t used = 0;
		enum found found;

		if (torn) {
			memmove(in->buf + 1, in->buf, in->n++);
			in->buf[0] = ESC;
		}
		if (in->pasting && since(in->came, now, PASTE_MS))
			in->pasting = false;
		doubled = !in->pasting && in->n > 1 && in->buf[0] == ESC &&
			  in->buf[1] == ESC;
		found = in->pasting	    ? paste_event(in, &used, ret_event)
			: in->buf[0] == ESC ? escape_event(in, &used, ret_event)
					    : plain_event(in, &used, ret_event);
		if (found == FOUND_PART) {
			bool gave = expire(in, now, ret_event);

			if (torn && in->n > 0)
				take(in, 1);
			return gave;
		}
		take(in, used);
		if (torn) {
			in->esc.ns = 0;
			continue;
		}
		if (doubled && in->n > 1) { /* Alt and what follows */
			found = escape_event(in, &used, ret_event);
			if (found != FOUND_PART)
				take(in, used);
			continue;
		}
		if (found == FOUND_EVENT)
			return true;
	}
	return false;
}

struct aur_span tui_input_wait(const struct tui_input *in, struct aur_mono now)
{
	struct aur_span left = {-1};

	if (in->n == 0)
		return left;
	left.ns =
	    aur_span_ms(patience(in)).ns - aur_mono_since(now, in->came).ns;
	return left.ns > 0 ? left : (struct aur_span){0};
}
