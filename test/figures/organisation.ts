/**
 * An organisation of twelve customers, and every figure of it computed by hand from docs/rings.md and docs/figures.md.
 *
 * Notation, a line for each entry: date, `>` from us or `<` from the customer, `name:` when others refer to it, kind, fields.
 * `EUR=12000` is an amount a year, `by=cem` who logged it (default: the owner), `recorded=` when, if not at once; `got=` what the
 * customer got, `stated=` and `observed=` a feeling, `x8 every 7d` the same again. Days begin at 00:00 UTC.
 */
export const COLLEAGUES = { ada: 'sales', ben: 'service', cem: 'marketing', dia: 'operations' } as const;

export interface Told {
  readonly name: string;
  readonly segment: string;
  readonly origin: string;
  readonly owner: keyof typeof COLLEAGUES;
  readonly team?: readonly string[];
  readonly referredBy?: string;
  readonly entries: string;
}

export const CUSTOMERS: readonly Told[] = [
  // Stays, grows and speaks for us. Silent over the winter of 2024: ring 1 is out for 84 days (not under consultancy). A survey came in late.
  { name: 'acker', segment: 'industry', origin: 'fair', owner: 'ada', entries: `
    2024-02-10 < enquiry
    2024-02-10 > person-added person=ines roles=champion
    2024-03-01 < first: purchase offering=plan EUR=12000
    2024-06-01 < value-reached
    2025-02-20 < second: renewal offering=plan EUR=12000 term=first
    2025-03-15 < survey-answered nps=9 person=ines
    2025-04-10 < outcome-confirmed
    2025-05-05 < case-study person=ines verification=evidenced
    2025-05-12 > manual: promise-made what=manual due=2025-06-01
    2025-05-20 < referral person=ines referredCustomer=bolt
    2025-05-30 > promise-delivered about=manual
    2025-06-01 < promise-confirmed about=manual
    2025-06-15 < survey-answered csat=3 ces=4 recorded=2026-02-20
    2025-09-01 < expansion term=second EUR=15000
    2025-11-10 > drawing: promise-made what=drawing due=2025-11-25
    2025-11-20 < outcome-confirmed
    2025-12-05 > promise-delivered about=drawing
    2026-02-10 < renewal offering=plan EUR=15000
    2026-04-08 > outreach channel=email
    2026-04-15 < survey-answered nps=10 person=ines` },
  // Brought by Acker, bought in 46 days; confirms value once. A visit is answered after 18 days: too late for 14, in time for 21.
  { name: 'bolt', segment: 'industry', origin: 'referral', owner: 'ada', entries: `
    2025-05-25 < enquiry
    2025-05-25 > person-added person=omar roles=decider
    2025-06-05 < choice: decision-opened what=supplier neededBy=2025-07-15
    2025-06-10 > meeting attended=yes observed=1 got=offer
    2025-07-10 < purchase offering=plan EUR=6000
    2025-07-12 < decision-closed about=choice outcome=us
    2025-09-15 < outcome-confirmed
    2025-12-10 < survey-answered csat=5 ces=6
    2026-05-10 > visit attended=no observed=-1
    2026-05-28 < reply stated=1` },
  // Goes on by silence from year to year, pays less, and turns from advocate to detractor; that survey is recorded two months late. A severe issue is open.
  { name: 'cura', segment: 'health', origin: 'web', owner: 'ben', entries: `
    2024-05-01 < enquiry
    2024-05-02 > person-added person=max roles=user
    2024-05-15 < first: purchase offering=care CHF=9000 renews=automatic noticeDays=30
    2024-09-01 < value-reached
    2025-03-10 > call attended=yes
    2025-05-20 < outcome-confirmed
    2025-08-01 < review stars=5 person=max verification=evidenced
    2025-10-20 < contraction term=first CHF=8000
    2025-12-05 < survey-answered nps=3 person=max recorded=2026-02-10
    2026-05-30 < fault: issue-opened severity=1 stated=-1
    2026-06-03 > call attended=yes about=fault got=workaround
    2026-06-25 < call attended=yes stated=1` },
  // Lets a contract run out, comes back after the grace. The amount of the second was a typing error, corrected later.
  { name: 'dorn', segment: 'health', origin: 'fair', owner: 'ben', entries: `
    2024-05-20 < enquiry
    2024-06-10 < purchase offering=support EUR=4000
    2024-07-15 < value-reached
    2025-04-20 > outreach channel=phone
    2025-06-25 > outreach channel=phone
    2025-07-14 < reply
    2025-10-30 > again: decision-opened what=return
    2025-11-10 < second: purchase offering=support EUR=50000
    2025-11-10 < decision-closed about=again outcome=us
    2026-03-05 corrects second: 2025-11-10 < purchase offering=support EUR=5000` },
  // An advocate for a gift, who takes her consent back; then they cancel the contract they had renewed.
  { name: 'esch', segment: 'retail', origin: 'web', owner: 'ada', entries: `
    2024-08-20 < enquiry
    2024-08-20 > person-added person=lea
    2024-09-01 < first: purchase offering=plan EUR=8000
    2025-01-15 < survey-answered nps=10 person=lea
    2025-02-10 < reference person=lea verification=confirmed incentivised=yes
    2025-03-05 < outcome-confirmed
    2025-08-20 < second: renewal offering=plan EUR=8000 term=first
    2025-10-01 < consent-withdrawn person=lea purpose=reference-calls
    2025-10-20 < leave: decision-opened what=stay neededBy=2025-11-10
    2025-11-15 < cancellation term=second effective=2025-12-20
    2025-11-20 < decision-closed about=leave outcome=another` },
  // Open-ended and silent. Its testimonial of October 2025 was never given, and is retracted in April 2026.
  { name: 'fink', segment: 'retail', origin: 'web', owner: 'ben', entries: `
    2025-01-05 < enquiry
    2025-01-05 > person-added person=nora
    2025-01-20 < purchase offering=care CHF=3000 renews=open-ended
    2025-02-15 < value-reached
    2025-10-15 < praise: testimonial person=nora verification=evidenced
    2025-11-20 > message-sent campaign=autumn by=cem
    2026-02-20 < survey-answered csat=2 ces=3
    2026-04-01 retracts praise` },
  // A prospect who says that it does not fit. The click on the message was somebody else's, and is retracted: then there never was a contact.
  { name: 'gral', segment: 'health', origin: 'fair', owner: 'ada', entries: `
    2025-04-15 > mailing: message-sent campaign=spring by=cem
    2025-04-25 < click: message-response about=mailing campaign=spring
    2025-06-20 < fit-declined
    2026-05-02 retracts click
    2026-05-20 > message-sent campaign=spring by=cem` },
  // A prospect whom Iller sent. Answers, but does not decide: the date has passed.
  { name: 'hafen', segment: 'retail', origin: 'web', owner: 'ben', referredBy: 'iller', entries: `
    2025-10-10 > outreach channel=email
    2025-10-18 < enquiry
    2025-12-22 > visit attended=yes observed=0 got=samples
    2026-01-10 < reply
    2026-04-20 < decision-opened what=start neededBy=2026-06-15
    2026-06-22 > call attended=no` },
  // Three years fixed. An advocate once, lapsed after a year. Two of us share the work in a team of four.
  { name: 'iller', segment: 'industry', origin: 'fair', owner: 'ada', team: ['ben', 'cem', 'dia'], entries: `
    2024-03-20 < enquiry
    2024-03-20 > person-added person=tom
    2024-04-01 < first: purchase offering=plan EUR=20000 start=2024-04-01 end=2027-04-01
    2024-06-20 < outcome-confirmed
    2024-08-01 < speaking person=tom verification=evidenced
    2025-01-20 < survey-answered nps=7 csat=4 person=tom
    2025-02-03 x5 every 14d > email about=first
    2025-02-10 x5 every 14d > email about=first by=ben
    2025-05-12 < outcome-confirmed
    2025-12-01 > meeting attended=yes observed=2 got=plans
    2026-05-05 < outcome-confirmed` },
  // The champion leaves and value is no longer seen, until a year later, after they renewed. In December 2025 ada takes over from ben.
  { name: 'jura', segment: 'industry', origin: 'web', owner: 'ben', entries: `
    2025-01-15 < enquiry
    2025-02-01 < purchase offering=plan EUR=10000
    2025-02-02 > person-added person=kim roles=champion
    2025-03-01 < outcome-confirmed
    2025-04-20 > person-left person=kim
    2025-06-15 < fault: issue-opened severity=2 stated=-2
    2025-06-18 > issue-resolved about=fault got=repaired
    2025-06-20 < issue-confirmed about=fault stated=1
    2025-12-01 > owner-changed owner=ada
    2026-01-25 < renewal offering=plan EUR=10000
    2026-03-01 < outcome-confirmed
    2026-06-12 > outreach channel=phone by=ben` },
  // Got the money back, bought again 76 days later, and posts for a discount: an act from when it was confirmed.
  { name: 'kogel', segment: 'retail', origin: 'fair', owner: 'ada', entries: `
    2025-08-01 < enquiry
    2025-08-01 > person-added person=uwe
    2025-08-15 < first: purchase offering=kit CHF=2500
    2025-09-10 < refund term=first full=yes
    2025-09-12 < survey-answered nps=0 csat=1 ces=2 person=uwe
    2025-11-05 > message-sent campaign=autumn by=cem
    2025-11-25 < purchase offering=kit CHF=2000
    2026-02-01 < survey-answered nps=8 csat=4 ces=5 person=uwe
    2026-03-10 < post: public-post stance=for person=uwe incentivised=yes
    2026-04-25 < act-verified about=post level=confirmed` },
  // Two offerings in two currencies: one goes on by silence, the other runs out. Knows nearly nobody but ben.
  { name: 'lenz', segment: 'health', origin: 'web', owner: 'ben', team: ['ada', 'cem', 'dia'], entries: `
    2025-05-01 < enquiry
    2025-05-01 > person-added person=vera
    2025-05-05 < start: decision-opened what=start neededBy=2025-06-02
    2025-06-01 < purchase offering=care EUR=3000 renews=automatic
    2025-06-01 < purchase offering=plan CHF=7000
    2025-06-02 < decision-closed about=start outcome=us
    2025-06-04 < asked: question-asked
    2025-06-05 x8 every 7d > email about=asked
    2025-07-31 x2 every 7d > email about=asked by=ada
    2025-08-20 < value-reached
    2025-11-05 < survey-answered nps=9 csat=5 ces=7 person=vera
    2026-02-25 < training-completed
    2026-04-10 < more: decision-opened what=more neededBy=2026-05-31
    2026-04-30 < referral person=vera
    2026-05-15 < decision-closed about=more outcome=postponed stated=0` },
];

export const PRESET_NAMES = ['annual-contracts', 'consultancy'] as const;
/** asOf and asKnown, as dates: the ends of these days. */
export const COLUMNS = [
  ['2025-06-30', '2026-01-15'],
  ['2025-06-30', '2026-07-31'],
  ['2025-12-31', '2026-01-15'],
  ['2025-12-31', '2026-07-31'],
  ['2026-06-30', '2026-07-31'],
] as const;

/**
 * Windows of 365 days begin on 1 July 2024, 1 January 2025 and 1 July 2025; those of 90 days on 2 April 2025, 3 October 2025 and
 * 2 April 2026. Customers by their first two letters; `+` above the line, `-` below it only.
 *
 * Lit, and so the first rows:
 *   annual       A  12345 Ac · 1234 Cu · 1235 Es Il · 123 Fi · 12 Ju Le · 1 Bo · 2 Do (grace) · none Gr; Ha and Ko are not there yet
 *                B  12345 Ac · 123 Bo Le · 12 Do Il Ko · 1 Es Ha · 2 Ju · none Gr; early 1245 Cu, 125 Fi; late 124 Cu, 2 Fi
 *                C  1234 Ju · 123 Il · 124 Ac Cu Fi Le · 125 Ko · 12 Bo · 1 Ha · 2 Do · none Es Gr
 *   consultancy  A  12345 Ac · 1234 Cu · 1235 Es Il · 12 Fi Ju Le · 1 Bo · none Do Gr
 *                B  12345 Ac · 123 Bo · 1235 Il · 124 Do Ko · 12 Ju Le · 1 Es Ha · none Gr; early 12345 Cu, 125 Fi; late 1234 Cu, 12 Fi
 *                C  12345 Ac · 1234 Ju · 1235 Il · 1245 Ko · 123 Bo · 124 Cu Do Fi Le · 1 Ha · none Es Gr
 * Revenue       A  EUR Ac 12 Do 4 (annual: grace) Es 8 Il 20 Ju 10 Le 3 · CHF Cu 9 Fi 3 Le 7 (thousands)
 *               B  EUR Ac 15 Bo 6 Do 50, corrected 5, Il 20 Ju 10 Le 3 · CHF Cu 8 Fi 3 Ko 2 Le 7
 *               C  EUR Ac 15 Bo 6 Do 5 Il 20 Ju 10 Le 3 · CHF Cu 8 Fi 3 Ko 2 Le 7 (annual: grace)
 */
export const EXPECTED = `
figure · group | annual A early | A late | B early | B late | C late | consultancy A early | A late | B early | B late | C late
# A: Ac Es Il of Ac Cu Do Es Fi Il Ju Le (consultancy without Do); B: early Ac Cu Fi, late Ac, consultancy and Il, of Ac Bo Cu Do Fi Il Ju Ko Le; C: Ko, consultancy Ac Il Ko.
advocacy-rate | 3 of 8 | 3 of 8 | 3 of 9 | 1 of 9 | 1 of 9 | 3 of 7 | 3 of 7 | 4 of 9 | 2 of 9 | 3 of 9
# A: Ac 12 + Es 8 + Il 20 of 57 (53); B: Ac 15 (and Il 20) of 104, corrected 59; CHF early Cu 8 + Fi 3; C: Ko 2, consultancy Ac 15 + Il 20, Le's 7 no longer below.
advocacy-rate-by-revenue · CHF | 0 of 19000 | 0 of 19000 | 11000 of 20000 | 0 of 20000 | 2000 of 20000 | 0 of 19000 | 0 of 19000 | 11000 of 20000 | 0 of 20000 | 2000 of 13000
advocacy-rate-by-revenue · EUR | 40000 of 57000 | 40000 of 57000 | 15000 of 104000 | 15000 of 59000 | 0 of 59000 | 40000 of 53000 | 40000 of 53000 | 35000 of 104000 | 35000 of 59000 | 35000 of 59000
# B: Ac Cu Il and, until it is retracted, Fi; Es is no customer any more. C: and Ko.
advocacy-rate-ever | 3 of 8 | 3 of 8 | 4 of 9 | 3 of 9 | 4 of 9 | 3 of 7 | 3 of 7 | 4 of 9 | 3 of 9 | 4 of 9
# As the rate, without Es at A and Ko at C.
advocacy-rate-unpaid | 2 of 8 | 2 of 8 | 3 of 9 | 1 of 9 | 0 of 9 | 2 of 7 | 2 of 7 | 4 of 9 | 2 of 9 | 2 of 9
# Ines 51 days, Lea 26; Vera answered on 5 November 2025 (90 days old only in February), and acted 176 days later.
advocate-activation | 2 of 2 | 2 of 2 | 2 of 2 | 2 of 2 | 0 of 1 | 2 of 2 | 2 of 2 | 2 of 2 | 2 of 2 | 0 of 1
# The sets above.
ring-distribution · 1 | 1 | 1 | 2 | 2 | 1 | 1 | 1 | 2 | 2 | 1
ring-distribution · 1+2 | 2 | 2 | 3 | 3 | 1 | 3 | 3 | 2 | 3 | -
ring-distribution · 1+2+3 | 1 | 1 | 2 | 2 | 1 | - | - | 1 | 1 | 1
ring-distribution · 1+2+3+4 | 1 | 1 | - | - | 1 | 1 | 1 | - | 1 | 1
ring-distribution · 1+2+3+4+5 | 1 | 1 | 1 | 1 | - | 1 | 1 | 2 | 1 | 1
ring-distribution · 1+2+3+5 | 2 | 2 | - | - | - | 2 | 2 | 1 | 1 | 1
ring-distribution · 1+2+4 | - | - | - | 1 | 4 | - | - | 2 | 2 | 4
ring-distribution · 1+2+4+5 | - | - | 1 | - | - | - | - | - | - | 1
ring-distribution · 1+2+5 | - | - | 1 | - | 1 | - | - | 1 | - | -
ring-distribution · 2 | 1 | 1 | 1 | 2 | 1 | - | - | - | - | -
ring-distribution · none | 1 | 1 | 1 | 1 | 2 | 2 | 2 | 1 | 1 | 2
# The sets above; A: 10 customers, B and C: 12.
ring-share · 1 Contact | 8 of 10 | 8 of 10 | 10 of 12 | 9 of 12 | 9 of 12 | 8 of 10 | 8 of 10 | 11 of 12 | 11 of 12 | 10 of 12
ring-share · 2 Purchase | 8 of 10 | 8 of 10 | 9 of 12 | 9 of 12 | 9 of 12 | 7 of 10 | 7 of 10 | 9 of 12 | 9 of 12 | 9 of 12
ring-share · 3 Adoption | 5 of 10 | 5 of 10 | 3 of 12 | 3 of 12 | 2 of 12 | 4 of 10 | 4 of 10 | 4 of 12 | 4 of 12 | 4 of 12
ring-share · 4 Renewal | 2 of 10 | 2 of 10 | 2 of 12 | 2 of 12 | 5 of 12 | 2 of 10 | 2 of 10 | 4 of 12 | 4 of 12 | 7 of 12
ring-share · 5 Advocacy | 3 of 10 | 3 of 10 | 3 of 12 | 1 of 12 | 1 of 12 | 3 of 10 | 3 of 10 | 4 of 12 | 2 of 12 | 3 of 12
# Ring 1: A +Ac +Cu +Do -Il; B +Cu +Do +Il -Es; C +Es +Fi +Il +Ju -Ac -Bo -Cu -Le. Consultancy: A B only Do is lost; C +Es +Fi.
ring-losses · 1 Contact | 3 of 4 | 3 of 4 | 3 of 4 | 3 of 4 | 4 of 8 | 1 of 4 | 1 of 4 | 1 of 5 | 1 of 5 | 2 of 8
# A -Ac -Cu -Do -Il (consultancy +Do: no grace); B +Do +Es -Ac -Cu -Il; C +Do +Es (consultancy: Do was out before).
ring-losses · 2 Purchase | 0 of 4 | 0 of 4 | 2 of 5 | 2 of 5 | 2 of 8 | 1 of 4 | 1 of 4 | 2 of 5 | 2 of 5 | 1 of 7
# A +Ac +Il; B +Cu +Do; C +Ac +Cu +Es +Fi +Il. Consultancy: A B -Il; C +Cu +Es -Ac -Il.
ring-losses · 3 Adoption | 2 of 2 | 2 of 2 | 2 of 2 | 2 of 2 | 5 of 5 | 0 of 1 | 0 of 1 | 0 of 1 | 0 of 1 | 2 of 4
# C -Ac -Cu.
ring-losses · 4 Renewal | - | - | - | - | 0 of 2 | - | - | - | - | 0 of 2
# B +Il; C +Ac +Es +Il. Consultancy: 730 days keep Ac and Il.
ring-losses · 5 Advocacy | - | - | 1 of 1 | 1 of 1 | 3 of 3 | - | - | 0 of 1 | 0 of 1 | 1 of 3
# The losses just counted, by cause.
ring-loss-causes · 1 Contact: dormant | 3 | 3 | 3 | 3 | 4 | 1 | 1 | 1 | 1 | 2
ring-loss-causes · 2 Purchase: cancelled | - | - | 1 | 1 | 1 | - | - | 1 | 1 | 1
ring-loss-causes · 2 Purchase: expired | - | - | 1 | 1 | 1 | 1 | 1 | 1 | 1 | -
ring-loss-causes · 3 Adoption: no longer a customer | - | - | - | - | - | - | - | - | - | 1
ring-loss-causes · 3 Adoption: value not seen | 2 | 2 | 2 | 2 | 5 | - | - | - | - | 1
ring-loss-causes · 5 Advocacy: consent withdrawn | - | - | - | - | 1 | - | - | - | - | 1
ring-loss-causes · 5 Advocacy: lapsed | - | - | 1 | 1 | 2 | - | - | - | - | -
# Of the losses counted above, those 90 days old. A +Ac 84 d +Cu 10 -Do; B +Cu -Do; C +Il 23 +Ju 39 -Es -Fi (not Do: out at the start). Consultancy: A Do lost it 21 days ago; B +Do 34; C +Fi 5.
rings-regained · 1 Contact | 2 of 3 | 2 of 3 | 1 of 2 | 1 of 2 | 2 of 4 | - | - | 1 of 1 | 1 of 1 | 1 of 1
# B -Do (93 days); C -Do -Es. Consultancy: B -Do (153); C -Es. Ko lost and regained it between start and end: not counted.
rings-regained · 2 Purchase | - | - | 0 of 1 | 0 of 1 | 0 of 2 | - | - | 0 of 1 | 0 of 1 | 0 of 1
# A -Ac -Il; B +Cu 81 -Do; C +Ac 44 -Cu -Es -Fi -Il. Consultancy: C -Es; Cu lost it 42 days ago.
rings-regained · 3 Adoption | 0 of 2 | 0 of 2 | 1 of 2 | 1 of 2 | 1 of 5 | - | - | - | - | 0 of 1
# B -Il; C -Es -Il; Ac lapsed 57 days ago. Consultancy: C -Es.
rings-regained · 5 Advocacy | - | - | 0 of 1 | 0 of 1 | 0 of 2 | - | - | - | - | 0 of 1
# Days: Es Il 12, Cu Ko 14, Fi 15, Ju 17, Ac 20, Do 21, Le 31, Bo 46; Gr (early) and Ha wait. At 17 days exactly half are left when Gr counts: the middle of 17 and 20.
ring-conversion-1-to-2 | 18.5 d, 8 of 10 | 17 d, 8 of 9 | 18.5 d, 10 of 12 | 17 d, 10 of 11 | 17 d, 10 of 11 | 18.5 d, 8 of 10 | 17 d, 8 of 9 | 18.5 d, 10 of 12 | 17 d, 10 of 11 | 17 d, 10 of 11
# Days: Fi 26, Ju 28, Do 35, Bo 67, Il Le 80, Ac 92, Cu 109, Es 185; Ko waits. A: 7/8 · 6/7 · 4/5 · 3/4 = 0.45 at 80. Consultancy: Ju 28, Bo 67, Il 80, Es 185, Cu 370, Ac 405; Do Fi Ko Le wait; A: 7/8 · 5/6 · 3/4 · 2/3 = 0.36 at 370.
ring-conversion-2-to-3 | 80 d, 7 of 8 | 80 d, 7 of 8 | 80 d, 9 of 10 | 80 d, 9 of 10 | 80 d, 9 of 10 | 370 d, 5 of 8 | 370 d, 5 of 8 | 370 d, 6 of 10 | 370 d, 6 of 10 | 370 d, 6 of 10
# Days: Es 180, Cu 256, Ac 273, Le 285, Ju 337, Fi 339; Bo Do Il wait. A: 3/4 · 2/3 = exactly half at 273, to the end at 376 (Il): the middle, 324.5. B: 4/7 are left. Consultancy: Ac and Cu already; Es 180, Ju 337; Bo Il wait.
ring-conversion-3-to-4 | 324.5 d, 2 of 7 | 324.5 d, 2 of 7 | never, 3 of 9 | never, 3 of 9 | 337 d, 6 of 9 | never, 0 of 3, 2 already | never, 0 of 3, 2 already | never, 1 of 4, 2 already | never, 1 of 4, 2 already | 337 d, 2 of 4, 2 already
# Days: Ac 65, Cu 78; Es already. A: Cu waits 47. B: half at 65, the middle of 65 and 78. C: Fi 162, Ju 150, Le 30 wait; 3/4 · 2/3 = half from 78 to the end at 162. Consultancy: Do waits, Ko 151.
ring-conversion-4-to-5 | 65 d, 1 of 2 | 65 d, 1 of 2 | 71.5 d, 2 of 2, 1 already | 71.5 d, 2 of 2, 1 already | 120 d, 2 of 5, 1 already | 65 d, 1 of 2 | 65 d, 1 of 2 | 71.5 d, 2 of 4, 1 already | 71.5 d, 2 of 4, 1 already | 151 d, 3 of 7, 1 already
# Start A: Ac 12 Do 4 Il 20 · Cu 9; B: and Es 8, gone; C: Ac Do Il Ju Le of 57 without Es · Cu 8 Fi 3 Le 7 of 19. Consultancy: care alone recurs.
gross-revenue-retention · CHF | 9000 of 9000 | 9000 of 9000 | 8000 of 9000 | 8000 of 9000 | 18000 of 19000 | 9000 of 9000 | 9000 of 9000 | 8000 of 9000 | 8000 of 9000 | 11000 of 12000
gross-revenue-retention · EUR | 36000 of 36000 | 36000 of 36000 | 36000 of 44000 | 36000 of 44000 | 49000 of 57000 | - | - | - | - | 3000 of 3000
# End B: Ac 15 Do 50, corrected 5, Il 20; C: Ac 15 Do 5 Il 20 Ju 10 Le 3.
net-revenue-retention · CHF | 9000 of 9000 | 9000 of 9000 | 8000 of 9000 | 8000 of 9000 | 18000 of 19000 | 9000 of 9000 | 9000 of 9000 | 8000 of 9000 | 8000 of 9000 | 11000 of 12000
net-revenue-retention · EUR | 36000 of 36000 | 36000 of 36000 | 85000 of 44000 | 40000 of 44000 | 53000 of 57000 | - | - | - | - | 3000 of 3000
# A +Ac +Cu -Do; B +Ac +Cu +Es -Do; C +Ac +Cu +Es +Fi +Ju +Le (care) -Le (plan, in grace). Consultancy: A B +Cu; C +Cu +Fi +Le.
renewal-rate | 2 of 3 | 2 of 3 | 3 of 4 | 3 of 4 | 6 of 7 | 1 of 1 | 1 of 1 | 1 of 1 | 1 of 1 | 3 of 3
# By decision Ac Es Ju.
renewal-rate-by-decision | 1 of 3 | 1 of 3 | 2 of 4 | 2 of 4 | 3 of 7 | 0 of 1 | 0 of 1 | 0 of 1 | 0 of 1 | 0 of 3
# All but Es of those with revenue at the start.
logo-retention | 4 of 4 | 4 of 4 | 4 of 5 | 4 of 5 | 7 of 8 | 1 of 1 | 1 of 1 | 1 of 1 | 1 of 1 | 3 of 3
# Ac; B and Do Es; C and Ju. Ko bought once, Le twice at one instant.
repeat-rate | 1 of 8 | 1 of 8 | 3 of 10 | 3 of 10 | 4 of 10 | 1 of 8 | 1 of 8 | 3 of 10 | 3 of 10 | 4 of 10
# A: Do (grace), Es (90 days before the end), Ju (ring 3 out). B: Ac (90 days), Cu Do Fi Il Ju (ring 3 out); Il's contract ends with 31 March. C: Bo (9 days), Ac Cu Do Fi Le (ring 3 out; both its contracts with the later one). Consultancy: of what recurs only Cu at C had ring 3 and lost it.
value-at-risk · CHF 2026-Q2 | - | - | 8000 | 8000 | - | - | - | - | - | -
value-at-risk · CHF 2027-Q2 | - | - | - | - | 15000 | - | - | - | - | 8000
value-at-risk · CHF no date | - | - | 3000 | 3000 | 3000 | - | - | - | - | -
value-at-risk · EUR 2025-Q2 | 4000 | 4000 | - | - | - | - | - | - | - | -
value-at-risk · EUR 2025-Q3 | 8000 | 8000 | - | - | - | - | - | - | - | -
value-at-risk · EUR 2026-Q1 | 10000 | 10000 | 25000 | 25000 | - | - | - | - | - | -
value-at-risk · EUR 2026-Q3 | - | - | - | - | 6000 | - | - | - | - | -
value-at-risk · EUR 2026-Q4 | - | - | 50000 | 5000 | 5000 | - | - | - | - | -
value-at-risk · EUR 2027-Q1 | - | - | 20000 | 20000 | 15000 | - | - | - | - | -
value-at-risk · EUR 2027-Q2 | - | - | - | - | 3000 | - | - | - | - | -
# A B Ac; C Le; of those with ring 2 lit.
referral-rate | 1 of 8 | 1 of 8 | 1 of 9 | 1 of 9 | 1 of 9 | 1 of 7 | 1 of 7 | 1 of 9 | 1 of 9 | 1 of 9
# Bo bought in July; Ha is referred by its own file from October on.
referral-conversion | 0 of 1 | 0 of 1 | 1 of 2 | 1 of 2 | 1 of 2 | 0 of 1 | 0 of 1 | 1 of 2 | 1 of 2 | 1 of 2
# End + Bo 6 - start: B EUR 85 (40) + 6 - 44; C 53 + 6 - 57. CHF 8 - 9, 18 - 19; consultancy 11 - 12.
earned-growth · CHF | 0 of 9000 | 0 of 9000 | -1000 of 9000 | -1000 of 9000 | -1000 of 19000 | 0 of 9000 | 0 of 9000 | -1000 of 9000 | -1000 of 9000 | -1000 of 12000
earned-growth · EUR | 0 of 36000 | 0 of 36000 | 47000 of 44000 | 2000 of 44000 | 2000 of 57000 | - | - | - | - | 0 of 3000
# A: 9 10 7; B: 9 10 7 0 9, late 3, too; C: 0 9 3 8 10.
nps | 66.6667 of 3 | 66.6667 of 3 | 40 of 5 | 16.6667 of 6 | 0 of 5 | 66.6667 of 3 | 66.6667 of 3 | 40 of 5 | 16.6667 of 6 | 0 of 5
# A: 4, late 3, too; B: 5 4 1 5, late 3; C: 5 1 5 4 2.
csat | 1 of 1 | 1 of 2 | 3 of 4 | 3 of 5 | 3 of 5 | 1 of 1 | 1 of 2 | 3 of 4 | 3 of 5 | 3 of 5
# A: none, late 4; B: 6 2 7, late 4; C: 6 2 7 5 3.
ces | none | 4 of 1 | 5 of 3 | 4.75 of 4 | 4.6 of 5 | none | 4 of 1 | 5 of 3 | 4.75 of 4 | 4.6 of 5
# A: Bo; B: none; C: Ha, overdue.
open-decisions | 1 | 1 | 0 | 0 | 1 | 1 | 1 | 0 | 0 | 1
# A: Le; B: Do Es; C: Le.
decisions-closed | 1 | 1 | 2 | 2 | 1 | 1 | 1 | 2 | 2 | 1
decisions-closed-by-week · 2025-06-02 | 1 | 1 | - | - | - | 1 | 1 | - | - | -
decisions-closed-by-week · 2025-11-10 | - | - | 1 | 1 | - | - | - | 1 | 1 | -
decisions-closed-by-week · 2025-11-17 | - | - | 1 | 1 | - | - | - | 1 | 1 | -
decisions-closed-by-week · 2026-05-11 | - | - | - | - | 1 | - | - | - | - | 1
# endings: Gr declines in June 2025, Es goes to another in November, Le postpones in May 2026; nothing is taken up again
endings · declined by the customer | 1 | 1 | 1 | 1 | - | 1 | 1 | 1 | 1 | -
endings · lost to another | - | - | 1 | 1 | 1 | - | - | 1 | 1 | 1
endings · postponed | - | - | - | - | 1 | - | - | - | - | 1
# A: Le 28; B: Do 11, Es 31; C: Le 35.
decision-time | 28 of 1 | 28 of 1 | 21 of 2 | 21 of 2 | 35 of 1 | 28 of 1 | 28 of 1 | 21 of 2 | 21 of 2 | 35 of 1
# A: Le 3 of 29 days, Bo 1 of 26; B: Es 3 of 32, Do 1 of 12; C: Le 3 of 36, Ha 1 of 72.
decision-active-days | 4 of 55 | 4 of 55 | 4 of 44 | 4 of 44 | 4 of 108 | 4 of 55 | 4 of 55 | 4 of 44 | 4 of 44 | 4 of 108
# A: +Le on the day itself; B: -Es, Do had no date; C: +Le.
decided-in-time | 1 of 1 | 1 of 1 | 0 of 1 | 0 of 1 | 1 of 1 | 1 of 1 | 1 of 1 | 0 of 1 | 0 of 1 | 1 of 1
# A: early +Gr 10 d, late -Gr, -Do; B: +Ha 8 d -Il -Fi, Ko 20 d: - for 14, + for 21; C: +Ac 7 d -Gr, Bo 18 d: -, +; Ju 19 days ago: -, waits. Waiting: Do; Ha; Ha.
response-yield | 1 of 2 | 0 of 2 | 1 of 4 | 1 of 4 | 1 of 4 | 1 of 2 | 0 of 2 | 2 of 4 | 2 of 4 | 2 of 3
response-yield-by-kind · meeting | - | - | 0 of 1 | 0 of 1 | - | - | - | 0 of 1 | 0 of 1 | -
response-yield-by-kind · message-sent | 1 of 1 | 0 of 1 | 0 of 2 | 0 of 2 | 0 of 1 | 1 of 1 | 0 of 1 | 1 of 2 | 1 of 2 | 0 of 1
response-yield-by-kind · outreach | 0 of 1 | 0 of 1 | 1 of 1 | 1 of 1 | 1 of 2 | 0 of 1 | 0 of 1 | 1 of 1 | 1 of 1 | 1 of 1
response-yield-by-kind · visit | - | - | - | - | 0 of 1 | - | - | - | - | 1 of 1
response-yield-by-channel · email | 1 of 1 | 0 of 1 | 1 of 3 | 1 of 3 | 1 of 2 | 1 of 1 | 0 of 1 | 2 of 3 | 2 of 3 | 1 of 2
response-yield-by-channel · in-person | - | - | - | - | 0 of 1 | - | - | - | - | 1 of 1
response-yield-by-channel · meeting | - | - | 0 of 1 | 0 of 1 | - | - | - | 0 of 1 | 0 of 1 | -
response-yield-by-channel · phone | 0 of 1 | 0 of 1 | - | - | 0 of 1 | 0 of 1 | 0 of 1 | - | - | -
response-yield-by-department · marketing | 1 of 1 | 0 of 1 | 0 of 2 | 0 of 2 | 0 of 1 | 1 of 1 | 0 of 1 | 1 of 2 | 1 of 2 | 0 of 1
response-yield-by-department · sales | - | - | 0 of 1 | 0 of 1 | 1 of 2 | - | - | 0 of 1 | 0 of 1 | 2 of 2
response-yield-by-department · service | 0 of 1 | 0 of 1 | 1 of 1 | 1 of 1 | 0 of 1 | 0 of 1 | 0 of 1 | 1 of 1 | 1 of 1 | -
response-yield-by-campaign · autumn | - | - | 0 of 2 | 0 of 2 | - | - | - | 1 of 2 | 1 of 2 | -
response-yield-by-campaign · spring | 1 of 1 | 0 of 1 | - | - | 0 of 1 | 1 of 1 | 0 of 1 | - | - | 0 of 1
opening-moves · drew a response | 1 | - | 1 | 1 | 1 | 1 | - | 2 | 2 | 2
opening-moves · no response yet | 1 | 1 | 1 | 1 | 1 | 1 | 1 | 1 | 1 | 2
opening-moves · none | 1 | 2 | 3 | 3 | 3 | 1 | 2 | 2 | 2 | 1
# A: Bo Ju Le Le of these and Do Do Gr Bo; B: Ha of Ha Ha Il Fi Ko and Ha; C: Cu Cu and Ac Bo Gr Ha Ju.
dialogue-balance | 4 of 8 | 4 of 8 | 1 of 6 | 1 of 6 | 2 of 7 | 4 of 8 | 4 of 8 | 1 of 6 | 1 of 6 | 2 of 7
# A: Bo Ju of Ac Do 2 Gr Bo Il Le 4 Ju; B: Ha Il of Ac Ha 2 Il Fi Ko; C: Cu of Ac Bo Gr Ha Ju Cu.
value-in-interaction | 2 of 11 | 2 of 11 | 2 of 6 | 2 of 6 | 1 of 6 | 2 of 11 | 2 of 11 | 2 of 6 | 2 of 6 | 1 of 6
# A: Il 5 of 10; B: Il 6 of 11, Le 8 of 10; C: nobody has ten.
one-colleague-share | 0 of 1 | 0 of 1 | 1 of 2 | 1 of 2 | none | 0 of 1 | 0 of 1 | 1 of 2 | 1 of 2 | none
# A: Bo 1 · Ju -2 1; B: Ha 0 Il 2; C: Bo -1 · Bo 1 Cu -1 1 Le 0.
feeling · observed | 1 of 1 | 1 of 1 | 1 of 2 | 1 of 2 | -1 of 1 | 1 of 1 | 1 of 1 | 1 of 2 | 1 of 2 | -1 of 1
feeling · stated | -0.5 of 2 | -0.5 of 2 | - | - | 0.25 of 4 | -0.5 of 2 | -0.5 of 2 | - | - | 0.25 of 4
# A: Ju; C: Cu.
feeling-before-and-after · stated, after | 1 of 1 | 1 of 1 | - | - | 1 of 1 | 1 of 1 | 1 of 1 | - | - | 1 of 1
feeling-before-and-after · stated, before | -2 of 1 | -2 of 1 | - | - | -1 of 1 | -2 of 1 | -2 of 1 | - | - | -1 of 1
# Ac: the manual in time and confirmed, the drawing ten days late.
promise-kept | 1 of 1 | 1 of 1 | 0 of 1 | 0 of 1 | none | 1 of 1 | 1 of 1 | 0 of 1 | 0 of 1 | none
promise-repaired | none | none | 1 of 1 | 1 of 1 | none | none | none | 1 of 1 | 1 of 1 | none
promise-confirmed | 1 of 1 | 1 of 1 | 0 of 1 | 0 of 1 | none | 1 of 1 | 1 of 1 | 0 of 1 | 0 of 1 | none
promise-produced-by-department · sales | 1 of 1 | 1 of 1 | 0 of 1 | 0 of 1 | - | 1 of 1 | 1 of 1 | 0 of 1 | 0 of 1 | -
promise-kept-by-department · sales | 1 of 1 | 1 of 1 | 0 of 1 | 0 of 1 | - | 1 of 1 | 1 of 1 | 0 of 1 | 0 of 1 | -
promise-confirmed-by-department · sales | 1 of 1 | 1 of 1 | 0 of 1 | 0 of 1 | - | 1 of 1 | 1 of 1 | 0 of 1 | 0 of 1 | -
`;

/** The advocacy rate of parts, annual contracts. Jura goes from service to sales in December; an offering reads its own terms and acts that name none. */
export const PARTS = `
split · part | A early | A late | B early | B late | C late
# A: ada has Ac Es Il, ben Cu Do Fi Ju Le. B: ada Ac Bo Il Ju Ko, ben Cu Do Fi Le.
department · sales | 3 of 3 | 3 of 3 | 1 of 5 | 1 of 5 | 1 of 5
department · service | 0 of 5 | 0 of 5 | 2 of 4 | 0 of 4 | 0 of 4
# Industry Ac Bo Il Ju, health Cu Do Le, retail Es Fi Ko.
segment · health | 0 of 3 | 0 of 3 | 1 of 3 | 0 of 3 | 0 of 3
segment · industry | 2 of 3 | 2 of 3 | 1 of 4 | 1 of 4 | 0 of 4
segment · retail | 1 of 2 | 1 of 2 | 1 of 2 | 0 of 2 | 1 of 2
# Fair Ac Do Il Ko, referral Bo, web Cu Es Fi Ju Le.
origin · fair | 2 of 3 | 2 of 3 | 1 of 4 | 1 of 4 | 1 of 4
origin · referral | - | - | 0 of 1 | 0 of 1 | 0 of 1
origin · web | 1 of 5 | 1 of 5 | 2 of 4 | 0 of 4 | 0 of 4
# Care Cu Fi Le, kit Ko, plan Ac Bo Es Il Ju Le (in grace at C), support Do.
offering · care | 0 of 3 | 0 of 3 | 2 of 3 | 0 of 3 | 0 of 3
offering · kit | - | - | 0 of 1 | 0 of 1 | 1 of 1
offering · plan | 3 of 5 | 3 of 5 | 1 of 5 | 1 of 5 | 0 of 5
offering · support | 0 of 1 | 0 of 1 | 0 of 1 | 0 of 1 | 0 of 1
`;
