/** The dashboard: how our customers stand, what changed, and what is ahead. */
import { Accordion, Button, Table, Text, Title } from '@mantine/core';
import { useQueries, useQuery } from '@tanstack/react-query';
import { IconPrinter, IconStack2 } from '@tabler/icons-react';
import { useId, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { figuresDefinitionsOptions } from '../../api/generated/@tanstack/react-query.gen.js';
import type { FiguresDefinitionsResponse, FiguresValueResponse, OutcomeWithCurve } from '../../api/generated/types.gen.js';
import { sayDate, sayNumber } from '../../parts/locale.js';
import { Answer, ScreenHead } from '../../parts/states.js';
import { Ahead } from './ahead.js';
import { ChartBox, DepthChart, StepsChart } from './chart-box.js';
import { Controls } from './controls.js';
import { Dots } from './dots.js';
import { FigureCard, NotShown, pinned, useBefore, valueOptions } from './figure-card.js';
import { Go } from './go.js';
import { InView } from './in-view.js';
import { useGroupLabel, useNeeds } from './labels.js';
import style from './leadership.module.css';
import { figurePath, hrefOf, useQuestion, type Question } from './question.js';
import { inTwo, say } from './said.js';
import { useCourses, Trend, type Course } from './trend.js';
import { Waited } from './waiting.js';

const CONVERSIONS = ['ring-conversion-1-to-2', 'ring-conversion-2-to-3', 'ring-conversion-3-to-4', 'ring-conversion-4-to-5'] as const;
const GROUPS = {
  referral: ['referral-rate', 'referral-conversion', 'earned-growth'],
  voice: ['nps', 'csat', 'ces'],
  flow: ['open-decisions', 'decisions-closed', 'decision-time', 'decided-in-time'],
  response: ['response-yield', 'opening-moves', 'dialogue-balance'],
} as const;
/** Shown in a section of their own. */
const IN_SECTIONS = new Set<string>(['advocacy-rate', 'net-revenue-retention', 'gross-revenue-retention', 'repeat-rate', 'value-at-risk', 'ring-distribution', 'ring-losses', 'ring-loss-causes', ...CONVERSIONS, ...Object.values(GROUPS).flat()]);

export default function Leadership() {
  const { t } = useTranslation('leadership');
  const { question } = useQuestion();
  const definitions = useQuery({ ...figuresDefinitionsOptions(), staleTime: Infinity });
  return (
    <>
      <ScreenHead title={t('title')}>
        <Button component="a" href="/leadership/kept" variant="default" size="sm" leftSection={<IconStack2 size={16} aria-hidden />} renderRoot={(props) => <Go {...(props as { href: string; children: ReactNode })} underline="never" href="/leadership/kept" />}>{t('keptFigures')}</Button>
        <Button component="a" variant="default" size="sm" leftSection={<IconPrinter size={16} aria-hidden />} renderRoot={(props) => <Go {...(props as { href: string; children: ReactNode })} underline="never" href={hrefOf('/leadership/report', { ...(question.asOf !== undefined && { asOf: question.asOf }), ...(question.asKnown !== undefined && { asKnown: question.asKnown }) })} />}>{t('report')}</Button>
      </ScreenHead>
      <Controls />
      <Answer query={definitions} lines={10}>{({ items }) => <Sections question={question} definitions={items} />}</Answer>
    </>
  );
}

function Section({ title, more, children }: { readonly title: string; readonly more?: string; readonly children: ReactNode }) {
  const id = useId();
  return (
    <section className={style['section']} aria-labelledby={id}>
      <Title order={2} id={id} mb={more === undefined ? 'xs' : 2}>{title}</Title>
      {more !== undefined && <Text size="sm" c="dimmed" mb="xs" maw="75ch">{more}</Text>}
      {children}
    </section>
  );
}

function Sections({ question, definitions }: { readonly question: Question; readonly definitions: FiguresDefinitionsResponse['items'] }) {
  const { t } = useTranslation('leadership');
  const has = (name: string): boolean => definitions.some((one) => one.name === name);
  const titleOf = (name: string): string => definitions.find((one) => one.name === name)?.title ?? name;
  const advocacy = definitions.find(({ name }) => name === 'advocacy-rate');
  const advanced = definitions.filter(({ name }) => !IN_SECTIONS.has(name));
  const whole: Question = { ...question, split: undefined! };
  return (
    <div className={style['sections']}>
      <Glance question={question} />
      {advocacy !== undefined && <Section title={t('sections.trend')} more={t('sections.trendMore')}><Trend name="advocacy-rate" title={advocacy.title} question={question} sayable={advocacy} inTotals withMarks /></Section>}
      <Section title={t('sections.rings')} more={t('sections.ringsMore')}><InView height={340}>{() => <Rings question={whole} />}</InView></Section>
      <Section title={t('sections.conversion')} more={t('sections.conversionMore')}><InView height={340}>{() => <Conversions question={whole} titleOf={titleOf} />}</InView></Section>
      <Section title={t('sections.losses')} more={t('sections.lossesMore')}><InView height={200}>{() => <Losses question={whole} />}</InView></Section>
      <Section title={t('sections.ahead')} more={t('sections.aheadMore')}><InView height={300}>{() => <Ahead question={whole} />}</InView></Section>
      {(Object.keys(GROUPS) as (keyof typeof GROUPS)[]).map((group) => (
        <Section key={group} title={t(`sections.${group}`)}>
          <InView>{() => <Cards names={GROUPS[group].filter(has)} question={question} />}</InView>
        </Section>
      ))}
      <Accordion variant="contained" chevronPosition="left">
        <Accordion.Item value="advanced">
          <Accordion.Control>{t('sections.advanced')}</Accordion.Control>
          <Accordion.Panel>
            {[...Map.groupBy(advanced, ({ topic }) => topic)].map(([topic, own]) => (
              <div key={topic} style={{ marginBottom: 16 }}>
                <Title order={3} mb={6}>{topic}</Title>
                <InView>{() => <div className={style['cards']}>{own.map(({ name }) => <FigureCard key={name} name={name} question={question} />)}</div>}</InView>
              </div>
            ))}
          </Accordion.Panel>
        </Accordion.Item>
      </Accordion>
      <InView height={40}>{() => <Missing question={whole} definitions={definitions} />}</InView>
    </div>
  );
}

/** Cards of what there is; what there is not is told once, at the end of the page. */
function Cards({ names, question }: { readonly names: readonly string[]; readonly question: Question }) {
  const { t } = useTranslation('leadership');
  const read = useQueries({ queries: names.map((name) => valueOptions(name, question)) });
  const shown = names.filter((_name, index) => read[index]!.data?.shown !== false);
  if (shown.length === 0) return <Text size="sm" c="dimmed">{read[0]?.data === undefined ? '' : t('nothingYet')} {read[0]?.data !== undefined && <NeedsOf figure={read[0].data} />}</Text>;
  return <div className={style['cards']}>{shown.map((name) => <FigureCard key={name} name={name} question={question} />)}</div>;
}

function NeedsOf({ figure }: { readonly figure: FiguresValueResponse }) {
  const { t } = useTranslation('leadership');
  const needs = useNeeds();
  return figure.needs.length === 0 ? null : <>{t('needs', { kinds: needs(figure.needs) })}</>;
}

/** The main numbers. Where nothing recurs, how many buy again takes the place of retained revenue. */
function Glance({ question }: { readonly question: Question }) {
  const { t } = useTranslation('leadership');
  const { data: retained } = useQuery(valueOptions('net-revenue-retention', question));
  const recurs = retained === undefined || (retained.shown && retained.parts.some(({ values }) => values.length > 0));
  const names = ['advocacy-rate', ...(recurs ? ['net-revenue-retention', 'gross-revenue-retention', 'value-at-risk'] : ['repeat-rate'])];
  return (
    <Section title={t('sections.glance')}>
      <div className={style['cards']}>{names.map((name) => <FigureCard key={name} name={name} question={question} summed={name === 'value-at-risk'} />)}</div>
    </Section>
  );
}

const depthOf = (group: string): number => (group === 'none' ? 0 : group.split('+').length);

const MOST_SETS = 10;

function Rings({ question }: { readonly question: Question }) {
  const { t } = useTranslation('leadership');
  const groupLabel = useGroupLabel();
  const { query, queryKey } = useCourses('ring-distribution', question, true);
  const options = valueOptions('ring-distribution', question);
  const now = useQuery(options);
  const labels = [0, 1, 2, 3, 4, 5].map((count) => t('rings.lit', { count }));
  return (
    <div className={style['two']}>
      <Waited query={query} queryKey={queryKey} lines={6}>
        {(courses: readonly Course[]) => {
          const points = (courses[0]?.points ?? []).map(({ at }, index) => ({ at, depths: labels.map((_label, depth) => courses.reduce((sum, { group, points: own }) => sum + (depthOf(group ?? 'none') === depth ? (own[index]?.value ?? 0) : 0), 0)) }));
          if (points.length === 0) return <Text size="sm" c="dimmed">{t('noCourse')}</Text>;
          const [first, last] = [points[0]!, points.at(-1)!];
          const total = (depths: readonly number[]): number => depths.reduce((sum, count) => sum + count, 0);
          const day = (at: number): string => sayDate(new Date(at).toISOString());
          return (
            <ChartBox says={t('rings.says', { from: day(first.at), before: first.depths[5], beforeAll: total(first.depths), to: day(last.at), now: last.depths[5], nowAll: total(last.depths) })} file="rings-over-time" table={{ heads: [t('heads.day'), ...labels], rows: points.map(({ at, depths }) => [new Date(at).toISOString().slice(0, 10), ...depths]) }}>
              <DepthChart points={points} labels={labels} />
            </ChartBox>
          );
        }}
      </Waited>
      <Waited query={now} queryKey={options.queryKey} lines={6}>
        {(figure) => {
          const all = (figure.parts[0]?.values ?? []).toSorted((a, b) => b.above - a.above);
          const then = new Map((figure.parts[0]?.before ?? []).map(({ group, above }) => [group, above]));
          const rest = all.slice(MOST_SETS);
          if (all.length === 0) return <NotShown figure={figure} />;
          return (
            <div>
              <Title order={3} mb={6}>{t('rings.now')}</Title>
              <div className={style['sets']} role="list" aria-label={t('rings.now')}>
                {all.slice(0, MOST_SETS).map(({ group, above }) => (
                  <div key={group} role="listitem" style={{ display: 'contents' }}>
                    <Dots group={group ?? 'none'} />
                    <div aria-hidden><div className={style['bar']} style={{ width: `${(100 * above) / all[0]!.above}%` }} /></div>
                    <span><Go href={hrefOf(figurePath(figure.name), { ...pinned(question, figure), group: group! })} fz="sm" fw={600} aria-label={t('rings.one', { rings: groupLabel(figure, group ?? 'none'), count: above, before: then.get(group) ?? 0 })}>{sayNumber(above)}</Go> <Text span size="xs" c="dimmed" aria-hidden>{t('rings.was', { count: then.get(group) ?? 0 })}</Text></span>
                  </div>
                ))}
              </div>
              <Text size="xs" c="dimmed" mt={8}>{t('rings.key')}{rest.length > 0 && ` ${t('rings.rest', { customers: sayNumber(rest.reduce((sum, { above }) => sum + above, 0)), count: rest.length })}`}</Text>
            </div>
          );
        }}
      </Waited>
    </div>
  );
}

function Conversions({ question, titleOf }: { readonly question: Question; readonly titleOf: (name: string) => string }) {
  const { t } = useTranslation('leadership');
  const all = CONVERSIONS.map((name) => valueOptions(name, question));
  const read = useQueries({ queries: all });
  const waiting = read.findIndex(({ data }) => data === undefined);
  if (waiting >= 0) return <Waited query={read[waiting]!} queryKey={all[waiting]!.queryKey} lines={6}>{() => null}</Waited>;
  const figures = read.flatMap(({ data }) => (data?.shown === true ? [data] : []));
  const curves = figures.flatMap((figure) => {
    const outcome = figure.parts[0]?.values[0];
    return outcome?.curve === undefined || outcome.curve.steps.length === 0 ? [] : [{ figure, outcome: outcome as OutcomeWithCurve & { curve: NonNullable<OutcomeWithCurve['curve']> } }];
  });
  if (curves.length === 0) return <Text size="sm" c="dimmed">{t('nobody')}</Text>;
  const shares = [...new Set(curves.flatMap(({ outcome }) => (outcome.quantiles ?? []).map(({ share }) => share)))];
  const rows = curves.map(({ figure, outcome }) => [figure.title, outcome.n, outcome.above, ...shares.map((share) => {
    const days = outcome.quantiles?.find((one) => one.share === share)?.days ?? null;
    return days === null ? null : Math.round(days * 10) / 10;
  })]);
  const says = curves.map(({ figure, outcome }) => `${figure.title}: ${say(figure, outcome)}`).join('. ');
  return (
    <>
      <ul className={style['marks']}>
        {curves.map(({ figure, outcome }) => {
          const { first, second } = inTwo(say(figure, outcome));
          return <li key={figure.name}><Go href={hrefOf(figurePath(figure.name), pinned(question, figure))} fz="sm" fw={600}>{figure.title}</Go>: {first} <Text span size="sm" c="dimmed">({second})</Text></li>;
        })}
      </ul>
      <ChartBox says={says} isSaid file="conversion" table={{ heads: [t('conversion.step'), t('heads.n'), t('conversion.there'), ...shares.map((share) => t('conversion.by', { share: sayNumber(100 * share) }))], rows }}>
        <StepsChart axis={t('conversion.axis')} curves={curves.map(({ figure, outcome }) => ({ name: figure.name, label: titleOf(figure.name), steps: outcome.curve.steps }))} />
      </ChartBox>
    </>
  );
}

const nameOfCause = (group: string): readonly [ring: string, cause: string] => {
  const at = group.indexOf(': ');
  return at < 0 ? [group, ''] : [group.slice(0, at), group.slice(at + 2)];
};

function Losses({ question }: { readonly question: Question }) {
  const { t } = useTranslation('leadership');
  const [a, b] = [valueOptions('ring-losses', question), valueOptions('ring-loss-causes', question)];
  const [losses, causes] = [useQuery(a), useQuery(b)];
  const beforeSays = useBefore();
  return (
    <Waited query={losses} queryKey={a.queryKey} lines={5}>
      {(figure) => {
        const values = figure.parts[0]?.values ?? [];
        const then = new Map((figure.parts[0]?.before ?? []).map((outcome) => [outcome.group, outcome]));
        if (values.length === 0) return <NotShown figure={figure} />;
        const why = (ring: string) => (causes.data?.parts[0]?.values ?? []).filter(({ group }) => nameOfCause(group ?? '')[0] === ring).toSorted((one, other) => other.above - one.above);
        return (
          <div className={style['wide']} role="region" aria-label={t('sections.losses')} tabIndex={0}>
            <Table className={style['numbers']} miw={520} aria-label={t('sections.losses')}>
              <Table.Thead><Table.Tr><Table.Th scope="col">{t('losses.ring')}</Table.Th><Table.Th scope="col">{t('losses.lost')}</Table.Th><Table.Th scope="col">{beforeSays(figure)}</Table.Th><Table.Th scope="col">{t('losses.causes')}</Table.Th></Table.Tr></Table.Thead>
              <Table.Tbody>
                {values.map((outcome) => {
                  const { first, second } = inTwo(say(figure, outcome));
                  const ring = outcome.group ?? '';
                  const before = then.get(outcome.group);
                  return (
                    <Table.Tr key={ring}>
                      <Table.Th scope="row">{ring}</Table.Th>
                      <Table.Td><Go href={hrefOf(figurePath(figure.name), { ...pinned(question, figure), group: ring })} fw={600} fz="sm" aria-label={t('open', { name: ring, value: `${first} (${second})` })}>{first}</Go> <Text span size="xs" c="dimmed">({second})</Text></Table.Td>
                      <Table.Td>{before === undefined ? t('before.none') : inTwo(say(figure, before)).first}</Table.Td>
                      <Table.Td>
                        {why(ring).map(({ group, above }, index) => <span key={group}>{index > 0 && ', '}<Go href={hrefOf(figurePath('ring-loss-causes'), { ...pinned(question, causes.data!), group: group! })} fz="sm">{t(`parts:causes.${nameOfCause(group ?? '')[1]}`)} ({sayNumber(above)})</Go></span>)}
                      </Table.Td>
                    </Table.Tr>
                  );
                })}
              </Table.Tbody>
            </Table>
          </div>
        );
      }}
    </Waited>
  );
}

/** What cannot be shown, and what it would need: quietly, at the end. */
function Missing({ question, definitions }: { readonly question: Question; readonly definitions: FiguresDefinitionsResponse['items'] }) {
  const { t } = useTranslation('leadership');
  const needs = useNeeds();
  // One figure for each set of kinds tells for all that need the same.
  const byNeeds = [...Map.groupBy(definitions.filter((one) => one.needs.length > 0), (one) => one.needs.join())].map(([, own]) => own);
  const read = useQueries({ queries: byNeeds.map(([one]) => valueOptions(one!.name, question)) });
  const missing = byNeeds.filter((_own, index) => read[index]!.data?.shown === false);
  if (missing.length === 0) return null;
  return (
    <div className={style['quiet']} role="note">
      <Text size="sm" fw={600}>{t('missing.title')}</Text>
      <ul style={{ margin: '4px 0 0', paddingLeft: 20 }}>{missing.map((own) => <li key={own[0]!.name}>{t('missing.one', { figures: own.map(({ title }) => title).join(', '), kinds: needs(own[0]!.needs) })}</li>)}</ul>
    </div>
  );
}
