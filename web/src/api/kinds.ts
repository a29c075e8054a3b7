/** The catalogue of kinds, which changes only with the server. */
import { useQuery } from '@tanstack/react-query';
import { kindsAllOptions } from './generated/@tanstack/react-query.gen.js';

export const kindsOptions = { ...kindsAllOptions(), staleTime: Infinity };

/** What a kind is called on screen: "Issue opened". */
export function useKindLabel(): (kind: string) => string {
  const { data } = useQuery(kindsOptions);
  return (kind) => data?.items.find((one) => one.kind === kind)?.label ?? kind.replaceAll('-', ' ');
}
