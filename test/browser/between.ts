/** What stands between the browser and the server, and can fail: a proxy that passes all on until it is told otherwise. */
import { createServer, request as ask, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Instead {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** What becomes of a request: an answer of its own, `cut` after so many bytes of its body, or undefined: it is passed on. */
export type Rule = (method: string, path: string) => Instead | { readonly cutAfter: number } | undefined;

export class Between {
  private rule: Rule = () => undefined;
  private readonly server: Server;

  private constructor(private readonly target: URL) {
    this.server = createServer((request, response) => this.take(request, response));
  }

  /** Between whoever asks and this server. */
  static async open(target: string): Promise<Between> {
    const between = new Between(new URL(target));
    await new Promise<void>((resolve) => between.server.listen(0, '127.0.0.1', resolve));
    return between;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** From now on; without one all is passed on. */
  does(rule: Rule = () => undefined): void {
    this.rule = rule;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private take(request: IncomingMessage, response: ServerResponse): void {
    const found = this.rule(request.method!, request.url!);
    if (found !== undefined && 'status' in found) {
      request.resume();
      response.writeHead(found.status, { 'content-type': found.type }).end(found.body);
      return;
    }
    const onward = ask({ host: this.target.hostname, port: this.target.port, method: request.method, path: request.url, headers: request.headers }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(response);
      answer.on('error', () => response.destroy());
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    let taken = 0;
    request.on('data', (chunk: Buffer) => {
      taken += chunk.length;
      if (found !== undefined && taken > found.cutAfter) {
        onward.destroy();
        request.destroy();
      } else onward.write(chunk);
    });
    request.on('end', () => onward.end());
    request.on('error', () => onward.destroy());
  }
}
