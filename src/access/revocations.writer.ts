/** Ends the sessions of whoever may not enter any more, as soon as that stands in the log, whoever wrote it. */
import type { RecordedEvent } from '../kernel/event-store.js';
import type { Secrets } from '../vault/secrets.js';

/** Colleague that the event shuts out; undefined for any other event. */
function shutOut({ type, stream, data }: RecordedEvent): string | undefined {
  if (type === 'AccountChanged' && (data as { enabled?: boolean }).enabled === false) return stream.slice('user-'.length);
  if (type === 'ColleagueChanged' && (data as { active?: boolean }).active === false) return stream.slice('colleague-'.length);
  return undefined;
}

/** Sessions begun since then stay: an event may be heard again, when views are made anew. Failing is no harm: such a session opens nothing. */
export async function endSessionsBy(events: readonly RecordedEvent[], secrets: Secrets): Promise<void> {
  for (const event of events) {
    const colleague = shutOut(event);
    if (colleague === undefined) continue;
    try {
      await secrets.endSessionsOf(colleague, event.recordedAt);
    } catch {
      // It goes when it runs out.
    }
  }
}
