/** Numbers taken elsewhere: a link that gives the same again, or a table for a spreadsheet. */
import { notifications } from '@mantine/notifications';
import { defused } from '../../../../src/customers/spreadsheet.js';
import type { FiguresValueResponse } from '../../api/generated/types.gen.js';
import { texts } from '../../app/texts.js';

type Cell = string | number | null;

const cell = (value: Cell): string => {
  const text = String(defused(value));
  return /[",;\r\n\t]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** With a mark that tells spreadsheets how letters are written. */
export const csvOf = (heads: readonly string[], rows: readonly (readonly Cell[])[]): string => `\uFEFF${[heads, ...rows].map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;

export function download(name: string, csv: string): void {
  const address = URL.createObjectURL(new Blob([csv], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}

export async function copyLink(href: string): Promise<void> {
  const address = new URL(href, location.origin).href;
  try {
    await navigator.clipboard.writeText(address);
    notifications.show({ message: texts.t('copied', { ns: 'leadership' }), closeButtonProps: { 'aria-label': texts.t('close', { ns: 'leadership' }) } });
  } catch {
    // Without a secure connection browsers give no clipboard: it can be copied from here.
    notifications.show({ title: texts.t('copyByHand', { ns: 'leadership' }), message: address, autoClose: false, closeButtonProps: { 'aria-label': texts.t('close', { ns: 'leadership' }) } });
  }
}

export function figureCsv(figure: FiguresValueResponse): string {
  const rows = figure.parts.flatMap(({ part, values, before }) =>
    values.map(({ group, n, above, below, value, low, high, says }) => [figure.name, part, group, n, above, below, value, low ?? null, high ?? null, says, before.find((one) => one.group === group)?.value ?? null, figure.before.from, figure.before.to, figure.period?.from ?? null, figure.asOf, figure.asKnown, figure.rulesVersion]),
  );
  return csvOf(['figure', 'part', 'group', 'n', 'above', 'below', 'value', 'low', 'high', 'says', 'before', 'before from', 'before to', 'from', 'as of', 'as known', 'rules'], rows);
}
