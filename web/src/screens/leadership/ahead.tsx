/** What comes up for a decision, and how much is at risk: by quarter, each currency by itself. */
import { Anchor, Button, Collapse, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { portfolioContractsAhead } from '../../api/generated/sdk.gen.js';
import type { PortfolioContractsAheadResponse } from '../../api/generated/types.gen.js';
import { sayDate } from '../../parts/locale.js';
import { ChartBox, QuartersChart } from './chart-box.js';
import { KEPT_MS, NotShown, pinned, valueOptions } from './figure-card.js';
import { Go } from './go.js';
import style from './leadership.module.css';
import { figurePath, hrefOf, isPlain, type Question } from './question.js';
import { briefMoney, dueOf, money, roundMoney } from './said.js';
import { Waited } from './waiting.js';

type Contract = PortfolioContractsAheadResponse['items'][number];

const DAYS = 730;
const PAGE = 200;
/** So many pages are read; beyond that the sums would say less than there is, and are not shown. */
const MOST_PAGES = 40;

async function contractsAhead({ signal }: { readonly signal: AbortSignal }): Promise<readonly Contract[]> {
  const items: Contract[] = [];
  let cursor: string | null | undefined;
  for (let page = 0; cursor !== null; page += 1) {
    if (page === MOST_PAGES) return [];
    const { data } = await portfolioContractsAhead({ query: { days: DAYS, limit: PAGE, ...(cursor !== undefined && { cursor }) }, signal, throwOnError: true });
    items.push(...data.items);
    cursor = data.next;
  }
  return items;
}

/** A date at the very start of a quarter belongs to the one before, as in value at risk. */
function quarterOf(iso: string): string {
  const last = new Date(Date.parse(iso) - 1);
  return `${last.getUTCFullYear()}-Q${Math.floor(last.getUTCMonth() / 3) + 1}`;
}

export function Ahead({ question }: { readonly question: Question }) {
  const { t } = useTranslation('leadership');
  // Contracts ahead are known as of now, of all customers.
  const isNow = isPlain(question) && question.asOf === undefined;
  const options = valueOptions('value-at-risk', question);
  const risk = useQuery(options);
  const contracts = useQuery({ queryKey: ['contractsAheadAll'], queryFn: contractsAhead, staleTime: KEPT_MS, enabled: isNow });
  return (
    <Waited query={risk} queryKey={options.queryKey} lines={6}>
      {(figure) => {
        const atRisk = figure.parts[0]?.values ?? [];
        const ahead = (isNow ? (contracts.data ?? []) : []).filter(({ money: worth }) => worth !== null);
        if (!figure.shown || ahead.length + atRisk.length === 0) return <NotShown figure={figure} />;
        const currencies = [...new Set([...atRisk.map(({ group }) => dueOf(group).currency), ...ahead.map(({ money: worth }) => worth!.currency)])].sort();
        return (
          <>
            {!isNow && <Text size="sm" c="dimmed" mb="xs">{t('ahead.onlyNow')}</Text>}
            <div className={style['two']}>
              {currencies.map((currency) => <Currency key={currency} currency={currency} ahead={ahead.filter(({ money: worth }) => worth!.currency === currency)} isNow={isNow} atRisk={atRisk.filter(({ group }) => dueOf(group).currency === currency)} href={(group) => hrefOf(figurePath(figure.name), { ...pinned(question, figure), group })} />)}
            </div>
          </>
        );
      }}
    </Waited>
  );
}

interface CurrencyProps {
  readonly currency: string;
  readonly ahead: readonly Contract[];
  readonly isNow: boolean;
  readonly atRisk: readonly { readonly group: string | null; readonly above: number; readonly n: number }[];
  readonly href: (group: string) => string;
}

const worthOf = (contracts: readonly Contract[]): number => contracts.reduce((sum, { money: worth }) => sum + (worth?.amount ?? 0), 0);

function Currency({ currency, ahead, isNow, atRisk, href }: CurrencyProps) {
  const { t } = useTranslation('leadership');
  const [open, setOpen] = useState<string | null>(null);
  const byQuarter = Map.groupBy(ahead, ({ date }) => quarterOf(date));
  const risks = new Map(atRisk.map((outcome) => [dueOf(outcome.group).due, outcome]));
  const quarters = [...new Set([...byQuarter.keys(), ...risks.keys()])].sort();
  const due = (quarter: string): string => (quarter === 'no date' ? t('ahead.noDate') : quarter);
  const exact = (amount: number): string => money(amount, currency);
  const rows = quarters.map((quarter) => ({ quarter, ahead: worthOf(byQuarter.get(quarter) ?? []), contracts: byQuarter.get(quarter)?.length ?? 0, risk: risks.get(quarter)?.above ?? 0, customers: risks.get(quarter)?.n ?? 0 }));
  const total = rows.reduce((sum, { risk }) => sum + risk, 0);
  return (
    <div>
      <Title order={3} mb={6}>{currency}</Title>
      <ChartBox
        says={isNow ? t('ahead.says', { currency, ahead: roundMoney(worthOf(ahead), currency), risk: roundMoney(total, currency) }) : t('ahead.saysRisk', { currency, risk: roundMoney(total, currency) })}
        file={`ahead-${currency}`}
        table={{ heads: [t('ahead.due'), ...(isNow ? [t('ahead.contracts'), t('ahead.how')] : []), t('ahead.risk'), t('ahead.customers')], rows: rows.map((row) => [due(row.quarter), ...(isNow ? [exact(row.ahead), row.contracts] : []), exact(row.risk), row.customers]) }}
      >
        <QuartersChart rows={rows.map((row) => ({ due: due(row.quarter), ...(isNow && { ahead: row.ahead }), risk: row.risk }))} series={[...(isNow ? [{ name: 'ahead', label: t('ahead.contracts') }] : []), { name: 'risk', label: t('ahead.risk') }]} format={exact} brief={(amount) => briefMoney(amount, currency)} />
      </ChartBox>
      <ul className={style['marks']} aria-label={t('ahead.list', { currency })}>
        {rows.map(({ quarter, contracts, customers, ...row }) => (
          <li key={quarter}>
            <span className={style['sign']} style={{ minWidth: '5.5em' }}>{due(quarter)}</span>
            {contracts > 0 && <Button size="compact-xs" variant="default" mr={8} aria-expanded={open === quarter} onClick={() => setOpen(open === quarter ? null : quarter)}>{t('ahead.contractsOf', { amount: roundMoney(row.ahead, currency), count: contracts })}</Button>}
            {customers > 0 && <Go href={href(`${currency} ${quarter}`)} fz="sm">{t('ahead.riskOf', { amount: roundMoney(row.risk, currency), count: customers })}</Go>}
            <Collapse expanded={open === quarter}>{open === quarter && <Contracts contracts={byQuarter.get(quarter) ?? []} />}</Collapse>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Whose they are, and the entry that made each. */
function Contracts({ contracts }: { readonly contracts: readonly Contract[] }) {
  const { t } = useTranslation('leadership');
  return (
    <ul className={style['marks']} style={{ marginBlock: 6, paddingLeft: 16 }}>
      {contracts.map(({ customer, contract, date, what, money: worth }) => (
        <li key={`${contract} ${what}`}>
          <Anchor component={Link} to={`/customers/${customer.id}`} search={{ entry: contract } as never} fz="sm" style={{ overflowWrap: 'anywhere' }}>{customer.name ?? t('unnamed')}</Anchor>{' '}
          <Text span size="xs" c="dimmed">{t(`ahead.what.${what}`, { day: sayDate(date) })}{worth !== null && `, ${money(worth.amount, worth.currency)}`}</Text>
        </li>
      ))}
    </ul>
  );
}
