/* SPDX-License-Identifier: MIT */
/*
 * Calls that have cost others dearly do not compile here: no bound, hidden
 * state, silent zero on bad input, or a locale. This file is forced in front
 * of every C file of the project (-include); base/ offers what to use
 * instead: buf.h for strcpy and sprintf, slice.h for strtok, scan.h for atoi,
 * strtol and sscanf, clock.h for times.
 */
#ifndef AUR_BASE_BANNED_H
#define AUR_BASE_BANNED_H

/* The declarations must have been seen before the names are poisoned. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#if !defined(_WIN32)
#include <alloca.h>
#include <strings.h>
#endif

#if defined(__GNUC__) && !defined(AUR_BANNED_OFF)
#undef alloca
#undef strcpy
#undef strcat
#undef strncpy
#undef strncat
#undef sprintf
#undef vsprintf
#pragma GCC poison strcpy strcat strncpy strncat stpcpy
#pragma GCC poison sprintf vsprintf gets
#pragma GCC poison strtok atoi atol atoll atof
#pragma GCC poison strtol strtoul strtoll strtoull strtod strtof
#pragma GCC poison scanf sscanf fscanf
#pragma GCC poison localtime gmtime ctime asctime alloca
#endif

#endif
