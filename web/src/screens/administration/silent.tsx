import { Alert, Anchor, Button, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { sweepDueOptions, sweepSweepMutation } from '../../api/generated/@tanstack/react-query.gen.js';
import { useKey } from '../../api/use-key.js';
import { Failed, fieldsOf } from '../../parts/failed.js';
import { sayDate, sayNumber } from '../../parts/locale.js';
import { Answer, Empty } from '../../parts/states.js';
import style from './administration.module.css';

/** People of whom nothing was heard for as long as the setting says: who it would be, who is kept and why, and doing it now. */
export function Silent() {
  const { t } = useTranslation('erasure');
  const key = useKey();
  const query = useQuery(sweepDueOptions());
  const sweep = useMutation(sweepSweepMutation());
  const [typed, setTyped] = useState('');
  const [wrong, setWrong] = useState(false);
  const done = sweep.data;
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed" maw={720}>{t('silent.more')}</Text>
      {done !== undefined && <Alert role="status" variant="outline" color={done.failed > 0 ? 'red' : 'water'} title={t('silent.done', { count: done.erased, shown: sayNumber(done.erased) })}>{done.failed > 0 ? t('silent.failed', { count: done.failed, shown: sayNumber(done.failed) }) : t('silent.doneMore')}</Alert>}
      <Answer query={query}>
        {({ months, total, items, kept, keptTotal }) => {
          if (months === null) return <Empty title={t('silent.off')} action={<Anchor component={Link} to="/administration/settings">{t('silent.settings')}</Anchor>}>{t('silent.offMore')}</Empty>;
          return (
            <>
              <section>
                <Title order={2} mb="xs">{t('silent.due', { count: total, shown: sayNumber(total), months: sayNumber(months) })}</Title>
                {total === 0 ? <Text size="sm" c="dimmed">{t('silent.nobody')}</Text> : (
                  <>
                    <ul className={style['list']}>{items.map(({ customer, person, silentSince }) => <li key={`${customer.id} ${person.id}`}><Text size="sm" fw={600}>{person.name ?? t('unnamed')}</Text><Text size="xs" c="dimmed">{[customer.name ?? t('unnamed'), t('silent.since', { date: sayDate(silentSince) })].join(' · ')}</Text></li>)}</ul>
                    {total > items.length && <Text size="sm" c="dimmed">{t('silent.others', { count: total - items.length, shown: sayNumber(total - items.length) })}</Text>}
                    <form
                      noValidate
                      onSubmit={(event) => {
                        event.preventDefault();
                        const meant = typed.trim() === String(total);
                        setWrong(!meant);
                        if (meant) sweep.mutate({ body: {}, headers: key.headers }, { onSuccess: () => { key.renew(); setTyped(''); } });
                      }}
                    >
                      <Stack gap="xs" mt="md" align="flex-start">
                        <Text size="sm" fw={600}>{t('forEver')}</Text>
                        <TextInput label={t('silent.type', { total: String(total) })} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} error={fieldsOf(sweep.error)['atMost'] ?? (wrong && typed.trim() !== String(total) ? t('silent.wrong', { total: String(total) }) : undefined)} inputMode="numeric" autoComplete="off" />
                        <Failed error={sweep.error} named={['atMost']} />
                        <Group><Button type="submit" color="red" loading={sweep.isPending}>{t('silent.erase')}</Button></Group>
                      </Stack>
                    </form>
                  </>
                )}
              </section>
              {keptTotal > 0 && (
                <section>
                  <Title order={2} mb="xs">{t('silent.kept', { count: keptTotal, shown: sayNumber(keptTotal) })}</Title>
                  <ul className={style['list']}>{kept.map(({ customer, person, silentSince, because }) => <li key={`${customer.id} ${person.id}`}><Text size="sm" fw={600}>{person.name ?? t('unnamed')}</Text><Text size="xs" c="dimmed">{[customer.name ?? t('unnamed'), t('silent.since', { date: sayDate(silentSince) }), t(`silent.because.${because}`)].join(' · ')}</Text></li>)}</ul>
                </section>
              )}
            </>
          );
        }}
      </Answer>
    </Stack>
  );
}
