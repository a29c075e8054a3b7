/** A part of the page under its title, and links that lead from part to part. */
import { Anchor, Group, Paper, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useAddress } from './address.js';

export function Card({ title, beside, children }: { readonly title: string; readonly beside?: ReactNode; readonly children: ReactNode }) {
  return (
    <Paper withBorder p="md" component="section" aria-label={title}>
      <Group justify="space-between" mb="sm" gap="xs" mih={30}>
        <Title order={2}>{title}</Title>
        {beside}
      </Group>
      {children}
    </Paper>
  );
}

/** A link within the page that opens an entry in the timeline. */
export function EntryLink({ entry, children }: { readonly entry: string; readonly children: ReactNode }) {
  const { go } = useAddress();
  return <Anchor component="button" type="button" size="sm" ta="start" style={{ overflowWrap: 'anywhere', minWidth: 0 }} onClick={() => go({ entry })}>{children}</Anchor>;
}
