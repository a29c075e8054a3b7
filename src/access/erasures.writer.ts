/** Erases people, customers and texts: keys are destroyed, the log stays as it is. docs/erasure.md says what remains where. */
import { Injectable } from '@nestjs/common';
import type { Caller } from '../shell/caller.js';

export type Erased = 'person' | 'customer' | 'text' | 'colleague';

export interface Because {
  /** Why, in the words of who asks; sealed. */
  readonly because: string;
}

/** What came of an erasure. Asked again, the same. */
export interface Receipt {
  /** Names the erasure. */
  readonly id: string;
  readonly kind: Erased;
  /** Null for a colleague. */
  readonly customer: string | null;
  /** Id of the person, entry or colleague; of a whole customer, its own. */
  readonly target: string;
  /** Epoch ms. */
  readonly at: number;
  readonly by: string;
  /** People whose keys went. */
  readonly people: number;
  /** Entries whose text can no longer be read. */
  readonly entries: number;
  /** Sealed fields that can no longer be read. */
  readonly fields: number;
  /** Epoch ms: when the last copy of keys.db that still holds the keys is to be gone. */
  readonly backupsExpire: number;
  /** Copies of entries at other customers, made when they were moved: to be erased there. */
  readonly alsoAt: readonly { readonly customer: string; readonly interaction: string }[];
  /** Place in the log of the event that says so. */
  readonly position: string | null;
}

@Injectable()
export class Erasures {
  /** @throws Refusal `unknown-customer`, `unknown-person`. A person who was erased before gets the same receipt. */
  async erasePerson(_customer: string, _person: string, _why: Because, _caller: Caller): Promise<Receipt> {
    throw new Error('not yet');
  }

  /** The customer with all its people. @throws Refusal `unknown-customer`. */
  async eraseCustomer(_customer: string, _why: Because, _caller: Caller): Promise<Receipt> {
    throw new Error('not yet');
  }

  /** All versions of one entry's text. @throws Refusal `unknown-customer`, `unknown-entry`, `erase-the-person`, `no-text`. */
  async eraseText(_customer: string, _interaction: string, _why: Because, _caller: Caller): Promise<Receipt> {
    throw new Error('not yet');
  }

  /** The name of a colleague who has left. @throws Refusal `unknown-colleague`, `still-active`. */
  async eraseColleague(_colleague: string, _why: Because, _caller: Caller): Promise<Receipt> {
    throw new Error('not yet');
  }
}
