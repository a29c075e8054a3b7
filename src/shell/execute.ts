/** The one command of the CommandBus: the only way in for writes. */
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Aggregate, Decided } from '../kernel/aggregate.js';
import { Executor, type CommandRequest, type Envelope, type Outcome } from './executor.js';

export class Execute<C, E extends Decided, S> extends Command<Outcome> {
  constructor(
    readonly aggregate: Aggregate<C, E, S>,
    readonly stream: string,
    readonly requests: readonly CommandRequest<C>[],
    readonly envelope: Envelope,
  ) {
    super();
  }
}

@CommandHandler(Execute)
export class ExecuteHandler implements ICommandHandler<Execute<unknown, Decided, unknown>> {
  constructor(private readonly executor: Executor) {}

  execute({ aggregate, stream, requests, envelope }: Execute<unknown, Decided, unknown>): Promise<Outcome> {
    return this.executor.execute(aggregate, stream, requests, envelope);
  }
}
