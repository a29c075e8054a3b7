import { useTranslation } from 'react-i18next';
import { sayInstant } from '../../parts/locale.js';
import { ShownOnce } from '../../parts/shown-once.js';

/** A one-time link, with the address that this page was opened by. */
export function LinkOnce({ name, link: { path, expires, purpose } }: { readonly name: string; readonly link: { readonly path: string; readonly expires: string; readonly purpose: string } }) {
  const { t } = useTranslation('administration');
  return <ShownOnce title={purpose === 'reset' ? t('link.reset', { name }) : t('link.invitation', { name })} label={t('link.label')} value={`${location.origin}${path}`}>{t('link.more', { name, until: sayInstant(expires) })}</ShownOnce>;
}
