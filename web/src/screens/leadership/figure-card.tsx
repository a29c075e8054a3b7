import { ActionIcon, Menu, Text, Tooltip } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconDots } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { figuresValueOptions } from '../../api/generated/@tanstack/react-query.gen.js';
import type { FiguresValueResponse } from '../../api/generated/types.gen.js';
import { may, useSession } from '../../app/session.js';
import { sayDate, sayLastDay } from '../../parts/locale.js';
import { copyLink, download, figureCsv } from './export.js';
import { Go } from './go.js';
import { Keep } from './keep.js';
import style from './leadership.module.css';
import { useGroupLabel, useNeeds } from './labels.js';
import { figurePath, hrefOf, valueAskedOf, type Question } from './question.js';
import { ALL_TIME, byCurrency, linesOf, roundMoney, said, say, type Line } from './said.js';
import { Waited } from './waiting.js';

/** Long enough that a look around asks once; a write asks everything again. */
export const KEPT_MS = 5 * 60_000;
export const valueOptions = (name: string, question: Question) => ({ ...figuresValueOptions({ path: { name }, query: valueAskedOf(question) }), staleTime: KEPT_MS });

/** The clocks of an answer, so that what is opened from it is what was read. */
export const pinned = (question: Question, { asOf, asKnown }: { readonly asOf: string; readonly asKnown: string | null }): Question => ({ ...question, asOf, ...(asKnown !== null && { asKnown }) });

/** "30 days before" or the dates of the period before. */
export function useBefore(): (figure: FiguresValueResponse) => string {
  const { t } = useTranslation('leadership');
  return ({ period, window, before }) => (period === null || window === ALL_TIME ? t('before.on', { day: sayLastDay(before.to) }) : t('before.in', { from: sayDate(before.from), to: sayLastDay(before.to) }));
}

/** One number: first what to read first, then on how many it stands, then what it was before. */
export function NumberLine({ label, line, before, href, name }: { readonly label: string | null; readonly line: Line; readonly before: string; readonly href: string; readonly name: string }) {
  const { t } = useTranslation('leadership');
  const { first, second } = line.now;
  return (
    <div className={style['line']}>
      {label !== null && <Text size="xs" fw={600}>{label}</Text>}
      <Go href={href} c="inherit" underline="hover" className={`${style['first']} ${first.length > 12 ? style['long'] : ''}`} aria-label={t('open', { name: label === null ? name : `${name}, ${label}`, value: `${first}${second === '' ? '' : ` (${second})`}` })}>{first}</Go>
      {second !== '' && <div className={style['second']}>{second}</div>}
      <div className={style['second']}>{before}: {line.before ?? t('before.none')}</div>
    </div>
  );
}

const MOST = 6;

/** Revenue at risk is known by quarter; a card says the sum of each currency. */
export function summedLines(figure: FiguresValueResponse): Line[] {
  const [part] = figure.parts;
  const [now, then] = [byCurrency(part?.values ?? []), byCurrency(part?.before ?? [])];
  const second = (n: number): string => `${n} ${n === 1 ? 'customer' : 'customers'}`;
  return [...new Set([...now.keys(), ...then.keys()])].sort().map((currency) => ({
    group: currency,
    now: { first: roundMoney(now.get(currency)?.amount ?? 0, currency), second: second(now.get(currency)?.n ?? 0) },
    before: roundMoney(then.get(currency)?.amount ?? 0, currency),
  }));
}

/** A figure: its value for each group with the period before, or a line for each part. What the business does not have is a hint, not a zero. */
export function FigureCard({ name, question, summed = false }: { readonly name: string; readonly question: Question; readonly summed?: boolean }) {
  const { t } = useTranslation('leadership');
  const options = valueOptions(name, question);
  const query = useQuery(options);
  const { data } = query;
  return (
    <section className={style['card']} aria-label={data?.title ?? name}>
      <Waited query={query} queryKey={options.queryKey}>
        {(figure) => (
          <>
            <CardHead figure={figure} question={question} />
            {!figure.shown || figure.parts.length === 0 ? <NotShown figure={figure} /> : figure.split === null ? <Lines figure={figure} question={question} summed={summed} /> : <Parts figure={figure} question={question} />}
            {figure.parked > 0 && <Text size="xs" c="dimmed">{t('parked', { count: figure.parked })}</Text>}
          </>
        )}
      </Waited>
    </section>
  );
}

function CardHead({ figure, question }: { readonly figure: FiguresValueResponse; readonly question: Question }) {
  const { t } = useTranslation('leadership');
  const session = useSession();
  const [isKeeping, setKeeping] = useState(false);
  const link = hrefOf(figurePath(figure.name), pinned(question, figure));
  return (
    <div style={{ display: 'flex', justifyContent: 'space-between', gap: 6, alignItems: 'flex-start' }}>
      <Tooltip label={figure.says} multiline maw={320} openDelay={400} events={{ hover: true, focus: true, touch: false }}>
        <Go href={hrefOf(figurePath(figure.name), question)} fw={600} fz="sm">{figure.title}</Go>
      </Tooltip>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target><ActionIcon variant="subtle" size="sm" className={style['noPrint']} aria-label={t('more', { name: figure.title })}><IconDots size={16} aria-hidden /></ActionIcon></Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => void copyLink(link)}>{t('copy')}</Menu.Item>
          <Menu.Item onClick={() => download(`${figure.name}.csv`, figureCsv(figure))}>{t('csv')}</Menu.Item>
          {may(session, 'POST /api/v1/kept-figures') && <Menu.Item onClick={() => setKeeping(true)}>{t('keep.action')}</Menu.Item>}
        </Menu.Dropdown>
      </Menu>
      {isKeeping && <Keep figure={figure} close={() => setKeeping(false)} />}
    </div>
  );
}

export function NotShown({ figure }: { readonly figure: FiguresValueResponse }) {
  const { t } = useTranslation('leadership');
  const needs = useNeeds();
  return <Text size="sm" c="dimmed">{figure.shown || figure.needs.length === 0 ? (figure.note ?? t('nobody')) : t('needs', { kinds: needs(figure.needs) })}</Text>;
}

function Lines({ figure, question, summed }: { readonly figure: FiguresValueResponse; readonly question: Question; readonly summed: boolean }) {
  const { t } = useTranslation('leadership');
  const before = useBefore()(figure);
  const groupLabel = useGroupLabel();
  const lines = summed ? summedLines(figure) : linesOf(figure);
  const href = (group: string | null): string => hrefOf(figurePath(figure.name), { ...pinned(question, figure), ...(group !== null && !summed && { group }) });
  if (lines.length === 0) return <Text size="sm" c="dimmed">{figure.note ?? t('nobody')}</Text>;
  return (
    <>
      {lines.slice(0, MOST).map((line) => <NumberLine key={line.group} name={figure.title} label={line.group === null || (lines.length === 1 && figure.groups?.startsWith('currency') === true) ? null : groupLabel(figure, line.group)} line={line} before={before} href={href(line.group)} />)}
      {lines.length > MOST && <Go href={href(null)} fz="xs">{t('others', { count: lines.length - MOST })}</Go>}
    </>
  );
}

/** A line for each part, the biggest first. */
function Parts({ figure, question }: { readonly figure: FiguresValueResponse; readonly question: Question }) {
  const { t } = useTranslation('leadership');
  const groupLabel = useGroupLabel();
  const rows = figure.parts.flatMap(({ part, values }) => values.map((outcome) => ({ part, outcome }))).toSorted((a, b) => b.outcome.n - a.outcome.n);
  const href = hrefOf(figurePath(figure.name), question);
  return (
    <>
      {rows.slice(0, MOST).map(({ part, outcome }) => (
        <div key={`${part} ${outcome.group}`} className={style['line']}>
          <Text size="xs" fw={600} style={{ overflowWrap: 'anywhere' }}>{[part ?? t('unnamedPart'), ...(outcome.group === null ? [] : [groupLabel(figure, outcome.group)])].join(' · ')}</Text>
          <Text size="sm" fw={600} component="span">{said(figure, outcome).first}</Text> <span className={style['second']}>{said(figure, outcome).second}</span>
        </div>
      ))}
      {rows.length > MOST && <Go href={href} fz="xs">{t('others', { count: rows.length - MOST })}</Go>}
      {figure.note !== null && <Text size="xs" c="dimmed">{figure.note}</Text>}
    </>
  );
}

export const sentence = (figure: FiguresValueResponse): string => (figure.parts[0]?.values ?? []).map((outcome) => `${outcome.group ?? ''} ${say(figure, outcome)}`.trim()).join('; ');
