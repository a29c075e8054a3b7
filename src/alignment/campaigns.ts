/** What our messages say and who of us was trained for what, read from entries of ours that are tied to no customer. Pure. */
import type { OwnEntryRow } from '../customers/own-entries.view.js';

/** A campaign as it was launched; launched again, it says something else from then on. */
export interface Launch {
  readonly entry: string;
  readonly campaign: string;
  readonly at: number;
  readonly claims: readonly string[];
  readonly needTags: readonly string[];
  readonly offering: string | null;
  readonly callToAction: string | null;
  readonly audienceRoles: readonly string[];
}

export interface Enablement {
  readonly entry: string;
  readonly colleague: string;
  readonly offering: string;
  readonly at: number;
}

const tags = (value: unknown): readonly string[] => (Array.isArray(value) ? (value as readonly string[]) : []);
const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);

export const launchOf = ({ id, occurredAt, offering, fields }: OwnEntryRow): Launch => ({
  entry: id,
  campaign: String(fields['campaign']),
  at: occurredAt,
  claims: tags(fields['claims']),
  needTags: tags(fields['needTags']),
  offering,
  callToAction: text(fields['callToAction']),
  audienceRoles: tags(fields['audienceRoles']),
});

export const enablementOf = ({ id, occurredAt, offering, fields }: OwnEntryRow): Enablement => ({ entry: id, colleague: String(fields['colleague']), offering: offering ?? '', at: occurredAt });

/** Launches and enablements known, by when they happened. */
export class Ours {
  private readonly launches: ReadonlyMap<string, readonly Launch[]>;

  constructor(
    launches: readonly Launch[],
    readonly enablements: readonly Enablement[],
  ) {
    this.launches = Map.groupBy(launches, ({ campaign }) => campaign);
  }

  /** The campaign as it stood at the instant; undefined where it was not launched by then. */
  launch(campaign: string, at: number): Launch | undefined {
    return this.launches.get(campaign)?.findLast((one) => one.at <= at);
  }

  /** The enablement that a colleague had for an offering by the instant. */
  enabled(colleague: string, offering: string, at: number): Enablement | undefined {
    return this.enablements.find((one) => one.colleague === colleague && one.offering === offering && one.at <= at);
  }
}
