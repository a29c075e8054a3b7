import { useMutation, type UseMutationResult } from '@tanstack/react-query';
import { useState } from 'react';
import { Failure, sawWrite } from '../../api/client.js';
import { importUndo } from '../../api/generated/sdk.gen.js';
import type { ImportListResponses, ImportUndoResponses } from '../../api/generated/types.gen.js';
import { readLines } from '../../api/lines.js';
import { queries } from '../../api/queries.js';

export type PastRun = ImportListResponses[200]['items'][number];
type Line = ImportUndoResponses[200];
export type UndoProgress = Extract<Line, { progress: unknown }>['progress'];
export type Undone = Extract<Line, { result: unknown }>['result'];

/** Something that stands on what an import recorded. */
export interface BuiltUpon {
  readonly stream: string;
  readonly customer?: string;
  readonly entry?: string;
  readonly kind?: string;
  readonly why: string;
}

/** What builds on the import, and how much of it there is in all; null of any other failure. */
export function builtUponIn(error: unknown): { readonly items: readonly BuiltUpon[]; readonly count: number } | null {
  if (!(error instanceof Failure) || error.problem?.code !== 'built-upon') return null;
  const { builtUpon, count } = error.problem as unknown as { readonly builtUpon: readonly BuiltUpon[]; readonly count: number };
  return { items: builtUpon, count };
}

/** Takes an import back. Whoever leaves the screen leaves it going; broken off, the same again goes on. */
export function useUndo(): { readonly undo: UseMutationResult<Undone, unknown, PastRun>; readonly progress: UndoProgress | null } {
  const [progress, setProgress] = useState<UndoProgress | null>(null);
  const undo = useMutation<Undone, unknown, PastRun>({
    mutationFn: async ({ id }) => {
      setProgress(null);
      const { data } = await importUndo({ path: { id }, body: {}, parseAs: 'stream', throwOnError: true });
      const undone = await readLines<UndoProgress, Undone>(data as unknown as ReadableStream<Uint8Array>, setProgress);
      if (undone.position !== null) sawWrite(undone.position);
      return undone;
    },
    // All that was shown may be other than it was; also when it broke off in the middle.
    onSettled: () => queries.invalidateQueries(),
  });
  return { undo, progress };
}
