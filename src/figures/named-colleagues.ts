/**
 * Figures about a named colleague are off unless the organisation switched them on: then nobody asks about another, and a
 * department is shown by itself only where it is a group. Pure.
 */
import { DEPARTMENTS } from '../customers/catalogue.js';
import { Refusal } from '../kernel/refusal.js';
import type { Sight } from '../shell/caller.js';
import type { Figure } from './figure.js';

/** Active colleagues of a department below which a figure about it says too much about each of them. */
export const MINIMUM_GROUP = 5;
/** The part, or group, of the departments that are no group by themselves. */
export const TOGETHER = 'smaller departments';

export interface Employed {
  readonly department: string;
  readonly active: boolean;
}

/**
 * Departments to be shown as one part: those with fewer than 5 active colleagues. Where these are fewer than 5 together, the
 * smallest of the others come with them, or the part would be about one or two after all.
 */
export function departmentsTogether(colleagues: Iterable<Employed>): ReadonlySet<string> {
  const sizes = new Map<string, number>();
  for (const { department, active } of colleagues) sizes.set(department, (sizes.get(department) ?? 0) + Number(active));
  const bySize = [...sizes].sort(([a, n], [b, m]) => n - m || (a < b ? -1 : 1));
  let [count, of] = [0, 0];
  while (count < bySize.length && (bySize[count]![1] < MINIMUM_GROUP || (count > 0 && of < MINIMUM_GROUP))) {
    of += bySize[count]![1];
    count += 1;
  }
  // Also those where nobody is known: an entry may name them.
  return new Set([...bySize.slice(0, count).map(([department]) => department), ...DEPARTMENTS.filter((department) => !sizes.has(department))]);
}

/** The department as it is shown. */
export const shownAs = (department: string, together: ReadonlySet<string> | undefined): string => (together?.has(department) === true ? TOGETHER : department);

/** The figure with groups that may be shown: departments that are no group are one. */
export function shownBy(figure: Figure, together: ReadonlySet<string> | undefined): Figure {
  if (figure.byDepartment !== true || together === undefined) return figure;
  return { ...figure, marks: (facts, window, context) => figure.marks(facts, window, context).map((mark) => (mark.group === undefined ? mark : { ...mark, group: shownAs(mark.group, together) })) };
}

const SWITCH = 'An administrator can switch them on: the setting colleagueFigures (PATCH /api/v1/settings, five-ring settings set).';

/** Said beside what was put together; null where nothing was. */
export const togetherNote = (together: ReadonlySet<string> | undefined): string | null => (together === undefined ? null : `Departments of fewer than ${MINIMUM_GROUP} active colleagues are put together as “${TOGETHER}”, because figures about named colleagues are off. ${SWITCH}`);

function off(field: string, message: string): Refusal {
  return new Refusal('forbidden', 'colleague-figures-off', `Figures about named colleagues are off: ${field} ${message}. ${SWITCH}`, [{ field, code: 'colleague-figures-off', message: `${message} while figures about named colleagues are off; an administrator can switch on the setting colleagueFigures` }]);
}

/** @throws Refusal `colleague-figures-off` where the figure would be about another colleague. */
export function refuseNamed({ owner, split }: { readonly owner?: string; readonly split?: string }, { colleagueFigures, self }: Sight): void {
  if (colleagueFigures === true) return;
  if (split === 'owner') throw off('split', 'must not be owner');
  if (owner !== undefined && owner !== self) throw off('owner', 'may only be yourself');
}

/** @throws Refusal `colleague-figures-off` where the figure would be about a department that is no group. */
export function refuseSmall(department: string | undefined, together: ReadonlySet<string> | undefined): void {
  if (department !== undefined && together?.has(department) === true) throw off('department', `must be one that is shown by itself, with ${MINIMUM_GROUP} or more active colleagues`);
}

/** @throws Refusal `colleague-figures-off` for a figure by department that would be kept as it cannot be shown. */
export function refuseKept(byDepartment: boolean, together: ReadonlySet<string> | undefined): void {
  if (byDepartment && together !== undefined && together.size > 0) throw off('figure', 'must not be one by department, to be kept');
}
