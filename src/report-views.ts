/**
 * The views that analysts read, over tables of several slices: what each column is made from, and what it means. Names and order
 * of columns are what others build on: add at the end, never rename or move. Pure.
 *
 * What is not in them: texts, people's names and ways to reach them, search words, who logged an entry. Nothing is divided by
 * colleague: figures about a named colleague are the application's own, and off by default.
 */
import type { Rules } from './rings/rules.js';
import { RING_NAMES, RINGS } from './rings/rules.js';
import { DAY } from './kernel/calendar.js';
import { flag, instant, literal, money, NOW, REPORT_SCHEMA, type ReportView } from './views/reporting.js';

type Columns = ReportView['columns'];

const CUSTOMER_ID: Columns[number] = ['customer_id', 'c.customer', 'Id of the customer, as in customers.'];
const named = (alias: string, kind: 'customer' | 'colleague', id: string): string => `LEFT JOIN names ${alias} ON ${alias}.kind = '${kind}' AND ${alias}.id = ${id}`;
const SPELLS = '(ring int, "from" bigint, "to" bigint, cause text, "atRiskFrom" bigint, marked text, "openedBy" jsonb, "closedBy" jsonb)';
const TERMS = '(id text, start bigint, "from" bigint, "end" bigint, until bigint, period bigint, follows boolean)';
const RING_ROWS = `(VALUES ${RINGS.map((ring) => `(${ring}, ${literal(RING_NAMES[ring])})`).join(', ')}) AS r (ring, name)`;
/** The fences keep what is long to read from being read once for each use. */
const CLOCK = `CROSS JOIN (SELECT ${NOW} AS ms OFFSET 0) AS now`;
/** The end of the period at an instant, of a term that goes on by silence. */
const nextEnd = 'CASE WHEN t.period IS NULL OR now.ms < t."end" THEN t."end" ELSE t."end" + ((now.ms - t."end") / t.period + 1) * t.period END';

const customerRings: ReportView = {
  name: 'customer_rings',
  comment: 'How each ring of each customer stands now: five rows a customer.',
  from: `(
    SELECT p.customer, p.ring, p.name, p.state, p.since, p."to", p."atRiskFrom", p.cause, p.marked,
      p.state IN ('lit', 'at risk') AS is_lit, max(p.ring) FILTER (WHERE p.state IN ('lit', 'at risk')) OVER (PARTITION BY p.customer) AS highest
    FROM (
      SELECT f.customer, r.ring, r.name, s."to", s."atRiskFrom", s.cause, s.marked,
        CASE
          WHEN s."to" IS NULL AND s."from" IS NOT NULL OR s."to" > f.ms THEN CASE WHEN f.ms >= s."atRiskFrom" THEN 'at risk' ELSE 'lit' END
          WHEN r.ring = 4 AND d.due IS NOT NULL THEN 'not due'
          WHEN s."from" IS NOT NULL THEN 'out'
          WHEN (f.journey -> 'seen' ->> r.ring::text)::bigint <= f.ms THEN 'not reached'
          ELSE 'nothing recorded'
        END AS state,
        CASE WHEN s."to" IS NULL OR s."to" > f.ms THEN s."from" WHEN r.ring = 4 AND d.due IS NOT NULL THEN NULL ELSE s."to" END AS since
      FROM (SELECT p.customer, p.journey::jsonb AS journey, now.ms FROM portfolio p ${CLOCK} OFFSET 0) AS f
      CROSS JOIN LATERAL (
        SELECT max(least(${nextEnd}, t.until)) FILTER (WHERE least(${nextEnd}, t.until) > now.ms) AS due
        FROM jsonb_to_recordset(f.journey -> 'terms') AS t${TERMS} CROSS JOIN (SELECT f.ms) AS now
        WHERE t."from" <= now.ms AND (t.until IS NULL OR t.until > now.ms)
      ) AS d
      CROSS JOIN ${RING_ROWS}
      LEFT JOIN LATERAL (
        SELECT * FROM jsonb_to_recordset(f.journey -> 'spells') AS s${SPELLS} WHERE s.ring = r.ring AND s."from" <= f.ms ORDER BY s."from" DESC LIMIT 1
      ) AS s ON true
    ) AS p
  ) AS c`,
  columns: [
    CUSTOMER_ID,
    ['ring', 'c.ring', 'Number of the ring, 1 to 5.'],
    ['ring_name', 'c.name', `Its name: ${RINGS.map((ring) => RING_NAMES[ring]).join(', ')}.`],
    ['state', 'c.state', 'lit; at risk (lit, and would go out soon if nothing more happened); out; not due (renewal, before the term ends); not reached; nothing recorded.'],
    ['is_lit', 'c.is_lit', 'State is lit or at risk.'],
    ['is_missing', "c.ring < c.highest AND NOT c.is_lit AND c.state <> 'not due'", 'Out and due while a later ring is lit: a gap.'],
    ['since', instant('c.since'), 'Lit rings: since when. Rings that went out: since when they are out. Null for others.'],
    ['until', instant('CASE WHEN c.is_lit THEN c."to" END'), 'Lit rings: when it would go out if nothing more happened; null: never.'],
    ['at_risk_from', instant('CASE WHEN c.is_lit THEN c."atRiskFrom" END'), 'Lit rings: from when on it counts as at risk; null: never.'],
    ['cause', "CASE WHEN c.is_lit OR c.state = 'out' THEN c.cause END", 'Why it went out, or would; null when it would not.'],
    ['marked', 'CASE WHEN c.is_lit THEN c.marked END', 'tacit: lit by silence alone (Renewal); incentivised: by acts for which something was given alone (Advocacy); else null.'],
  ],
};

const ringState = (ring: number): string => `max(r.state) FILTER (WHERE r.ring = ${ring})`;

const customers: ReportView = {
  name: 'customers',
  comment: 'One row a customer as it stands now: owner, rings, value, next step, last contact.',
  from: `portfolio c
    ${named('n', 'customer', 'c.customer')}
    ${named('o', 'colleague', 'c.owner')}
    LEFT JOIN colleagues ON colleagues.id = c.owner
    LEFT JOIN referred ON referred.stream = c.stream
    JOIN (
      SELECT r.customer_id, ${RINGS.map((ring) => `${ringState(ring)} AS ring_${ring}`).join(', ')}, count(*) FILTER (WHERE r.is_lit)::int AS lit,
        coalesce(min(r.ring) FILTER (WHERE NOT r.is_lit), ${RINGS.length + 1}) - 1 AS depth, string_agg(r.ring_name, ', ' ORDER BY r.ring) FILTER (WHERE r.is_missing) AS missing
      FROM ${REPORT_SCHEMA}.customer_rings r GROUP BY r.customer_id
    ) AS r ON r.customer_id = c.customer
    LEFT JOIN (SELECT v.customer_id, min(v.amount) AS amount, min(v.currency) AS currency FROM ${REPORT_SCHEMA}.customer_values v GROUP BY v.customer_id HAVING count(*) = 1) AS v ON v.customer_id = c.customer
    LEFT JOIN (SELECT s.stream, min(s.due) AS due FROM planned_steps s GROUP BY s.stream) AS s ON s.stream = c.stream
    LEFT JOIN (SELECT i.stream, count(*)::int AS issues, (count(*) FILTER (WHERE i.severity <= 2))::int AS severe FROM open_issues i GROUP BY i.stream) AS i ON i.stream = c.stream
    ${CLOCK}`,
  columns: [
    CUSTOMER_ID,
    ['name', 'n.name', 'Its name; null when it was erased.'],
    ['label', "CASE WHEN r.ring_2 IN ('lit', 'at risk') THEN 'customer' WHEN r.ring_2 = 'out' THEN 'former customer' ELSE 'prospect' END", 'customer: Purchase is lit; former customer: it was; prospect: it never was.'],
    ['segment', 'c.segment', 'Its segment; null without one.'],
    ['origin', 'c.origin', 'Where it came from; null when that is not known.'],
    ['owner_id', 'c.owner', 'Id of the colleague who owns the relationship, as in colleagues; null: nobody.'],
    ['owner_name', 'o.name', 'Name of that colleague.'],
    ['owner_department', 'colleagues.department', 'Department of that colleague.'],
    ['team', "(SELECT string_agg(t.id, ', ' ORDER BY t.id) FROM jsonb_array_elements_text(c.team::jsonb) AS t (id))", 'Ids of the colleagues who work with it, with commas between; null: nobody.'],
    ...RINGS.map((ring): Columns[number] => [RING_NAMES[ring].toLowerCase(), `r.ring_${ring}`, `How ring ${ring} (${RING_NAMES[ring]}) stands, as state in customer_rings.`]),
    ['rings_lit', 'r.lit', 'How many of the five rings are lit.'],
    ['depth', 'r.depth', 'Consecutive lit rings from the first on.'],
    ['missing_rings', 'r.missing', 'Names of the rings that are out and due while a later one is lit, with commas between; null: none.'],
    ['value', 'v.amount', 'What its contracts are worth a year now, in the major unit of the currency; null: not known, nothing, or in several currencies (customer_values has them all).'],
    ['currency', 'v.currency', 'ISO 4217 code of that currency.'],
    ['next_step', instant('s.due'), 'When the next planned step is due, which may have passed; null: none is planned.'],
    ['next_decision', instant('c.next_decision'), 'When the next open decision is needed; null: none is known.'],
    ['last_contact', instant('c.last_contact'), 'When it was last heard from; null: never.'],
    ['first_entry', instant('c.first_entry'), 'When the first of its entries happened; null: it has none.'],
    ['last_entry', instant('c.last_entry'), 'When the last of its entries happened.'],
    ['entries', 'c.entries', 'How many entries are in force.'],
    ['open_issues', 'coalesce(i.issues, 0)', 'Issues that are open.'],
    ['severe_issues', 'coalesce(i.severe, 0)', 'Of these, those of severity 1 and 2.'],
    ['is_snoozed', 'EXISTS (SELECT 1 FROM jsonb_to_recordset(c.snoozes::jsonb) AS z (at bigint, until bigint) WHERE z.at <= now.ms AND now.ms < z.until)', 'Somebody set it aside until a later day.'],
    ['referred_by', 'referred.referred_by', 'Id of the customer that its own file names as the one who referred it.'],
  ],
};

const customerValues: ReportView = {
  name: 'customer_values',
  comment: 'What the contracts of a customer are worth a year now, a row a currency. Amounts in different currencies are never added.',
  from: `(SELECT p.customer, p.facts::jsonb -> 'worth' AS worth, now.ms FROM portfolio p ${CLOCK} OFFSET 0) AS c
    CROSS JOIN LATERAL (SELECT w.worth FROM jsonb_to_recordset(c.worth) AS w ("from" bigint, worth jsonb) WHERE w."from" <= c.ms ORDER BY w."from" DESC LIMIT 1) AS w
    CROSS JOIN LATERAL jsonb_to_recordset(w.worth) AS m (amount bigint, currency text)`,
  columns: [CUSTOMER_ID, ['currency', 'm.currency', 'ISO 4217 code.'], ['amount', money('m.amount', 'm.currency'), 'A year, in the major unit of the currency.']],
};

const ringPeriods: ReportView = {
  name: 'ring_periods',
  comment: 'Every period in which a ring of a customer was lit, is lit, or will be; by the rules and corrections of today.',
  from: `portfolio c CROSS JOIN LATERAL jsonb_to_recordset(c.journey::jsonb -> 'spells') AS s${SPELLS} JOIN ${RING_ROWS} ON r.ring = s.ring ${CLOCK}`,
  columns: [
    CUSTOMER_ID,
    ['ring', 's.ring', 'Number of the ring, 1 to 5.'],
    ['ring_name', 'r.name', 'Its name.'],
    ['lit_from', instant('s."from"'), 'From when on it was lit.'],
    ['lit_until', instant('s."to"'), 'Until when, that instant not in it; in the future: if nothing more happens; null: without an end.'],
    ['has_begun', 's."from" <= now.ms', 'lit_from has come.'],
    ['has_ended', 'coalesce(s."to" <= now.ms, false)', 'lit_until has come: the ring was lost then.'],
    ['cause', 's.cause', 'Why it ended, or would; null without an end.'],
    ['marked', 's.marked', 'tacit or incentivised, as in customer_rings.'],
    ['opened_by', 's."openedBy" ->> 0', 'Id of the entry that lit it (the first by id, when several did), as in entries.'],
    ['closed_by', 's."closedBy" ->> 0', 'Id of the entry whose happening, or running out, ends it (the first by id).'],
    ['days', 'CASE WHEN s."from" <= now.ms THEN round((least(s."to", now.ms) - s."from") / 86400000.0, 3) END', 'How many days of 24 hours it has been lit until now; null before it begins.'],
  ],
};

const entries: ReportView = {
  name: 'entries',
  comment: 'The timeline: one row an entry in force, without what was written in it.',
  from: 'timeline c JOIN portfolio p ON p.customer = c.customer WHERE c.retracted = 0',
  columns: [
    ['entry_id', 'c.id', 'Id of the entry, for ever.'],
    CUSTOMER_ID,
    ['happened', instant('c.occurred_at'), 'When it happened.'],
    ['recorded', instant('c.recorded_at'), 'When it was recorded first.'],
    ['kind', 'c.kind', 'Kind of entry, by its name in the catalogue.'],
    ['side', 'c.side', 'Who acted: customer or us.'],
    ['department', 'c.department', 'Department of ours that took part; null when that is not known.'],
    ['channel', 'c.channel', 'Channel; null when that is not known.'],
    ['offering', 'c.offering', 'Offering it is about; null when it names none.'],
    ['source', 'c.source', 'Where it was imported from; null when it was logged here.'],
    ['source_id', 'c.source_id', 'Its id there.'],
    ['is_corrected', 'c.content_revision <> c.revision', 'What it says now is not what was recorded first.'],
  ],
};

const promises: ReportView = {
  name: 'promises',
  comment: 'What we promised, and what became of it: one row a promise.',
  from: `promises c ${named('n', 'customer', 'c.customer')} ${CLOCK}`,
  columns: [
    ['promise_id', 'c.id', 'Id of the entry by which it was made.'],
    CUSTOMER_ID,
    ['customer_name', 'n.name', 'Name of the customer; null when it was erased.'],
    ['owner_id', 'c.owner', 'Id of the colleague who sees to it.'],
    ['department', 'c.department', 'Department that owes it; null when that is not known.'],
    ['offering', 'c.offering', 'Offering it is about; null when it names none.'],
    ['made', instant('c.made'), 'When it was made.'],
    ['due', instant('c.due'), 'By when.'],
    ['state', "CASE WHEN c.delivered <= now.ms THEN CASE WHEN c.delivered <= c.due THEN 'kept' ELSE 'repaired' END WHEN now.ms > c.due THEN 'missed' ELSE 'open' END", 'open; missed: the due instant passed without delivery; kept: delivered by then; repaired: delivered later.'],
    ['days_late', 'greatest(0, (coalesce(c.delivered, now.ms) - c.due) / 86400000)::int', 'Whole days between the due instant and the delivery, or now; 0 when it is not late.'],
    ['produced', instant('c.produced'), 'When it was produced; null: not yet.'],
    ['delivered', instant('c.delivered'), 'When it was delivered; null: not yet.'],
    ['confirmed', instant('c.confirmed'), 'When the customer confirmed it; null: not yet.'],
  ],
};

const ANSWERS = '(said text, at bigint, n bigint)';
const askState = "CASE WHEN a.done THEN 'done' ELSE coalesce(a.last, 'waiting') END";

const asks: ReportView = {
  name: 'asks',
  comment: 'Requests to a person to stand up for us, with what they said: one row an ask.',
  from: `asks c ${named('n', 'customer', 'c.customer')} ${CLOCK}
    CROSS JOIN LATERAL (
      SELECT coalesce(bool_or(a.said = 'done'), false) AS done, (array_agg(a.said ORDER BY a.n DESC))[1] AS last, max(a.at) AS at, min(a.at) FILTER (WHERE a.said = 'done') AS done_at
      FROM (SELECT a.value ->> 'said', (a.value ->> 'at')::bigint, a.ordinality FROM jsonb_array_elements(c.answers::jsonb) WITH ORDINALITY AS a) AS a${ANSWERS.replaceAll(/ (text|bigint)/g, '')} WHERE a.at <= now.ms
    ) AS a`,
  columns: [
    ['ask_id', 'c.id', 'Id of the entry by which they were asked.'],
    CUSTOMER_ID,
    ['customer_name', 'n.name', 'Name of the customer; null when it was erased.'],
    ['person_id', 'c.person', 'Id of the person who was asked.'],
    ['act', 'c.act', 'What for: the kind of act.'],
    ['offering', 'c.offering', 'Offering it is about; null when it names none.'],
    ['asked', instant('c.asked'), 'When they were asked.'],
    ['due', instant('c.due'), 'By when; null when nothing was said.'],
    ['is_incentivised', flag('c.incentivised'), 'Something is given for it.'],
    ['state', askState, 'waiting: no answer yet; accepted; declined; done: an act answers it.'],
    ['is_overdue', `coalesce(${askState} NOT IN ('done', 'declined') AND c.due < now.ms, false)`, 'The due instant passed, and nothing was done or declined.'],
    ['answered', instant('a.at'), 'When they last said or did something; null: not yet.'],
    ['done', instant('a.done_at'), 'When the first act that answers it happened; null: none has.'],
  ],
};

const referrals: ReportView = {
  name: 'referrals',
  comment: 'Who brought whom, each referral credited once, and what came of it.',
  from: `referrals c ${named('n', 'customer', 'c.customer')} ${named('m', 'customer', 'c.referred')} LEFT JOIN referred f ON f.customer = c.referred`,
  columns: [
    ['referral_id', 'c.id', 'Id of the entry that reported it first.'],
    CUSTOMER_ID,
    ['customer_name', 'n.name', 'Name of the customer that referred; null when it was erased.'],
    ['person_id', 'c.person', 'Id of the person who referred.'],
    ['referred_id', 'c.referred', 'Id of the customer that was referred.'],
    ['referred_name', 'm.name', 'Its name; null when it was erased.'],
    ['referred_at', instant('c.at'), 'When the referral happened.'],
    ['first_contact', instant('f.first_contact'), 'When the referred customer was first heard from; null: not yet.'],
    ['first_purchase', instant('f.first_purchase'), 'When it bought first, and did not send it back; null: not yet.'],
    ['first_act', instant('f.first_act'), 'When it first stood up for us itself; null: not yet.'],
  ],
};

/** As `contractAhead` in rings/line.ts says it, of terms that nothing follows. */
const contracts = (rules: Rules): ReportView => {
  const noticeBy = `(a."end" - a.notice * ${DAY})`;
  const nextNotice = `CASE WHEN a.period > ${rules.warning.terms * DAY} THEN ${noticeBy} + greatest(0, floor((now.ms - ${noticeBy})::numeric / a.period)::bigint + 1) * a.period END`;
  const ahead = `CASE WHEN a.ending IS NOT NULL THEN (a.ending ->> 'at')::bigint WHEN a."end" IS NULL THEN NULL WHEN a.period IS NOT NULL THEN ${nextNotice} WHEN a.notice > 0 AND now.ms < ${noticeBy} THEN ${noticeBy} ELSE a."end" END`;
  return {
    name: 'contracts',
    comment: 'Terms of customers: one row a purchase or renewal that makes one, ended ones too.',
    from: `(SELECT p.customer, p.owner, p.journey::jsonb -> 'terms' AS terms, p.facts::jsonb -> 'terms' AS facts, now.ms FROM portfolio p ${CLOCK} OFFSET 0) AS c
      CROSS JOIN LATERAL (SELECT c.ms) AS now
      CROSS JOIN LATERAL jsonb_to_recordset(c.terms) AS t${TERMS}
      ${named('n', 'customer', 'c.customer')}
      LEFT JOIN timeline e ON e.id = t.id
      LEFT JOIN LATERAL (SELECT a.*, ${ahead} AS date FROM jsonb_to_recordset(c.facts) AS a (id text, "from" bigint, "end" bigint, period bigint, notice bigint, ending jsonb, money jsonb) WHERE a.id = t.id) AS a ON true
      CROSS JOIN LATERAL (SELECT CASE WHEN a."from" <= now.ms AND a.date > now.ms THEN a.date END AS date) AS d`,
    columns: [
      ['contract_id', 't.id', 'Id of the purchase or renewal, as in entries.'],
      CUSTOMER_ID,
      ['customer_name', 'n.name', 'Name of the customer; null when it was erased.'],
      ['owner_id', 'c.owner', 'Id of the colleague who owns the relationship.'],
      ['kind', 'e.kind', 'purchase or renewal.'],
      ['offering', 'e.offering', 'Offering it is about; null when it names none.'],
      ['starts', instant('t.start'), 'When it starts.'],
      ['counts_from', instant('t."from"'), 'From when on it counts: not before it was bought.'],
      ['ends', instant('t."end"'), 'Its end; of one that goes on by silence the end of its first period.'],
      ['in_force_until', instant('t.until'), 'When it stops being in force if nothing more happens; null: it goes on.'],
      ['state', "CASE WHEN t.\"from\" > now.ms THEN 'ahead' WHEN t.until <= now.ms THEN 'ended' ELSE 'in force' END", 'ahead: it does not count yet; in force; ended.'],
      ['goes_on', 't.period IS NOT NULL', 'It goes on by silence.'],
      ['is_renewal', 't.follows', 'It follows another.'],
      ['next_date', instant('d.date'), 'The date ahead of one in force that nothing follows; null: there is none.'],
      ['next_date_is', "CASE WHEN d.date IS NULL THEN NULL WHEN a.ending IS NOT NULL THEN 'ended' WHEN a.period IS NOT NULL THEN 'goes on' WHEN a.notice > 0 AND d.date < a.\"end\" THEN 'notice' ELSE 'ends' END", 'What date that is. ended: it was ended, with effect then; goes on: it goes on by itself afterwards; notice: the last day to give notice; ends: its end.'],
      ['amount', money("(a.money ->> 'amount')::bigint", "a.money ->> 'currency'"), 'A year, in the major unit of the currency; known while it is in force or ahead and nothing follows it, else null.'],
      ['currency', "a.money ->> 'currency'", 'ISO 4217 code of that currency.'],
    ],
  };
};

const LATER = "l.customer = c.customer AND l.owner <> '' AND (l.occurred_at, l.entry) > (c.occurred_at, c.entry)";
const TAKEN = "t.customer = c.customer AND t.kind = 'handover-acknowledged' AND t.actor = c.owner AND (t.about = c.entry OR t.about IS NULL AND t.occurred_at >= c.occurred_at)";

const handovers: ReportView = {
  name: 'handovers',
  comment: 'Every change of the owner of a customer, and whether the new owner said that they took it.',
  from: `owner_entries c
    JOIN portfolio p ON p.customer = c.customer
    ${named('n', 'customer', 'c.customer')}
    CROSS JOIN LATERAL (SELECT NOT EXISTS (SELECT 1 FROM owner_entries l WHERE ${LATER}) AS is_last, (SELECT min(t.occurred_at) FROM owner_entries t WHERE ${TAKEN}) AS taken) AS h
    WHERE c.kind = 'owner-changed'`,
  columns: [
    ['handover_id', 'c.entry', 'Id of the entry that says so.'],
    CUSTOMER_ID,
    ['customer_name', 'n.name', 'Name of the customer; null when it was erased.'],
    ['given_by', 'c.actor', 'Id of the colleague who gave it.'],
    ['new_owner', 'c.owner', 'Id of the colleague who became the owner.'],
    ['happened', instant('c.occurred_at'), 'When.'],
    ['acknowledged', instant('h.taken'), 'When the new owner said that they took it; null: they did not.'],
    ['is_current', 'h.is_last', 'The new owner is the owner still: nothing later changed it.'],
    ['is_waiting', 'h.is_last AND c.actor <> c.owner AND h.taken IS NULL', 'It is current, came from another, and was not acknowledged.'],
  ],
};

const colleagues: ReportView = {
  name: 'colleagues',
  comment: 'Who works here, or did.',
  from: `colleagues c ${named('n', 'colleague', 'c.id')}`,
  columns: [
    ['colleague_id', 'c.id', 'Id of the colleague.'],
    ['name', 'n.name', 'Their name; null when it was erased.'],
    ['department', 'c.department', 'marketing, sales, service, operations, executive or partner.'],
    ['is_active', flag('c.active'), 'They work here now.'],
  ],
};

const SPLITS = "c.split IN ('', 'segment', 'origin')";
const splitColumns: Columns = [
  ['divided_by', "coalesce(nullif(c.split, ''), 'all')", 'all: over all customers; segment, origin: one part of them, as they are now. Choose one; never add them up.'],
  ['part', "CASE WHEN c.split <> '' THEN nullif(c.value, '') END", 'The segment or origin; null: customers without one, and over all.'],
];
const MONEY_MEASURES = "('revenue', 'advocate-revenue', 'at-risk', 'year-start', 'year-end', 'year-kept')";
const dayOf = (column: string): string => `(DATE '1970-01-01' + ${column}::int)`;

const dailyTotals: ReportView = {
  name: 'daily_totals',
  comment: 'What the figures are made from: each day on which a measure changed. A level holds at the end of its day and until its next row. Days ahead are among them: what will be if nothing more happens.',
  from: `(
    SELECT d.*, split_part(d.measure, ':', 1) AS name, split_part(d.measure, ':', 2) AS detail, split_part(d.measure, ':', 3) AS cause, sum(d.amount) OVER (PARTITION BY d.split, d.value, d.measure ORDER BY d.day) AS total
    FROM figure_days d
  ) AS c WHERE ${SPLITS}`,
  columns: [
    ['day', dayOf('c.day'), "The day, in the organisation's time zone."],
    ...splitColumns,
    ['measure', 'c.name', 'What is counted; docs/reporting.md lists them.'],
    ['ring', "CASE WHEN c.name IN ('lit', 'lit90', 'lost90', 'gained', 'lost') THEN c.detail::int END", 'The ring, where the measure is about one.'],
    ['cause', "nullif(c.cause, '')", 'The cause, where rings are lost.'],
    ['rings', "CASE WHEN c.name = 'set' THEN c.detail END", 'Of the measure set: the rings that are lit together, such as 1+2+3, or none.'],
    ['currency', "CASE WHEN c.name IN ('at-risk-customers', 'year-customers') OR c.name IN " + MONEY_MEASURES + ' THEN c.detail END', 'The currency, where it is about money.'],
    ['answer', "CASE WHEN c.name = 'nps' THEN c.detail END", 'Of the measure nps: promoter, passive or detractor.'],
    ['change', `CASE WHEN c.name IN ${MONEY_MEASURES} THEN ${money('c.amount', 'c.detail')} ELSE c.amount END`, 'What that day added; money in the major unit of the currency.'],
    ['level', `CASE WHEN c.name IN ('gained', 'lost', 'nps', 'customer-entries', 'our-entries') THEN NULL WHEN c.name IN ${MONEY_MEASURES} THEN ${money('c.total', 'c.detail')} ELSE c.total END`, 'What it comes to at the end of the day; null for measures that count what happened on the day.'],
  ],
};

/** By the end of the month, or in it. */
const LEVELS: readonly (readonly [name: string, measure: string, comment: string])[] = [
  ['customers', 'lit:2', 'Customers: with Purchase lit.'],
  ['advocates', 'advocates', 'Customers with Purchase and Advocacy lit.'],
  ['advocates_without_incentives', 'advocates-plain', 'The same without acts for which something was given.'],
  ['ever_advocated', 'ever-advocated', 'Customers that stood up for us at any time.'],
  ...RINGS.filter((ring) => ring !== 2).map((ring): [string, string, string] => [`${RING_NAMES[ring].toLowerCase()}_lit`, `lit:${ring}`, `Customers, prospects and former customers with ${RING_NAMES[ring]} lit.`]),
];
const FLOWS: readonly (readonly [name: string, measures: string, comment: string])[] = [
  ...RINGS.map((ring): [string, string, string] => [`${RING_NAMES[ring].toLowerCase()}_gained`, `= 'gained:${ring}'`, `How often ${RING_NAMES[ring]} was lit in the month.`]),
  ...RINGS.map((ring): [string, string, string] => [`${RING_NAMES[ring].toLowerCase()}_lost`, `LIKE 'lost:${ring}:%'`, `How often ${RING_NAMES[ring]} went out in the month.`]),
  ['promoters', "= 'nps:promoter'", 'Answers 9 and 10 to whether they would recommend us.'],
  ['passives', "= 'nps:passive'", 'Answers 7 and 8.'],
  ['detractors', "= 'nps:detractor'", 'Answers 0 to 6.'],
  ['customer_entries', "= 'customer-entries'", 'Entries in which the customer acted.'],
  ['our_entries', "= 'our-entries'", 'Entries in which we acted.'],
];

const monthlyFigures = (zone: string): ReportView => {
  const today = `(now() AT TIME ZONE ${literal(zone)})::date`;
  const sums = [...LEVELS.map(([name, measure]) => `coalesce(sum(m.amount) FILTER (WHERE m.measure = ${literal(measure)}), 0) AS ${name}`), ...FLOWS.map(([name, measures]) => `coalesce(sum(m.amount) FILTER (WHERE m.measure ${measures}), 0) AS ${name}`)];
  return {
    name: 'monthly_figures',
    comment: 'Figures by month since the first entry: levels at the end of the month (of the present month: of today), and what happened in it.',
    from: `(
      WITH today AS (SELECT ${today} AS day),
      added AS (
        SELECT m.split, m.value, ${dayOf('m.day')} AS month, m.measure, m.amount FROM figure_months m, today WHERE ${dayOf('m.day')} < date_trunc('month', today.day)::date
        UNION ALL
        SELECT d.split, d.value, date_trunc('month', today.day)::date, d.measure, d.amount FROM figure_days d, today WHERE ${dayOf('d.day')} BETWEEN date_trunc('month', today.day)::date AND today.day
      ),
      months AS (SELECT m.split, m.value, m.month, ${sums.join(', ')} FROM added m WHERE m.split IN ('', 'segment', 'origin') GROUP BY m.split, m.value, m.month),
      all_months AS (SELECT f.split, f.value, g::date AS month FROM (SELECT m.split, m.value, min(m.month) AS first FROM months m GROUP BY m.split, m.value) f, today, generate_series(f.first::timestamp, today.day::timestamp, interval '1 month') AS g)
      SELECT a.split, a.value, a.month, ${[...LEVELS.map(([name]) => `(sum(m.${name}) OVER w)::int AS ${name}`), ...FLOWS.map(([name]) => `coalesce(m.${name}, 0)::int AS ${name}`)].join(', ')}
      FROM all_months a LEFT JOIN months m ON m.split = a.split AND m.value = a.value AND m.month = a.month
      WINDOW w AS (PARTITION BY a.split, a.value ORDER BY a.month)
    ) AS c`,
    columns: [
      ['month', 'c.month', "First day of the month, in the organisation's time zone."],
      ...splitColumns,
      ...LEVELS.map(([name, , comment]): Columns[number] => [name, `c.${name}`, comment]),
      ['advocacy_rate', 'c.advocates::float8 / nullif(c.customers, 0)', 'advocates / customers; null without customers. Never average it: divide the sums.'],
      ...FLOWS.map(([name, , comment]): Columns[number] => [name, `c.${name}`, comment]),
      ['nps', '100.0::float8 * (c.promoters - c.detractors) / nullif(c.promoters + c.passives + c.detractors, 0)', 'Share of promoters less share of detractors, in points, of the answers of the month; null without answers.'],
    ],
  };
};

const parked: ReportView = {
  name: 'parked',
  comment: 'What the views could not take: these customers, or other histories, stand still in that view since then. Empty when all is well.',
  from: 'five_ring_parked c',
  columns: [
    ['view_name', 'c.view', 'Which of the views; portfolio is the one with rings and totals.'],
    ['customer_id', "CASE WHEN c.stream LIKE 'customer-%' THEN substr(c.stream, length('customer-') + 1) END", 'Id of the customer; null when it is another history.'],
    ['history', 'c.stream', 'Name of the history (stream).'],
    ['revision', 'c.revision', 'Number of its first event that is not in the view.'],
  ],
};

/** In the order in which they are made: one may read those before it. `zone`: of the organisation. */
export const reportViews = (rules: Rules, zone: string): readonly ReportView[] => [
  customerRings, customerValues, customers, ringPeriods, entries, promises, asks, referrals, contracts(rules), handovers, colleagues, dailyTotals, monthlyFigures(zone), parked,
];
