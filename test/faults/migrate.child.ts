/**
 * Migrates one log to another until it is done or killed. Says `copied <events>` after each append, `done` at the end.
 * Arguments: URLs of source and target, and a mode: `sound`, or the planted bug `counts`, a migrator that goes on at the
 * number it had noted down, and notes it before the append.
 */
import { existsSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { migrate } from '../../src/shell/migration.js';
import { openStore } from '../../src/stores/index.js';

const [fromUrl = '', toUrl = '', mode = 'sound', note = ''] = process.argv.slice(2);
const say = (line: string): void => void writeSync(1, `${line}\n`);

const [from, to] = [await openStore(fromUrl), await openStore(toUrl)];
if (mode === 'sound') await migrate(from, to, (done, phase) => phase === 'copied' && say(`copied ${done}`));
else {
  const log = await from.readAll(null, Infinity);
  for (let i = existsSync(note) ? Number(readFileSync(note, 'utf8')) : 0; i < log.length; i += 1) {
    const { stream, recordedAt, ...event } = log[i]!;
    writeFileSync(`${note}.new`, String(i + 1));
    renameSync(`${note}.new`, note);
    await to.append(stream, [event], 'any', recordedAt);
    say(`copied ${i + 1}`);
  }
}
await from.close();
await to.close();
say('done');
