/** What the services of an emulated node need to know of it. */
import type { Metadata } from '@grpc/grpc-js';
import type { Calls } from './calls.js';
import type { KurrentLog } from './log.js';
import { refusals, type Refusal } from './messages.js';

export interface Address {
  readonly host: string;
  readonly port: number;
}

export interface Member extends Address {
  readonly id: string;
  readonly isAlive: boolean;
}

/** The nodes that share a log, and who leads them. A server by itself is a cluster of one. */
export interface Membership {
  members(): readonly Member[];
  leader(): Member | undefined;
}

export interface Node {
  readonly id: string;
  readonly log: KurrentLog;
  readonly calls: Calls;
  readonly membership: Membership;
  readonly maxAppendSize: number;
  readonly version: string;
  readonly batchAppend: boolean;
  /** Passwords by name; undefined when everybody may do everything, as on an insecure node. */
  readonly users: Readonly<Record<string, string>> | undefined;
  /** By how many events this node is behind the log. */
  lag: number;
  /** Subscriptions stay open but deliver nothing. */
  isSilent: boolean;
  readonly isStopped: boolean;
  readonly now: () => number;
  /** Calls back when there may be something to deliver. Returns what ends it. */
  onChange(listener: () => void): () => void;
  /** Closes the connection that a call came over. */
  cut(peer: string): void;
}

/** Position before which everything has arrived at this node. */
export const horizon = ({ log, lag }: Node): bigint => (lag === 0 ? log.head : (log.all[Math.max(0, log.all.length - lag)]?.position ?? log.head));

/** `anonymous` has no name; a wrong password is refused before anything else, as the server's middleware does it. */
export function identify(node: Node, metadata: Metadata): Refusal | 'known' | 'anonymous' {
  const [header] = metadata.get('authorization');
  if (node.users === undefined) return 'known';
  if (header === undefined) return 'anonymous';
  const [name = '', ...password] = Buffer.from(String(header).replace(/^basic /i, ''), 'base64').toString('utf8').split(':');
  return Object.hasOwn(node.users, name) && node.users[name] === password.join(':') ? 'known' : refusals.unauthenticated();
}

/** Why this node does not serve the call; undefined when it does. Writes without requires-leader go on to the leader. */
export function misplaced(node: Node, metadata: Metadata, isWrite: boolean): Refusal | undefined {
  const requiresLeader = String(metadata.get('requires-leader')[0] ?? '').toLowerCase() === 'true';
  if (!requiresLeader && !isWrite) return undefined;
  const leader = node.membership.leader();
  if (leader === undefined) return refusals.notReady();
  return requiresLeader && leader.id !== node.id ? refusals.notLeader(leader.host, leader.port) : undefined;
}
