/** What a person asks of us about their data, from the day it came to the day it is answered: one stream `request-<id>`. */
import { DAY } from '../kernel/calendar.js';
import type { Aggregate, Decided, PersonalField } from '../kernel/aggregate.js';
import { invalid, Refusal, type FieldProblem } from '../kernel/refusal.js';

/** By the right that is used: GDPR articles 15, 17, 16, 18, 20 and 21. */
export const REQUEST_KINDS = ['access', 'erasure', 'rectification', 'restriction', 'portability', 'objection'] as const;
export type RequestKind = (typeof REQUEST_KINDS)[number];
export const OUTCOMES = ['done', 'partly', 'refused', 'withdrawn'] as const;
export type RequestOutcome = (typeof OUTCOMES)[number];

/** Two further months, at their longest. */
export const LONGEST_EXTENSION = 62;

export interface Received {
  readonly kind: RequestKind;
  /** Whom it is about, where they are known here. */
  readonly customer?: string;
  readonly person?: string;
  /** Who they are, where they are not, or not yet. */
  readonly who?: string;
  /** What they ask, in their words. */
  readonly words?: string;
  /** Epoch ms. */
  readonly receivedAt: number;
  readonly dueAt: number;
}

/** Of a person whose key is gone nothing may be sealed under it again. */
interface Sealing {
  readonly personErased?: true;
}

export type PersonRequestEvent =
  | Decided<'PersonRequestReceived', Received & Sealing>
  | Decided<'PersonRequestNoted', { readonly note: string } & Sealing>
  | Decided<'PersonRequestExtended', { readonly dueAt: number; readonly reason: string } & Sealing>
  | Decided<'PersonRequestClosed', { readonly outcome: RequestOutcome; readonly done: string } & Sealing>;

export interface RequestChange {
  readonly note?: string;
  /** Epoch ms. */
  readonly extendTo?: number;
  readonly reason?: string;
  readonly outcome?: RequestOutcome;
  readonly done?: string;
}

export type PersonRequestCommand =
  | { readonly type: 'ReceiveRequest'; readonly received: Received; readonly sealing: Sealing }
  | { readonly type: 'ChangeRequest'; readonly change: RequestChange; readonly sealing: Sealing };

export interface PersonRequestState {
  readonly id: string;
  readonly received: Received | null;
  readonly extended: boolean;
  readonly closed: boolean;
}

export const requestStream = (id: string): string => `request-${id}`;

function change({ note, extendTo, reason, outcome, done }: RequestChange, { received, extended, closed }: PersonRequestState, sealing: Sealing): PersonRequestEvent[] {
  if (received === null) throw new Refusal('missing', 'unknown-request', 'No such request.');
  if (closed) throw new Refusal('conflict', 'closed-already', 'This request was closed; record a new one.');
  const problems: FieldProblem[] = [];
  const needs = (field: string, value: unknown, beside: string): void => {
    if (value === undefined) problems.push({ field, code: 'missing', message: `must be given with ${beside}` });
  };
  if (note === undefined && extendTo === undefined && reason === undefined && outcome === undefined && done === undefined) problems.push({ field: 'note', code: 'missing', message: 'one of note, extendTo and outcome must be given' });
  if (extendTo !== undefined) needs('reason', reason, 'extendTo');
  if (reason !== undefined) needs('extendTo', extendTo, 'reason');
  if (outcome !== undefined) needs('done', done, 'outcome');
  if (done !== undefined) needs('outcome', outcome, 'done');
  if (extendTo !== undefined && outcome !== undefined) problems.push({ field: 'extendTo', code: 'closes', message: 'must not be given when the request is closed' });
  if (extendTo !== undefined && (extendTo <= received.dueAt || extendTo > received.dueAt + LONGEST_EXTENSION * DAY)) problems.push({ field: 'extendTo', code: 'out-of-bounds', message: `must be after it is due, by at most ${LONGEST_EXTENSION} days` });
  if (problems.length > 0) throw invalid(problems);
  if (extendTo !== undefined && extended) throw new Refusal('conflict', 'extended-already', 'This request was extended before; that can be done once.', [{ field: 'extendTo', code: 'extended-already', message: 'can be given once' }]);
  return [
    ...(note === undefined ? [] : [{ type: 'PersonRequestNoted' as const, data: { note, ...sealing } }]),
    ...(extendTo === undefined ? [] : [{ type: 'PersonRequestExtended' as const, data: { dueAt: extendTo, reason: reason!, ...sealing } }]),
    ...(outcome === undefined ? [] : [{ type: 'PersonRequestClosed' as const, data: { outcome, done: done!, ...sealing } }]),
  ];
}

function decide(command: PersonRequestCommand, state: PersonRequestState): PersonRequestEvent[] {
  if (command.type === 'ChangeRequest') return change(command.change, state, command.sealing);
  const { customer, person, who } = command.received;
  if (state.received !== null) throw new Refusal('conflict', 'already-there', 'This request is recorded already.');
  if (person !== undefined && customer === undefined) throw invalid([{ field: 'customer', code: 'missing', message: 'must be given with a person' }]);
  if (person === undefined && who === undefined) throw invalid([{ field: 'who', code: 'missing', message: 'must say who asks, when no person is named' }]);
  return [{ type: 'PersonRequestReceived', data: { ...command.received, ...command.sealing } }];
}

function personal({ data }: PersonRequestEvent, { id, received }: PersonRequestState): readonly PersonalField[] {
  const person = (data as Partial<Received>).person ?? received?.person;
  const subjects = [person === undefined || data.personErased === true ? `request:${id}` : `person:${person}`];
  return ['who', 'words', 'note', 'reason', 'done'].map((field) => ({ path: [field], subjects }));
}

export const personRequest: Aggregate<PersonRequestCommand, PersonRequestEvent, PersonRequestState> = {
  name: 'person-request',
  initial: (stream) => ({ id: stream.slice('request-'.length), received: null, extended: false, closed: false }),
  decide,
  evolve(state, { type, data }) {
    switch (type) {
      case 'PersonRequestReceived':
        return { ...state, received: data as Received };
      case 'PersonRequestNoted':
        return state;
      case 'PersonRequestExtended':
        return { ...state, extended: true };
      case 'PersonRequestClosed':
        return { ...state, closed: true };
    }
  },
  personal,
};
