/** Who begins, who of us is in it, what the customer got and how it felt; and what the state keeps for it. */
import { customer, customerStream, type CustomerCommand, type Interaction } from '../../src/customers/customer.js';
import { checkEntry } from '../../src/customers/entry.js';
import { dialogueFigures } from '../../src/figures/dialogue-figures.js';
import { Executor } from '../../src/shell/executor.js';
import { commandIdOf } from '../../src/shell/ids.js';
import { MemoryStore } from '../../src/stores/memory.store.js';
import { SqliteVault } from '../../src/vault/sqlite.vault.js';
import { becauseOf, CONTEXT, days, factsFrom, hearing, marking, must, named, on, ours, proves, said, same, theirs, type Bugs, type Checks, type Named } from './told.js';

const real = named(dialogueFigures);
const TEAM = { team: ['ada', 'ben', 'cem'], firstOwner: 'dora' };

/** So many calls of each colleague, a day each. */
const calls = (counts: Readonly<Record<string, number>>, more: Partial<Interaction> = {}): Interaction[] =>
  Object.entries(counts).flatMap(([actor, count]) => Array.from({ length: count }, () => actor)).map((actor, n) => ours(n, `call${n}`, 'call', {}, { actor, ...more }));
const felt = (n: number, feeling: number, feelingBy?: string): Interaction => theirs(n, `felt${n}${feelingBy ?? ''}`, 'reply', {}, { feeling, ...(feelingBy !== undefined && { feelingBy }) });

const CHECKS: Checks<Named> = {
  'of four dialogues the customer began two; answers and what belongs to them begin none': (figures) => {
    const entries = [
      theirs(1, 'rang', 'call'), theirs(1, 'fault', 'issue-opened', { severity: 2 }, { about: 'rang' }), ours(2, 'fixed', 'issue-resolved', {}, { about: 'fault' }),
      theirs(5, 'asked', 'question-asked'), ours(6, 'told', 'email', {}, { about: 'asked' }),
      ours(9, 'mail', 'message-sent'), theirs(10, 'clicked', 'message-response', {}, { about: 'mail' }), theirs(11, 'thanks', 'reply'),
      ours(20, 'visit', 'visit'), ours(20, 'note', 'note'),
    ];
    same(said(figures['dialogue-balance']!, [entries], days(0, 30)), { all: '2 of 4' }, 'balance');
    same(becauseOf(figures['dialogue-balance']!, entries, days(0, 30)), [['rang'], ['asked'], ['mail'], ['visit']], 'because');
  },
  'of three interactions of ours one says what the customer got; a note is none': (figures) => {
    const entries = [ours(1, 'a', 'visit', {}, { saysCustomerGot: true }), ours(2, 'b', 'call'), ours(3, 'c', 'message-sent'), ours(4, 'd', 'note', {}, { saysCustomerGot: true }), theirs(5, 'e', 'call', {}, { saysCustomerGot: true }), ours(6, 'f', 'owner-changed', { owner: 'ada' })];
    same(said(figures['value-in-interaction']!, [entries], days(0, 30)), { all: '1 of 3' }, 'value');
  },
  'flagged when one colleague has 80 % or more': (figures) => {
    const flagged = (counts: Readonly<Record<string, number>>): unknown => said(figures['one-colleague-share']!, [factsFrom(calls(counts), TEAM)], days(0, 60));
    same(flagged({ ada: 8, ben: 2 }), { all: '1 of 1' }, '8 of 10');
    same(flagged({ ada: 7, ben: 3 }), { all: '0 of 1' }, '7 of 10');
    same(flagged({ ada: 7, ben: 7, cem: 6 }), { all: '0 of 1' }, 'spread over three');
  },
  'one colleague is not told of where there are fewer than 10 interactions or fewer than 4 of us, or another system wrote': (figures) => {
    const silent = (entries: readonly Interaction[], told = TEAM): unknown => said(figures['one-colleague-share']!, [factsFrom(entries, told)], days(0, 60));
    same(silent(calls({ ada: 9 })), { all: 'no value' }, '9 interactions');
    same(silent([...calls({ ada: 9 }), ours(20, 'n', 'note')]), { all: 'no value' }, '9 and a note');
    same(silent(calls({ ada: 10 }), { ...TEAM, team: ['ada', 'ben'] }), { all: 'no value' }, 'three of us');
    same(silent(calls({ ada: 10 }), { ...TEAM, team: ['ada', 'ben', 'cem', 'ada'], firstOwner: 'ben' }), { all: 'no value' }, 'three of us, named twice');
    same(silent(calls({ ada: 10 }, { source: 'helpdesk', sourceId: '1' })), { all: 'no value' }, 'imported');
  },
  'no colleague is named': (figures) => {
    const marks = figures['one-colleague-share']!.marks(factsFrom(calls({ ada: 12 }), TEAM), days(0, 60), CONTEXT);
    same(marks.map((mark) => [Object.keys(mark).sort(), mark.because.length]), [[['above', 'because', 'below'], 12]], 'marks');
  },
  'feeling: stated and observed apart; what does not say so was observed': (figures) => {
    same(said(figures['feeling']!, [[felt(1, 2, 'stated'), felt(2, -1), felt(3, 1, 'observed')], [felt(4, 1, 'stated')], [theirs(5, 'x', 'reply')]], days(0, 30)), { observed: '0 of 2', stated: '1.5 of 2' }, 'feeling');
  },
  'before and after: the first and the last feeling of those with two': (figures) => {
    const entries = [felt(1, -2, 'stated'), felt(5, 0, 'stated'), felt(9, 1, 'stated'), felt(3, 1)];
    same(said(figures['feeling-before-and-after']!, [entries, [felt(2, 2, 'stated')]], days(0, 30)), { 'stated, after': '1 of 1', 'stated, before': '-2 of 1' }, 'before and after');
    same(said(figures['feeling-before-and-after']!, [[felt(1, 1), on(1, 'z', 'reply', 'customer', {}, { feeling: 2 })]], days(0, 30)), {}, 'at one time');
  },
};


const BALANCE = 'of four dialogues the customer began two; answers and what belongs to them begin none';
const SILENT = 'one colleague is not told of where there are fewer than 10 interactions or fewer than 4 of us, or another system wrote';
const BUGS: Bugs<Named> = [
  ['what belongs to a dialogue begins one', BALANCE, /"3 of 6"/, { 'dialogue-balance': hearing(real['dialogue-balance']!, ({ about: _about, ...one }) => one) }],
  ['a reply begins one', BALANCE, /"3 of 5"/, { 'dialogue-balance': hearing(real['dialogue-balance']!, (one) => (one.kind === 'reply' ? { ...one, kind: 'enquiry' } : one)) }],
  ['a note counts', 'of three interactions of ours one says what the customer got; a note is none', /"2 of 4"/, { 'value-in-interaction': hearing(real['value-in-interaction']!, (one) => (one.kind === 'note' ? { ...one, kind: 'call' } : one)) }],
  ['records about people count', 'of three interactions of ours one says what the customer got; a note is none', /"1 of 4"/, { 'value-in-interaction': hearing(real['value-in-interaction']!, (one) => (one.kind === 'owner-changed' ? { ...one, kind: 'call' } : one)) }],
  ['what they did counts', 'of three interactions of ours one says what the customer got; a note is none', /"2 of 4"/, { 'value-in-interaction': hearing(real['value-in-interaction']!, (one) => ({ ...one, side: 'us' })) }],
  ['80 % is not enough', 'flagged when one colleague has 80 % or more', /8 of 10/, { 'one-colleague-share': hearing(real['one-colleague-share']!, (one) => (one.id === 'call0' ? { ...one, actor: 'ben' } : one)) }],
  ['everybody is one', 'flagged when one colleague has 80 % or more', /7 of 10/, { 'one-colleague-share': hearing(real['one-colleague-share']!, (one) => ({ ...one, actor: 'us' })) }],
  ['notes are interactions', SILENT, /9 and a note/, { 'one-colleague-share': hearing(real['one-colleague-share']!, (one) => (one.kind === 'note' ? { ...one, kind: 'call' } : one)) }],
  ['any team will do', SILENT, /three of us/, { 'one-colleague-share': { ...real['one-colleague-share']!, marks: (facts, ...ask) => real['one-colleague-share']!.marks({ ...facts, team: [...facts.team, 'x', 'y'] }, ...ask) } }],
  ['who imports did it', SILENT, /imported/, { 'one-colleague-share': hearing(real['one-colleague-share']!, ({ source: _source, ...one }) => one) }],
  ['the colleague is the group', 'no colleague is named', /"group"/, { 'one-colleague-share': marking(real['one-colleague-share']!, (mark, facts) => ({ ...mark, group: facts.entries[0]!.actor })) }],
  ['all feelings together', 'feeling: stated and observed apart; what does not say so was observed', /"all"|feeling: {"observed":"0.75 of 4"}/, { feeling: marking(real['feeling']!, (mark) => ({ ...mark, group: 'observed' })) }],
  ['one feeling is before and after', 'before and after: the first and the last feeling of those with two', /"stated, after":"1.5 of 2"/, { 'feeling-before-and-after': { ...real['feeling-before-and-after']!, marks: (facts, ...ask) => real['feeling-before-and-after']!.marks({ ...facts, entries: facts.entries.flatMap((one) => (one.feelingBy === 'stated' ? [one, { ...one, occurredAt: one.occurredAt + 1 }] : [])) }, ...ask) } }],
];

proves('the dialogue', real, CHECKS, BUGS);

// ---- what the state keeps ---------------------------------------------------------------------------------

const VISIT = '0191e7a0-7c1e-7b3a-9d55-3f2a5e0c1b11';
const WORDS = 'Knows the delivery date';

/** A visit logged with a feeling and what the customer got, through the vault; then corrected without them. */
async function keeps(aggregate: typeof customer): Promise<void> {
  const store = new MemoryStore();
  const vault = SqliteVault.open(':memory:');
  const send = (key: string, command: CustomerCommand) => new Executor(store, vault).execute(aggregate, customerStream('c1'), [{ commandId: commandIdOf('ada', key), mac: key, command }], { actor: 'ada', correlationId: 'test' });
  const visit = (more: object) => checkEntry({ kind: 'visit', side: 'us', occurredAt: '2026-01-01', ...more }, { now: Date.UTC(2026, 5, 1), zone: 'UTC' }).entry!;
  await send('r', { type: 'RegisterCustomer', details: { name: 'Morel', nameMac: 'n' }, mayExist: false });
  await send('l', { type: 'LogInteractions', entries: [{ id: VISIT, mac: 'm', entry: visit({ feeling: 2, feelingBy: 'stated', customerGot: WORDS }) }] });
  const state = async () => (await new Executor(store, vault).load(aggregate, customerStream('c1'))).state;
  const { feeling, feelingBy, saysCustomerGot, ...logged } = (await state()).interactions.get(VISIT)!;
  same([feeling, feelingBy, saysCustomerGot], [2, 'stated', true], 'logged');
  must(!/delivery|"c":/.test(JSON.stringify(logged)), 'the words are kept');
  await send('c', { type: 'CorrectInteraction', original: VISIT, mac: 'm2', entry: visit({}) });
  const corrected = (await state()).interactions.get(VISIT)!;
  same([corrected.feeling, corrected.feelingBy, corrected.saysCustomerGot], [undefined, undefined, undefined], 'corrected');
}

/** The customer whose entries are kept otherwise. */
const keeping = (change: (one: Interaction, before: Interaction | undefined, event: { readonly data: object }) => Interaction): typeof customer => ({
  ...customer,
  evolve: (state, event) => {
    const before = state.interactions.get(VISIT);
    const after = customer.evolve(state, event);
    const now = after.interactions.get(VISIT);
    if (now !== undefined) after.interactions.set(VISIT, change(now, before, event));
    return after;
  },
});

describe('what the state keeps of an entry', () => {
  it('is its feeling, and that it says what the customer got; a correction takes both away', () => keeps(customer));

  it.each<readonly [string, RegExp, typeof customer]>([
    ['nothing of it', /logged: \[2,"stated",null\]/, keeping(({ saysCustomerGot: _said, ...one }) => one)],
    ['the sealed words', /the words are kept/, keeping((one, _before, { data }) => ({ ...one, ...('customerGot' in data && { customerGot: data.customerGot }) }))],
    ['what was corrected', /corrected: \[2,/, keeping((one, before) => ({ ...before, ...one }))],
  ])('planted bug: %s turns it red', async (_bug, says, planted) => {
    await expect(keeps(planted)).rejects.toThrow(says);
  });
});
