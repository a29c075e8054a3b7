/** Asks before an import is undone: what goes, how far it is, and what stands in its way. */
import { Alert, Anchor, Button, Group, Modal, Progress, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueries } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Failure } from '../../api/client.js';
import { customersOneOptions } from '../../api/generated/@tanstack/react-query.gen.js';
import { useKindLabel } from '../../api/kinds.js';
import { CustomerLink } from '../../parts/customer-link.js';
import { sayNumber } from '../../parts/locale.js';
import { Problem } from '../../parts/states.js';
import style from './import.module.css';
import { builtUponIn, useUndo, type BuiltUpon, type PastRun } from './use-undo.js';

/** Of what builds on the import so much is named; the rest is counted. */
const NAMED = 20;

const TAKES = ['entriesAdded', 'customersCreated', 'entriesCorrected', 'customersChanged'] as const;

/** `close`: with whether it was undone. */
export function UndoDialog({ run, close }: { readonly run: PastRun; readonly close: (isUndone: boolean) => void }) {
  const { t } = useTranslation('import');
  const { undo, progress } = useUndo();
  const { recorded, status } = run;
  const name = run.file ?? t('runs.noFile');
  const builtUpon = builtUponIn(undo.error);
  const isCut = undo.error instanceof Failure && undo.error.status === 0;
  const takes = recorded === null ? [] : TAKES.filter((one) => recorded[one] > 0);
  const start = (): void => {
    if (undo.isPending) return;
    undo.mutate(run, {
      onSuccess: ({ kept }) => {
        notifications.show({ message: kept > 0 ? t('undo.doneBut', { name, count: kept, shown: sayNumber(kept) }) : t('undo.done', { name }), closeButtonProps: { 'aria-label': t('undo.close') } });
        close(true);
      },
    });
  };
  return (
    <Modal opened onClose={() => undo.isPending || close(false)} withCloseButton={!undo.isPending} title={<Text fw={650} className={style['cut']}>{t('undo.title', { name })}</Text>} size="lg" closeButtonProps={{ 'aria-label': t('undo.close') }}>
      <Stack gap="md">
        {builtUpon === null && (
          <>
            {takes.length > 0 ? (
              <div>
                <Text size="sm">{t('undo.takes')}</Text>
                <ul className={style['takes']}>{takes.map((one) => <li key={one}>{t(`undo.${one}`, { count: recorded![one], shown: sayNumber(recorded![one]) })}</li>)}</ul>
              </div>
            ) : <Text size="sm">{t(status === 'undoing' ? 'undo.rest' : 'undo.brokenOff')}</Text>}
            <Text size="sm" c="dimmed">{t('undo.more')}</Text>
          </>
        )}
        {builtUpon !== null && !undo.isPending && <Blocked {...builtUpon} />}
        {undo.isPending && (
          <div>
            <Progress.Root size="lg"><Progress.Section value={progress === null ? 100 : (100 * progress.customers) / Math.max(progress.of, 1)} aria-label={t('undo.running')} animated={progress === null} striped={progress === null} /></Progress.Root>
            <Text size="sm" c="dimmed" mt={4} role="status">{progress === null ? t('undo.looking') : t('undo.progress', { done: sayNumber(progress.customers), count: progress.of, of: sayNumber(progress.of) })}</Text>
          </div>
        )}
        {undo.isError && builtUpon === null && (isCut ? <Alert role="alert" variant="outline" color="red" title={t('cut')}>{t('undo.cutMore')}</Alert> : <Problem error={undo.error} />)}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={() => close(false)} disabled={undo.isPending} data-autofocus>{t('undo.keep')}</Button>
          <Button color="red" loading={undo.isPending} onClick={start}>{undo.isError ? t('undo.again') : t('undo.go')}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}

/** What somebody has built on the import since, and where it stands. */
function Blocked({ items, count }: { readonly items: readonly BuiltUpon[]; readonly count: number }) {
  const { t } = useTranslation('import');
  const shown = items.slice(0, NAMED);
  const customers = [...new Set(shown.flatMap(({ customer }) => (customer === undefined ? [] : [customer])))];
  const names = new Map(useQueries({ queries: customers.map((id) => customersOneOptions({ path: { id } })) }).map(({ data }, index) => [customers[index]!, data?.name ?? null]));
  return (
    <Alert role="alert" variant="outline" color="red" title={t('undo.blocked', { count, shown: sayNumber(count) })}>
      <Text size="sm">{t('undo.blockedMore')}</Text>
      <ul className={style['blocked']}>{shown.map((one, index) => <li key={index}><Stands one={one} name={names.get(one.customer ?? '') ?? null} /></li>)}</ul>
      {count > shown.length && <Text size="sm" c="dimmed">{t('undo.further', { count: count - shown.length, shown: sayNumber(count - shown.length) })}</Text>}
    </Alert>
  );
}

function Stands({ one: { stream, customer, entry, kind, why }, name }: { readonly one: BuiltUpon; readonly name: string | null }) {
  const { t } = useTranslation('import');
  const labelOf = useKindLabel();
  const does = t(`undo.why.${why}`, { defaultValue: why });
  if (customer === undefined) return stream.startsWith('request-') ? <Text size="sm"><Anchor component={Link} to="/administration/requests" fw={600} fz="sm">{t('undo.request')}</Anchor> {does}</Text> : <Text size="sm">{t('undo.elsewhere')} {does}</Text>;
  return <Text size="sm"><CustomerLink customer={{ id: customer, name }} {...(entry !== undefined && { entry })} />: {kind === undefined ? t('undo.something') : labelOf(kind)} {does}</Text>;
}
