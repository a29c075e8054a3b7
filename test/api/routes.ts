/** Every route of a server as it is built, from the router's own table. */
import type { TestApp } from './app.js';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** `GET /api/v1/customers/:id`; HEAD and OPTIONS are left out. */
export function routesOf(app: TestApp): string[] {
  const printed = app.nest.getHttpAdapter().getInstance().printRoutes({ commonPrefix: false });
  const path: string[] = [];
  return printed.split('\n').flatMap((line) => {
    const match = /^([│├└─\s]*)(\S.*?)(?: \(([A-Z, ]+)\))?$/.exec(line);
    if (match === null) return [];
    const depth = Math.ceil(match[1]!.length / 4);
    path.length = Math.max(0, depth - 1);
    path[Math.max(0, depth - 1)] = match[2]!;
    return (match[3] ?? '').split(', ').filter((method) => METHODS.includes(method)).map((method) => `${method} ${path.join('')}`);
  });
}
