/** The environment, checked once at boot and given on as typed values. */
import { resolve } from 'node:path';
import { isZone } from './kernel/calendar.js';
import { checkRules, DEFAULT_PRESET, PRESETS, type Rules } from './rings/rules.js';

export interface Config {
  /** Folder of log.db, views.db and keys.db. */
  readonly data: string;
  /** URL of the store that holds the log. */
  readonly store: string;
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly rules: Rules;
  /** IANA zone that decides days and date-only input. */
  readonly zone: string;
  readonly logLevel: string;
}

const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

/** @throws Error with one sentence that names the variable. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const data = resolve(env['FIVE_RING_DATA'] || 'data');
  const preset = env['FIVE_RING_PRESET'] || DEFAULT_PRESET;
  const rules = Object.hasOwn(PRESETS, preset) ? PRESETS[preset] : undefined;
  if (rules === undefined) throw new Error(`FIVE_RING_PRESET=${preset} is no preset; there are ${Object.keys(PRESETS).join(', ')}.`);
  const problems = checkRules(rules);
  if (problems.length > 0) throw new Error(`The rules of ${preset} cannot be used: ${problems.map(({ field, message }) => `${field} ${message}`).join('; ')}.`);
  const port = Number(env['PORT'] || 3000);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`PORT=${env['PORT']} is no port; give a number from 0 to 65535.`);
  const zone = env['FIVE_RING_TIME_ZONE'] || Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!isZone(zone)) throw new Error(`FIVE_RING_TIME_ZONE=${zone} is no IANA time zone, such as Europe/Berlin.`);
  const logLevel = env['LOG_LEVEL'] || 'info';
  if (!LEVELS.includes(logLevel)) throw new Error(`LOG_LEVEL=${logLevel} is no level; there are ${LEVELS.join(', ')}.`);
  return { data, store: env['FIVE_RING_STORE'] || `sqlite:${resolve(data, 'log.db')}`, host: '127.0.0.1', port, rules, zone, logLevel };
}
