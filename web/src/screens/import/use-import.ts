import { useCallback, useEffect, useRef, useState } from 'react';
import type { Mapping } from '../../../../src/exchange/mapping.js';
import { queries } from '../../api/queries.js';
import { rowsAt } from './scan.js';
import { sendImport, type Progress, type Result } from './send.js';
import type { Opened } from './use-file.js';

/** What came of a run, for which file and mapping, with the rows that failed as they stand in the file. */
export interface Ran {
  readonly result: Result;
  readonly mapping: Mapping;
  readonly opened: Opened;
  readonly bad: ReadonlyMap<number, readonly string[]>;
}

export interface ImportRun {
  readonly progress: Progress | null;
  readonly ran: Ran | null;
  readonly error: unknown;
  /** It was given up: what was acknowledged by then is kept. */
  readonly isCancelled: boolean;
  readonly start: (opened: Opened, mapping: Mapping) => void;
  readonly cancel: () => void;
  readonly forget: () => void;
}

const NOTHING = { progress: null, ran: null, error: null, isCancelled: false };

/** A dry run, or an import. One at a time: a second click starts nothing. */
export function useImport(dryRun: boolean): ImportRun {
  const [state, setState] = useState<Pick<ImportRun, 'progress' | 'ran' | 'error' | 'isCancelled'>>(NOTHING);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);
  const start = useCallback((opened: Opened, mapping: Mapping): void => {
    if (running.current !== null) return;
    const own = new AbortController();
    running.current = own;
    const show = (next: Partial<ImportRun>): void => {
      if (running.current === own) setState({ ...NOTHING, ...next });
    };
    show({ progress: { sent: 0, of: opened.blob.size, counts: null } });
    const run = async (): Promise<void> => {
      try {
        const result = await sendImport(opened.blob, opened.name, mapping, dryRun, own.signal, (progress) => show({ progress }));
        const bad = await rowsAt(opened.blob, 'utf-8', opened, opened.header, new Set(result.errors.map(({ line }) => line)), own.signal);
        show({ ran: { result, mapping, opened, bad } });
      } catch (error) {
        show({ error });
      } finally {
        if (running.current === own) running.current = null;
        if (!dryRun) await queries.invalidateQueries();
      }
    };
    void run();
  }, [dryRun]);
  const stop = useCallback((next: Partial<ImportRun>): void => {
    running.current?.abort();
    running.current = null;
    setState({ ...NOTHING, ...next });
  }, []);
  const cancel = useCallback(() => stop({ isCancelled: true }), [stop]);
  const forget = useCallback(() => stop({}), [stop]);
  return { ...state, start, cancel, forget };
}
