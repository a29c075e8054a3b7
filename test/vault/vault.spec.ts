/** The vault in a file. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteVault } from '../../src/vault/sqlite.vault.js';
import { vaultContract } from './vault.contract.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'five-ring-vault-'));
});
afterEach(() => rm(folder, { recursive: true }));

vaultContract({ open: async () => SqliteVault.open(join(folder, 'keys.db')) });
