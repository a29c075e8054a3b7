/**
 * An aggregate: commands become events by a pure function, events become state by another.
 * No clock, no random, no I/O: instants and ids come in with the command.
 */
import type { RecordedEvent } from './event-store.js';

/** An event as `decide` returns it. `id` only where other events name it; else the shell gives one. */
export interface Decided<Type extends string = string, Data = unknown> {
  readonly type: Type;
  readonly data: Data;
  readonly id?: string;
}

/** A field that holds personal data, and the people (or the customer) whose keys seal it. */
export interface PersonalField {
  /** Keys from the event's data down to the field. */
  readonly path: readonly string[];
  readonly subjects: readonly string[];
  /** Sealed under a key of the event's own too, so that its text can be erased while other texts of the same people stay. */
  readonly alone?: true;
}

export interface Aggregate<Command, Event extends Decided, State> {
  readonly name: string;
  initial(stream: string): State;
  /** What the command makes happen; `[]` when there is nothing to do. @throws Refusal when it may not be. */
  decide(command: Command, state: State): Event[];
  /**
   * The state after the event. Owns the state it is given and may change it in place; sealed fields stay sealed.
   * Keeps neither position nor recordedAt: they are not known yet while several commands are decided for one append.
   */
  evolve(state: State, event: Recorded<Event>): State;
  /** The personal fields of an event, to be sealed before it is written. Paths that lead nowhere are passed over. */
  personal(event: Event, state: State): readonly PersonalField[];
}

/** A recorded event of an aggregate, with its type and data known. */
export type Recorded<Event extends Decided> = Omit<RecordedEvent, 'type' | 'data'> & Pick<Event, 'type' | 'data'>;

/** A personal field as it stands in the log. See vault. */
export interface Sealed {
  /** Ids of the subjects, ascending. */
  readonly s: readonly string[];
  readonly v: 1;
  /** Base64 of nonce, ciphertext and tag. */
  readonly c: string;
}

export function isSealed(value: unknown): value is Sealed {
  return typeof value === 'object' && value !== null && 'c' in value && 's' in value && 'v' in value;
}

/** All sealed fields in an event's data. */
export function* sealedIn(node: unknown): Generator<Sealed> {
  if (isSealed(node)) yield node;
  else if (typeof node === 'object' && node !== null) for (const child of Object.values(node)) yield* sealedIn(child);
}
