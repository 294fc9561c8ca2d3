/* Dates as days and periods as small integers. A day counts from 1970-01-01 (proleptic
 * Gregorian, years 1 .. 9999). A period is year * 32 + slot, so identity is integer
 * equality. */
#ifndef SOAT_VALUE_DATE_H
#define SOAT_VALUE_DATE_H

#include "base/str.h"

#define DAY_MIN INT32_MIN /* "since ever" and "for ever" in validity ranges */
#define DAY_MAX INT32_MAX

enum period_kind { PERIOD_YEAR, PERIOD_HALF, PERIOD_QUARTER, PERIOD_MONTH, PERIOD_9M };

#define PERIOD_NONE 0 /* no period */

bool date_of(int year, int month, int day, int32_t *out); /* false: no such day */
void date_parts(int32_t day, int *year, int *month, int *day_of_month);
/* d/m/yyyy, d-m-yyyy, d.m.yyyy (day first, any padding) or ISO yyyy-mm-dd; blanks around
 * are ignored. */
bool date_parse(struct str s, int32_t *out);
struct str date_str(struct arena *a, int32_t day); /* 2022-06-30 */
/* 30/06/2022 or ISO */
struct str date_show(struct arena *a, int32_t day, bool vietnamese);

/* n from 1 (1 for year, 9M); PERIOD_NONE: no such period. */
int32_t period_make(int year, enum period_kind kind, int n);
/* Every p below is a period, not PERIOD_NONE. */
enum period_kind period_kind(int32_t p);
int period_year(int32_t p);
int period_number(int32_t p); /* 1.. within the year for half, quarter, month; else 1 */
int32_t period_start(int32_t p); /* days */
int32_t period_end(int32_t p);
int period_months(int32_t p); /* 1, 3, 6, 9, 12 */
/* Same kind, ends the day before p starts; PERIOD_NONE for 9M. */
int32_t period_prior(int32_t p);
int32_t period_shift_years(int32_t p, int years); /* PERIOD_NONE beyond 1 .. 9999 */
int period_cmp(int32_t a, int32_t b);             /* by end, then by start */
/* Periods that end on `day`, longest first; at most 5; returns how many. */
size_t period_ending(int32_t day, int32_t out[5]);
/* 2022 · 2022-H1 · 2022-Q3 · 2022-06 · 2022-9M and Vietnamese forms: năm 2022 · 6 tháng
 * đầu năm 2022 · 6 tháng cuối năm 2022 · quý III/2022 · Quý 2-2022 · Q1/2022 · tháng
 * 6/2022 · 9 tháng năm 2022 · 9 tháng đầu năm 2022 …; case, tone placement and spacing
 * are folded. */
bool period_parse(struct str s, int32_t *out);
struct str period_str(struct arena *a, int32_t p); /* 2022-H1 */

#endif
