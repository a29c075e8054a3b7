import { Group, Paper, Text, Title } from '@mantine/core';
import { useId, type ReactNode } from 'react';
import style from './start.module.css';

/** A part of the first page, with its title, what it comes to, and what can be done with all of it. */
export function Panel({ title, sum, action, children }: { readonly title: string; readonly sum?: ReactNode; readonly action?: ReactNode; readonly children: ReactNode }) {
  const id = useId();
  return (
    <Paper component="section" withBorder className={style['panel']} aria-labelledby={id}>
      <Group justify="space-between" align="center" gap="xs" mb="xs" mih={30}>
        <Group gap="xs" align="baseline">
          <Title order={2} id={id}>{title}</Title>
          {sum !== undefined && <Text size="sm" c="dimmed">{sum}</Text>}
        </Group>
        {action}
      </Group>
      {children}
    </Paper>
  );
}

/** Nothing to do here: one quiet line. */
export function Calm({ children }: { readonly children: ReactNode }) {
  return <Text c="dimmed" size="sm" py="xs">{children}</Text>;
}
