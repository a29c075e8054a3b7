/** Keeps with the browser what must come back from the provider as it went out: for ten minutes, once, and for this browser alone. */
import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Organisation } from '../customers/customers.writer.js';
import { Refusal } from '../kernel/refusal.js';
import { Vault } from '../vault/vault.js';
import { Guessing } from './guessing.js';
import type { Errand } from './oidc.reader.js';

const NAME = '__Host-five-ring-oidc';
const GOOD_SECONDS = 600;
const VALUE = /^([A-Za-z0-9_-]{1,2000})\.([0-9a-f]{32})$/;

@Injectable()
export class ErrandCookie {
  constructor(
    private readonly vault: Vault,
    private readonly organisation: Organisation,
    private readonly guessing: Guessing,
  ) {}

  set(errand: Errand): string {
    const body = Buffer.from(JSON.stringify({ ...errand, until: this.organisation.now() + GOOD_SECONDS * 1000 })).toString('base64url');
    return cookie(`${body}.${this.seal(body)}`, GOOD_SECONDS);
  }

  none(): string {
    return cookie('', 0);
  }

  /** The errand of this browser; it is not given a second time. @throws Refusal `sign-in-expired`; StoreUnavailable. */
  async take(header: string | undefined): Promise<Errand> {
    const values = (header ?? '').split(';').map((pair) => pair.trim()).filter((pair) => pair.startsWith(`${NAME}=`)).map((pair) => pair.slice(NAME.length + 1));
    const [, body, seal] = (values.length === 1 ? VALUE.exec(values[0]!) : null) ?? [];
    if (body === undefined || seal === undefined || !timingSafeEqual(Buffer.from(seal), Buffer.from(this.seal(body)))) throw expired();
    const { until, ...errand } = JSON.parse(Buffer.from(body, 'base64url').toString()) as Errand & { until: number };
    const now = this.organisation.now();
    if (now >= until || !(await this.guessing.isFirst(`errand ${errand.state}`, until))) throw expired();
    return errand;
  }

  private seal(body: string): string {
    return this.vault.mac(`errand ${body}`);
  }
}

const cookie = (value: string, seconds: number): string => `${NAME}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; Secure; SameSite=Lax`;

const expired = (): Refusal => new Refusal('forbidden', 'sign-in-expired', 'This sign-in ran out, was used already, or began in another browser. Begin again.');
