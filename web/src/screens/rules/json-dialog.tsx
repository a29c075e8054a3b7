import { Button, CopyButton, Group, List, Modal, Stack, Text, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Rules } from '../../../../src/rings/rules.js';
import { answered } from '../../api/client.js';
import { rulesCheck } from '../../api/generated/sdk.gen.js';
import { Problem } from '../../parts/states.js';
import style from './rules.module.css';

/** The rules as text: to look at, to copy, and to paste others in their place. */
export function JsonDialog({ rules, replace, close }: { readonly rules: Rules; readonly replace?: (rules: Rules) => void; readonly close: () => void }) {
  const { t } = useTranslation('rules');
  const [text, setText] = useState(() => JSON.stringify(rules, null, 2));
  const [wrong, setWrong] = useState<readonly string[]>([]);
  const check = useMutation({
    mutationFn: async (given: unknown) => ({ given, found: await answered(rulesCheck({ body: { rules: given as Record<string, unknown> }, throwOnError: true })) }),
    // A check changes nothing that anybody has read.
    onSuccess: ({ given, found: { ok, problems } }) => {
      if (!ok) return setWrong(problems.map(({ field, detail }) => `${field}: ${detail}`));
      replace?.(given as Rules);
      close();
    },
  });
  const use = (): void => {
    setWrong([]);
    let given: unknown;
    try {
      given = JSON.parse(text);
    } catch (error) {
      return setWrong([t('json.unreadable', { why: (error as Error).message })]);
    }
    check.mutate(given);
  };
  return (
    <Modal opened onClose={close} title={<Text fw={650}>{t('json.title')}</Text>} size="lg" closeButtonProps={{ 'aria-label': t('close') }}>
      <Stack gap="sm">
        <Textarea label={t('json.label')} description={replace === undefined ? undefined : t('json.more')} value={text} onChange={(event) => setText(event.currentTarget.value)} readOnly={replace === undefined} autosize minRows={8} maxRows={22} spellCheck={false} classNames={{ input: style['json']! }} error={wrong.length === 0 ? undefined : wrong[0]} data-autofocus />
        {wrong.length > 1 && <List size="sm">{wrong.slice(1).map((one) => <List.Item key={one} c="var(--mantine-color-error)">{one}</List.Item>)}</List>}
        {check.isError && <Problem error={check.error} retry={use} />}
        <Group justify="flex-end" gap="xs">
          <CopyButton value={text}>{({ copied, copy }) => <Button variant="default" onClick={copy}>{copied ? t('json.copied') : t('json.copy')}</Button>}</CopyButton>
          {replace !== undefined && <Button onClick={use} loading={check.isPending}>{t('json.use')}</Button>}
        </Group>
      </Stack>
    </Modal>
  );
}
