import { Group, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { may, useSession } from '../../app/session.js';
import style from './administration.module.css';
import { screens } from './screen.js';

/** One page of the administration: the way to the others, its title, and what one can do beside it. */
export function AdministrationPage({ texts, actions, children }: { readonly texts: string; readonly actions?: ReactNode; readonly children: ReactNode }) {
  const { t } = useTranslation(texts);
  const session = useSession();
  return (
    <>
      <nav aria-label={t('pages', { ns: 'administration' })} className={style['pages']}>
        {screens.filter(({ asks }) => may(session, asks!)).map(({ path, texts: of }) => <Link key={path} to={path} className={style['page']} activeOptions={{ exact: true, includeSearch: false }}>{t('page', { ns: of })}</Link>)}
      </nav>
      <Group justify="space-between" align="center" mb="md" gap="sm">
        <Title order={1}>{t('heading')}</Title>
        {actions !== undefined && <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </>
  );
}
