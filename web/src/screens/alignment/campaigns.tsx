/** What the detectors read of ours: campaigns with their claims and needs, who was trained for what, and the words that customers use for their needs. */
import { Autocomplete, Badge, Button, Group, Modal, MultiSelect, Stack, Table, TagsInput, Text, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery } from '@tanstack/react-query';
import { IconCheck, IconMinus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ROLES } from '../../../../src/customers/catalogue.js';
import { campaignsCampaignsOptions, campaignsEnablementsOptions, campaignsTagsOptions, logLogMutation } from '../../api/generated/@tanstack/react-query.gen.js';
import type { CampaignsCampaignsResponse, CampaignsTagsResponse } from '../../api/generated/types.gen.js';
import { useKey } from '../../api/use-key.js';
import { openOverlay } from '../../app/overlays.js';
import { may, useSession } from '../../app/session.js';
import { dayIn } from '../../parts/day-in.js';
import { Failed, fieldsOf } from '../../parts/failed.js';
import { sayDate, sayNumber } from '../../parts/locale.js';
import { Page } from '../../parts/pages.js';
import { ColleaguePicker } from '../../parts/pickers.js';
import { Answer } from '../../parts/states.js';
import style from './alignment.module.css';
import { screens } from './screen.js';

type Campaign = CampaignsCampaignsResponse['items'][number];
type Tags = CampaignsTagsResponse | undefined;

/** As keys are written: "Less downtime" is `less-downtime`. */
const keyOf = (typed: string): string => typed.trim().toLowerCase().replaceAll(/\s+/g, '-');
const keysOf = (typed: readonly string[]): string[] => [...new Set(typed.map(keyOf).filter((one) => one !== ''))];
const named = (tags: readonly { readonly tag: string }[] | undefined): string[] => (tags ?? []).map(({ tag }) => tag);

export default function Campaigns() {
  const { t } = useTranslation(['alignment-campaigns', 'alignment']);
  const session = useSession();
  const mayLog = may(session, 'POST /api/v1/log');
  const mayTrain = may(session, 'GET /api/v1/enablements');
  const [open, setOpen] = useState<'campaign' | 'training'>();
  const [again, setAgain] = useState<Campaign>();
  const campaigns = useQuery(campaignsCampaignsOptions());
  const tags = useQuery(campaignsTagsOptions());
  const launch = (campaign?: Campaign): void => { setAgain(campaign); setOpen('campaign'); };
  const close = (): void => setOpen(undefined);
  return (
    <Page of={screens} label={t('alignment:pages')} title={t('title')} actions={mayLog && <><Button onClick={() => launch()}>{t('campaign.add')}</Button><Button variant="default" onClick={() => setOpen('training')}>{t('training.add')}</Button></>}>
      <Stack gap="xl">
        <section>
          <Title order={2} mb="xs">{t('campaign.list')}</Title>
          <Answer query={campaigns} lines={4}>
            {({ items }) => items.length === 0 ? <Text size="sm" c="dimmed">{t('campaign.none')}</Text> : (
              <ul className={style['list']} aria-label={t('campaign.list')}>
                {items.map((campaign) => <li key={campaign.campaign}><OneCampaign campaign={campaign} needs={tags.data} {...(mayLog && { again: launch })} /></li>)}
              </ul>
            )}
          </Answer>
        </section>
        <div className={style['two']}>
          <Needs tags={tags} />
          {mayTrain && <Training />}
        </div>
      </Stack>
      {open === 'campaign' && <CampaignForm before={again} tags={tags.data} close={close} />}
      {open === 'training' && <TrainingForm tags={tags.data} close={close} />}
    </Page>
  );
}

function OneCampaign({ campaign, needs, again }: { readonly campaign: Campaign; readonly needs: Tags; readonly again?: (campaign: Campaign) => void }) {
  const { t } = useTranslation(['alignment-campaigns', 'customer']);
  const { campaign: key, claims, needTags, offering, callToAction, audienceRoles, launchedAt, launches, by } = campaign;
  const stated = new Set(named(needs?.needs));
  const line = (label: string, values: readonly string[]) => <Group gap={6}><Text size="xs" c="dimmed" w={124}>{label}</Text>{values.length === 0 ? <Text size="sm" c="dimmed">{t('nothingSaid')}</Text> : values.map((value) => <Badge key={value} variant="default" tt="none" fw={500}>{value}</Badge>)}</Group>;
  return (
    <Group justify="space-between" align="flex-start" gap="sm" wrap="wrap">
      <Stack gap={4} style={{ minWidth: 0, flex: '1 1 260px' }}>
        <Text fw={600} size="sm" style={{ overflowWrap: 'anywhere' }}>{key}</Text>
        <Text size="xs" c="dimmed">{[t('campaign.launched', { date: sayDate(launchedAt), by: by.name ?? by.id }), ...(launches > 1 ? [t('campaign.times', { count: launches })] : []), ...(offering === null ? [] : [t('campaign.offers', { offering })]), ...(callToAction === null ? [] : [t('campaign.asks', { callToAction })])].join(' · ')}</Text>
        {line(t('fields.claims'), claims)}
        <Group gap={6}>
          <Text size="xs" c="dimmed" w={124}>{t('fields.needTags')}</Text>
          {needTags.length === 0 ? <Text size="sm" c="dimmed">{t('nothingSaid')}</Text> : needTags.map((tag) => <Badge key={tag} variant="default" tt="none" fw={500} leftSection={stated.has(tag) ? <IconCheck size={12} aria-hidden /> : <IconMinus size={12} aria-hidden />} title={t(stated.has(tag) ? 'needs.stated' : 'needs.unstated')}>{tag}<span className={style['silent']}>, {t(stated.has(tag) ? 'needs.stated' : 'needs.unstated')}</span></Badge>)}
        </Group>
        {line(t('fields.audience'), audienceRoles.map((role) => t(`customer:roles.${role}`)))}
      </Stack>
      {again !== undefined && <Button size="compact-sm" variant="default" onClick={() => again(campaign)} aria-label={t('campaign.againOf', { campaign: key })}>{t('campaign.again')}</Button>}
    </Group>
  );
}

/** The words in which customers say their needs, beside how many campaigns speak to them. */
function Needs({ tags }: { readonly tags: { readonly data: Tags; readonly error: unknown; readonly refetch: () => unknown } }) {
  const { t } = useTranslation('alignment-campaigns');
  const session = useSession();
  return (
    <section>
      <Group justify="space-between" mb="xs" gap="xs">
        <Title order={2}>{t('needs.title')}</Title>
        {may(session, 'POST /api/v1/customers/:id/interactions') && <Button size="compact-sm" variant="default" onClick={() => openOverlay('log', { kind: 'need-stated' })}>{t('needs.add')}</Button>}
      </Group>
      <Text size="sm" c="dimmed" mb="xs">{t('needs.about')}</Text>
      <Answer query={tags} lines={4}>
        {(data) => {
          const all = [...new Set([...named(data?.needs), ...named(data?.needTags)])];
          const uses = (of: readonly { readonly tag: string; readonly uses: number }[] | undefined, tag: string): number => of?.find((one) => one.tag === tag)?.uses ?? 0;
          if (all.length === 0) return <Text size="sm" c="dimmed">{t('needs.none')}</Text>;
          return (
            <div className={style['scroll']} tabIndex={0} role="region" aria-label={t('needs.title')}>
              <Table className={style['tagTable']} verticalSpacing={5}>
                <Table.Thead><Table.Tr><Table.Th>{t('needs.tag')}</Table.Th><Table.Th ta="end">{t('needs.customers')}</Table.Th><Table.Th ta="end">{t('needs.campaigns')}</Table.Th></Table.Tr></Table.Thead>
                <Table.Tbody>{all.map((tag) => <Table.Tr key={tag}><Table.Th scope="row" fw={500}>{tag}</Table.Th><Table.Td ta="end">{sayNumber(uses(data?.needs, tag))}</Table.Td><Table.Td ta="end">{uses(data?.needTags, tag) === 0 ? t('needs.noCampaign') : sayNumber(uses(data?.needTags, tag))}</Table.Td></Table.Tr>)}</Table.Tbody>
              </Table>
            </div>
          );
        }}
      </Answer>
    </section>
  );
}

function Training() {
  const { t } = useTranslation('alignment-campaigns');
  const query = useQuery(campaignsEnablementsOptions());
  return (
    <section>
      <Title order={2} mb="xs">{t('training.list')}</Title>
      <Answer query={query} lines={4}>
        {({ items }) => items.length === 0 ? <Text size="sm" c="dimmed">{t('training.none')}</Text> : (
          <ul className={style['list']} aria-label={t('training.list')}>
            {items.map(({ entry, colleague, offering, completedAt }) => <li key={entry}><Text size="sm"><b>{colleague.name ?? colleague.id}</b> {t('training.for', { offering })}</Text><Text size="xs" c="dimmed">{sayDate(completedAt)}</Text></li>)}
          </ul>
        )}
      </Answer>
    </section>
  );
}

function CampaignForm({ before, tags, close }: { readonly before: Campaign | undefined; readonly tags: Tags; readonly close: () => void }) {
  const { t } = useTranslation(['alignment-campaigns', 'customer']);
  const { headers, renew } = useKey();
  const form = useForm<{ campaign: string; claims: string[]; needTags: string[]; offering: string; callToAction: string; audienceRoles: string[]; on: string }>({
    initialValues: { campaign: before?.campaign ?? '', claims: before?.claims ?? [], needTags: before?.needTags ?? [], offering: before?.offering ?? '', callToAction: before?.callToAction ?? '', audienceRoles: before?.audienceRoles ?? [], on: dayIn(0) },
    validate: { campaign: (value) => (keyOf(value) === '' ? t('needed') : null) },
  });
  const launch = useMutation({ ...logLogMutation(), onError: (error) => form.setErrors(fieldsOf(error)) });
  const send = form.onSubmit(({ campaign, claims, needTags, offering, callToAction, audienceRoles, on }) => launch.mutate({ headers, body: { kind: 'campaign-launched', campaign: keyOf(campaign), claims: keysOf(claims), needTags: keysOf(needTags), ...(keyOf(offering) !== '' && { offering: keyOf(offering) }), ...(keyOf(callToAction) !== '' && { callToAction: keyOf(callToAction) }), ...(audienceRoles.length > 0 && { audienceRoles }), ...(on !== '' && on !== dayIn(0) && { occurredAt: on }) } as never }, { onSuccess: () => { renew(); notifications.show({ message: t('campaign.done', { campaign: keyOf(campaign) }) }); close(); } }));
  return (
    <Modal opened onClose={close} title={<Text fw={650}>{t(before === undefined ? 'campaign.add' : 'campaign.againOf', { campaign: before?.campaign })}</Text>} closeButtonProps={{ 'aria-label': t('close') }} transitionProps={{ duration: 0 }} size="lg">
      <form onSubmit={send} noValidate>
        <Stack gap="md">
          <TextInput label={t('fields.campaign')} description={t('fields.campaignMore')} required data-autofocus readOnly={before !== undefined} {...form.getInputProps('campaign')} />
          <TagsInput label={t('fields.claims')} description={t('fields.claimsMore')} data={named(tags?.claims)} clearable={false} {...form.getInputProps('claims')} />
          <TagsInput label={t('fields.needTags')} description={t('fields.needTagsMore')} data={[...new Set([...named(tags?.needs), ...named(tags?.needTags)])]} clearable={false} {...form.getInputProps('needTags')} />
          <Group grow align="flex-start" preventGrowOverflow={false}>
            <Autocomplete label={t('fields.offering')} data={named(tags?.offerings)} {...form.getInputProps('offering')} />
            <Autocomplete label={t('fields.callToAction')} data={named(tags?.callsToAction)} {...form.getInputProps('callToAction')} />
          </Group>
          <MultiSelect label={t('fields.audience')} data={ROLES.map((value) => ({ value, label: t(`customer:roles.${value}`) }))} {...form.getInputProps('audienceRoles')} />
          <TextInput type="date" label={t('fields.on')} max={dayIn(0)} {...form.getInputProps('on')} error={form.errors['occurredAt']} />
          <Failed error={launch.error} named={['campaign', 'claims', 'needTags', 'offering', 'callToAction', 'audienceRoles', 'occurredAt']} />
          <Group justify="flex-end"><Button variant="default" onClick={close}>{t('cancel')}</Button><Button type="submit" loading={launch.isPending}>{t('campaign.save')}</Button></Group>
        </Stack>
      </form>
    </Modal>
  );
}

function TrainingForm({ tags, close }: { readonly tags: Tags; readonly close: () => void }) {
  const { t } = useTranslation('alignment-campaigns');
  const { headers, renew } = useKey();
  const form = useForm<{ colleague: string | null; offering: string; on: string }>({
    initialValues: { colleague: null, offering: '', on: dayIn(0) },
    validate: { colleague: (value) => (value === null ? t('needed') : null), offering: (value) => (keyOf(value) === '' ? t('needed') : null) },
  });
  const save = useMutation({ ...logLogMutation(), onError: (error) => form.setErrors(fieldsOf(error)) });
  const send = form.onSubmit(({ colleague, offering, on }) => save.mutate({ headers, body: { kind: 'enablement-completed', colleague: colleague!, offering: keyOf(offering), ...(on !== '' && on !== dayIn(0) && { occurredAt: on }) } as never }, { onSuccess: () => { renew(); notifications.show({ message: t('training.done') }); close(); } }));
  return (
    <Modal opened onClose={close} title={<Text fw={650}>{t('training.add')}</Text>} closeButtonProps={{ 'aria-label': t('close') }} transitionProps={{ duration: 0 }}>
      <form onSubmit={send} noValidate>
        <Stack gap="md">
          <ColleaguePicker label={t('fields.colleague')} required autoFocus value={form.values.colleague} onChange={(value) => form.setFieldValue('colleague', value)} error={form.errors['colleague']} />
          <Autocomplete label={t('fields.trainedFor')} data={named(tags?.offerings)} required {...form.getInputProps('offering')} />
          <TextInput type="date" label={t('fields.trainedOn')} max={dayIn(0)} {...form.getInputProps('on')} error={form.errors['occurredAt']} />
          <Failed error={save.error} named={['colleague', 'offering', 'occurredAt']} />
          <Group justify="flex-end"><Button variant="default" onClick={close}>{t('cancel')}</Button><Button type="submit" loading={save.isPending}>{t('training.save')}</Button></Group>
        </Stack>
      </form>
    </Modal>
  );
}
