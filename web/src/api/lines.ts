/** Long answers that come line by line (NDJSON): how far the work is, and its result or its problem as the last line. */
import type { Problem } from './generated/types.gen.js';
import { Failure } from './client.js';

interface Line<P, R> {
  readonly progress?: P;
  readonly result?: R;
  readonly problem?: Problem;
}

/** Splits text that comes in pieces into whole lines; what follows the last line break waits for the next piece. */
export function lineSplitter(take: (line: string) => void): (piece: string) => void {
  let rest = '';
  return (piece) => {
    const lines = (rest + piece).split('\n');
    rest = lines.pop()!;
    for (const line of lines) if (line.trim() !== '') take(line);
  };
}

/** Takes lines until the last one. */
export class Lines<P, R> {
  private result: { readonly value: R } | undefined;
  private failure: Failure | undefined;
  readonly take: (piece: string) => void;

  constructor(progress: (done: P) => void) {
    this.take = lineSplitter((text) => {
      const line = JSON.parse(text) as Line<P, R>;
      if (line.progress !== undefined) progress(line.progress);
      if (line.problem !== undefined) this.failure = new Failure(line.problem.status, line.problem, line.problem.detail);
      if (line.result !== undefined) this.result = { value: line.result };
    });
  }

  /** Once all has come. @throws Failure of the work; with status 0 when the answer broke off. */
  end(): R {
    if (this.failure !== undefined) throw this.failure;
    if (this.result === undefined) throw new Failure(0, undefined, 'the answer broke off');
    return this.result.value;
  }
}

/** Reads an answer to its end. @throws Failure; an AbortError when the request was given up. */
export async function readLines<P, R>(body: ReadableStream<Uint8Array>, progress: (done: P) => void): Promise<R> {
  const lines = new Lines<P, R>(progress);
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) lines.take(read.value);
  } catch (error) {
    throw (error as Error | null)?.name === 'AbortError' ? error : new Failure(0, undefined, 'the answer broke off');
  }
  return lines.end();
}
