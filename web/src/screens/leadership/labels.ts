import { useTranslation } from 'react-i18next';
import { useKindLabel } from '../../api/kinds.js';

/** What a group is called on screen: rings have names, kinds their labels. */
export function useGroupLabel(): (figure: { readonly name: string; readonly groups: string | null }, group: string) => string {
  const { t } = useTranslation('leadership');
  const { t: parts } = useTranslation('parts');
  const kind = useKindLabel();
  const ring = (number: string): string => (/^[1-5]$/.test(number) ? parts(`rings.names.${number}`) : number);
  return ({ groups }, group) => {
    if (groups === 'ring') return ring(group);
    if (groups === 'ring and cause') return group.replace(/^([1-5]): /, (_all, number: string) => `${ring(number)}: `);
    if (groups === 'rings lit') return group === 'none' ? t('rings.none') : group.split('+').map(ring).join(', ');
    return groups === 'kind of entry' ? kind(group) : group;
  };
}

/** "Purchase or Renewal" of the kinds that a figure needs. */
export function useNeeds(): (kinds: readonly string[]) => string {
  const kind = useKindLabel();
  const list = new Intl.ListFormat('en', { type: 'disjunction' });
  return (kinds) => list.format(kinds.map(kind));
}
