import { Button, Group, Paper, Stack, Text, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldsOf, Failed } from '../../parts/failed.js';
import style from './administration.module.css';

/** White space is no difference, and neither is case: what counts is that it was read and meant. */
const same = (typed: string, word: string): boolean => typed.trim().replaceAll(/\s+/g, ' ').toLocaleLowerCase() === word.trim().replaceAll(/\s+/g, ' ').toLocaleLowerCase();

function GoesAndStays({ goes, stays }: { readonly goes: readonly string[]; readonly stays: readonly string[] }) {
  const { t } = useTranslation('erasure');
  return (
    <div className={style['two']}>
      <div><Text size="sm" fw={600}>{t('goes')}</Text><ul className={style['plain']}>{goes.map((one) => <li key={one}>{one}</li>)}</ul></div>
      <div><Text size="sm" fw={600}>{t('stays')}</Text><ul className={style['plain']}>{stays.map((one) => <li key={one}>{one}</li>)}</ul></div>
    </div>
  );
}

/** The same before anything is chosen: one reads it first. */
export function Outlook({ goes, stays }: { readonly goes: readonly string[]; readonly stays: readonly string[] }) {
  const { t } = useTranslation('erasure');
  return <Paper withBorder p="md" component="section" aria-label={t('outlook')}><GoesAndStays goes={goes} stays={stays} /></Paper>;
}

/** Says before what goes and what stays, and erases once `word` was typed and a reason given. */
export function EraseForm({ title, goes, stays, word, wordSays, button, isPending, error, erase }: {
  readonly title: string;
  readonly goes: readonly string[];
  readonly stays: readonly string[];
  /** What must be typed. */
  readonly word: string;
  readonly wordSays: string;
  readonly button: string;
  readonly isPending: boolean;
  readonly error: unknown;
  /** Without a reason where none is kept. */
  readonly erase: (reason: string) => void;
}) {
  const { t } = useTranslation('erasure');
  const [typed, setTyped] = useState('');
  const [reason, setReason] = useState('');
  const [wrong, setWrong] = useState(false);
  const errors = fieldsOf(error);
  return (
    <Paper withBorder p="md" className={style['danger']} component="section" aria-label={title}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setWrong(!same(typed, word));
          if (same(typed, word)) erase(reason.trim());
        }}
      >
        <Stack gap="sm">
          <Title order={2}>{title}</Title>
          <GoesAndStays goes={goes} stays={stays} />
          <Text size="sm" fw={600}>{t('forEver')}</Text>
          <TextInput label={t('reason')} description={t('reasonMore')} value={reason} onChange={(event) => setReason(event.currentTarget.value)} error={errors['reason']} autoComplete="off" />
          <TextInput label={wordSays} description={<Text span size="sm" fw={600} c="var(--mantine-color-text)" style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>{word}</Text>} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} error={errors['confirm'] ?? (wrong && !same(typed, word) ? t('notTheSame') : undefined)} autoComplete="off" spellCheck={false} />
          <Failed error={error} named={['reason', 'confirm']} />
          <Group><Button type="submit" color="red" loading={isPending}>{button}</Button></Group>
        </Stack>
      </form>
    </Paper>
  );
}
