import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { sayNumber, sayPercent } from './locale.js';

/** Below so many a share says little: the count comes first. */
const FEW = 30;

/** A share with its evidence: "4 of 25" first when there are few. Shares are between 0 and 1; a share of nothing is none, never 0 %. */
export function Figure({ part, of, interval, size = 'lg' }: { readonly part: number; readonly of: number; readonly interval?: { readonly low: number; readonly high: number } | null; readonly size?: 'sm' | 'lg' }) {
  const { t } = useTranslation('parts');
  if (of === 0) return <Text c="dimmed" component="span">{t('figure.none')}</Text>;
  const count = t('figure.count', { part: sayNumber(part), of: sayNumber(of) });
  const share = sayPercent(part / of);
  const [first, second] = of < FEW ? [count, share] : [share, count];
  return (
    <span>
      <Text component="span" fw={650} fz={size === 'lg' ? 'xl' : 'sm'} style={{ fontVariantNumeric: 'tabular-nums' }}>{first}</Text>{' '}
      <Text component="span" c="dimmed" fz="sm">{second}{interval != null && ` (${t('figure.interval', { low: sayPercent(interval.low), high: sayPercent(interval.high) })})`}</Text>
    </span>
  );
}
