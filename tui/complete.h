/* SPDX-License-Identifier: MIT */
/*
 * Tab in the filter: completes the word before the cursor. What it may be is
 * told by what stands in front: a field; after a field an operator; after an
 * operator a value that the processes have now.
 */
#ifndef TUI_COMPLETE_H
#define TUI_COMPLETE_H

#include "model/figure.h"
#include "tui/prompt.h"

/* Completes as far as all that fit agree, and puts those that fit into
 * `hint`; "" where there is one or none. False where nothing fits. */
bool tui_complete(
    struct tui_prompt *p, struct aur_figures *f, char *hint, size_t size);

#endif
