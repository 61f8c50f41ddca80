/* SPDX-License-Identifier: MIT */
/*
 * Temperatures. A sensor is asked by its driver, over a slow bus or of a disk
 * that sleeps, and may not answer: the helper reads. What it said last is put
 * into every sample, with its age.
 *
 *	every minute  /sys/class/hwmon is searched; labels and limits
 *	every 5 s     all inputs are asked
 *	every sample  answers that came are taken, all are put in
 */
#include "collect/linux/hwmon.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/scan.h"

#define SEARCH_MS 60000
#define PERIOD_MS 5000
#define FIRST_WAIT_MS 50
#define WAIT_MS 1

struct temp_state {
	struct aur_mono searched, asked, now;
	struct aur__sensor *sensor;
	size_t n;
	uint64_t round; /* of searches: older answers are not for us */
};

static int temp_open(struct aur_root *root, void **ret_state)
{
	struct temp_state *s = aur_mem_new(1, sizeof(*s));

	(void)root;
	if (s == NULL)
		return AUR_ENOMEM;
	s->searched = s->asked = AUR__NEVER;
	*ret_state = s;
	return 0;
}

static void temp_close(void *state)
{
	struct temp_state *s = state;

	if (s != NULL)
		aur_mem_free(s->sensor);
	aur_mem_free(s);
}

static bool is_same(const struct aur__sensor *a, const struct aur__sensor *b)
{
	return strcmp(a->chip, b->chip) == 0 &&
	       strcmp(a->input, b->input) == 0 &&
	       strcmp(a->folder, b->folder) == 0;
}

/* Finds the sensors anew; what was known of one that is still there stays. */
static int search(struct temp_state *s, struct aur_run *run)
{
	struct aur__sensor *found =
	    aur_mem_new(AUR__SENSORS_MAX, sizeof(*found));
	void *mem;
	int n;

	if (found == NULL)
		return AUR_ENOMEM;
	n = aur__hwmon_find(run->root, found);
	if (n <= 0) {
		aur_mem_free(found);
		found = NULL;
		n = 0;
	}
	for (int i = 0; i < n; i++)
		for (size_t k = 0; k < s->n; k++) {
			struct aur__sensor *old = &s->sensor[k];

			if (!is_same(&found[i], old))
				continue;
			found[i] = *old;
			memset(found[i].asked, 0, sizeof(found[i].asked));
			break;
		}
	if (n > 0) {
		mem = aur_mem_grow(found, (size_t)n, sizeof(*found));
		if (mem != NULL)
			found = mem;
	}
	aur_mem_free(s->sensor);
	s->sensor = found;
	s->n = (size_t)n;
	s->round++;
	return 0;
}

static void set_label(struct aur__sensor *t, struct aur_slice text)
{
	size_t n = text.n < sizeof(t->label) ? text.n : sizeof(t->label) - 1;

	if (n > 0)
		memcpy(t->label, text.p, n);
	t->label[n] = '\0';
}

/* Tag: the round of the search, the sensor's place, the file. */
static uint64_t tag_of(
    const struct temp_state *s, size_t i, enum aur__sensor_file file)
{
	return s->round << 16 | i << 4 | (uint64_t)file;
}

static void take_answer(
    void *arg, uint64_t tag, int err, struct aur_slice result)
{
	enum aur__sensor_file file = (enum aur__sensor_file)(tag & 15);
	size_t i = tag >> 4 & 0xfff;
	struct temp_state *s = arg;
	struct aur__sensor *t;
	int64_t v;

	if (tag >> 16 != s->round || i >= s->n)
		return;
	t = &s->sensor[i];
	t->asked[file] = false;
	result = aur_slice_trim(result);
	if (file == AUR__SENSOR_LABEL && err == 0)
		set_label(t, result);
	if (err == 0 && file != AUR__SENSOR_LABEL)
		err = aur_scan_i64(result, &v);
	if (file == AUR__SENSOR_CRIT && err == 0) {
		t->critical = v;
		t->have_critical = true;
	}
	if (file != AUR__SENSOR_INPUT)
		return;
	t->err = err;
	if (err == 0) {
		t->value = v;
		t->have_value = true;
		t->at = s->now;
	} else if (err != AUR_ETIMEOUT) {
		t->have_value = false; /* a sleeping or unplugged device */
	}
}

static void ask(struct temp_state *s, struct aur_run *run, size_t i,
    enum aur__sensor_file file)
{
	static const char *const suffix[] = {"input", "label", "crit"};
	struct aur__sensor *t = &s->sensor[i];
	char path[128];
	int rc;

	if (t->asked[file])
		return;
	snprintf(path, sizeof(path), "sys/class/hwmon/%s/%s_%s", t->folder,
	    t->input, suffix[file]);
	t->asked[file] = true;
	rc = aur__helper_ask(run->helper, AUR_JOB_READ, path,
	    tag_of(s, i, file), take_answer, s);
	if (rc == 0)
		return;
	t->asked[file] = false;
	if (file == AUR__SENSOR_INPUT)
		t->err = rc;
}

static int ask_all(struct temp_state *s, struct aur_run *run)
{
	bool anew = !run->root->live ||
		    aur__is_due(s->now, s->searched, aur_span_ms(SEARCH_MS));
	int rc;

	if (anew) {
		rc = search(s, run);
		if (rc < 0)
			return rc;
		s->searched = s->now;
	}
	for (size_t i = 0; i < s->n; i++)
		ask(s, run, i, AUR__SENSOR_INPUT);
	for (size_t i = 0; i < s->n && anew; i++) {
		ask(s, run, i, AUR__SENSOR_LABEL);
		ask(s, run, i, AUR__SENSOR_CRIT);
	}
	if (s->n > 0)
		aur__helper_poll(run->helper,
		    aur_span_ms(run->first ? FIRST_WAIT_MS : WAIT_MS));
	return 0;
}

/* Those that say nothing for a reason (ENXIO, ENODATA: asleep, not fitted)
 * are no error of ours. */
static void complain(struct aur_run *run, const struct aur__sensor *t)
{
	if (t->err == AUR_ETIMEOUT || t->err == AUR_EBUSY ||
	    t->err == AUR_ENOMEM)
		aur__complain(
		    run, "%s %s: %s", t->chip, t->input, aur_err_str(t->err));
	else if (t->asked[AUR__SENSOR_INPUT] && !t->have_value)
		aur__complain(run, "%s %s: no answer yet", t->chip, t->input);
}

static int put(
    struct aur_run *run, struct aur_part *p, const struct aur__sensor *t)
{
	char key[160];
	ptrdiff_t at;
	size_t i;
	int rc;

	complain(run, t);
	if (!t->have_value)
		return 0;
	snprintf(key, sizeof(key), "%s/%s", t->chip, t->input);
	if (aur_part_find_named(p, aur_slice_str(key)) >= 0)
		return 0; /* a tree without links: chips of one name */
	at = aur_part_add_named(p, aur_slice_str(key));
	if (at < 0)
		return (int)at;
	i = (size_t)at;
	aur_part_set(p, i, AUR_TEMPERATURE_value, (uint64_t)t->value);
	if (t->have_critical)
		aur_part_set(
		    p, i, AUR_TEMPERATURE_critical, (uint64_t)t->critical);
	p->inst[i].at_ns = aur_mono_since(t->at, run->sample->mono).ns;
	rc = aur__set_text(p, i, AUR_TEMPERATURE_chip, aur_slice_str(t->chip));
	if (rc == 0 && t->chip_name[0] != '\0')
		rc = aur__set_text(p, i, AUR_TEMPERATURE_chip_name,
		    aur_slice_str(t->chip_name));
	if (rc == 0 && t->label[0] != '\0')
		rc = aur__set_text(
		    p, i, AUR_TEMPERATURE_label, aur_slice_str(t->label));
	if (rc == 0)
		rc = aur__set_text(
		    p, i, AUR_TEMPERATURE_sensor, aur_slice_str(t->input));
	return rc;
}

static int temp_run(void *state, struct aur_run *run, struct aur_part *part)
{
	struct temp_state *s = state;
	int rc = 0;

	s->now = run->sample->mono;
	aur__helper_poll(run->helper, aur_span_ms(0));
	if (!run->root->live ||
	    aur__is_due(s->now, s->asked, aur_span_ms(PERIOD_MS))) {
		s->asked = s->now;
		rc = ask_all(s, run);
	}
	if (s->n == 0)
		return rc < 0 ? rc : AUR_EUNSUPPORTED;
	for (size_t i = 0; rc == 0 && i < s->n; i++)
		rc = put(run, part, &s->sensor[i]);
	return rc;
}

const struct aur_collector aur__collector_temperature = {
    .name = "temperature",
    .domain = AUR_DOMAIN_TEMPERATURE,
    .open = temp_open,
    .run = temp_run,
    .close = temp_close,
};
