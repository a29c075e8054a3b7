/** The imports there were: what each recorded, by whom, and whether it was undone; and the way to undo one. */
import { Badge, Button, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconArrowBackUp } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { importListOptions } from '../../api/generated/@tanstack/react-query.gen.js';
import { sayNumber } from '../../parts/locale.js';
import { Answer, Empty } from '../../parts/states.js';
import { When } from '../../parts/when.js';
import style from './import.module.css';
import { UndoDialog } from './undo-dialog.js';
import type { PastRun } from './use-undo.js';

/** The server lists no more. */
const MOST = 200;
const FIRST = 10;
/** How often those that go on are looked at. */
const AGAIN_MS = 5000;

const RECORDED = ['entriesAdded', 'customersCreated', 'entriesCorrected', 'customersChanged'] as const;
const TAKEN = ['entriesRetracted', 'customersRemoved', 'entriesRestored', 'customersRestored', 'kept'] as const;

const goesOn = ({ status }: PastRun): boolean => status === 'running' || status === 'undoing';

/** `undone` is told of a run that was undone. */
export function PastRuns({ undone }: { readonly undone: (run: string) => void }) {
  const { t } = useTranslation('import');
  const query = useQuery({ ...importListOptions({ query: { limit: MOST } }), refetchInterval: ({ state }) => (state.data?.items.some(goesOn) === true ? AGAIN_MS : false) });
  const [asked, setAsked] = useState<PastRun | null>(null);
  const [isAll, setAll] = useState(false);
  const title = useRef<HTMLHeadingElement>(null);
  // Where the focus goes once the dialog is closed; the button of a run that was undone is gone by then.
  const back = useRef<HTMLElement | null>(null);
  useEffect(() => {
    if (asked !== null || back.current === null) return;
    back.current.focus();
    back.current = null;
  }, [asked]);
  const close = (isUndone: boolean): void => {
    if (isUndone && asked !== null) {
      back.current = title.current;
      undone(asked.id);
    }
    setAsked(null);
  };
  return (
    <section className={style['step']} aria-labelledby="past-runs">
      <Title order={2} id="past-runs" ref={title} tabIndex={-1} className={style['past']}>{t('runs.title')}</Title>
      <Answer query={query} lines={3}>
        {({ items }) =>
          items.length === 0 ? <Empty title={t('runs.empty')}>{t('runs.emptyMore')}</Empty> : (
            <>
              <ul className={style['runs']} aria-labelledby="past-runs">
                {items.slice(0, isAll ? MOST : FIRST).map((run) => (
                  <Run
                    key={run.id}
                    run={run}
                    undo={(from) => {
                      back.current = from;
                      setAsked(run);
                    }}
                  />
                ))}
              </ul>
              {!isAll && items.length > FIRST && <Button variant="default" size="xs" mt="sm" onClick={() => setAll(true)}>{t('runs.all', { count: items.length, shown: sayNumber(items.length) })}</Button>}
              {isAll && items.length === MOST && <Text size="sm" c="dimmed" mt="sm">{t('runs.most', { shown: sayNumber(MOST) })}</Text>}
            </>
          )
        }
      </Answer>
      {asked !== null && <UndoDialog run={asked} close={close} />}
    </section>
  );
}

function Run({ run, undo }: { readonly run: PastRun; readonly undo: (from: HTMLElement) => void }) {
  const { t } = useTranslation('import');
  const { file, source, status, startedAt, startedBy, recorded, undoneAt, undoneBy, undone } = run;
  const name = file ?? t('runs.noFile');
  const said = <K extends (typeof RECORDED | typeof TAKEN)[number]>(counts: Readonly<Record<K, number>>, keys: readonly K[]): string => keys.filter((key) => counts[key] > 0).map((key) => t(`runs.${key as string}`, { count: counts[key], shown: sayNumber(counts[key]) })).join(', ') || t('runs.nothing');
  return (
    <li className={style['run']}>
      <div className={style['cut']}>
        <Text component="h3" m={0} fw={650} size="sm" td={status === 'undone' ? 'line-through' : undefined} className={style['name']}>{name}</Text>
        <Text size="sm" c="dimmed"><When at={startedAt} /> · {startedBy.name ?? startedBy.id} · {t('runs.source', { source })}</Text>
      </div>
      <div className={style['cut']}>
        {recorded === null ? <Text size="sm">{t(`runs.${status === 'running' ? 'goesOn' : 'brokeOff'}`)}</Text> : (
          <Text size="sm">{said(recorded, RECORDED)} <Text component="span" size="sm" c="dimmed">· {recorded.failed > 0 ? t('runs.ofRowsBad', { count: recorded.rows, rows: sayNumber(recorded.rows), bad: sayNumber(recorded.failed) }) : t('runs.ofRows', { count: recorded.rows, rows: sayNumber(recorded.rows) })}</Text></Text>
        )}
        {undone !== null && undoneAt !== null && <Text size="sm" c="dimmed" mt={2}>{t('runs.undone')} <When at={undoneAt} />{undoneBy !== null && ` · ${undoneBy.name ?? undoneBy.id}`} · {said(undone, TAKEN)}</Text>}
        {status === 'undoing' && <Text size="sm" c="dimmed" mt={2}>{t('runs.undoingMore')}</Text>}
      </div>
      <div className={style['does']}>
        {status !== 'finished' && <Badge variant="default" tt="none">{t(`runs.status.${status.replace(' ', '-')}`)}</Badge>}
        {status !== 'undone' && status !== 'running' && (
          <Button size="xs" variant="default" leftSection={<IconArrowBackUp size={16} aria-hidden />} aria-label={t(status === 'undoing' ? 'runs.goOnNamed' : 'runs.undoNamed', { name })} onClick={(event) => undo(event.currentTarget)}>{t(status === 'undoing' ? 'runs.goOn' : 'runs.undo')}</Button>
        )}
      </div>
    </li>
  );
}
