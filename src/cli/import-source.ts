/** The file that is imported, while others may write to it. */
import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { failed } from './failure.js';

const reasons: Readonly<Record<string, string>> = { ENOENT: 'there is no such file', EISDIR: 'it is a folder', EACCES: 'it may not be read' };
const BLOCK = 64 * 1024;
const LINE_FEED = 0x0a;

export function unreadable(file: string, error: unknown): Error {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return failed('unreadable-file', `${file} cannot be read: ${reasons[code] ?? message}.`);
}

/**
 * A file as long as it was when it was opened: what is written to it meanwhile is not read. When somebody does write to it, its
 * last line is not read either unless it had ended: it may be half a row.
 */
export class Source {
  private isCut = false;

  private constructor(
    readonly file: string,
    private readonly handle: FileHandle,
    readonly size: number,
    /** Bytes up to the end of the last line that has one. */
    private readonly whole: number,
  ) {}

  static async open(file: string): Promise<Source> {
    const handle = await open(file).catch((error: unknown) => {
      throw unreadable(file, error);
    });
    const { size, isFolder } = await handle.stat().then((found) => ({ size: found.size, isFolder: found.isDirectory() }));
    if (isFolder) {
      await handle.close();
      throw unreadable(file, { code: 'EISDIR' });
    }
    return new Source(file, handle, size, await endOfLines(handle, size));
  }

  async *pieces(): AsyncGenerator<Buffer> {
    yield* this.from(0, this.whole);
    if (this.whole === this.size) return;
    this.isCut ||= await this.hasGrown();
    if (!this.isCut) yield* this.from(this.whole, this.size);
  }

  private async *from(start: number, end: number): AsyncGenerator<Buffer> {
    if (end > start) yield* this.handle.createReadStream({ autoClose: false, start, end: end - 1 }) as AsyncIterable<Buffer>;
  }

  /** What one pass over it read, to be compared with another. */
  digest(): Digest {
    return new Digest(this.whole);
  }

  /** Whether two passes read the same; the later one without a last line that was begun when the earlier one still saw it end the file. */
  sameIn(earlier: Digest, later: Digest): boolean {
    return this.isCut ? earlier.ofLines === later.ofLines : earlier.ofAll === later.ofAll;
  }

  /** Whether it is longer now. */
  async hasGrown(): Promise<boolean> {
    return (await this.handle.stat()).size > this.size;
  }

  close(): Promise<void> {
    return this.handle.close();
  }
}

/** SHA-256 of what a pass read: of all, and of the lines that have an end. */
export class Digest {
  private readonly hash = createHash('sha256');
  private read = 0;
  private lines: string | undefined;

  constructor(private readonly whole: number) {}

  /** Pieces as `Source.pieces` gives them: none reaches beyond the lines that have an end and begins within. */
  update(piece: Buffer): void {
    if (this.read === this.whole) this.lines ??= this.hash.copy().digest('base64url');
    this.hash.update(piece);
    this.read += piece.length;
  }

  get ofAll(): string {
    return this.hash.copy().digest('base64url');
  }

  get ofLines(): string {
    return this.lines ?? this.ofAll;
  }
}

async function endOfLines(handle: FileHandle, size: number): Promise<number> {
  const block = Buffer.alloc(BLOCK);
  for (let end = size; end > 0; ) {
    const start = Math.max(0, end - BLOCK);
    const { bytesRead } = await handle.read(block, 0, end - start, start);
    const found = block.subarray(0, bytesRead).lastIndexOf(LINE_FEED);
    // In UTF-16 a zero belongs to it.
    if (found >= 0) return start + found + (block[found + 1] === 0 && start + found + 1 < size ? 2 : 1);
    end = start;
  }
  return 0;
}
