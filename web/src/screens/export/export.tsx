/** All that was recorded, as files: what each is for, and its download for whoever may. */
import { Badge, Button, Checkbox, Group, Text, Title } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { may, useSession } from '../../app/session.js';
import { ScreenHead } from '../../parts/states.js';
import style from './export.module.css';

const EXPORTS = ['interactions', 'journeys', 'xes', 'log'] as const;

export default function ExportScreen() {
  const { t } = useTranslation('export');
  const session = useSession();
  const [withRings, setRings] = useState(false);
  const shown = EXPORTS.filter((name) => may(session, `GET /api/v1/export/${name}`));
  return (
    <>
      <ScreenHead title={t('title')} />
      <Text size="sm" c="dimmed" maw={720} mb="md">{t('more')}</Text>
      <ul className={style['list']} aria-label={t('title')}>
        {shown.map((name) => (
          <li key={name} className={style['one']}>
            <div className={style['what']}>
              <Group gap="xs" mb={2}><Title order={2} size="h4">{t(`${name}.title`)}</Title><Badge variant="default" tt="none">{t(`${name}.type`)}</Badge></Group>
              <Text size="sm">{t(`${name}.more`)}</Text>
              {name === 'xes' && <Checkbox mt="xs" label={t('xes.rings')} checked={withRings} onChange={(event) => setRings(event.currentTarget.checked)} />}
            </div>
            <Button component="a" href={`/api/v1/export/${name}${name === 'xes' && withRings ? '?rings=true' : ''}`} download variant="default" leftSection={<IconDownload size={18} aria-hidden />} aria-label={t('downloadNamed', { name: t(`${name}.title`) })}>{t('download')}</Button>
          </li>
        ))}
      </ul>
    </>
  );
}
