/** Findings in words: each on its line, what to do below it, and at the end how many there are. */
import type { Finding } from '../shell/examination.js';
import { count, plain, styled } from './screen.js';

/** Of one kind. */
export const LONGEST_SAID = 20;

const MARKS = { ok: ['green', 'ok     '], warning: ['yellow', 'WARNING'], failed: ['red', 'FAILED '] } as const;

export function spoken(findings: readonly Finding[]): string {
  const widest = Math.max(...findings.map(({ check }) => check.length));
  const lines = findings.flatMap(({ check, state, says, todo }) => {
    const [colour, mark] = MARKS[state];
    return [`${styled(colour, mark)}  ${check.padEnd(widest)}  ${plain(says)}`, ...(todo === undefined ? [] : [`${' '.repeat(mark.length + widest + 4)}→ ${plain(todo)}`])];
  });
  const of = (state: Finding['state']): number => findings.filter((finding) => finding.state === state).length;
  const end = of('failed') > 0 ? `NOT well: ${count(of('failed'), 'failure')}, ${count(of('warning'), 'warning')}.` : of('warning') > 0 ? `Nothing failed; ${count(of('warning'), 'warning')}.` : 'All is well.';
  return [...lines, '', end].join('\n');
}
