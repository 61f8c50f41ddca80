/* SPDX-License-Identifier: MIT */
/* lib/json: nulls, lists, hostile text, numbers; members of every host. */
#include "tests/harness/tap.h"

#include "base/err.h"
#include "json/json.h"

static struct aur_feed_host bare(void)
{
	return (struct aur_feed_host){
	    .name = "web1",
	    .id = "",
	    .address = "web1:22",
	    .via = "local",
	    .mode = "direct",
	    .state = AUR_HOST_NO_AGENT,
	    .error = "a \"quoted\"\nline\xff",
	    .rtt = {.ns = -1},
	};
}

static void has(struct aur_buf *b, const char *text)
{
	tap_ok(strstr(aur_buf_str(b), text) != NULL, "has %s", text);
}

static void test_nothing_known(void)
{
	struct aur_feed_host host = bare();
	struct aur_figures f;
	struct aur_json_host h = {
	    .host = &host, .figures = &f, .age = {.ns = -1}};
	struct aur_json_doc doc = {.now = {.ns = 1795332309123000000}};
	struct aur_buf b;

	aur_buf_init(&b, 1u << 20);
	tap_eq_int(aur_figures_init(&f, NULL, NULL), 0, "figures of nothing");
	tap_eq_int(aur_json_status(&b, &doc, &h, 1), 0, "a document");
	has(&b, "{\"schema\":\"aurora.status/1\",\"time\":\"2026-11-22T");
	has(&b, "\"team\":null");
	has(&b, "\"state\":\"no_agent\"");
	has(&b, "\"error\":\"a \\\"quoted\\\"\\nline\xef\xbf\xbd\"");
	has(&b, "\"cores\":[]");
	has(&b, "\"busy_percent\":null");
	has(&b, "\"filesystems\":[]");
	has(&b, "\"top\":[],\"alerts\":[],\"errors\":[]}]}\n");
	has(&b, "\"rtt_ms\":null,\"clock_offset_ms\":null");
	tap_ok(strchr(aur_buf_str(&b), '\n') == aur_buf_str(&b) + b.n - 1,
	    "one line");
	aur_buf_clear(&b);
	tap_eq_int(aur_json_ps(&b, &doc, &h, 1), 0, "and of processes");
	has(&b, "\"restricted_view\":null,\"processes\":[]}]}");
	aur_figures_release(&f);
	aur_buf_release(&b);
}

static struct aur_sample *sample_of_two(void)
{
	struct aur_strs *strs = aur_strs_new(1u << 16);
	struct aur_sample *s = aur_sample_new(strs);
	struct aur_part *p =
	    aur_sample_part(s, aur_domain_get(AUR_DOMAIN_PROCESS));
	static const char *const lines[] = {"a\0\xff\0", ""};
	static const size_t sizes[] = {4, 0};
	int rc = 0;

	for (size_t i = 0; i < 2; i++) {
		ptrdiff_t at =
		    aur_part_add(p, (struct aur_key){.v = {10 + i, 100 + i}});

		if (at < 0)
			break;
		rc |= aur_part_set_text(p, (size_t)at, AUR_PROCESS_cmdline,
		    aur_slice_of(lines[i], sizes[i]));
		rc |= aur_part_set_text(p, (size_t)at, AUR_PROCESS_container_id,
		    aur_slice_str("c0ffee"));
		aur_part_set(p, (size_t)at, AUR_PROCESS_rss, 1u << 20);
	}
	tap_eq_int(rc, 0, "a sample");
	aur_strs_unref(strs);
	return s;
}

static void test_processes(void)
{
	struct aur_feed_host host = bare();
	struct aur_sample *s = sample_of_two();
	static const uint32_t rows[] = {1, 0};
	struct aur_figures f;
	struct aur_json_host h = {.host = &host,
	    .figures = &f,
	    .age = {.ns = 1500000000},
	    .rows = rows,
	    .nrow = 2};
	struct aur_json_doc doc = {.team = "pixel"};
	struct aur_buf b;

	aur_buf_init(&b, 1u << 20);
	tap_eq_int(aur_figures_init(&f, NULL, s), 0, "figures");
	tap_eq_int(aur_json_status(&b, &doc, &h, 1), 0, "a document");
	has(&b, "\"team\":\"pixel\"");
	has(&b, "\"age_seconds\":1.5");
	has(&b, "\"top\":[{\"host\":\"web1\",\"pid\":11");
	has(&b, "\"cmdline\":[]");
	has(&b, "\"cmdline\":[\"a\",\"\xef\xbf\xbd\",\"\"]");
	has(&b, "\"container\":{\"id\":\"c0ffee\",\"name\":null}");
	has(&b, "\"rss_bytes\":1048576");
	has(&b, "\"cpu_percent\":null");
	aur_figures_release(&f);
	aur_sample_unref(s);
	aur_buf_release(&b);
}

static bool only_load(void *arg, const struct aur_domain *domain, size_t index)
{
	(void)arg;
	(void)index;
	return domain != NULL && strcmp(domain->name, "load") == 0;
}

static void test_metrics(void)
{
	struct aur_buf b;

	aur_buf_init(&b, 1u << 20);
	tap_eq_int(aur_json_metrics(&b, NULL, NULL), 0, "the catalogue");
	has(&b, "{\"schema\":\"aurora.metrics/1\",\"domains\":[{\"name\"");
	has(&b, "\"key\":");
	has(&b, "{\"group\":\"cpu\",\"name\":\"busy_percent\"");
	aur_buf_clear(&b);
	tap_eq_int(aur_json_metrics(&b, only_load, NULL), 0, "a part of it");
	tap_ok(strstr(aur_buf_str(&b), "\"cpu\"") == NULL, "only a part");
	has(&b, "\"name\":\"load\"");
	has(&b, "\"figures\":[]");
	aur_buf_release(&b);
	aur_buf_init(&b, 100);
	tap_ok(aur_json_metrics(&b, NULL, NULL) < 0, "too large is an error");
	tap_eq_int((int64_t)b.n, 0, "and leaves nothing");
	aur_buf_release(&b);
}

int main(void)
{
	test_nothing_known();
	test_processes();
	test_metrics();
	return tap_done();
}
