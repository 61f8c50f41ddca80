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
/* Wire: one frame from a client, which asks and never tells much. */
#define AUR_MAX_ASK (64u << 10)
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
/* Wire: bytes of a block in one message; bytes of blocks on their way that the
 * reader has not said it took. */
#define AUR_MAX_PIECE (32u << 10)
#define AUR_MAX_WINDOW (256u << 10)
/* Wire: cells of all parts of one decoded sample. */
#define AUR_MAX_CELLS (8u << 20)

/* Service: clients at once (also of one user, as agentd.json says at most),
 * and how many more root and the group are let in when others have taken all.
 * Events that one client reports in ten seconds; bytes of a value in one. */
#define AUR_MAX_PEERS 512u
#define AUR_MAX_RESERVED_PEERS 8u
#define AUR_MAX_REPORTS 64u
#define AUR_MAX_REPORT_VALUE 256u
/* Service: clients that read what was kept, at once, and of one user who is
 * not root or of the group. */
#define AUR_MAX_BACKFILLS 32u
#define AUR_MAX_OWN_BACKFILLS 4u
/* Service: a message of the system bus. */
#define AUR_MAX_BUS_MESSAGE (256u << 10)

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

/* Kept time: memory that a packer takes for a span before it must finish; a
 * block as it is kept, unpacked, and what of it tells of its columns; bytes of
 * its name; rows of a span; how many times its kept bytes a section of columns
 * may be, beside AUR_MAX_BLOCK_SLACK. */
#define AUR_MAX_SPAN_BYTES (640u << 10)
#define AUR_MAX_BLOCK (4u << 20)
#define AUR_MAX_BLOCK_RAW (32u << 20)
#define AUR_MAX_BLOCK_INDEX (4u << 20)
#define AUR_MAX_BLOCK_NAME 64u
#define AUR_MAX_SPAN_ROWS 36000u
#define AUR_MAX_BLOCK_RATIO 64u
#define AUR_MAX_BLOCK_SLACK (64u << 10)

/* Spool: segments of it; a record of the open one, which is the frames of one
 * sample and perhaps the schema of its stream. */
#define AUR_MAX_SEGMENTS 16384u
#define AUR_MAX_SPOOL_RECORD (AUR_MAX_FRAME + (1u << 20))

/* Kept time: all files of a bundle, unpacked. */
#define AUR_MAX_BUNDLE (8ull << 30)

/* Addresses: a host as it is written or looked up, a login on it. */
#define AUR_MAX_HOSTNAME 255u
#define AUR_MAX_USER 255u

/* SSH: bytes that a session has sent and the socket has not; bytes of one
 * channel that nobody has read. */
#define AUR_MAX_SSH_QUEUE (1u << 20)
#define AUR_MAX_SSH_CHANNEL (256u << 10)
/* SSH: a public key or a certificate as bytes; a line that holds one. */
#define AUR_MAX_SSH_BLOB (16u << 10)
#define AUR_MAX_SSH_LINE (64u << 10)
/* SSH: a known_hosts file, entries of all of them together. */
#define AUR_MAX_KNOWN_HOSTS (16u << 20)
#define AUR_MAX_KNOWN_ENTRIES (1u << 18)
/* SSH: what `ssh -G` prints; files of one kind in it; hosts on the way. */
#define AUR_MAX_SSH_CONFIG (1u << 20)
#define AUR_MAX_SSH_FILES 64u
#define AUR_MAX_SSH_HOPS 8u
/* SSH: a message of the agent, and its identities (both as ssh-agent has
 * them). */
#define AUR_MAX_SSH_AGENT (256u << 10)
#define AUR_MAX_SSH_IDENTITIES 2048u
/* SSH: a question of the system's ssh. */
#define AUR_MAX_PROMPT 4096u
/* SSH: a private key file; rounds of bcrypt that we are willing to wait for,
 * some 7 ms each. */
#define AUR_MAX_SSH_KEY_FILE (256u << 10)
#define AUR_MAX_SSH_ROUNDS 1024u

/* SSH: an authorized_keys file that we change. */
#define AUR_MAX_AUTHORIZED_KEYS (1u << 20)
/* Fleet: what is kept of a command's output. */
#define AUR_MAX_EXEC_OUT (AUR_MAX_AUTHORIZED_KEYS + (64u << 10))

/* People: a line typed at a prompt; a JSON document read. */
#define AUR_MAX_LINE 4096u
#define AUR_MAX_JSON (16u << 20)
/* People: levels of brackets in a document that is changed in place. */
#define AUR_MAX_DOC_DEPTH 32u

/* Team: a file; hosts, members; groups, tags and jumps of a host. */
#define AUR_MAX_TEAM_FILE (8u << 20)
#define AUR_MAX_TEAM_HOSTS 10000u
#define AUR_MAX_TEAM_MEMBERS 1000u
#define AUR_MAX_HOST_GROUPS 64u
#define AUR_MAX_HOST_TAGS 64u
#define AUR_MAX_HOST_JUMPS 8u
/* Team: lines of an ssh_config that count, and files within files. */
#define AUR_MAX_IMPORT_LINES 50000u
#define AUR_MAX_IMPORT_DEPTH 16u
/* Team: bytes of a text in it: a name, any other. */
#define AUR_MAX_NAME 63u
#define AUR_MAX_TEAM_TEXT 4096u

#endif
