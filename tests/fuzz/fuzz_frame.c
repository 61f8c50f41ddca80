/* SPDX-License-Identifier: MIT */
/* Frames, and every small payload, out of any bytes. */
#include "wire/frame.h"
#include "wire/msg.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int take_any(struct aur_slice s)
{
	struct aur_hello hello;
	struct aur_error error;
	struct aur_want want;
	struct aur_request request;
	struct aur_reply reply;
	struct aur_event event;
	struct aur_gap gap;
	uint64_t token;
	int n = 0;

	n += aur_hello_take(s, &hello) == 0;
	n += aur_error_take(s, &error) == 0;
	n += aur_ping_take(s, &token) == 0;
	n += aur_want_take(s, &want) == 0;
	n += aur_request_take(s, AUR_ACT_NICE, &request) == 0;
	n += aur_request_take(s, AUR_ACT_AFFINITY, &request) == 0;
	n += aur_reply_take(s, &reply) == 0;
	n += aur_event_take(s, &event) == 0;
	n += aur_gap_take(s, &gap) == 0;
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct aur_slice in = aur_slice_of(data, size);
	struct aur_frame f;
	int n = take_any(in);

	while (aur_frame_take(&in, &f) > 0)
		n += take_any(f.payload);
	return n < 0;
}
