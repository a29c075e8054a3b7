/** What people at a customer do in public for us, and what takes it back. */
import { A_DAY, type Draft, type Person, type Story } from './story.js';

export type ActKind = 'reference' | 'referral' | 'review' | 'testimonial' | 'case-study' | 'speaking' | 'public-post';

const link = (s: Story, what: string): string => `https://${what}.example.org/hearthline/${s.random.int(10_000, 99_999)}`;

export interface ActOptions {
  readonly kind?: ActKind;
  readonly by?: Person;
  /** What we know of it at once; `later`: proved by an entry of its own. */
  readonly proof?: 'claimed' | 'evidenced' | 'confirmed' | 'later';
  readonly incentivised?: boolean;
  readonly referred?: string;
  readonly referredName?: string;
}

/** Asked for, agreed, done: an act with stance for. Gives the act. */
export function act(s: Story, day: number, options: ActOptions = {}): { readonly draft: Draft; readonly by: Person } {
  const { facts: f, random } = s;
  const at = s.on(day);
  const kind = options.kind ?? random.pick(['reference', 'review', 'testimonial', 'case-study', 'speaking', 'public-post'] as const);
  const by = options.by ?? s.someone(at, 'champion');
  const p = by.first;
  const proof = options.proof ?? random.pick(['evidenced', 'confirmed', 'later'] as const);
  const level = proof === 'later' ? 'claimed' : proof;
  const need = f.needs[0]!;
  const asked = s.after(at - 16 * A_DAY, 0, 4);
  if (kind !== 'public-post' && kind !== 'referral' && by.draft.at < asked) {
    s.tell(asked, s.owner, 'call', { side: 'us', attended: true, people: [by.draft], summary: `Asked ${p} for a ${kind.replace('-', ' ')}, told what it would take and that a no is fine. Yes, after the weekend.` });
    s.tell(s.after(asked, 1, 4), s.marketer, 'consent-given', { person: by.draft, purpose: kind === 'reference' ? 'reference-calls' : 'name-and-quote', form: 'signed', wording: 'We may tell others what is ticked here, with your name and that of your bakery. You can take it back at any time, with a line to us.', scope: random.pick(['Two calls a year with bakeries of a like size', 'Name, photo of the oven and one sentence, on our pages', 'May be quoted at fairs, not in price talks']), channel: 'email', summary: `${p} sent the sheet back signed.` });
  }
  const common = { person: by.draft, verification: level, ...(options.incentivised === true && { incentivised: true }) };
  const draft = ((): Draft => {
    switch (kind) {
      case 'reference': return s.tell(at, s.owner, kind, { ...common, stance: 'for', channel: 'phone', summary: `${p} talked for forty minutes with a baker who was in doubt about ${need.tag.replaceAll('-', ' ')}.` });
      case 'referral': return s.tell(at, s.owner, kind, { ...common, ...(options.referred !== undefined && { referredCustomer: options.referred }), channel: 'phone', summary: `${p} sent ${options.referredName ?? 'a colleague of the guild'} to us: “Have a look at my oven first, then ring them.”` });
      case 'review': return s.tell(at, s.marketer, kind, { ...common, stars: random.int(4, 5), link: link(s, 'reviews'), reach: random.int(80, 900), summary: options.incentivised === true ? `Review by ${p}, for which we gave a seat at the steam workshop.` : `“${need.benefit}. And they come when you ring.” Signed ${p}, ${f.town}.` });
      case 'testimonial': return s.tell(at, s.marketer, kind, { ...common, stance: 'for', link: link(s, 'stories'), channel: 'web', summary: `Quote of ${p} on our page: “${need.benefit}, and I sleep an hour longer.”` });
      case 'case-study': return s.tell(at, s.marketer, kind, { ...common, stance: 'for', link: link(s, 'stories'), channel: 'web', reach: random.int(300, 2500), summary: `Two pages with photos from ${f.street}: from ${f.old} to the ${f.model}. ${p} read it twice before it went out.` });
      case 'speaking': return s.tell(at, s.marketer, kind, { ...common, stance: 'for', reach: random.int(40, 260), summary: `${p} spoke at the guild evening about ${f.product} on stone, with our figures and the own ones.` });
      case 'public-post': return s.tell(at, s.marketer, kind, { ...common, stance: 'for', link: link(s, 'social'), reach: random.int(150, 6000), summary: `${p} posted the first ${f.product} from the ${f.model}, unasked, and named us.` });
    }
  })();
  if (proof === 'later') s.tell(s.after(at, 1, 5), s.marketer, 'act-verified', { side: 'us', about: draft, level: 'evidenced', link: link(s, 'proof'), summary: kind === 'reference' || kind === 'referral' ? 'The other baker wrote of it in the own mail.' : 'Seen, saved and filed.' });
  else if (proof !== 'claimed' && random.chance(0.3)) s.tell(s.after(at, 3, 9), s.owner, 'act-verified', { side: 'customer', about: draft, level: 'confirmed', summary: `${p} confirms it in a mail.` });
  return { draft, by };
}

export function withdrawConsent(s: Story, day: number, by: Person): void {
  s.tell(s.on(day), s.marketer, 'consent-withdrawn', { person: by.draft, purpose: 'name-and-quote', form: 'email', scope: 'All of it, pages and fairs', channel: 'email', summary: `${by.first} asks to take the name down: too many strangers at the bakehouse door. Done the same day.` });
}

export function objectToContact(s: Story, day: number, by: Person): void {
  s.tell(s.on(day), s.marketer, 'contact-objected', { person: by.draft, against: 'phone', words: 'Please do not ring any more; who rings at ten in the morning gets me out of bed.', channel: 'email', summary: `${by.first} asks for no more calls. Mail is fine.` });
}

/** They think better of it. */
export function liftObjection(s: Story, day: number, by: Person): void {
  s.tell(s.on(day), s.marketer, 'objection-lifted', { person: by.draft, against: 'phone', words: 'After two in the afternoon you may ring again.', channel: 'email', summary: `${by.first} may be rung again, afternoons.` });
}

export function speakAgainst(s: Story, day: number, by: Person): void {
  s.tell(s.on(day), s.marketer, 'public-post', { person: by.draft, stance: 'against', verification: 'evidenced', link: link(s, 'social'), reach: s.random.int(400, 3000), summary: `${by.first} wrote in the guild’s group that the second repair of the same deck was “a joke”.` });
}

export function leave(s: Story, day: number, person: Person, why?: string): void {
  const at = s.on(day);
  s.tell(at, s.owner, 'person-left', { person: person.draft, summary: why ?? `${person.first} left the company, mail comes back.` });
  person.left = at;
}
