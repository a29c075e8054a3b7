/** What is said of an erasure: why it is asked for, and what came of it. */
import type { Elsewhere } from '../customers/customer.js';
import { toIso } from '../kernel/calendar.js';
import type { Position } from '../kernel/event-store.js';
import type { ErasedKind } from './erasure-list.js';

export interface Because {
  /** Why, in the words of who asks; sealed. */
  readonly because: string;
}

/** What came of an erasure. Asked again, the same. */
export interface Receipt {
  /** Names the erasure. */
  readonly id: string;
  readonly kind: ErasedKind;
  /** Null for a colleague. */
  readonly customer: string | null;
  /** Id of the person, entry or colleague; of a whole customer, its own. */
  readonly target: string;
  /** Epoch ms. */
  readonly at: number;
  readonly by: string;
  /** Why; null when that was erased too. */
  readonly reason: string | null;
  /** Ids of the people whose keys went. */
  readonly people: readonly string[];
  /** Entries whose text can no longer be read. */
  readonly entries: number;
  /** Sealed fields that can no longer be read. */
  readonly fields: number;
  /** Epoch ms: when the last copy of keys.db that still holds the keys is to be gone. */
  readonly backupsExpire: number;
  /** Copies of entries at other customers, made when they were moved: to be erased there. */
  readonly alsoAt: readonly Elsewhere[];
  /** Whether the views' files are free of it too. */
  readonly cleaned: boolean;
  /** Place in the log of the event that says so; null when the log knows nothing of it. */
  readonly position: Position | null;
}

/** As it is answered: instants in ISO 8601. */
export const receiptOut = ({ at, backupsExpire, ...rest }: Receipt): object => ({ ...rest, at: toIso(at), backupsExpire: toIso(backupsExpire) });
