/** What the operations about the proof of history answer with. */
import type { Answered } from './docs.answers.js';
import { flag, instant, list, nullable, object, text, whole, type Schema } from './docs.schemas.js';

const HEAD = 'd2a84f4b8b650937ec8f73cd8be2c74add5a911ba64df27458ed8229da804a26';
const head = text('SHA-256 chained over every event: the same log gives the same.', HEAD);
const headAfter = (says: string): Schema => object(says, { events: whole('After so many events.', 1042), head });

const proof = object('The head of the log.', {
  at: instant('When it was taken.'),
  events: whole('Events it covers: all of the log.', 1042),
  head,
  position: nullable(text('Place in the log of the last of them; null when there is none.', '1042')),
  lastKept: nullable(object('The head that was kept last; null when none was yet.', { at: instant('When it was kept.'), events: whole('Events it covers.', 1000), head })),
});

/** The last line of the check. */
export const verdict = object(
  'The result.',
  {
    ok: flag('All is well.', true),
    events: whole('Events read.', 1042),
    streams: whole('Streams they belong to.', 80),
    head,
    sealedFields: whole('Fields sealed.', 600),
    erasedFields: whole('Of these, erased.', 0),
    keptHeads: whole('Heads kept of the log, each compared with it.', 24),
    heads: list('The heads asked for; those beyond the end of the log are left out.', headAfter('One of them.'), { example: [] }),
    problems: list('What is wrong, in sentences.', { type: 'string' }, { example: [] }),
  },
  { foundAt: nullable(whole('After how many events the log had the head asked for; null when it never had. Only where one was asked for.', 1000)) },
);

export const PROOF_ANSWERS: Readonly<Record<string, readonly Answered[]>> = {
  'GET /api/v1/proof': [{ status: 200, description: 'The head of the log.', schema: proof }],
};
