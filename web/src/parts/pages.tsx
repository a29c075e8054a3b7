/** A screen of several pages: the way to each that the reader may see, its title, and what one can do beside it. */
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Screen } from '../app/screens.js';
import { may, useSession } from '../app/session.js';
import style from './pages.module.css';
import { ScreenHead } from './states.js';

/** Texts of each page: `title`, and `page` where the way to it is called otherwise. */
export function Page({ of, label, title, actions, children }: { readonly of: readonly Screen[]; readonly label: string; readonly title: string; readonly actions?: ReactNode; readonly children: ReactNode }) {
  const { t } = useTranslation();
  const session = useSession();
  const shown = of.filter(({ asks }) => asks === undefined || may(session, asks));
  return (
    <>
      {shown.length > 1 && (
        <nav aria-label={label} className={style['pages']}>
          {shown.map(({ path, texts }) => <Link key={path} to={path} className={style['page']} activeOptions={{ exact: true, includeSearch: false }}>{t('page', { ns: texts, defaultValue: t('title', { ns: texts }) })}</Link>)}
        </nav>
      )}
      <ScreenHead title={title}>{actions}</ScreenHead>
      {children}
    </>
  );
}
