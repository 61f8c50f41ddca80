/* SPDX-License-Identifier: MIT */
/*
 * Every maximum of the program, in one list. A growing buffer is given one
 * of these at birth; a decoder refuses what exceeds them before it allocates.
 * Sizes are bytes unless the name says otherwise.
 */
#ifndef AUR_BASE_LIMITS_H
#define AUR_BASE_LIMITS_H

/* Wire: one frame's body, a part of 100,000 processes with every field among
 * them; PROTOCOL.md names the same number. */
#define AUR_MAX_FRAME (32u << 20)
/* Wire: bytes waiting for a reader before a sample is skipped for it. */
#define AUR_MAX_QUEUE (64u << 20)
/* Wire: streams open at once on one connection. */
#define AUR_MAX_STREAMS 64u
/* Wire: strings of one stream's table, and the length of one of them. */
#define AUR_MAX_STRINGS (1u << 20)
#define AUR_MAX_STRING (64u << 10)
/* Wire: bytes of all strings of one table. */
#define AUR_MAX_STRING_BYTES (64u << 20)
/* Wire: capabilities in a hello, requests waiting for their reply. */
#define AUR_MAX_CAPABILITIES 64u
#define AUR_MAX_REQUESTS 256u
/* Wire: cells of all parts of one decoded sample. */
#define AUR_MAX_CELLS (8u << 20)

/* Model: domains, fields of one, instances of one part. */
#define AUR_MAX_DOMAINS 256u
#define AUR_MAX_FIELDS 256u
#define AUR_MAX_INSTANCES (1u << 20)
/* Model: points of one series, nodes of one filter, bytes of its text. */
#define AUR_MAX_POINTS (1u << 20)
#define AUR_MAX_FILTER_NODES 256u
#define AUR_MAX_FILTER_TEXT 4096u

/* Collect: one /proc or /sys file; a command line as it is kept. */
#define AUR_MAX_PROC_FILE (16u << 20)
#define AUR_MAX_CMDLINE 4096u
/* Collect: cgroups walked, and how deep. */
#define AUR_MAX_CGROUPS 16384u
#define AUR_MAX_CGROUP_DEPTH 16u
/* Collect: files asked of the helper and not yet answered. */
#define AUR_MAX_HELPER_JOBS 512u

/* People: a line typed at a prompt; a JSON document read. */
#define AUR_MAX_LINE 4096u
#define AUR_MAX_JSON (16u << 20)

#endif
