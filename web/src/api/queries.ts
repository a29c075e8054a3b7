/** The one cache of what the server answered. */
import { QueryClient } from '@tanstack/react-query';
import { Failure } from './client.js';

/** Refused for good: asking again gives the same answer. */
const isFinal = (error: unknown): boolean => error instanceof Failure && error.status >= 400 && error.status < 500 && error.status !== 408 && error.status !== 429;

export const queries = new QueryClient({
  defaultOptions: {
    // Offline is for the service worker to answer, or to fail at once.
    queries: { staleTime: 20_000, networkMode: 'always', retry: (count, error) => !isFinal(error) && count < 2, refetchOnWindowFocus: true },
    mutations: { networkMode: 'always', retry: false, onSuccess: () => void queries.invalidateQueries() },
  },
});
