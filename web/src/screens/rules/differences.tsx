import { Stack, Text, VisuallyHidden } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useKindLabel } from '../../api/kinds.js';
import { sayNumber } from '../../parts/locale.js';
import style from './rules.module.css';
import { wordDiff } from './word-diff.js';

interface Given {
  readonly fields: readonly { readonly field: string; readonly before: unknown; readonly after: unknown }[];
  readonly sentences: readonly { readonly about: string; readonly before: string; readonly after: string }[];
}

/** What is different, in words: each sentence with what left and what came, then number by number. */
export function Differences({ fields, sentences, none }: Given & { readonly none: string }) {
  const { t } = useTranslation('rules');
  const labelOf = useKindLabel();
  if (fields.length === 0) return <Text c="dimmed" size="sm">{none}</Text>;
  const say = (value: unknown): string => {
    if (value === null) return t('off');
    if (typeof value === 'boolean') return t(value ? 'yes' : 'no');
    if (Array.isArray(value)) return value.length === 0 ? t('none') : (value as string[]).map(labelOf).join(', ');
    return typeof value === 'number' ? sayNumber(value) : JSON.stringify(value);
  };
  return (
    <Stack gap="md">
      {sentences.map(({ about, before, after }) => (
        <div key={about} className={style['change']}>
          <Text size="sm" fw={600}>{about}</Text>
          <Text size="sm" component="p" m={0}>
            {wordDiff(before, after).map(({ is, text }, index) =>
              is === 'same' ? <span key={index}>{text}</span> : is === 'gone' ? <span key={index}><del><VisuallyHidden>{t('was')} </VisuallyHidden>{text.trimEnd()}</del> </span> : <span key={index}><ins><VisuallyHidden>{t('becomes')} </VisuallyHidden>{text.trimEnd()}</ins> </span>,
            )}
          </Text>
        </div>
      ))}
      <ul style={{ margin: 0, paddingInlineStart: '1.2em' }}>
        {fields.map(({ field, before, after }) => (
          <li key={field}><Text size="sm" component="span">{t('changed', { field: t(`fields.${field.replace('.', '-')}`), before: say(before), after: say(after) })}</Text></li>
        ))}
      </ul>
    </Stack>
  );
}
