/** What R said, as `expected.R` wrote it down. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

type Column = readonly (number | null)[];

export interface Expected {
  readonly made: { readonly by: string; readonly R: string; readonly survival: string };
  readonly sets: readonly {
    readonly name: string;
    readonly confidence: number;
    readonly days: readonly number[];
    readonly event: readonly number[];
    readonly curve: Readonly<Record<'days' | 'atRisk' | 'events' | 'censored' | 'survival' | 'standardError' | 'low' | 'high', Column>>;
    readonly quantiles: { readonly share: readonly number[]; readonly days: Column; readonly low: Column; readonly high: Column };
  }[];
  readonly scores: readonly { readonly k: number; readonly n: number; readonly confidence: number; readonly limits: readonly [number, number] }[];
  readonly plain: readonly { readonly values: readonly number[]; readonly share: readonly number[]; readonly type7: readonly number[] }[];
  readonly deviates: { readonly confidence: readonly number[]; readonly z: readonly number[] };
}

export const expected = JSON.parse(readFileSync(join(__dirname, 'expected.json'), 'utf8')) as Expected;

/** Two columns that differ by at most 1e-9, or both say null. Throws with the place otherwise. */
export function close(found: Column, should: Column, what: string): void {
  if (found.length !== should.length) throw new Error(`${what}: ${found.length} instead of ${should.length}`);
  found.forEach((one, index) => {
    const other = should[index]!;
    const equal = one === null || other === null ? one === other : Math.abs(one - other) <= 1e-9;
    if (!equal) throw new Error(`${what}[${index}]: ${one} instead of ${other}`);
  });
}
