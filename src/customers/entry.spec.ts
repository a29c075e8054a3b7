import { isKind, kinds, fieldsOf } from './catalogue.js';
import { checkEntry, resolveWithin, toWire, type Entry } from './entry.js';

const context = { now: Date.UTC(2026, 10, 21), zone: 'Europe/Berlin' };

/** An entry of the kind made of its own examples: what the docs show must be accepted. */
function example(kind: string): Record<string, unknown> {
  const fields = Object.entries(fieldsOf(kind)).map(([field, spec]) => [field, spec.example] as const);
  const side = kinds[kind]!.side === 'either' ? 'customer' : kinds[kind]!.side;
  return { kind, ...Object.fromEntries(fields), occurredAt: '2026-03-02T14:30:00Z', side };
}

describe('the catalogue', () => {
  it.each(Object.keys(kinds))('%s: its own examples are accepted, and come back over the wire as they went', (kind) => {
    const raw = { ...example(kind), ...(kind === 'person-added' && { person: undefined }), ...(kind === 'purchase' || kind === 'renewal' ? { renews: 'no' } : {}) };
    const { entry, problems } = checkEntry(raw, context);
    expect(problems).toBeUndefined();
    const wire = toWire(entry!);
    expect(checkEntry(wire, context).entry).toEqual(entry);
  });

  it.each(Object.entries(kinds).flatMap(([kind]) => Object.entries(fieldsOf(kind)).filter(([, field]) => field.required).map(([field]) => [kind, field])))('%s without %s is refused by that name', (kind, field) => {
    const { [field]: _left, ...raw } = example(kind);
    expect(checkEntry(raw, context).problems).toContainEqual(expect.objectContaining({ field, code: 'missing' }));
  });

  it('names kinds that exist wherever one kind names another', () => {
    const named = Object.values(kinds).flatMap((kind) => Object.values(kind.fields).flatMap((field) => field.of ?? []));
    expect(named.filter((name) => !isKind(name))).toEqual([]);
  });
});

describe('checkEntry', () => {
  const codes = (raw: unknown): string[] => (checkEntry(raw, context).problems ?? []).map(({ field, code }) => `${field} ${code}`);

  it.each([
    [null, 'entry not-an-object'],
    [{}, 'kind missing'],
    [{ kind: 'constructor' }, 'kind unknown-kind'],
    [{ kind: 'note', colour: 1 }, 'colour unknown-field'],
    [{ kind: 'note', toString: 1 }, 'toString unknown-field'],
    [{ kind: 'call' }, 'side missing'],
    [{ kind: 'note', side: 'customer' }, 'side wrong-side'],
    [{ kind: 'note', occurredAt: '2026-02-30' }, 'occurredAt not-a-date'],
    [{ kind: 'note', occurredAt: '2026-11-21T00:05:01Z' }, 'occurredAt in-the-future'],
    [{ kind: 'note', occurredAt: '0000-01-01' }, 'occurredAt out-of-range'],
    [{ kind: 'note', summary: '  ' }, 'summary empty'],
    [{ kind: 'note', summary: 'x'.repeat(4001) }, 'summary too-long'],
    [{ kind: 'note', feeling: 3 }, 'feeling too-large'],
    [{ kind: 'note', feeling: 0.5 }, 'feeling not-whole'],
    [{ kind: 'note', sourceId: '1' }, 'source missing'],
    [{ kind: 'note', people: 'ada' }, 'people not-a-list'],
    [{ kind: 'purchase', amount: 5 }, 'currency missing'],
    [{ kind: 'purchase', start: '2026-02-01', end: '2026-02-01' }, 'end not-after-start'],
    [{ kind: 'survey-answered' }, 'nps missing'],
    [{ kind: 'act-verified', side: 'us', about: 'x', level: 'claimed' }, 'level unknown-choice'],
    [{ kind: 'review', person: 'p', stars: 4, link: 'javascript:alert(1)' }, 'link not-a-link'],
  ])('%j: %s', (raw, problem) => {
    expect(codes(raw)).toContain(problem);
  });

  it('takes what lies 5 minutes ahead, and a date as the start of the day where the organisation is', () => {
    expect(checkEntry({ kind: 'note', occurredAt: '2026-11-21T00:05:00Z' }, context).problems).toBeUndefined();
    expect(checkEntry({ kind: 'note', occurredAt: '2026-07-01' }, context).entry?.occurredAt).toBe(Date.UTC(2026, 5, 30, 22));
  });
});

it('resolveWithin puts the ids of the same request in the place of #n', () => {
  const entry: Entry = { kind: 'review', occurredAt: 0, side: 'customer', about: '#1', people: ['#0', 'p9'], fields: { person: '#0', stars: 5 } };
  expect(resolveWithin(entry, [{ entry: 'e0', person: 'p0' }, { entry: 'e1' }])).toMatchObject({ about: 'e1', people: ['p0', 'p9'], fields: { person: 'p0', stars: 5 } });
});
