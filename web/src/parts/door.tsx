import { Center, Paper, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { Mark } from '../app/mark.js';

/** The page of one who is not signed in: a form in the middle, nothing around it. */
export function Door({ title, more, children }: { readonly title: string; readonly more?: string; readonly children: ReactNode }) {
  return (
    <Center component="main" mih="100vh" p="md" style={{ background: 'var(--five-ground)' }}>
      <Paper w="100%" maw={400} p={{ base: 'md', xs: 'xl' }} withBorder>
        <Stack gap="md">
          <Mark size={40} />
          <div>
            <Title order={1}>{title}</Title>
            {more !== undefined && <Text c="dimmed" size="sm" mt={4}>{more}</Text>}
          </div>
          {children}
        </Stack>
      </Paper>
    </Center>
  );
}
