import { Button, Checkbox, Group, NumberInput, Paper, Stack, Switch, Text, TextInput, Title } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { TFunction } from 'i18next';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { settingsAllOptions, settingsChangeMutation } from '../../api/generated/@tanstack/react-query.gen.js';
import type { SettingsAllResponses } from '../../api/generated/types.gen.js';
import { useKey } from '../../api/use-key.js';
import { Failed, fieldsOf } from '../../parts/failed.js';
import { sayNumber } from '../../parts/locale.js';
import { Answer } from '../../parts/states.js';
import { When } from '../../parts/when.js';
import style from './administration.module.css';
import { AdministrationPage } from './page.js';

type Setting = SettingsAllResponses[200]['items'][number];

export default function Settings() {
  const { t } = useTranslation('settings');
  const query = useQuery(settingsAllOptions());
  return (
    <AdministrationPage texts="settings">
      <Answer query={query}>
        {({ items, history }) => (
          <Stack gap="xl">
            <div className={style['two']}>{items.map((setting) => <One key={setting.name} setting={setting} />)}</div>
            <section>
              <Title order={2} mb="xs">{t('history')}</Title>
              {history.length === 0 ? <Text size="sm" c="dimmed">{t('noHistory')}</Text> : (
                <ul className={style['list']} aria-label={t('history')}>
                  {history.map((change, at) => (
                    <li key={at}>
                      <Text size="sm"><Text span fw={600}>{t(`names.${change.name}`)}</Text> {t('became', { value: said(t, { ...change, unit: items.find(({ name }) => name === change.name)?.unit ?? null }) })}</Text>
                      <Text size="sm" className={style['cut']}>{change.reason}</Text>
                      <Text size="xs" c="dimmed">{change.by.name ?? change.by.id} · <When at={change.at} /></Text>
                    </li>
                  ))}
                </ul>
              )}
            </section>
          </Stack>
        )}
      </Answer>
    </AdministrationPage>
  );
}

/** A value in words: "30 days", "on", "off". */
function said(t: TFunction<'settings'>, { unit, value }: { readonly unit?: string | null; readonly value: unknown }): string {
  if (value === null || value === false) return t('off');
  if (value === true) return t('on');
  return unit == null ? sayNumber(Number(value)) : t(`units.${unit}`, { count: Number(value), shown: sayNumber(Number(value)) });
}

function One({ setting }: { readonly setting: Setting }) {
  const { t } = useTranslation('settings');
  const key = useKey();
  const [value, setValue] = useState(setting.value);
  const [reason, setReason] = useState('');
  const change = useMutation(settingsChangeMutation());
  const { name, default: standard, unit, least, most, changed } = setting;
  const errors = fieldsOf(change.error);
  const wrong = errors[`values.${name}`];
  const isChanged = value !== setting.value;
  const submit = (): void => {
    change.mutate({ body: { values: { [name]: value === '' ? null : value }, reason: reason.trim() }, headers: key.headers }, { onSuccess: () => { key.renew(); setReason(''); } });
  };
  const canBeOff = typeof standard !== 'boolean' && standard === null;
  return (
    <Paper withBorder p="md" component="section" aria-label={t(`names.${name}`)}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Stack gap="xs">
          <Title order={2}>{t(`names.${name}`)}</Title>
          <Text size="sm" c="dimmed">{t(`says.${name}`, { defaultValue: setting.says })}</Text>
          {typeof standard === 'boolean' ? (
            <Switch label={value === true ? t('on') : t('off')} checked={value === true} onChange={(event) => setValue(event.currentTarget.checked)} error={wrong} />
          ) : (
            <>
              {canBeOff && <Checkbox label={t('switchedOn')} checked={value !== null} onChange={(event) => setValue(event.currentTarget.checked ? 36 : null)} />}
              {value !== null && <NumberInput label={t(`unitOf.${unit}`)} description={t('bounds', { least: sayNumber(least ?? 0), most: sayNumber(most ?? 0) })} value={value as number | string} onChange={setValue} allowDecimal={false} clampBehavior="none" w={180} error={wrong} />}
            </>
          )}
          {isChanged && <TextInput label={t('reason')} description={t('reasonMore')} value={reason} onChange={(event) => setReason(event.currentTarget.value)} error={errors['reason']} />}
          <Failed error={change.error} named={[`values.${name}`, 'reason']} />
          {isChanged && (
            <Group gap="xs">
              <Button type="submit" loading={change.isPending}>{t('save')}</Button>
              <Button variant="default" onClick={() => { setValue(setting.value); change.reset(); }}>{t('leave')}</Button>
            </Group>
          )}
          <Text size="xs" c="dimmed" role="status">{changed === null ? t('standard', { value: said(t, setting) }) : <>{t('changed', { name: changed.by.name ?? changed.by.id })} <When at={changed.at} /></>}</Text>
        </Stack>
      </form>
    </Paper>
  );
}
