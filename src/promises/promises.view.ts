/** A row for each promise to a customer, with the steps it has come: lists by who owes it and when it is due. */
import { promisesIn } from '../customers/promises.js';
import type { CustomerRows } from '../rings/portfolio.view.js';

export interface PromiseTables {
  promises: {
    stream: string; id: string; customer: string; owner: string; department: string | null; made: number; due: number; offering: string | null; given_in: string | null;
    produced: number | null; produced_by: string | null; delivered: number | null; delivered_by: string | null; confirmed: number | null; confirmed_by: string | null;
  };
}

export const promiseRows: CustomerRows = {
  version: 'promises 1',
  tables: {
    promises: {
      columns: {
        stream: 'text', id: 'text', customer: 'text', owner: 'text', department: 'text?', made: 'integer', due: 'integer', offering: 'text?', given_in: 'text?',
        produced: 'integer?', produced_by: 'text?', delivered: 'integer?', delivered_by: 'text?', confirmed: 'integer?', confirmed_by: 'text?',
      },
      key: ['stream', 'id'],
      indexes: [['due', 'id'], ['owner', 'due']],
    },
  },
  rowsOf: ({ state, entries }) => ({
    promises: promisesIn(entries).sort((a, b) => (a.id < b.id ? -1 : 1)).map(({ id, made, due, owner, produced, delivered, confirmed }) => ({
      stream: `customer-${state.id}`, id, customer: state.id, owner, department: made.department ?? null, made: made.occurredAt, due, offering: made.offering ?? null, given_in: made.about ?? null,
      produced: produced?.at ?? null, produced_by: produced?.entry ?? null, delivered: delivered?.at ?? null, delivered_by: delivered?.entry ?? null, confirmed: confirmed?.at ?? null, confirmed_by: confirmed?.entry ?? null,
    })),
  }),
};
