/* SPDX-License-Identifier: MIT */
/*
 * Charts: whole pictures at two widths, kept in tests/golden/chart (run with
 * AURORA_GOLDEN=write to make them anew, and look at them), and what holds of
 * any picture: widths, gaps, marks, the ends of the scale.
 */
#include "view/chart.h"

#include "base/err.h"
#include "base/text.h"
#include "tests/harness/tap.h"

#define FROM 1795680000 /* 2026-11-26 08:00:00 UTC */
#define MANY 4096

static struct aur_point points[AUR_CHART_LINES][MANY];

static void compare(const char *name, const char *text)
{
	const char *srcdir = getenv("srcdir"), *mode = getenv("AURORA_GOLDEN");
	size_t n = strlen(text);
	char path[512], *want = calloc(1, n + 2);
	FILE *file;

	if (srcdir == NULL)
		srcdir = getenv("AUR_SRCDIR");
	snprintf(path, sizeof(path), "%s/tests/golden/chart/%s.txt",
	    srcdir != NULL ? srcdir : ".", name);
	file = fopen(path, mode != NULL ? "w" : "r");
	if (file == NULL || want == NULL) {
		tap_ok(false, "%s can be opened", path);
	} else if (mode != NULL) {
		fputs(text, file);
	} else {
		want[fread(want, 1, n + 1, file)] = '\0';
		tap_eq_str(text, want, name);
	}
	if (file != NULL)
		fclose(file);
	free(want);
}

static struct aur_point point(double min, double mean, double max)
{
	return (struct aur_point){(float)min, (float)mean, (float)max, 10};
}

/* A slow wave with a spike and a gap, another for each line. */
static void fill(size_t line, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		double x = (double)i / (double)n;
		double v =
		    40 + 30 * sin(6.28 * x + (double)line) - 6 * (double)line;

		points[line][i] = point(v - 2, v, v + 2);
		if (line == 0 && i == n / 3)
			points[line][i] = point(v, v + 10, 97.5);
		if (i > n / 2 + line * 4 && i < n / 2 + n / 10 + line * 4)
			points[line][i] = (struct aur_point){NAN, NAN, NAN, 0};
	}
}

static const char *const labels[AUR_CHART_LINES] = {"web1", "web2",
    "db1 with a name that is longer than others", "\033[31mevil", "e", "f", "g",
    "h"};

static int draw(struct aur_buf *b, size_t nline,
    const struct aur_chart_how *how, int64_t seconds, enum aur_unit unit)
{
	struct aur_chart_line line[AUR_CHART_LINES];
	size_t n = aur_chart_points(how);

	for (size_t i = 0; i < nline; i++) {
		fill(i, n);
		line[i] = (struct aur_chart_line){labels[i], points[i]};
	}
	return aur_chart_add(b,
	    &(struct aur_chart){.line = line,
		.nline = nline,
		.npoint = n,
		.from = {FROM * AUR_SECOND_NS},
		.to = {(FROM + seconds) * AUR_SECOND_NS},
		.unit = unit},
	    how);
}

/* No line is wider than asked, none ends with a blank. */
static void judge(const struct aur_buf *b, size_t width)
{
	struct aur_slice rest = aur_buf_peek(b), line;
	size_t widest = 0;
	bool blank = false;

	while (aur_slice_line(&rest, &line)) {
		size_t w = aur_text_width(line);

		widest = w > widest ? w : widest;
		blank = blank || (line.n > 0 && line.p[line.n - 1] == ' ');
	}
	tap_ok(widest <= width, "%zu columns of %zu", widest, width);
	tap_ok(!blank, "no trailing blanks");
}

static void test_pictures(void)
{
	static const struct {
		const char *name;
		size_t nline, width, height;
		enum aur_glyphs glyphs;
		int64_t seconds;
		enum aur_unit unit;
	} row[] = {
	    {"one-80", 1, 80, 10, AUR_GLYPHS_BRAILLE, 3600, AUR_UNIT_PERCENT},
	    {"one-120", 1, 120, 16, AUR_GLYPHS_BRAILLE, 86400,
		AUR_UNIT_PERCENT},
	    {"one-80-ascii", 1, 80, 10, AUR_GLYPHS_ASCII, 90,
		AUR_UNIT_BYTES_PER_SECOND},
	    {"three-80", 3, 80, 10, AUR_GLYPHS_BRAILLE, 3600, AUR_UNIT_PERCENT},
	    {"three-120", 3, 120, 16, AUR_GLYPHS_BRAILLE, 3 * 86400,
		AUR_UNIT_PERCENT},
	    {"three-80-ascii", 3, 80, 10, AUR_GLYPHS_ASCII, 3600,
		AUR_UNIT_PERCENT},
	    {"eight-80", 8, 80, 12, AUR_GLYPHS_BRAILLE, 31536000,
		AUR_UNIT_COUNT},
	    {"small", 2, 24, 3, AUR_GLYPHS_BRAILLE, 3600, AUR_UNIT_PERCENT},
	};

	for (size_t i = 0; i < AUR_ARRAY_LEN(row); i++) {
		struct aur_chart_how how = {.width = row[i].width,
		    .height = row[i].height,
		    .glyphs = row[i].glyphs,
		    .utc = true};
		struct aur_buf b;

		aur_buf_init(&b, 1 << 20);
		tap_eq_int(
		    draw(&b, row[i].nline, &how, row[i].seconds, row[i].unit),
		    0, row[i].name);
		judge(&b, row[i].width);
		if (aur_buf_str(&b) != NULL)
			compare(row[i].name, aur_buf_str(&b));
		aur_buf_release(&b);
	}
}

static void test_colours(void)
{
	struct aur_chart_how how = {.width = 40,
	    .height = 5,
	    .glyphs = AUR_GLYPHS_BRAILLE,
	    .color = true};
	struct aur_buf b;

	aur_buf_init(&b, 1 << 20);
	tap_eq_int(draw(&b, 2, &how, 60, AUR_UNIT_PERCENT), 0, "colours");
	tap_ok(strstr(aur_buf_str(&b), "\033[36m") != NULL &&
		   strstr(aur_buf_str(&b), "\033[33m") != NULL,
	    "are two");
	aur_buf_clear(&b);
	how.color = false;
	tap_eq_int(draw(&b, 4, &how, 60, AUR_UNIT_PERCENT), 0, "none");
	tap_ok(memchr(b.mem + b.head, '\033', b.n) == NULL,
	    "no escape, also of a label");
	aur_buf_release(&b);
}

static void test_scale(void)
{
	tap_near(aur_chart_top(AUR_UNIT_PERCENT, 97), 100, 0, "97 percent");
	tap_near(aur_chart_top(AUR_UNIT_PERCENT, 41), 50, 0, "41");
	tap_near(aur_chart_top(AUR_UNIT_PERCENT, 0), 1, 0, "nothing");
	tap_near(aur_chart_top(AUR_UNIT_PERCENT, 100), 100, 0, "all");
	tap_near(aur_chart_top(AUR_UNIT_BYTES, 1025), 2048, 0, "bytes");
	tap_near(aur_chart_top(AUR_UNIT_COUNT, 3), 4, 0, "a few");
	tap_near(aur_chart_top(AUR_UNIT_COUNT, 41234), 50000, 0, "many");
	tap_near(aur_chart_top(AUR_UNIT_COUNT, INFINITY), 4, 0, "no number");
	tap_near(aur_chart_top(AUR_UNIT_COUNT, NAN), 4, 0, "none");
}

static void test_edges(void)
{
	struct aur_chart_how how = {
	    .width = 30, .height = 4, .glyphs = AUR_GLYPHS_ASCII, .utc = true};
	struct aur_chart_line line = {"x", points[0]};
	struct aur_chart chart = {.line = &line,
	    .nline = 1,
	    .npoint = 21,
	    .from = {FROM * AUR_SECOND_NS},
	    .to = {FROM * AUR_SECOND_NS},
	    .unit = AUR_UNIT_CELSIUS};
	struct aur_buf b;

	aur_buf_init(&b, 1 << 16);
	for (size_t i = 0; i < 21; i++)
		points[0][i] = (struct aur_point){NAN, NAN, NAN, 0};
	tap_eq_int(aur_chart_add(&b, &chart, &how), 0, "nothing but a gap");
	judge(&b, 30);
	aur_buf_clear(&b);
	for (size_t i = 0; i < 21; i++)
		points[0][i] = point(-5, -5, i == 3 ? (double)INFINITY : 5);
	tap_eq_int(aur_chart_add(&b, &chart, &how), 0, "below zero");
	tap_ok(strstr(aur_buf_str(&b), "-5.0 |") != NULL, "has its foot there");
	chart.nline = 0;
	tap_eq_int(aur_chart_add(&b, &chart, &how), AUR_EINVALID, "no line");
	chart.nline = AUR_CHART_LINES + 1;
	tap_eq_int(aur_chart_add(&b, &chart, &how), AUR_EINVALID, "too many");
	aur_buf_release(&b);
	aur_buf_init(&b, 40);
	chart.nline = 1;
	tap_eq_int(aur_chart_add(&b, &chart, &how), AUR_ELIMIT, "no room");
	tap_eq_u64(b.n, 0, "leaves nothing");
	aur_buf_release(&b);
}

static void test_row(void)
{
	struct aur_buf b;

	for (size_t i = 0; i < 8; i++)
		points[0][i] = point(0, (double)i, 8);
	points[0][5].n = 0;
	aur_buf_init(&b, 1 << 10);
	tap_eq_int(aur_chart_row(&b, points[0], 8, 10, 7, AUR_GLYPHS_ASCII), 0,
	    "a row");
	tap_eq_str(aur_buf_str(&b), "...:: |#  ", "of eight steps, a gap");
	aur_buf_release(&b);
}

int main(void)
{
	test_pictures();
	test_colours();
	test_scale();
	test_edges();
	test_row();
	return tap_done();
}
