/** Every version of the rules: when, who, why and what it changed; any two side by side. */
import { Badge, Button, Group, Select, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Rules } from '../../../../src/rings/rules.js';
import { PRESETS } from '../../../../src/rings/rules.js';
import { rulesCompareOptions, rulesHistoryOptions } from '../../api/generated/@tanstack/react-query.gen.js';
import type { RulesHistoryResponses } from '../../api/generated/types.gen.js';
import { sayInstant } from '../../parts/locale.js';
import { Answer } from '../../parts/states.js';
import { Differences } from './differences.js';
import style from './rules.module.css';

type Version = RulesHistoryResponses[200]['items'][number];

interface Choice {
  readonly group: string;
  readonly items: { readonly value: string; readonly label: string }[];
}

/** What can be compared and tested: versions, the newest first, and presets. */
export function useVersions(): Choice[] {
  const { t } = useTranslation('rules');
  const { data } = useQuery(rulesHistoryOptions());
  const seen = new Set<string>();
  const versions = (data?.items ?? []).filter(({ version }) => !seen.has(version) && seen.add(version) !== undefined);
  return [
    { group: t('versions.published'), items: versions.map(({ version, since, inForce }) => ({ value: version, label: t(inForce ? 'versions.inForceOption' : 'versions.option', { version, since: since === null ? t('versions.start') : sayInstant(since) }) })) },
    { group: t('versions.presets'), items: Object.keys(PRESETS).map((value) => ({ value, label: t(`presets.${value}`) })) },
  ];
}

export function Versions({ begin }: { readonly begin?: (rules: Rules) => void }) {
  const query = useQuery(rulesHistoryOptions());
  return <Answer query={query}>{({ items }) => <><Compare items={items} /><List items={items} {...(begin !== undefined && { begin })} /></>}</Answer>;
}

function Compare({ items }: { readonly items: readonly Version[] }) {
  const { t } = useTranslation('rules');
  const versions = useVersions();
  const [before, setBefore] = useState<string>(items[1]?.version ?? Object.keys(PRESETS)[0]!);
  const [after, setAfter] = useState<string>(items.find(({ inForce }) => inForce)?.version ?? items[0]!.version);
  const query = useQuery(rulesCompareOptions({ query: { a: before, b: after } }));
  return (
    <section className={style['ring']} aria-labelledby="compare">
      <Title order={2} id="compare" mb="xs">{t('versions.compare')}</Title>
      <Group mb="md">
        <Select label={t('versions.before')} data={versions} value={before} onChange={(value) => setBefore(value ?? before)} allowDeselect={false} searchable selectFirstOptionOnChange w={380} maw="100%" />
        <Select label={t('versions.after')} data={versions} value={after} onChange={(value) => setAfter(value ?? after)} allowDeselect={false} searchable selectFirstOptionOnChange w={380} maw="100%" />
      </Group>
      <Answer query={query} lines={3}>{({ fields, sentences }) => <Differences fields={fields} sentences={sentences} none={t('versions.same')} />}</Answer>
    </section>
  );
}

function List({ items, begin }: { readonly items: readonly Version[]; readonly begin?: (rules: Rules) => void }) {
  const { t } = useTranslation('rules');
  return (
    <Stack gap="sm" mt="md" component="ol" p={0} style={{ listStyle: 'none' }} aria-label={t('versions.title')}>
      {items.map(({ version, since, by, reason, inForce, differences, rules, revision }) => (
        <li key={revision ?? 'start'} className={style['ring']}>
          <Group justify="space-between" align="flex-start" gap="xs">
            <div style={{ minWidth: 0 }}>
              <Group gap="xs">
                <Text fw={650}>{since === null ? t('versions.start') : sayInstant(since)}</Text>
                {inForce && <Badge variant="filled" tt="none">{t('versions.inForce')}</Badge>}
              </Group>
              <Text size="sm" style={{ overflowWrap: 'anywhere' }}>{reason === null ? t('versions.noReason') : t('versions.reason', { reason, name: by?.name ?? by?.id ?? '' })}</Text>
              <Text size="xs" c="dimmed">{version}</Text>
            </div>
            {begin !== undefined && !inForce && <Button size="xs" variant="default" onClick={() => begin(rules)}>{t('versions.begin')}</Button>}
          </Group>
          {differences.fields.length > 0 && <details className={style['table']}><summary>{t('versions.changes', { count: differences.fields.length })}</summary><div style={{ marginTop: 8 }}><Differences {...differences} none="" /></div></details>}
        </li>
      ))}
    </Stack>
  );
}
