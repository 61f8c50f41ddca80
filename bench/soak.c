/* SPDX-License-Identifier: MIT */
/*
 * soak SAMPLES: the agent's line without its clock. Collector, encoder and
 * decoder run SAMPLES times back to back (36,000 are ten hours at one
 * second) while processes with command lines never seen before come and go.
 * Prints the anonymous memory after a tenth, half and all of them; fails when
 * it grew by more than 256 KB since the first tenth.
 */
#include "base/err.h"
#include "base/limits.h"
#include "base/scan.h"
#include "bench/memory.h"
#include "collect/collect.h"
#include "wire/decode.h"
#include "wire/encode.h"
#include "wire/frame.h"

#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define ALIVE 24u
#define GROWTH_MOST_KB 256u

extern char **environ;

struct soak {
	struct aur_collect *collect;
	struct aur_encoder *encoder;
	struct aur_decoder *decoder;
	struct aur_strs *strs;
	struct aur_buf out;
	uint64_t decoded;
	pid_t pid[ALIVE];
	uint64_t born;
};

/* One process more, and the oldest one fewer. */
static void churn(struct soak *s)
{
	size_t at = s->born % ALIVE;
	char name[64];
	char sleep[] = "/bin/sleep", hour[] = "3600";
	char *argv[] = {sleep, hour, name, NULL};

	if (s->pid[at] > 0) {
		kill(s->pid[at], SIGKILL);
		waitpid(s->pid[at], NULL, 0);
	}
	snprintf(name, sizeof(name), "%llu", (unsigned long long)s->born++);
	if (posix_spawn(&s->pid[at], sleep, NULL, NULL, argv, environ) != 0)
		s->pid[at] = 0;
}

static void end_all(struct soak *s)
{
	for (size_t i = 0; i < ALIVE; i++)
		if (s->pid[i] > 0) {
			kill(s->pid[i], SIGKILL);
			waitpid(s->pid[i], NULL, 0);
		}
}

static int take(struct soak *s, const struct aur_frame *frame)
{
	const struct aur_part *part;
	struct aur_sample *sample;
	int rc;

	switch (frame->type) {
	case AUR_MSG_STREAM_OPEN:
		return aur_decoder_open(s->decoder, frame->payload);
	case AUR_MSG_SAMPLE_BEGIN:
		return aur_decoder_begin(s->decoder, frame->payload);
	case AUR_MSG_PART:
		return aur_decoder_part(s->decoder, frame->payload, &part);
	case AUR_MSG_SAMPLE_END:
		rc = aur_decoder_end(s->decoder, frame->payload, &sample);
		if (rc < 0)
			return rc;
		aur_sample_unref(sample);
		s->decoded++;
		return 0;
	default:
		return AUR_EPROTOCOL;
	}
}

static int pass_on(struct soak *s)
{
	struct aur_slice in = aur_buf_peek(&s->out);
	struct aur_frame frame;
	int rc;

	while ((rc = aur_frame_take(&in, &frame)) > 0) {
		rc = take(s, &frame);
		if (rc < 0)
			return rc;
	}
	aur_buf_clear(&s->out);
	return rc;
}

static int one(struct soak *s)
{
	struct aur_sample *sample = NULL;
	int rc = aur_collect_sample(s->collect, NULL, NULL, &sample);

	if (rc < 0)
		return rc;
	rc = aur_encoder_sample(s->encoder, sample, &s->out);
	aur_sample_unref(sample);
	return rc < 0 ? rc : pass_on(s);
}

static int open_all(struct soak *s)
{
	const struct aur_domain *domain[AUR_DOMAIN_COUNT];
	struct aur_want want = {
	    .domains = aur_want_system() | AUR_WANT_DOMAIN(PROCESS) |
		       AUR_WANT_DOMAIN(CGROUP),
	    .process_fields = aur_want_process_all(),
	    .interval = {AUR_SECOND_NS},
	};
	int rc = aur_collect_new(&s->collect, NULL);

	for (int i = 0; i < AUR_DOMAIN_COUNT; i++)
		domain[i] = aur_domain_get((enum aur_domain_id)i);
	s->strs = aur_strs_new(AUR_MAX_STRING_BYTES);
	aur_buf_init(&s->out, AUR_MAX_QUEUE);
	if (rc < 0 || s->strs == NULL)
		return rc < 0 ? rc : AUR_ENOMEM;
	aur_collect_want(s->collect, &want);
	rc = aur_encoder_new(&s->encoder, 1);
	if (rc >= 0)
		rc = aur_decoder_new(&s->decoder, s->strs);
	if (rc >= 0)
		rc = aur_encoder_open(
		    s->encoder, "live", domain, AUR_DOMAIN_COUNT, &s->out);
	return rc < 0 ? rc : pass_on(s);
}

int main(int argc, char **argv)
{
	struct soak s = {0};
	uint64_t samples = 0, tenth = 0, half = 0, all;
	int rc;

	if (argc != 2 || aur_scan_u64(aur_slice_str(argv[1]), &samples) < 0 ||
	    samples < 10 || samples > 1000000) {
		fprintf(stderr, "usage: soak SAMPLES\n");
		return 2;
	}
	rc = open_all(&s);
	for (uint64_t i = 0; i < samples && rc >= 0; i++) {
		churn(&s);
		rc = one(&s);
		if (i == samples / 10)
			tenth = memory_anonymous_kb();
		if (i == samples / 2)
			half = memory_anonymous_kb();
	}
	all = memory_anonymous_kb();
	end_all(&s);
	if (rc < 0 || s.decoded != samples) {
		fprintf(stderr, "soak: %s after %llu samples\n",
		    aur_err_str(rc), (unsigned long long)s.decoded);
		return 1;
	}
	printf("anonymous memory %llu, %llu, %llu KB after 1/10, 1/2 and all\n",
	    (unsigned long long)tenth, (unsigned long long)half,
	    (unsigned long long)all);
	aur_encoder_free(s.encoder);
	aur_decoder_free(s.decoder);
	aur_collect_free(s.collect);
	aur_strs_unref(s.strs);
	aur_buf_release(&s.out);
	return all > tenth + GROWTH_MOST_KB;
}
