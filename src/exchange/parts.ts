/**
 * Texts laid out on disk in parts, to be read back part by part: what is more than memory should hold is put in order so.
 * They are sealed by a key that only this process has, in a file that has no name: whatever ends the process, nothing of it is left.
 */
import { createCipheriv, createDecipheriv, createSecretKey, randomBytes, randomUUID, type KeyObject } from 'node:crypto';
import { open, unlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { StoreUnavailable } from '../kernel/event-store.js';

/** Characters of a part that are gathered in memory before they are written. */
const BLOCK = 32_000;
const TAG = 16;

interface Part {
  texts: string[];
  chars: number;
  /** Places of its blocks in the file. */
  readonly blocks: { readonly at: number; readonly length: number }[];
}

export class Parts {
  private readonly parts: Part[];
  private readonly key: KeyObject = createSecretKey(randomBytes(32));
  private size = 0;

  private constructor(
    private readonly file: FileHandle,
    count: number,
  ) {
    this.parts = Array.from({ length: count }, () => ({ texts: [], chars: 0, blocks: [] }));
  }

  /** @throws StoreUnavailable when the folder takes no file. */
  static async open(folder: string, count: number): Promise<Parts> {
    const name = join(folder, `import-${randomUUID()}.tmp`);
    try {
      const file = await open(name, 'wx+', 0o600);
      await unlink(name);
      return new Parts(file, count);
    } catch (error) {
      throw unavailable(error);
    }
  }

  /** Texts have no line breaks. @throws StoreUnavailable */
  async put(part: number, text: string): Promise<void> {
    const own = this.parts[part]!;
    own.texts.push(text);
    own.chars += text.length;
    if (own.chars >= BLOCK) await this.write(own);
  }

  private async write(part: Part): Promise<void> {
    const at = this.size;
    const cipher = createCipheriv('aes-256-gcm', this.key, nonceAt(at));
    const bytes = Buffer.concat([cipher.update(part.texts.join('\n'), 'utf8'), cipher.final(), cipher.getAuthTag()]);
    [part.texts, part.chars] = [[], 0];
    this.size += bytes.length;
    try {
      for (let done = 0; done < bytes.length; ) done += (await this.file.write(bytes, done, bytes.length - done, at + done)).bytesWritten;
    } catch (error) {
      throw unavailable(error);
    }
    part.blocks.push({ at, length: bytes.length });
  }

  /** The texts of a part in the order in which they were put, some at a time. @throws StoreUnavailable */
  async *read(part: number): AsyncGenerator<readonly string[]> {
    const { blocks, texts } = this.parts[part]!;
    for (const { at, length } of blocks) yield this.open(await this.bytesAt(at, length), at);
    if (texts.length > 0) yield texts;
  }

  private async bytesAt(at: number, length: number): Promise<Buffer> {
    const bytes = Buffer.alloc(length);
    try {
      for (let done = 0; done < length; ) {
        const { bytesRead } = await this.file.read(bytes, done, length - done, at + done);
        if (bytesRead === 0) throw new Error('it ends too early');
        done += bytesRead;
      }
    } catch (error) {
      throw unavailable(error);
    }
    return bytes;
  }

  private open(bytes: Buffer, at: number): string[] {
    const decipher = createDecipheriv('aes-256-gcm', this.key, nonceAt(at));
    decipher.setAuthTag(bytes.subarray(bytes.length - TAG));
    return (decipher.update(bytes.subarray(0, bytes.length - TAG), undefined, 'utf8') + decipher.final('utf8')).split('\n');
  }

  close(): Promise<void> {
    return this.file.close();
  }
}

/** A place in the file is written once, so no nonce comes twice under the key. */
function nonceAt(at: number): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeBigUInt64BE(BigInt(at), 4);
  return nonce;
}

function unavailable(cause: unknown): StoreUnavailable {
  const isFull = (cause as { code?: unknown }).code === 'ENOSPC';
  return new StoreUnavailable(`The rows of the import cannot be put in order on disk: ${isFull ? 'the disk is full' : (cause as Error).message}.`, isFull ? 'full' : 'failing', { cause });
}
