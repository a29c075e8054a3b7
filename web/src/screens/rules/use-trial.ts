import { useCallback, useEffect, useRef, useState } from 'react';
import { readLines } from '../../api/lines.js';

export interface Trial<R> {
  /** Customers read, while it runs; null otherwise. */
  readonly progress: { readonly done: number; readonly of: number } | null;
  readonly result: R | null;
  readonly error: unknown;
  readonly start: (ask: (signal: AbortSignal) => Promise<{ readonly data?: unknown }>) => void;
  readonly cancel: () => void;
}

/** Work that answers line by line. One at a time; who leaves the screen ends it. */
export function useTrial<R>(): Trial<R> {
  const [state, setState] = useState<Pick<Trial<R>, 'progress' | 'result' | 'error'>>({ progress: null, result: null, error: null });
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);
  const cancel = useCallback((): void => {
    running.current?.abort();
    running.current = null;
    setState((before) => ({ ...before, progress: null }));
  }, []);
  const start = useCallback((ask: (signal: AbortSignal) => Promise<{ readonly data?: unknown }>): void => {
    // A second click while it runs asks nothing.
    if (running.current !== null) return;
    const own = new AbortController();
    running.current = own;
    setState({ progress: { done: 0, of: 0 }, result: null, error: null });
    const run = async (): Promise<void> => {
      try {
        const { data } = await ask(own.signal);
        const result = await readLines<{ done: number; of: number }, R>(data as ReadableStream<Uint8Array>, (progress) => {
          if (running.current === own) setState((before) => ({ ...before, progress }));
        });
        if (running.current === own) setState({ progress: null, result, error: null });
      } catch (error) {
        if (running.current === own) setState({ progress: null, result: null, error });
      } finally {
        if (running.current === own) running.current = null;
      }
    };
    void run();
  }, []);
  return { ...state, start, cancel };
}
