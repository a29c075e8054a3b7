/** `doctor`: is all well, and if not, what to do? Files first, then what a server says of itself, then everything read once. */
import { LONGEST_SAID, spoken } from './findings.js';
import type { Config } from '../config.js';
import { examine, failure, ok, warning, type Finding } from '../shell/examination.js';
import type { Verdict } from '../shell/operations.js';
import type { Connection } from './connection.js';
import { EXIT, Failure, type Answer } from './failure.js';
import { count } from './screen.js';
import type { Session } from './session.js';
import { check } from './verify.js';

const KEY_BACKUP_DAYS = 7;

interface Status {
  readonly version: string;
  readonly node: string;
  readonly parked: readonly { readonly view: string; readonly stream: string; readonly reason: string }[];
}

export async function doctor(session: Session, { quick = false }: { readonly quick?: boolean }, version: string): Promise<Answer> {
  const findings = await findingsOf(session, quick, version);
  const failed = findings.filter(({ state }) => state === 'failed').length;
  return { data: { ok: failed === 0, version, findings }, text: spoken(findings), exitCode: failed === 0 ? EXIT.done : EXIT.failed };
}

async function findingsOf(session: Session, quick: boolean, version: string): Promise<Finding[]> {
  let config: Config;
  try {
    config = await session.config();
  } catch (error) {
    return [failure('settings', (error as Error).message, 'Correct the environment variable, then run the same again.')];
  }
  const settings = settingsOf(config, session.env);
  const folder = (keyBackupDays: number): Finding[] => examine({ data: config.data, store: config.store, heads: config.heads, hasDatabase: config.db !== null, keyBackupDays, now: Date.now() });
  let api: Connection;
  let status: Status;
  let keyBackupDays = KEY_BACKUP_DAYS;
  const first = folder(keyBackupDays);
  if (first[0]?.check === 'data folder') return [...settings, ...first];
  // Loaded only where there is one.
  const database = config.db === null ? [] : await (await import('../shell/database-examination.js')).examineDatabase(config.db);
  try {
    api = await session.toRead();
    status = await api.get<Status>('/api/v1/status');
    const { items } = await api.get<{ items: { name: string; value: unknown }[] }>('/api/v1/settings');
    keyBackupDays = Number(items.find(({ name }) => name === 'keyBackupDays')?.value ?? keyBackupDays);
  } catch (error) {
    return [...settings, ...first, ...database, failure('server', messageOf(error), [...first, ...database].some(({ state }) => state === 'failed') ? 'See to what failed above first.' : 'Do what the sentence says; the server’s own log tells more.')];
  }
  return [...settings, ...folder(keyBackupDays), ...database, ...(await serverSays(api, status, version)), ...(quick ? [] : await everythingRead(api))];
}

const messageOf = (error: unknown): string => (error instanceof Failure ? error.problem.detail : error instanceof Error ? error.message : String(error));

function settingsOf(config: Config, env: Session['env']): Finding[] {
  const findings: Finding[] = [];
  if (!env['FIVE_RING_TIME_ZONE']) findings.push(warning('settings', `The days of the organisation are those of this machine (${config.zone}): on another one, figures would change.`, `Set FIVE_RING_TIME_ZONE=${config.zone}.`));
  if (config.keysLost) findings.push(warning('settings', 'FIVE_RING_KEYS_LOST is set: a log without its keys is started as if all were erased.', 'Remove it: it is for one start only.'));
  if (!/^(127\.|::1$)/.test(config.host) && config.proxies.length === 0) findings.push(warning('settings', `It listens on ${config.host}, and no proxy is trusted: whoever signs in from elsewhere does so without HTTPS.`, 'Put a proxy with HTTPS before it, and name it in FIVE_RING_TRUSTED_PROXIES.'));
  return findings.length === 0 ? [ok('settings', 'Every setting of the environment is one.')] : findings;
}

async function serverSays(api: Connection, { version: runs, node, parked }: Status, version: string): Promise<Finding[]> {
  const findings = [runs === version ? ok('server', `Five-Ring ${runs} on Node.js ${node}.`) : failure('server', `The server that runs is of version ${runs}, and this program of ${version}.`, 'Stop the server, run five-ring upgrade with the new version, and start it again.')];
  findings.push(await readiness(api));
  for (const { view, stream, reason } of parked.slice(0, LONGEST_SAID)) findings.push(failure('parked streams', `${stream} cannot be shown in the view ${view}: ${reason}`, 'Try again after an upgrade (Administration, Health: Try them again), or five-ring rebuild; if it stays, report the reason.'));
  if (parked.length > LONGEST_SAID) findings.push(failure('parked streams', `${count(parked.length - LONGEST_SAID, 'more stream')} cannot be shown.`, 'five-ring --json doctor, or GET /api/v1/status, lists all.'));
  return parked.length === 0 ? [...findings, ok('parked streams', 'None: every view takes every event.')] : findings;
}

async function readiness(api: Connection): Promise<Finding> {
  try {
    const { detail } = await api.get<{ detail: string }>('/health/ready');
    return detail === 'All is well.' || /^\d+ streams are parked[^.]*\.$/.test(detail) ? ok('health', 'It serves, and the views keep up with the log.') : warning('health', detail, 'Do what the sentence says.');
  } catch (error) {
    const isNotReady = error instanceof Failure && error.problem.code === 'bad-answer';
    return failure('health', isNotReady ? 'The server says that it is not ready: GET /health/ready tells why.' : messageOf(error), 'Wait a moment while views catch up; else see what each failure looks like in docs/operations.md.');
  }
}

async function everythingRead(api: Connection): Promise<Finding[]> {
  let verdict: Verdict;
  try {
    verdict = await check(api, {});
  } catch (error) {
    return [failure('log and proof', `The check could not be made: ${messageOf(error)}`, 'Run five-ring verify by itself.')];
  }
  // Parked streams are said above.
  const problems = verdict.problems.filter((problem) => !/ is parked in the view /.test(problem));
  const ofViews = problems.filter((problem) => problem.startsWith('The view table '));
  const quiet = problems.filter((problem) => problem.startsWith('Others wrote all through the check'));
  const ofLog = problems.filter((problem) => !ofViews.includes(problem) && !quiet.includes(problem));
  return [
    ...(ofLog.length === 0 ? [ok('log and proof', `${count(verdict.events, 'event')} and ${count(verdict.sealedFields, 'sealed field')} read; ${count(verdict.keptHeads, 'kept head')} compared. Head ${verdict.head}`)] : ofLog.slice(0, LONGEST_SAID).map((problem) => failure('log and proof', problem, 'Stop the server, keep a copy of the log as it is, and restore the newest backup whose head matches (docs/operations.md).'))),
    ...(ofViews.length > 0 ? ofViews.map((problem) => failure('views', problem.replace(/ Make the views anew.*$/, ''), 'five-ring rebuild makes the views anew from the log while the server goes on.')) : quiet.length > 0 ? quiet.map((problem) => warning('views', problem, 'Run five-ring doctor again when it is quieter.')) : [ok('views', 'They are what a fresh replay of the log gives.')]),
  ];
}
