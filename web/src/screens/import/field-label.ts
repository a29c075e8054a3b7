import { useTranslation } from 'react-i18next';

/** What a field of the mapping is called: "Who acted" for `entry.side`. */
export function useFieldLabel(): (path: string) => string {
  const { t } = useTranslation('import');
  return (path) => {
    const [part, field = ''] = path.split('.');
    const words = (field || part!).replace(/([A-Z])/g, ' $1').toLowerCase();
    return t(`fields.${path.replace('.', '-')}`, { defaultValue: words.charAt(0).toUpperCase() + words.slice(1) });
  };
}
