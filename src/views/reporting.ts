/**
 * SQL views for analysts on PostgreSQL, from descriptions: stable names over tables whose names, columns and schema are ours to
 * change. Pure: gives the statements, runs none. docs/reporting.md is the text; ADR 23 says why they are made this way.
 */

/** Schema of the views, and the role that may read them where it exists. */
export const REPORT_SCHEMA = 'five_ring_report';
export const ANALYST_ROLE = 'five_ring_analyst';

export interface ReportView {
  readonly name: string;
  readonly comment: string;
  /**
   * Name, what it is made from, and what it means. Names, order and types are what analysts build on: columns are added at the
   * end, never renamed, moved or made into another type.
   */
  readonly columns: readonly (readonly [name: string, expression: string, comment: string])[];
  /** What stands behind FROM: tables of the views by their names, earlier report views with their schema. */
  readonly from: string;
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const viewNamed = (name: string): string => `${quoted(REPORT_SCHEMA)}.${quoted(name)}`;

/** Epoch ms as timestamptz, to the ms. */
export const instant = (expression: string): string => `to_timestamp((${expression}) / 1000.0)`;

/** Epoch ms of the transaction: what every view means by now. */
export const NOW = 'floor(extract(epoch FROM now()) * 1000)::bigint';

/** A flag (0 or 1) as boolean. */
export const flag = (expression: string): string => `((${expression}) <> 0)`;

/** How many minor units the currencies have that have not 100. */
const UNITS = Map.groupBy(
  Intl.supportedValuesOf('currency').map((currency) => [currency, new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2] as const).filter(([, digits]) => digits !== 2),
  ([, digits]) => digits,
);

/** Minor units of a currency in its major unit: cents as euros, yen as yen. */
export function money(amount: string, currency: string): string {
  const units = [...UNITS].map(([digits, all]) => `WHEN (${currency}) IN (${all.map(([one]) => literal(one)).join(', ')}) THEN ${10 ** digits}`);
  return `trim_scale((${amount})::numeric / CASE ${units.join(' ')} ELSE 100 END)`;
}

/** What the view selects. */
const selected = ({ columns, from }: ReportView): string => `SELECT ${columns.map(([name, expression]) => `${expression} AS ${quoted(name)}`).join(', ')} FROM ${from}`;

/**
 * Made anew in its place, so that what analysts built on it, and rights that were given by hand, stay. Only a view of another
 * version that has other columns is dropped first, with what stands on it. As a barrier: a function of an analyst's own never
 * sees a row that the view leaves out.
 */
function created(view: ReportView): string {
  const name = viewNamed(view.name);
  const options = `${name} WITH (security_barrier = true) AS ${selected(view)}`;
  return `DO $report$ BEGIN
    BEGIN
      CREATE OR REPLACE VIEW ${options};
    EXCEPTION WHEN invalid_table_definition THEN
      DROP VIEW ${name} CASCADE;
      CREATE VIEW ${options};
    END;
    COMMENT ON VIEW ${name} IS ${literal(view.comment)};
    ${view.columns.map(([column, , comment]) => `COMMENT ON COLUMN ${name}.${quoted(column)} IS ${literal(comment)};`).join('\n    ')}
  END $report$`;
}

/**
 * Statements for one transaction that make the report views read these tables: those of the schema in which the views stand that
 * are in force. They may be run any number of times, by any node. They wait half a second at most for analysts who are reading, since
 * others wait meanwhile; then nothing has changed, and it is to be tried again later.
 */
export function reportingSql(viewsSchema: string, views: readonly ReportView[]): string[] {
  return [
    `SELECT pg_advisory_xact_lock(hashtext(${literal(REPORT_SCHEMA)}))`,
    `CREATE SCHEMA IF NOT EXISTS ${quoted(REPORT_SCHEMA)}`,
    `COMMENT ON SCHEMA ${quoted(REPORT_SCHEMA)} IS 'Five-Ring for analysts: read-only views with stable names. Described in docs/reporting.md.'`,
    "SET LOCAL lock_timeout = '500ms'",
    `SET LOCAL search_path = ${quoted(viewsSchema)}, pg_catalog`,
    ...views.map(created),
    'SET LOCAL search_path TO DEFAULT',
    'SET LOCAL lock_timeout TO DEFAULT',
    `DO $report$ BEGIN
      IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = ${literal(ANALYST_ROLE)}) THEN
        GRANT USAGE ON SCHEMA ${quoted(REPORT_SCHEMA)} TO ${quoted(ANALYST_ROLE)};
        GRANT SELECT ON ${views.map(({ name }) => viewNamed(name)).join(', ')} TO ${quoted(ANALYST_ROLE)};
      END IF;
    END $report$`,
  ];
}
