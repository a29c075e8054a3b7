/** Customers that can be opened and logged for without a connection: the one that is looked at, and those that ask for attention today. */
import { useQuery } from '@tanstack/react-query';
import { useLocation } from '@tanstack/react-router';
import { useEffect } from 'react';
import { attentionListOptions, colleaguesAllOptions, customersOneOptions, customersPeopleOptions, overviewOverviewOptions, ringsJourneyOptions, ringsTimelineOptions } from '../api/generated/@tanstack/react-query.gen.js';
import { kindsOptions } from '../api/kinds.js';
import { queries } from '../api/queries.js';
import { rememberCustomer } from './kept.js';
import { useSession } from './session.js';

/** Read ahead: a start of the day, not the whole portfolio. Each is a read of the audit. */
const TODAY = 6;
const AFTER_MS = 4000;
/** Once in so long. */
const AGAIN_MS = 4 * 3_600_000;
const DONE = 'five-ring:at-hand:';
/** As the customer's page asks. */
const TIMELINE = { limit: 200 };

export function useAtHand(): void {
  const { colleague, role } = useSession();
  // Without it nothing can be written down.
  useQuery(kindsOptions);
  const { pathname } = useLocation();
  const seen = /^\/customers\/([^/]+)$/.exec(pathname)?.[1];
  const one = useQuery({ ...customersOneOptions({ path: { id: seen ?? '' } }), enabled: seen !== undefined, retry: false });
  const name = one.data?.name;
  useEffect(() => {
    if (seen === undefined) return;
    if (typeof name === 'string') rememberCustomer(colleague, { id: seen, name });
    void queries.prefetchQuery(customersPeopleOptions({ path: { id: seen } }));
  }, [seen, name, colleague]);

  useEffect(() => {
    // Without a worker there is nobody to keep it.
    if (navigator.serviceWorker?.controller == null || Date.now() - Number(localStorage.getItem(DONE + colleague) ?? 0) < AGAIN_MS) return;
    const readAhead = async (): Promise<void> => {
      const { items } = await queries.fetchQuery({ ...attentionListOptions({ query: { ...(role === 'account-manager' && { team: colleague }), limit: TODAY } }), retry: false });
      await queries.prefetchQuery(colleaguesAllOptions());
      // One after the other: what somebody waits for comes first.
      for (const { id, name: called } of items) {
        const path = { id };
        for (const options of [customersOneOptions({ path }), customersPeopleOptions({ path }), overviewOverviewOptions({ path, query: {} }), ringsJourneyOptions({ path, query: {} }), ringsTimelineOptions({ path, query: TIMELINE })]) await queries.prefetchQuery(options as ReturnType<typeof customersOneOptions>);
        if (called !== null) rememberCustomer(colleague, { id, name: called }, true);
      }
      localStorage.setItem(DONE + colleague, String(Date.now()));
    };
    const timer = setTimeout(() => void readAhead().catch(() => undefined), AFTER_MS);
    return () => clearTimeout(timer);
  }, [colleague, role]);
}
