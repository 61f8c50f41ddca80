/* SPDX-License-Identifier: MIT */
/*
 * A screen as a picture: what a terminal with a dark ground would show, as
 * SVG, for documents.
 *
 *	rc = svg_write(screen, file);
 */
#ifndef TESTS_HARNESS_SVG_H
#define TESTS_HARNESS_SVG_H

#include "tests/harness/screen.h"

#include <stdio.h>

/* Writes the screen. False when the file could not be written. */
bool svg_write(const struct screen *s, FILE *file);

#endif
