/* SPDX-License-Identifier: MIT */
/*
 * Leveled messages to a sink that the program gives. A library says at most
 * AUR_LOG_DEBUG; what a user must know is a result, not a log line. Without
 * a sink messages are dropped.
 */
#ifndef AUR_BASE_LOG_H
#define AUR_BASE_LOG_H

#include "base/compiler.h"

enum aur_log_level { AUR_LOG_ERROR, AUR_LOG_WARN, AUR_LOG_INFO, AUR_LOG_DEBUG };

/* `write` gets one line without a newline; `arg` is the caller's. */
struct aur_log {
	void (*write)(void *arg, enum aur_log_level level, const char *line);
	void *arg;
	enum aur_log_level most; /* messages above are dropped */
};

/* Formats and hands the line to `log`'s sink; NULL log or sink drops it.
 * Lines are cut at 1 KB. */
void aur_log_write(const struct aur_log *log, enum aur_log_level level,
    const char *fmt, ...) AUR_PRINTF(3, 4);

#endif
