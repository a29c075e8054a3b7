/** What holds of the vault wherever its keys stand: one key a subject for ever, texts that go alone, and doors that open once. */
import { openFields, sealFields } from '../../src/vault/codec.js';
import type { LinkRow, SessionRow } from '../../src/vault/secrets.js';
import type { Vault } from '../../src/vault/vault.js';

/** An engine that holds the keys; empty before each test. */
export interface VaultEngine {
  open(): Promise<Vault>;
}

export const NOW = Date.UTC(2026, 5, 30, 12);
const EVENT = '01900000-0000-7000-8000-000000000001';

export const session = (more: Partial<SessionRow> = {}): SessionRow => ({ token: 'a'.repeat(64), colleague: 'ben', created: NOW, seen: NOW, expires: NOW + 1000, address: '192.0.2.7', agent: 'test', ...more });
export const link = (more: Partial<LinkRow> = {}): LinkRow => ({ token: 'b'.repeat(64), purpose: 'invitation', colleague: 'ben', expires: NOW + 1000, ...more });

/** Seals a text for these. @returns how it is read later by whichever vault, after its key was brought; undefined when it is gone. */
export async function sealed(vault: Vault, ...subjects: string[]): Promise<(by?: Vault) => Promise<string | undefined>> {
  await vault.ensureKeys(subjects);
  const data = sealFields({ text: 'a secret' }, [{ path: ['text'], subjects }], EVENT, vault.keyOf);
  return async (by = vault) => {
    await by.bring(subjects);
    return (openFields(data, EVENT, by.keyOf).data['text'] as string | null) ?? undefined;
  };
}

export async function sealedText(vault: Vault, ...subjects: string[]): Promise<{ readonly key: string; readonly read: (by?: Vault) => Promise<string | undefined> }> {
  const key = await vault.nextTextKey();
  return { key, read: await sealed(vault, ...subjects, key) };
}

export function vaultContract(engine: VaultEngine): void {
  let vault: Vault;
  beforeEach(async () => {
    vault = await engine.open();
  });
  afterEach(() => vault.close());

  describe('keys', () => {
    it('a key is made once, also by many who ask at once, and is the same after it was closed', async () => {
      await Promise.all(Array.from({ length: 20 }, () => vault.ensureKeys(['person:ines', 'customer:morel'])));
      const bytes = vault.keyOf('person:ines')!.export();
      expect(bytes).toHaveLength(32);
      expect(vault.keyOf('customer:morel')!.export()).not.toEqual(bytes);
      await vault.ensureKeys(['person:ines']);
      const again = await engine.open();
      await again.bring(['person:ines', 'person:nobody']);
      expect(again.keyOf('person:ines')!.export()).toEqual(bytes);
      expect(again.keyOf('person:nobody')).toBeUndefined();
      await again.close();
    });

    it('is known since when', async () => {
      const before = Date.now();
      await vault.ensureKeys(['person:ines']);
      await vault.bring(['person:ines']);
      expect(vault.keyOf.madeAt!('person:ines')).toBeGreaterThanOrEqual(before);
      expect(vault.keyOf.madeAt!('person:ines')).toBeLessThanOrEqual(Date.now());
      await vault.destroy(['person:ines']);
      await vault.bring(['person:ines']);
      expect(vault.keyOf.madeAt!('person:nobody')).toBeUndefined();
    });

    it('what was destroyed opens nothing and is never made again, also where there was none', async () => {
      const [hers, his, both] = [await sealed(vault, 'person:ines'), await sealed(vault, 'person:paul'), await sealed(vault, 'person:ines', 'person:paul')];
      await vault.destroy(['person:ines', 'person:never']);
      expect([await hers(), await his(), await both()]).toEqual([undefined, 'a secret', undefined]);
      for (const subject of ['person:ines', 'person:never']) await expect(vault.ensureKeys(['person:paul', subject])).rejects.toMatchObject({ code: 'person-erased' });
      expect(await vault.destroyedOf(['person:ines', 'person:never', 'person:paul', 'person:nobody'])).toEqual(new Set(['person:ines', 'person:never']));
      await vault.destroy(['person:ines']);
      await vault.destroy([]);
      const again = await engine.open();
      expect([await hers(again), await his(again)]).toEqual([undefined, 'a secret']);
      await expect(again.ensureKeys(['person:ines'])).rejects.toMatchObject({ code: 'person-erased' });
      await again.close();
    });

    it('thousands are brought and destroyed at once', async () => {
      const subjects = Array.from({ length: 6000 }, (_, n) => `person:${n}`);
      await vault.ensureKeys(subjects);
      await vault.bring(subjects);
      expect(new Set(subjects.map((subject) => vault.keyOf(subject)!.export().toString('hex'))).size).toBe(6000);
      await vault.destroy(subjects.slice(0, 500));
      await vault.bring(subjects);
      expect(subjects.filter((subject) => vault.keyOf(subject) === undefined)).toEqual(subjects.slice(0, 500));
      expect((await vault.destroyedOf(subjects)).size).toBe(500);
    });

    it('a key that is asked for while another is destroyed is made, and that one is not', async () => {
      for (let n = 0; n < 10; n += 1) {
        const [gone, fresh] = [`person:gone-${n}`, `person:fresh-${n}`];
        const [made] = await Promise.allSettled([vault.ensureKeys([gone]), vault.destroy([gone]), vault.ensureKeys([fresh])]);
        await vault.bring([gone, fresh]);
        expect(vault.keyOf(gone)).toBeUndefined();
        expect(vault.keyOf(fresh)).toBeDefined();
        if (made.status === 'rejected') expect(made.reason).toMatchObject({ code: 'person-erased' });
      }
    });
  });

  describe('texts', () => {
    it('no name is given twice, and each has a key', async () => {
      const names = await Promise.all(Array.from({ length: 2100 }, () => vault.nextTextKey()));
      expect(new Set(names).size).toBe(2100);
      await vault.bring(names);
      expect(new Set(names.map((name) => vault.keyOf(name)!.export().toString('hex'))).size).toBe(2100);
    });

    it('one goes and its neighbours stay, also the next ones, and after it was opened again', async () => {
      const [a, b, c] = [await sealedText(vault, 'person:ines'), await sealedText(vault, 'person:ines'), await sealedText(vault, 'person:ines')];
      await vault.destroy([b.key]);
      const d = await sealedText(vault, 'person:ines');
      await vault.destroy([c.key]);
      const again = await engine.open();
      for (const by of [vault, again]) expect([await a.read(by), await b.read(by), await c.read(by), await d.read(by)]).toEqual(['a secret', undefined, undefined, 'a secret']);
      expect(await again.destroyedOf([a.key, b.key, c.key])).toEqual(new Set([b.key, c.key]));
      await again.close();
    });
  });

  describe('secrets', () => {
    it('of two who take a link at once one gets it; a newer one makes it void', async () => {
      await vault.secrets.addLink(link(), NOW);
      const taken = await Promise.all(Array.from({ length: 8 }, () => vault.secrets.takeLink(link().token, NOW)));
      expect(taken.filter((one) => one !== undefined)).toEqual([link()]);
      for (const colleague of ['ben', null]) {
        await vault.secrets.addLink(link({ token: 'first', colleague }), NOW);
        await vault.secrets.addLink(link({ token: 'second', colleague }), NOW);
        expect([await vault.secrets.link('first', NOW), await vault.secrets.link('second', NOW)]).toEqual([undefined, link({ token: 'second', colleague })]);
        expect(await vault.secrets.link('second', NOW + 1000)).toBeUndefined();
        await vault.secrets.voidLinksOf(colleague);
        expect(await vault.secrets.link('second', NOW)).toBeUndefined();
      }
    });

    it('sessions are kept, seen and ended, those of one by when they began', async () => {
      const { secrets } = vault;
      for (const [token, more] of [['old', { created: NOW - 10 }], ['new', {}], ['cleo', { colleague: 'cleo' }], ['over', { expires: NOW }]] as const) await secrets.addSession(session({ token, ...more }));
      await secrets.sawSession('new', NOW + 5);
      expect(await secrets.session('new')).toEqual(session({ token: 'new', seen: NOW + 5 }));
      await secrets.endSessionsOf('ben', NOW - 10);
      expect((await Promise.all(['old', 'new', 'cleo'].map((token) => secrets.session(token)))).map((row) => row?.token)).toEqual([undefined, 'new', 'cleo']);
      await secrets.addSession(session({ token: 'newest', created: NOW + 1 }));
      expect(await secrets.session('over')).toBeUndefined();
      await secrets.endSession('cleo');
      expect(await secrets.session('cleo')).toBeUndefined();
      expect(await secrets.known()).toEqual(expect.arrayContaining([{ colleague: 'ben', password: false, signedIn: NOW + 1 }]));
    });

    it('passwords and keys of programs', async () => {
      const { secrets } = vault;
      await secrets.setPassword('ben', 'hash', NOW);
      await secrets.setPassword('ben', 'another', NOW);
      expect([await secrets.passwordOf('ben'), await secrets.passwordOf('cleo')]).toEqual(['another', undefined]);
      expect(await secrets.known()).toEqual([{ colleague: 'ben', password: true, signedIn: null }]);
      await secrets.removePassword('ben');
      expect(await secrets.passwordOf('ben')).toBeUndefined();
      await secrets.addKey({ token: 't', key: 'k', colleague: 'ben', made: NOW });
      await secrets.usedKey('k', NOW + 1);
      expect(await secrets.keyBy('t')).toEqual({ token: 't', key: 'k', colleague: 'ben', made: NOW, used: NOW + 1 });
      expect(await secrets.keysOf('ben')).toHaveLength(1);
      await secrets.removeKey('ben', 'k');
      expect(await secrets.keyBy('t')).toBeUndefined();
    });

    it('with the name of a colleague goes all that lets them in, and of nobody else', async () => {
      const { secrets } = vault;
      for (const colleague of ['ben', 'cleo']) {
        await secrets.setPassword(colleague, `hash of ${colleague}`, NOW);
        await secrets.addSession(session({ token: `session ${colleague}`, colleague }));
        await secrets.addLink(link({ token: `link ${colleague}`, colleague }), NOW);
        await secrets.addKey({ token: `key ${colleague}`, key: colleague, colleague, made: NOW });
      }
      await secrets.addLink(link({ token: 'first', purpose: 'first-administrator', colleague: null }), NOW);
      await vault.ensureKeys(['colleague:ben']);
      await vault.destroy(['colleague:ben']);
      const left = async (colleague: string): Promise<unknown[]> => [await secrets.passwordOf(colleague), await secrets.session(`session ${colleague}`), await secrets.link(`link ${colleague}`, NOW), await secrets.keyBy(`key ${colleague}`)].filter((one) => one !== undefined);
      expect([(await left('ben')).length, (await left('cleo')).length]).toEqual([0, 4]);
      expect((await secrets.known()).map(({ colleague }) => colleague)).toEqual(['cleo']);
      expect(await secrets.link('first', NOW)).toBeDefined();
    });

    it('the keyed hash is the same for all who open it, and of 32 hex digits', async () => {
      const again = await engine.open();
      expect(again.mac('text')).toBe(vault.mac('text'));
      expect(vault.mac('text')).toMatch(/^[0-9a-f]{32}$/);
      expect(vault.mac('other')).not.toBe(vault.mac('text'));
      await again.close();
    });
  });
}
