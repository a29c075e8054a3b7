/**
 * `npm run web:client`: boots the app on an empty folder, reads its OpenAPI document and writes the client of the web app
 * from it into `web/src/api/generated`, or into the folder given.
 */
import 'reflect-metadata';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createClient } from '@hey-api/openapi-ts';
import { pino } from 'pino';
import { openParts } from '../src/app.module.js';
import { readConfig } from '../src/config.js';
import { openApi } from '../src/docs.js';
import { createApp } from '../src/server.js';

interface Operation {
  operationId: string;
  parameters?: { readonly name: string; readonly in: string }[];
  responses: Record<string, unknown>;
}

/** What the web app's own request layer sends, and so no screen has to. */
const SENT_FOR_ALL = ['X-Colleague', 'Idempotency-Key', 'after'];

async function documentOf(folder: string): Promise<ReturnType<typeof openApi>> {
  const config = readConfig({ FIVE_RING_DATA: folder, FIVE_RING_TIME_ZONE: 'UTC', LOG_LEVEL: 'silent' });
  const parts = await openParts(config);
  const app = await createApp(config, parts, pino({ level: 'silent' }), 'nobody');
  try {
    return openApi(app);
  } finally {
    await app.close();
    await parts.close();
  }
}

const folder = await mkdtemp(join(tmpdir(), 'five-ring-client-'));
const output = resolve(process.argv[2] ?? 'web/src/api/generated');
try {
  const document = await documentOf(folder);
  const waiting: string[] = [];
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, given] of Object.entries(methods as Record<string, Operation>)) {
      given.operationId = given.operationId.replace('Controller', '');
      if (method === 'get' && given.parameters?.some(({ name }) => name === 'after') === true) waiting.push(path);
      // Every refusal is a Problem, whatever its status.
      const refusals = Object.entries(given.responses).filter(([status]) => status >= '4');
      given.responses = { ...Object.fromEntries(Object.entries(given.responses).filter(([status]) => status < '4')), ...(refusals[0] !== undefined && { default: refusals[0][1] }) };
      if (given.parameters !== undefined) given.parameters = given.parameters.filter(({ name }) => !SENT_FOR_ALL.includes(name));
    }
  }
  await createClient({ input: document as never, parser: { pagination: { keywords: ['cursor'] } }, output: { path: output, clean: true }, plugins: [{ name: '@hey-api/client-fetch', baseUrl: false }, '@hey-api/typescript', '@hey-api/sdk', '@tanstack/react-query'], logs: { level: 'silent' } });
  await writeFile(join(output, 'waiting.gen.ts'), `/** Reads that take \`after\`: they answer once they hold what was written before that position. */\nexport const WAITING: ReadonlySet<string> = new Set(${JSON.stringify(waiting.sort(), null, 2)});\n`);
} finally {
  await rm(folder, { recursive: true });
}
