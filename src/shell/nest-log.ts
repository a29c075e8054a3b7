/** Nest's own messages, through the same structured log as everything else. */
import type { LoggerService } from '@nestjs/common';
import type { Logger } from 'pino';

export class NestLog implements LoggerService {
  constructor(private readonly pino: Logger) {}

  log(message: unknown, context?: unknown): void {
    // Routes and modules being set up: of use to developers only.
    this.pino.debug({ context }, String(message));
  }

  error(message: unknown, ...more: unknown[]): void {
    this.pino.error({ more }, String(message));
  }

  warn(message: unknown, ...more: unknown[]): void {
    this.pino.warn({ more }, String(message));
  }
}
