/** `proof`: the head of the log, to be kept elsewhere. */
import type { KeptHead } from '../shell/kept-heads.js';
import type { Head } from '../shell/log-proof.js';
import type { Answer } from './failure.js';
import { count, number } from './screen.js';
import type { Session } from './session.js';

interface Proof extends KeptHead {
  readonly lastKept: (Head & { readonly at: string }) | null;
}

export async function proof(session: Session): Promise<Answer> {
  const api = await session.toRead();
  const said = await api.get<Proof>('/api/v1/proof');
  const { events, head, lastKept } = said;
  const dates = await session.dates();
  const text = [
    `Head of the log after ${count(events, 'event')}: ${head}`,
    lastKept === null ? 'No head was kept yet; one is kept every so often while the server runs, and when it stops.' : `Last kept: after ${count(lastKept.events, 'event')}, ${dates.time(lastKept.at)}.`,
    '',
    `Write it down where nobody who can edit the log can edit it too. Later: five-ring verify --head ${events}:${head}`,
  ].join('\n');
  return { data: said, text: events === 0 ? `The log holds ${number(0)} events: there is nothing to prove yet.` : text };
}
