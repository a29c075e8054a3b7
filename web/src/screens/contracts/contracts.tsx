/** Contracts whose end or notice date lies ahead and which nothing follows yet, month by month; and the address of one's calendar. */
import { Anchor, Badge, Button, Group, SegmentedControl, Select, Stack, Text, Title } from '@mantine/core';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { IconArrowsSplit, IconCheck, IconHelpCircle, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { portfolioContractsAheadInfiniteOptions } from '../../api/generated/@tanstack/react-query.gen.js';
import type { PortfolioContractsAheadResponse } from '../../api/generated/types.gen.js';
import { may, useSession } from '../../app/session.js';
import { CustomerLink } from '../../parts/customer-link.js';
import { sayDate, sayMoney, sayNumber } from '../../parts/locale.js';
import { Money } from '../../parts/money.js';
import { ColleaguePicker } from '../../parts/pickers.js';
import { Answer, Empty, ScreenHead } from '../../parts/states.js';
import { Days } from '../../parts/when.js';
import style from './contracts.module.css';
import { Feed } from './feed.js';

type Contract = PortfolioContractsAheadResponse['items'][number];

const PAGE = 100;
const DAYS = ['90', '180', '365', '730'] as const;
const AGAIN = { yes: IconCheck, no: IconX, unsure: IconHelpCircle } as const;
const MONTH = new Intl.DateTimeFormat(navigator.language, { month: 'long', year: 'numeric' });
const SHORT_MONTH = new Intl.DateTimeFormat(navigator.language, { month: 'short' });
/** What is due on one day is told apart by its contract, too: one may end and have its notice end. */
const monthOf = (iso: string): string => {
  const at = new Date(iso);
  return `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, '0')}`;
};

export default function Contracts() {
  const { t } = useTranslation('contracts');
  const session = useSession();
  const navigate = useNavigate();
  const search: Readonly<Record<string, unknown>> = useSearch({ strict: false });
  const usual = session.role === 'account-manager' ? 'mine' : 'all';
  const whose = search['whose'] === 'mine' || search['whose'] === 'all' ? search['whose'] : usual;
  const owner = typeof search['owner'] === 'string' && /^[\w.-]{1,64}$/.test(search['owner']) ? search['owner'] : null;
  const days = DAYS.find((one) => one === String(search['days'])) ?? '180';
  const ask = (change: Readonly<Record<string, string | undefined>>): void => void navigate({ to: '/contracts', search: ((before: object) => ({ ...before, ...change })), replace: true, resetScroll: false });
  const query = useInfiniteQuery({
    ...portfolioContractsAheadInfiniteOptions({ query: { days: Number(days), limit: PAGE, ...(whose === 'mine' ? { team: session.colleague } : owner !== null && { owner }) } }),
    initialPageParam: {},
    getNextPageParam: ({ next }) => (next === null ? undefined : { query: { cursor: next } }),
    placeholderData: keepPreviousData,
  });
  const first = query.data?.pages[0];
  return (
    <>
      <ScreenHead title={t('title')} />
      <Group gap="sm" mb="sm" align="center">
        <SegmentedControl size="xs" aria-label={t('whose.label')} value={whose} onChange={(value) => ask({ whose: value === usual ? undefined : value, owner: undefined })} data={[{ value: 'mine', label: t('whose.mine') }, { value: 'all', label: t('whose.all') }]} />
        {whose === 'all' && <div className={style['owner']}><ColleaguePicker label="" size="xs" aria-label={t('owner')} placeholder={t('owner')} value={owner} onChange={(value) => ask({ owner: value ?? undefined })} /></div>}
        <Select size="xs" w={170} aria-label={t('within')} data={DAYS.map((value) => ({ value, label: t('days', { days: sayNumber(Number(value)) }) }))} value={days} allowDeselect={false} onChange={(value) => ask({ days: value === '180' ? undefined : (value ?? undefined) })} />
        {first !== undefined && <Text size="sm" c="dimmed" role="status">{[t('count', { count: first.total, shown: sayNumber(first.total) }), ...(first.worth.length > 0 ? [t('worth', { worth: first.worth.map(({ amount, currency }) => sayMoney(amount, currency, true)).join(' + ') })] : [])].join(' · ')}</Text>}
      </Group>
      <div className={style['page']}>
        <div className={style['main']}>
          <Answer query={query} lines={10}>
            {({ pages }) => {
              const items = pages.flatMap((page) => page.items);
              const months = [...Map.groupBy(items, ({ date }) => monthOf(date))];
              if (items.length === 0) return <Empty title={t('empty')}>{t('emptyMore')}</Empty>;
              return (
                <Stack gap="lg" aria-busy={query.isPlaceholderData}>
                  {months.length > 1 && (
                    <nav aria-label={t('months')} className={style['months']}>
                      {months.map(([month, of]) => <a key={month} href={`#month-${month}`} className={style['month']} onClick={(event) => { event.preventDefault(); document.getElementById(`month-${month}`)?.focus(); }}><span>{SHORT_MONTH.format(new Date(of[0]!.date))}</span><b>{sayNumber(of.length)}</b></a>)}
                    </nav>
                  )}
                  {months.map(([month, of]) => (
                    <section key={month} aria-labelledby={`month-${month}`}>
                      <Title order={2} id={`month-${month}`} tabIndex={-1} className={style['monthName']}>{MONTH.format(new Date(of[0]!.date))}</Title>
                      <ul className={style['list']}>{of.map((contract) => <li key={`${contract.contract} ${contract.what}`} className={style['line']}><One contract={contract} names={whose === 'all'} /></li>)}</ul>
                    </section>
                  ))}
                  {query.hasNextPage && <Group><Button variant="default" size="xs" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t('list.more', { ns: 'parts' })}</Button></Group>}
                </Stack>
              );
            }}
          </Answer>
        </div>
        {may(session, 'GET /api/v1/calendar.ics') && <Feed />}
      </div>
    </>
  );
}

function One({ contract, names }: { readonly contract: Contract; readonly names: boolean }) {
  const { t } = useTranslation(['contracts', 'start', 'parts']);
  const { customer, date, what, money, owner, offering, start, end, renews, noticeBy, wouldChooseAgain, decisions, alternatives } = contract;
  const Again = wouldChooseAgain === null ? IconHelpCircle : AGAIN[wouldChooseAgain.answer];
  const term = [...(start === null ? [] : [end === null ? t('since', { start: sayDate(start) }) : t('term', { start: sayDate(start), end: sayDate(end) })]), t(`renews.${renews}`), ...(noticeBy === null || what === 'notice' ? [] : [t('noticeBy', { date: sayDate(noticeBy) })])];
  return (
    <>
      <div className={style['when']}>
        <Text size="sm" fw={600}>{sayDate(date)}</Text>
        <Text size="xs" c="dimmed"><Days at={date} /></Text>
      </div>
      <div className={style['what']}>
        <Group gap={8}><CustomerLink customer={customer} entry={contract.contract} />{offering !== null && <Badge variant="default" tt="none" size="sm">{offering}</Badge>}</Group>
        <Text size="sm">{[t(`what.${what}`), ...(names ? [owner?.name ?? owner?.id ?? t('start:nobody')] : [])].join(' · ')}</Text>
        <Text size="xs" c="dimmed">{term.join(' · ')}</Text>
        <Text size="xs" className={style['again']} data-answer={wouldChooseAgain?.answer ?? 'never'}>
          <Again size={14} aria-hidden />
          {wouldChooseAgain === null ? t('again.never') : <>{t('again.label')} <To customer={customer.id} entry={wouldChooseAgain.entry}>{t(`again.${wouldChooseAgain.answer}`)}</To> ({sayDate(wouldChooseAgain.at)})</>}
        </Text>
        {decisions.map(({ entry, what: subject, neededBy, closedAt, outcome }) => (
          <Text size="xs" key={entry}>{t(closedAt === null ? 'decision.open' : 'decision.closed')} <To customer={customer.id} entry={entry}>{subject ?? t('erased')}</To>{closedAt === null ? neededBy !== null && `, ${t('decision.needed', { date: sayDate(neededBy) })}` : `, ${t(`decision.${outcome ?? 'done'}`, { date: sayDate(closedAt) })}`}</Text>
        ))}
        {alternatives.length > 0 && <Text size="xs" className={style['again']}><IconArrowsSplit size={14} aria-hidden />{t('alternatives')} {alternatives.map(({ entry, alternative, at }, index) => <span key={entry}>{index > 0 && ', '}<To customer={customer.id} entry={entry}>{alternative ?? t('erased')}</To> ({sayDate(at)})</span>)}</Text>}
      </div>
      <div className={style['side']}>{money === null ? <Text size="xs" c="dimmed">{t('start:contracts.unknown')}</Text> : <Text size="sm" fw={600}><Money amount={money.amount} currency={money.currency} whole /></Text>}</div>
    </>
  );
}

const To = ({ customer, entry, children }: { readonly customer: string; readonly entry: string; readonly children: string }) => <Anchor component={Link} to={`/customers/${customer}`} search={{ entry } as never} fz="inherit" underline="always" style={{ overflowWrap: 'anywhere' }}>{children}</Anchor>;
