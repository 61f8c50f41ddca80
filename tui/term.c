/* SPDX-License-Identifier: MIT */
/*
 * The one file that includes <curses.h>, for terminfo alone. Curses itself is
 * not begun: it keeps three screens of its own, a tenth of this program's
 * memory, and none of them is used. It makes a write of each movement of the
 * cursor, hundreds a frame, which a slow line shows in pieces (paint.h makes
 * one); its keys lose a lone Esc or act on torn sequences (input.h does
 * better); SIGWINCH, SIGTSTP and SIGINT are the loop's.
 *
 * A handler for fatal signals may call next to nothing, so the bytes that
 * restore the terminal are made ready before; who leaves it in peace writes
 * the same. That is the only state at file scope.
 */
#include "tui/term.h"

#include "base/err.h"
#include "base/mem.h"
#include "tui/ansi.h"
#include "tui/paint.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

/* Its own definition asks for a name that does not compile here. */
#define GCC_SCANFLIKE(fmt, var)
#define NCURSES_NOMACROS 1
#include <curses.h>
#include <term.h>

#define FRAME_MAX (16u << 20)

/* Bytes that may wait in the line before a frame is skipped. */
#define BEHIND_MAX 4096

#define MODES_ON "\033[?2004h"
#define MODES_OFF "\033[?2004l"
#define MOUSE_ON "\033[?1000h\033[?1006h"
#define MOUSE_OFF "\033[?1006l\033[?1000l"

struct tui_term {
	int w, h;
	struct tui_surface shown; /* what the terminal shows */
	struct tui_paint paint;
	struct aur_buf frame;
	bool ascii, braille, mouse, cursor;
	int colors;
};

static const int fatal_signals[] = {
    SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGSYS, SIGTRAP};

struct sequence {
	char bytes[256];
	size_t n;
};

static struct {
	volatile sig_atomic_t active;
	struct termios mode;
	struct sequence out;
	struct sigaction old[AUR_ARRAY_LEN(fatal_signals)];
} restore;

static void write_all(const char *p, size_t n)
{
	while (n > 0) {
		ssize_t w = write(STDOUT_FILENO, p, n);

		if (w < 0 && errno != EINTR)
			return;
		if (w > 0) {
			p += w;
			n -= (size_t)w;
		}
	}
}

static void on_fatal(int number)
{
	if (restore.active) {
		restore.active = 0;
		write_all(restore.out.bytes, restore.out.n);
		tcsetattr(STDIN_FILENO, TCSANOW, &restore.mode);
	}
	signal(number, SIG_DFL);
	raise(number);
}

static char *capability(const char *name)
{
	char *s = tigetstr((char *)(uintptr_t)name);

	return s == (char *)-1 ? NULL : s;
}

/* Appends it without its padding, "$<5>"; nothing where it does not fit. */
static void add_sequence(struct sequence *q, const char *s)
{
	size_t n = q->n;

	for (; s != NULL && *s != '\0'; s++) {
		const char *end =
		    s[0] == '$' && s[1] == '<' ? strchr(s, '>') : NULL;

		if (end != NULL)
			s = end;
		else if (n == sizeof(q->bytes))
			return;
		else
			q->bytes[n++] = *s;
	}
	q->n = n;
}

static void add_all(struct sequence *q, const char *const name[], size_t n)
{
	for (size_t i = 0; i < n; i++)
		add_sequence(q, capability(name[i]));
}

/* What gives the terminal back. One that has no second screen keeps this one,
 * and what comes then is below it. */
static void restore_fill(const struct tui_term *t)
{
	static const char *const last[] = {
	    "sgr0", "op", "rmkx", "cnorm", "rmcup"};
	sig_atomic_t active = restore.active;

	restore.active = 0;
	restore.out.n = 0;
	add_sequence(&restore.out, MOUSE_OFF MODES_OFF);
	add_sequence(&restore.out, tparm(cursor_address, t->h - 1L, 0L));
	add_all(&restore.out, last, AUR_ARRAY_LEN(last));
	restore.active = active;
}

static void restore_arm(void)
{
	struct sigaction sa = {.sa_handler = on_fatal};

	sigemptyset(&sa.sa_mask);
	for (size_t i = 0; i < AUR_ARRAY_LEN(fatal_signals); i++)
		sigaction(fatal_signals[i], &sa, &restore.old[i]);
	restore.active = 1;
}

static void restore_disarm(void)
{
	if (!restore.active)
		return;
	restore.active = 0;
	for (size_t i = 0; i < AUR_ARRAY_LEN(fatal_signals); i++)
		sigaction(fatal_signals[i], &restore.old[i], NULL);
}

/* Terminals that speak xterm's tongue and whose own entry may be missing. */
static bool is_like_xterm(const char *term)
{
	static const char *const heads[] = {"xterm", "kitty", "foot", "wezterm",
	    "alacritty", "ghostty", "rxvt", "konsole", "vte", "st-", "iterm",
	    "contour", "rio"};

	for (size_t i = 0; i < AUR_ARRAY_LEN(heads); i++)
		if (strncmp(term, heads[i], strlen(heads[i])) == 0)
			return true;
	return false;
}

/* Makes it the terminal that is spoken to. */
static bool describe(const char *term)
{
	int err;

	return setupterm(term, STDOUT_FILENO, &err) == OK;
}

static int open_terminal(const char *term, const char **ret_why)
{
	if (term == NULL || term[0] == '\0') {
		*ret_why = "TERM is not set; set it, or use 'aurora top "
			   "--plain'";
		return AUR_EUNSUPPORTED;
	}
	if (!describe(term) &&
	    !(is_like_xterm(term) && describe("xterm-256color"))) {
		*ret_why = "this TERM is not in the terminfo database; try "
			   "TERM=xterm-256color";
		return AUR_EUNSUPPORTED;
	}
	if (capability("cup") == NULL) {
		*ret_why = "this terminal cannot move its cursor; use "
			   "'aurora top --plain'";
		del_curterm(cur_term);
		return AUR_EUNSUPPORTED;
	}
	return 0;
}

/* Copies a sequence without its padding; "" when it is too long. */
static void copy_sequence(char out[TUI_PAINT_TEXT], const char *s)
{
	struct sequence q = {.n = 0};

	add_sequence(&q, s);
	if (q.n >= TUI_PAINT_TEXT)
		q.n = 0;
	memcpy(out, q.bytes, q.n);
	out[q.n] = '\0';
}

static void color_sequence(
    char out[TUI_PAINT_TEXT], const char *name, int16_t color)
{
	char *set = capability(name);

	out[0] = '\0';
	if (color >= 0 && set != NULL)
		copy_sequence(out, tparm(set, (long)color));
}

static void move_to(int x, int y, char *out)
{
	copy_sequence(out, tparm(cursor_address, (long)y, (long)x));
}

static void move_to_column(int x, char *out)
{
	copy_sequence(out, tparm(column_address, (long)x));
}

static void move_right(int n, char *out)
{
	copy_sequence(out, n == 1 && cursor_right != NULL
			       ? cursor_right
			       : tparm(parm_right_cursor, (long)n));
}

static bool is_just(const char *name, const char *sequence)
{
	const char *s = capability(name);

	return s != NULL && strcmp(s, sequence) == 0;
}

/* Those of ECMA-48 need no interpreter. */
static void start_moves(struct tui_paint *p)
{
	p->move = is_just("cup", TUI_ANSI_MOVE) ? tui_ansi_move : move_to;
	if (capability("hpa") != NULL)
		p->column = is_just("hpa", TUI_ANSI_COLUMN) ? tui_ansi_column
							    : move_to_column;
	if (capability("cuf") != NULL)
		p->right = is_just("cuf", TUI_ANSI_RIGHT) &&
				   is_just("cuf1", TUI_ANSI_RIGHT_1)
			       ? tui_ansi_right
			       : move_right;
}

/* One of something, where the terminal may only have "n of it". */
static void copy_one(
    char out[TUI_PAINT_TEXT], const char *one, const char *many)
{
	char *s = capability(one);

	if (s == NULL && capability(many) != NULL)
		s = tparm(capability(many), 1L);
	copy_sequence(out, s);
}

/* The end of looks also ends the drawing of lines, which nobody begins here:
 * where the shortest form is part of it, it is enough. */
static void copy_plain(char out[TUI_PAINT_TEXT], const char *s)
{
	const char *brief = "\033[m";

	copy_sequence(out, s != NULL && strstr(s, brief) != NULL ? brief : s);
}

static void start_paint(struct tui_term *t, bool no_color)
{
	static const char *const attr[] = {"bold", "rev", "smul", "dim"};
	struct tui_paint *p = &t->paint;

	copy_sequence(p->start, capability("sgr0"));
	copy_plain(p->plain, capability("sgr0"));
	copy_sequence(p->no_color, capability("op"));
	copy_sequence(p->erase, capability("el"));
	copy_sequence(p->clear, capability("clear"));
	copy_one(p->insert, "ich1", "ich");
	copy_one(p->delete, "dch1", "dch");
	if (capability("cud") != NULL) /* cud1 may be a line feed */
		copy_sequence(p->down, tparm(capability("cud"), 1L));
	for (size_t i = 0; i < AUR_ARRAY_LEN(attr); i++)
		copy_sequence(p->attr[i], capability(attr[i]));
	p->no_corner = auto_right_margin && !eat_newline_glitch;
	p->ascii = t->ascii;
	start_moves(p);
	t->colors = 0;
	if (!no_color && p->no_color[0] != '\0' && max_colors > 0 &&
	    capability("setaf") != NULL && capability("setab") != NULL)
		t->colors = max_colors;
}

void tui_term_theme(
    struct tui_term *t, enum tui_theme theme, enum tui_ground ground)
{
	struct tui_paint *p = &t->paint;

	for (int i = 0; i < TUI_ROLE_COUNT; i++) {
		p->look[i] =
		    tui_theme_look(theme, ground, (enum tui_role)i, t->colors);
		color_sequence(p->fg[i], "setaf", p->look[i].fg);
		color_sequence(p->bg[i], "setab", p->look[i].bg);
	}
	tui_surface_release(&t->shown); /* all is written anew */
}

void tui_term_mouse(struct tui_term *t, bool on)
{
	if (on == t->mouse)
		return;
	t->mouse = on;
	if (on)
		write_all(MOUSE_ON, sizeof(MOUSE_ON) - 1);
	else
		write_all(MOUSE_OFF, sizeof(MOUSE_OFF) - 1);
}

/* The size that it has now; where it does not say, the one it had before, or
 * at first that of the environment or of terminfo. */
static void take_size(struct tui_term *t)
{
	struct winsize size = {0};

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 &&
	    size.ws_row > 0) {
		t->w = size.ws_col;
		t->h = size.ws_row;
	}
	restore_fill(t);
}

/* Bytes as they are typed and written, without an echo. */
static void set_raw(void)
{
	struct termios mode = restore.mode;

	mode.c_iflag &=
	    ~(tcflag_t)(IXON | BRKINT | PARMRK | ICRNL | INLCR | IGNCR);
	mode.c_oflag &= ~(tcflag_t)ONLCR;
	mode.c_lflag &= ~(tcflag_t)(ICANON | ISIG | IEXTEN | ECHO | ECHONL);
	mode.c_lflag |= NOFLSH;
	mode.c_cc[VMIN] = 1;
	mode.c_cc[VTIME] = 0;
	tcsetattr(STDIN_FILENO, TCSADRAIN, &mode);
}

static void enter(struct tui_term *t)
{
	static const char *const looks[] = {
	    "sgr0", "rmir", "smam", "civis", "smkx", "clear"};
	struct sequence q = {.n = 0};
	char *region = capability("csr");

	take_size(t);
	set_raw();
	add_sequence(&q, capability("smcup"));
	if (region != NULL) /* what somebody left of one */
		add_sequence(&q, tparm(region, 0L, t->h - 1L));
	add_all(&q, looks, AUR_ARRAY_LEN(looks));
	add_sequence(&q, MODES_ON);
	add_sequence(&q, t->mouse ? MOUSE_ON : "");
	write_all(q.bytes, q.n);
	t->cursor = false;
}

static void leave(void)
{
	write_all(restore.out.bytes, restore.out.n);
	tcsetattr(STDIN_FILENO, TCSANOW, &restore.mode);
}

static void take_abilities(
    struct tui_term *t, const struct tui_term_options *options)
{
	const char *term = getenv("TERM");

	(void)setlocale(LC_CTYPE, "");
	t->ascii = options->ascii || strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
	t->braille = !t->ascii && term != NULL && strcmp(term, "linux") != 0;
	t->mouse = !options->no_mouse;
}

int tui_term_start(struct tui_term **ret_t,
    const struct tui_term_options *options, const char **ret_why)
{
	struct tui_term *t = aur_mem_new(1, sizeof(*t));
	int rc;

	*ret_why = "out of memory";
	if (t == NULL)
		return AUR_ENOMEM;
	take_abilities(t, options);
	if (tcgetattr(STDIN_FILENO, &restore.mode) < 0) {
		*ret_why = "stdin is not a terminal";
		aur_mem_free(t);
		return AUR_EIO;
	}
	rc = open_terminal(getenv("TERM"), ret_why);
	if (rc < 0) {
		aur_mem_free(t);
		return rc;
	}
	t->w = COLS;
	t->h = LINES;
	aur_buf_init(&t->frame, FRAME_MAX);
	start_paint(t, options->no_color);
	tui_term_theme(t, TUI_THEME_DEFAULT, TUI_GROUND_AUTO);
	restore_arm();
	enter(t);
	*ret_t = t;
	return 0;
}

void tui_term_stop(struct tui_term *t, bool gone)
{
	if (t == NULL)
		return;
	if (!gone)
		leave();
	restore_disarm();
	del_curterm(cur_term);
	tui_surface_release(&t->shown);
	aur_buf_release(&t->frame);
	aur_mem_free(t);
}

bool tui_term_is_ascii(const struct tui_term *t)
{
	return t->ascii;
}

bool tui_term_has_braille(const struct tui_term *t)
{
	return t->braille;
}

void tui_term_resize(struct tui_term *t, int *ret_w, int *ret_h)
{
	take_size(t);
	*ret_w = t->w;
	*ret_h = t->h;
	tui_surface_release(&t->shown);
}

/* Remembers what is now shown. */
static void remember(struct tui_term *t, const struct tui_surface *s)
{
	size_t bytes = (size_t)s->w * (size_t)s->h * sizeof(*s->cell);

	if ((t->shown.cell == NULL || t->shown.w != s->w ||
		t->shown.h != s->h) &&
	    tui_surface_resize(&t->shown, s->w, s->h) < 0)
		tui_surface_release(&t->shown);
	if (t->shown.cell != NULL)
		memcpy(t->shown.cell, s->cell, bytes);
}

/* The text cursor, where there is one. */
static int add_cursor(struct tui_term *t, const struct tui_surface *s)
{
	char text[TUI_PAINT_TEXT] = "";
	bool on = s->cursor_x >= 0;
	int rc = 0;

	if (on != t->cursor)
		copy_sequence(text, capability(on ? "cnorm" : "civis"));
	t->cursor = on;
	rc = aur_buf_add_str(&t->frame, text);
	if (on && rc == 0) {
		move_to(s->cursor_x, s->cursor_y, text);
		rc = aur_buf_add_str(&t->frame, text);
	}
	return rc;
}

void tui_term_write(struct tui_term *t, const char *p, size_t n)
{
	(void)t;
	write_all(p, n);
}

void tui_term_flush(struct tui_term *t, const struct tui_surface *s, bool anew)
{
	struct aur_slice bytes;

	if (anew)
		tui_surface_release(&t->shown);
	aur_buf_clear(&t->frame);
	if (tui_paint_frame(&t->paint, &t->shown, s, &t->frame) < 0 ||
	    add_cursor(t, s) < 0) {
		tui_surface_release(&t->shown); /* tried again as a whole */
		return;
	}
	bytes = aur_buf_peek(&t->frame);
	write_all((const char *)bytes.p, bytes.n);
	remember(t, s);
}

bool tui_term_is_behind(const struct tui_term *t)
{
	struct pollfd p = {.fd = STDOUT_FILENO, .events = POLLOUT};
	int waiting = 0;

	(void)t;
	if (ioctl(STDOUT_FILENO, TIOCOUTQ, &waiting) == 0 &&
	    waiting > BEHIND_MAX)
		return true;
	return poll(&p, 1, 0) == 0;
}

int tui_term_read(struct tui_term *t, uint8_t *bytes, size_t n)
{
	ssize_t got = read(STDIN_FILENO, bytes, n);

	(void)t;
	if (got > 0)
		return (int)got;
	if (got < 0 && (errno == EINTR || errno == EAGAIN))
		return 0;
	return -1;
}

int tui_term_fd(const struct tui_term *t)
{
	(void)t;
	return STDIN_FILENO;
}

void tui_term_leave(struct tui_term *t)
{
	(void)t;
	leave();
}

void tui_term_resume(struct tui_term *t)
{
	tui_surface_release(&t->shown);
	enter(t);
}

void tui_term_suspend(struct tui_term *t)
{
	struct sigaction dfl = {.sa_handler = SIG_DFL}, old;

	leave();
	sigemptyset(&dfl.sa_mask);
	sigaction(SIGTSTP, &dfl, &old);
	kill(0, SIGTSTP); /* stops here; goes on after SIGCONT */
	sigaction(SIGTSTP, &old, NULL);
	tui_term_resume(t);
}
