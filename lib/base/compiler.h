/* SPDX-License-Identifier: MIT */
/*
 * What we ask of the compiler: attributes that turn a hope (somebody reads
 * the result, the format fits its arguments) into a warning that is an error.
 */
#ifndef AUR_BASE_COMPILER_H
#define AUR_BASE_COMPILER_H

#if defined(__GNUC__)
#define AUR_MUST_CHECK __attribute__((warn_unused_result))
#define AUR_NONNULL __attribute__((nonnull))
#define AUR_UNUSED __attribute__((unused))
#if defined(__MINGW32__)
#define AUR_PRINTF(f, a) __attribute__((format(gnu_printf, f, a)))
#else
#define AUR_PRINTF(f, a) __attribute__((format(printf, f, a)))
#endif
#else
#define AUR_MUST_CHECK
#define AUR_NONNULL
#define AUR_UNUSED
#define AUR_PRINTF(f, a)
#endif

#define AUR_ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

#endif
