/** Importing a file in four steps on one page: the file, what its columns mean, what would happen, and doing it; below, the imports there were. */
import { Alert, Button, FileButton, Group, Text, Title } from '@mantine/core';
import { IconDeviceFloppy, IconFolderOpen } from '@tabler/icons-react';
import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { checkMapping, type Mapping } from '../../../../src/exchange/mapping.js';
import { ScreenHead } from '../../parts/states.js';
import { download } from './download.js';
import { FileStep } from './file-step.js';
import style from './import.module.css';
import { keepMapping, keptMapping } from './keep.js';
import { MappingStep } from './mapping-step.js';
import { PastRuns } from './past-runs.js';
import { becomeOf, pathOf } from './preview.js';
import { PreviewTable } from './preview-table.js';
import { RunStep } from './run-step.js';
import { recognised } from '../../../../src/exchange/recognition.js';
import { useFile, type Opened } from './use-file.js';
import { useImport } from './use-import.js';

export default function ImportScreen() {
  const { t } = useTranslation('import');
  const file = useFile();
  const [undone, setUndone] = useState<string | null>(null);
  return (
    <>
      <ScreenHead title={t('title')} />
      <Text size="sm" c="dimmed" maw={720} mb="md">{t('more')}</Text>
      <Step number={1} title={t('steps.file')}><FileStep file={file} /></Step>
      {/* Another file, or the same read otherwise, begins anew. */}
      {file.opened !== null && <Steps key={`${file.opened.name} ${file.opened.size} ${file.opened.delimiter} ${file.opened.encoding}`} opened={file.opened} undone={undone} />}
      <PastRuns undone={setUndone} />
    </>
  );
}

function Step({ number, title, children, actions }: { readonly number: number; readonly title: string; readonly children: ReactNode; readonly actions?: ReactNode }) {
  const id = `step-${number}`;
  return (
    <section className={style['step']} aria-labelledby={id}>
      <Group justify="space-between" mb="sm" gap="xs">
        <Group gap="xs" wrap="nowrap"><span className={style['number']} aria-hidden>{number}</span><Title order={2} id={id}>{title}</Title></Group>
        {actions}
      </Group>
      {children}
    </section>
  );
}

/** What a saved mapping must look like before its fields can be shown. */
const isMapping = (given: unknown): given is Mapping => checkMapping(given).every(({ code }) => !['not-an-object', 'not-a-cell', 'unknown-field'].includes(code)) && typeof (given as Mapping).customer === 'object' && ['object', 'undefined'].includes(typeof (given as Mapping).entry);

/** `undone`: the run that was undone last. */
function Steps({ opened, undone }: { readonly opened: Opened; readonly undone: string | null }) {
  const { t } = useTranslation('import');
  const [kept] = useState(() => keptMapping(opened.header));
  const [mapping, setMapping] = useState<Mapping>(() => kept ?? recognised({ ...opened, ...opened.scanned, encoding: 'utf-8', isMixed: false }, opened.name).mapping);
  const [loaded, setLoaded] = useState<string | null>(null);
  const dry = useImport(true);
  const real = useImport(false);
  const { format, list, delimiter } = opened;
  // The file says how its rows are written, whatever a saved mapping says.
  const sent = useMemo((): Mapping => {
    const { delimiter: _, format: _format, list: _list, ...rest } = mapping;
    return { ...rest, ...(format === 'json' && { format, ...(list !== null && { list }) }), ...(delimiter !== ',' && { delimiter }) };
  }, [mapping, format, list, delimiter]);
  const change = (next: Mapping): void => {
    setMapping(next);
    keepMapping(opened.header, next);
  };
  const problems = useMemo(() => checkMapping(sent, format === 'json' ? undefined : opened.header), [sent, format, opened.header]);
  const [now] = useState(() => Date.now());
  const became = useMemo(() => becomeOf(sent, opened.header, opened.first, now), [sent, opened, now]);
  const isTried = dry.ran !== null && JSON.stringify(dry.ran.mapping) === JSON.stringify(sent);
  const wrong = useMemo(() => {
    const by = new Map<string, string>(problems.map(({ field, message }) => [field, message]));
    for (const { problems: own } of became) for (const { field, message } of own) if (!by.has(field)) by.set(field, message);
    // A few bad rows do not make the field a wrong one: it is said in how many.
    if (isTried) {
      const all = dry.ran.result.errors.flatMap(({ errors }) => errors.map(({ field, message }) => ({ field: pathOf(field), message })));
      for (const { field, message } of all) if (!by.has(field)) by.set(field, t('mapping.inRows', { count: all.filter((one) => one.field === field && one.message === message).length, message }));
    }
    return Object.fromEntries(by);
  }, [problems, became, isTried, dry.ran, t]);
  // What it said of rows that are in is true no more.
  const isUndone = undone !== null && real.ran?.result.run === undone;
  const load = async (file: File | null): Promise<void> => {
    if (file === null) return;
    try {
      const given: unknown = JSON.parse(await file.text());
      if (!isMapping(given)) throw new Error(checkMapping(given).map(({ field, message }) => `${field} ${message}`).join('; '));
      change(given);
      setLoaded(null);
    } catch (error) {
      setLoaded(t('mapping.unreadable', { name: file.name, why: (error as Error).message }));
    }
  };
  return (
    <>
      <Step
        number={2}
        title={t('steps.mapping')}
        actions={
          <Group gap="xs">
            <FileButton onChange={(file) => void load(file)} accept="application/json,.json">{(props) => <Button {...props} size="xs" variant="default" leftSection={<IconFolderOpen size={16} aria-hidden />}>{t('mapping.load')}</Button>}</FileButton>
            <Button size="xs" variant="default" leftSection={<IconDeviceFloppy size={16} aria-hidden />} onClick={() => download('mapping.json', 'application/json', JSON.stringify(sent, null, 2), '\n')}>{t('mapping.save')}</Button>
          </Group>
        }
      >
        {loaded !== null && <Alert role="alert" variant="outline" color="red" mb="sm">{loaded}</Alert>}
        {kept !== null && <Text size="sm" c="dimmed" mb="sm">{t('mapping.kept')}</Text>}
        <MappingStep mapping={mapping} change={change} columns={opened.scanned.columns} wrong={wrong} />
        <PreviewTable became={became} zone={mapping.dates?.zone ?? 'UTC'} rows={opened.first.length} isReady={problems.length === 0} />
      </Step>
      <Step number={3} title={t('steps.dry')}><RunStep dryRun run={dry} isCurrent={isTried} canStart={problems.length === 0 && real.progress === null} start={() => dry.start(opened, sent)} /></Step>
      <Step number={4} title={t('steps.import')}><RunStep dryRun={false} run={isUndone ? { ...real, ran: null } : real} isCurrent canStart={problems.length === 0 && dry.progress === null && (isTried || real.ran !== null || real.error !== null || real.isCancelled)} start={() => real.start(opened, sent)} /></Step>
    </>
  );
}
