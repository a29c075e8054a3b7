import { checkMapping, dateReader, rowMapper, type Mapping } from './mapping.js';

const mapping: Mapping = {
  customer: { source: 'crm', sourceId: '{Account}', name: '{Name}', team: '{Team}' },
  entry: {
    kind: { column: 'Type', values: { C: 'call', T: 'issue-opened' } },
    side: 'customer',
    occurredAt: '{Date}',
    attended: '{Attended}',
    severity: '{Severity}',
    summary: '{Subject}: {Notes}',
    channel: { column: 'Channel', values: { web: 'web' }, default: 'other' },
  },
  dates: { format: 'DD.MM.YYYY HH:mm', zone: 'Europe/Rome' },
};
const map = rowMapper(mapping, 'UTC');
const row = { Account: 'A-1', Name: 'Morel', Team: 'ada; ben', Type: 'C', Date: '01.07.2026 10:00', Attended: 'yes', Severity: '2', Subject: 'Line', Notes: 'stops', Channel: 'fax' };

describe('rowMapper', () => {
  it('fills templates, translates values, reads dates and types, and leaves out what the kind has not', () => {
    expect(map(row)).toEqual({
      customer: { source: 'crm', sourceId: 'A-1', name: 'Morel', team: ['ada', 'ben'] },
      entry: { kind: 'call', side: 'customer', occurredAt: '2026-07-01T08:00:00.000Z', attended: true, summary: 'Line: stops', channel: 'other' },
      also: [],
    });
    expect(map({ ...row, Type: 'T' })).toMatchObject({ entry: { kind: 'issue-opened', severity: 2 } });
  });

  it('says which value it has no translation for, and that the customer is missing', () => {
    expect(map({ ...row, Type: 'X', Account: ' ' }).problems).toEqual([
      expect.objectContaining({ field: 'entry.kind', code: 'unmapped-value' }),
      expect.objectContaining({ field: 'customer.sourceId', code: 'missing' }),
    ]);
  });

  it('leaves a date it cannot read as it stands, for the check to name', () => {
    expect(map({ ...row, Date: '31.06.2026 10:00' })).toMatchObject({ entry: { occurredAt: '31.06.2026 10:00' } });
  });
});

describe('checkMapping', () => {
  it('accepts one that fits the file', () => expect(checkMapping(mapping, Object.keys(row))).toEqual([]));

  it.each<[unknown, string, string]>([
    ['x', 'mapping', 'not-an-object'],
    [{ ...mapping, extra: 1 }, 'extra', 'unknown-field'],
    [{ entry: mapping.entry }, 'customer', 'missing'],
    [{ ...mapping, customer: { source: 'crm' } }, 'customer.sourceId', 'missing'],
    [{ ...mapping, customer: { ...mapping.customer, colour: 'red' } }, 'customer.colour', 'unknown-field'],
    [{ ...mapping, entry: { ...mapping.entry, kind: ['call'] } }, 'entry.kind', 'not-a-cell'],
    [{ ...mapping, entry: { ...mapping.entry, summary: '{Nothing}' } }, 'entry.summary', 'unknown-column'],
    [{ ...mapping, delimiter: ';;' }, 'delimiter', 'not-one-character'],
  ])('%#: names %s (%s)', (wrong, field, code) => {
    expect(checkMapping(wrong, Object.keys(row))).toContainEqual(expect.objectContaining({ field, code }));
  });
});

describe('dateReader', () => {
  it.each([
    ['ISO', '2026-07-01 10:00', '2026-07-01T08:00:00.000Z'],
    ['ISO', '2026-07-01', '2026-06-30T22:00:00.000Z'],
    ['ISO', '2026-07-01 10:00:00 UTC', '2026-07-01T10:00:00.000Z'],
    ['ISO', '2026-07-01 10:00:00.5 +0100', '2026-07-01T09:00:00.500Z'],
    ['unix', '1700000000', '2023-11-14T22:13:20.000Z'],
    ['unix-ms', '1700000000123', '2023-11-14T22:13:20.123Z'],
    ['YYYY-MM-DD HH:mm:ss', '2010-01-13 17:40:25', '2010-01-13T16:40:25.000Z'],
    ['MM/DD/YYYY', '7/4/2026', '2026-07-03T22:00:00.000Z'],
  ])('%s reads %s', (format, text, iso) => expect(dateReader(format, 'Europe/Rome')(text)).toBe(iso));

  it.each([['unix', 'soon'], ['DD.MM.YYYY', '31.02.2026'], ['DD.MM.YYYY', '01.02.2026 10:00'], ['HH:mm', '25:00']])('%s does not read %s', (format, text) => expect(dateReader(format, 'UTC')(text)).toBeUndefined());
});
