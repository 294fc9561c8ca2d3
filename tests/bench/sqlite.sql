-- The eight checks of eight.soat in SQLite, read by its command line: sqlite3 :memory: <sqlite.sql
-- Prints one line for each: name|failures. An unreadable number is NULL from then on, so that what depends
-- on it is neither right nor wrong, and a sum over a row that is unreadable or duplicated is left open, as
-- soat does it.
.mode list
.separator |

CREATE TABLE province (unit_code TEXT PRIMARY KEY, unit_name TEXT) WITHOUT ROWID;
CREATE TABLE report (
  htx_id TEXT, unit_code TEXT, period TEXT, htx_name TEXT, htx_open INTEGER, htx_new INTEGER,
  htx_dissolved INTEGER, htx_total INTEGER, members_total INTEGER, charter_capital NUMERIC,
  revenue NUMERIC, note TEXT);
CREATE TABLE expected (unit_code TEXT, period TEXT, members_total INTEGER);
.import --csv --skip 1 provinces.csv province
.import --csv --skip 1 report.csv report
.import --csv --skip 1 sums.csv expected

-- 1. A cell that is no number kept its text.
SELECT 'parse',
  sum((typeof(htx_open) <> 'integer') + (typeof(htx_new) <> 'integer') +
      (typeof(htx_dissolved) <> 'integer') + (typeof(htx_total) <> 'integer') +
      (typeof(members_total) <> 'integer') +
      (typeof(charter_capital) NOT IN ('integer', 'real')) +
      (typeof(revenue) NOT IN ('integer', 'real')))
FROM report;
UPDATE report SET
  htx_open = iif(typeof(htx_open) = 'text', NULL, htx_open),
  htx_new = iif(typeof(htx_new) = 'text', NULL, htx_new),
  htx_dissolved = iif(typeof(htx_dissolved) = 'text', NULL, htx_dissolved),
  htx_total = iif(typeof(htx_total) = 'text', NULL, htx_total),
  members_total = iif(typeof(members_total) = 'text', NULL, members_total)
WHERE 'text' IN (typeof(htx_open), typeof(htx_new), typeof(htx_dissolved), typeof(htx_total),
                 typeof(members_total));

-- 2, 3, 4 and 5 in one pass.
SELECT 'balance|' || sum(htx_total <> htx_open + htx_new - htx_dissolved) || char(10) ||
  'members|' || sum(members_total < 7 * htx_total) || char(10) ||
  'province|' || sum(unit_code NOT IN (SELECT unit_code FROM province)) || char(10) ||
  'id|' || sum(htx_id NOT GLOB '[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]')
FROM report;

-- 6. Every copy counts.
CREATE INDEX by_key ON report (htx_id, period, htx_total);
CREATE TABLE duplicate AS
  SELECT htx_id, period, count(*) AS n FROM report GROUP BY htx_id, period HAVING count(*) > 1;
SELECT 'unique', coalesce(sum(n), 0) FROM duplicate;

-- 7.
CREATE TABLE computed AS
  SELECT unit_code, period, sum(members_total) AS members, count(members_total) = count(*) AS is_whole
  FROM report GROUP BY unit_code, period;
CREATE TABLE open_group AS
  SELECT DISTINCT unit_code, period FROM report JOIN duplicate USING (htx_id, period);
SELECT 'sums', count(*) FROM expected JOIN computed USING (unit_code, period)
WHERE is_whole AND expected.members_total <> computed.members
  AND (unit_code, period) NOT IN (SELECT unit_code, period FROM open_group);

-- 8.
CREATE TABLE calendar (period TEXT PRIMARY KEY, before TEXT) WITHOUT ROWID;
INSERT INTO calendar
  SELECT period, iif(substr(period, 7) = '2', substr(period, 1, 6) || '1',
                     (substr(period, 1, 4) - 1) || '-H2')
  FROM computed GROUP BY period;
SELECT 'carry', count(*)
FROM report AS r CROSS JOIN calendar AS c ON c.period = r.period
CROSS JOIN report AS p ON p.htx_id = r.htx_id AND p.period = c.before
WHERE r.htx_open <> p.htx_total
  AND (p.htx_id, p.period) NOT IN (SELECT htx_id, period FROM duplicate);
