/* SPDX-License-Identifier: MIT */
/* A screen as a picture: letters, colours, shapes, and nothing that breaks
 * the XML. */
#include "tests/harness/svg.h"
#include "tests/harness/tap.h"

static char picture[65536];

/* The picture of what a program wrote on 2 rows of 12 columns. */
static void draw(const char *bytes)
{
	struct screen *s = screen_new(2, 12);
	FILE *f = tmpfile();
	size_t n = 0;

	screen_feed(s, bytes, strlen(bytes));
	if (f == NULL || !svg_write(s, f))
		tap_ok(false, "it is written");
	else {
		rewind(f);
		n = fread(picture, 1, sizeof(picture) - 1, f);
	}
	picture[n] = '\0';
	if (f != NULL)
		fclose(f);
	screen_free(s);
}

static bool has(const char *text)
{
	bool found = strstr(picture, text) != NULL;

	if (!found)
		printf("# not in the picture: %s\n", text);
	return found;
}

static void test_letters(void)
{
	draw("ab  c d");
	tap_ok(has("<svg xmlns=") && has("</svg>\n"), "a picture");
	tap_ok(has("<text y=\"12.6\"><tspan x=\"0\" textLength=\"16.8\">ab"
		   "</tspan>"),
	    "letters, and where they stand");
	tap_ok(has("<tspan x=\"33.6\" textLength=\"25.2\">c d</tspan>"),
	    "a single blank is in them");
	draw("\r\n<&>\"'");
	tap_ok(has("<text y=\"29.6\">") && has(">&lt;&amp;&gt;\"'</tspan>"),
	    "second row; what XML has for itself");
	draw("\xe6\x97\xa5x");
	tap_ok(has("<tspan x=\"0\" textLength=\"16.8\">\xe6\x97\xa5</tspan>"
		   "<tspan x=\"16.8\">x</tspan>"),
	    "a wide character has the place of two");
}

static void test_colors(void)
{
	draw("\033[38;5;214ma\033[0;1mb\033[0;4mc\033[0;7md\033[0;2me");
	tap_ok(has("<tspan x=\"0\" fill=\"#ffaf00\">a"), "one of 256");
	tap_ok(has("font-weight=\"bold\">b"), "bold");
	tap_ok(has("text-decoration=\"underline\">c"), "underlined");
	tap_ok(has("fill=\"#c9d1d9\" d=\"M25.2 0h8.4") &&
		   has("fill=\"#0d1117\">d"),
	    "reversed: the ground, and the letter");
	tap_ok(has("fill=\"#7d848b\">e"), "dim");
	draw("\033[38;5;244mx\033[41my\033[48;2;1;2;3mz");
	tap_ok(has("#808080") && has("fill=\"#e5534b\" d=\"M8.4 0h8.4v17") &&
		   has("fill=\"#010203\""),
	    "grey, a ground, one of its own");
}

static void test_shapes(void)
{
	draw("\xe2\xa0\x81\xe2\xa2\x80"); /* braille, first and last dot */
	tap_ok(has("d=\"M2.1 2.1h0M14.7 14.85h0\""), "dots in one path");
	tap_ok(!has("<text"), "and no letters");
	draw("\xe2\x96\x88\xe2\x96\x88\xe2\x96\x8c"); /* full, full, half */
	tap_ok(has("M0 0h16.8v17h-16.8zM16.8 0h4.2v17h-4.2z"),
	    "full blocks are one");
	draw("\xe2\x96\x82"); /* two eighths from below */
	tap_ok(has("M0 12.75h8.4v4.25h-8.4z"), "from below");
	draw("\xe2\x94\x80\xe2\x94\x90"); /* a line and a corner */
	tap_ok(has("M0 8.5H8.4M8.4 8.5H12.6M12.6 8.5V17"), "lines meet");
	draw("\xe2\x96\x91");
	tap_ok(has("fill=\"#3c4147\" d="), "a shade is mixed");
}

int main(void)
{
	test_letters();
	test_colors();
	test_shapes();
	return tap_done();
}
