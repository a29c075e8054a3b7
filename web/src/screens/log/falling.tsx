/** Entries that name one that goes: which fall with it, which stay. */
import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Failure } from '../../api/client.js';
import { customersEntryOptions } from '../../api/generated/@tanstack/react-query.gen.js';
import type { Problem } from '../../api/generated/types.gen.js';
import { useKindLabel } from '../../api/kinds.js';
import { EntryLine } from '../../parts/entry-line.js';
import style from './log.module.css';

type Named = NonNullable<Problem['entries']>;

/** What the server listed when it was asked first; undefined when it refused for another reason. */
export const namedIn = (error: unknown): Named | undefined => (error instanceof Failure && error.problem?.code === 'names-others' ? (error.problem.entries ?? []) : undefined);
export const fallingIn = (named: Named): string[] => named.filter(({ falls }) => falls).map(({ id }) => id);

/** `customer`: whose entries they are. */
export function Falling({ named, customer, falls, stays }: { readonly named: Named; readonly customer: string; readonly falls: string; readonly stays: string }) {
  const groups = [[falls, named.filter((one) => one.falls)], [stays, named.filter((one) => !one.falls)]] as const;
  return (
    <Stack gap="xs" role="alert">
      {groups.map(([title, entries]) => entries.length > 0 && (
        <div key={title}>
          <Text size="sm" fw={600} mb={4}>{title}</Text>
          <div className={style['waits']} role="list">{entries.map(({ id, kind }) => <One key={id} customer={customer} id={id} kind={kind} />)}</div>
        </div>
      ))}
    </Stack>
  );
}

function One({ customer, id, kind }: { readonly customer: string; readonly id: string; readonly kind: string }) {
  const labelOf = useKindLabel();
  const { data } = useQuery(customersEntryOptions({ path: { id: customer, interaction: id } }));
  return <div role="listitem" className={style['waiting']}>{data === undefined ? <Text size="sm">{labelOf(kind)}</Text> : <EntryLine entry={data} />}</div>;
}
