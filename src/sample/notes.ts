/** What account managers and technicians write down, by occasion. One record is one occasion from beginning to end. */
import type { Offering } from './organisation.js';
import type { Facts } from './profile.js';

type Says = (f: Facts, p: string) => string;

export interface Fault {
  readonly severity: number;
  readonly opened: Says;
  readonly first: Says;
  readonly found: Says;
  readonly resolved: Says;
  readonly confirmed: Says;
}

export const FAULTS: readonly Fault[] = [
  { severity: 2, opened: (f, p) => `${p} rang before six: lower deck of the ${f.model} stays at 140 °C, upper deck is fine.`, first: (_f, p) => `Had ${p} reset the burner control twice; no flame. Told to move the batch to the upper deck.`, found: (f) => `Igniter of the lower burner cracked. New one from the van, deck back at 240 °C after 35 minutes in the bakery on ${f.street}.`, resolved: () => 'Igniter replaced, both decks at temperature, one test bake.', confirmed: (_f, p) => `${p} confirms: lower deck held all night.` },
  { severity: 2, opened: (f, p) => `Steam fails on deck 2, ${f.product} come out dull and torn. ${p} wants somebody before tomorrow’s batch.`, first: () => 'Valve opens, but no water arrives. Asked whether the softener was serviced: not since spring.', found: (_f, p) => `Steam nozzle scaled shut, softener empty. Descaled both decks and showed ${p} where the salt goes.`, resolved: () => 'Nozzles descaled, softener filled and set to the hardness of the water here.', confirmed: (f, p) => `Crust is back, says ${p}; first batch of ${f.product} went out on time.` },
  { severity: 1, opened: (f, p) => `Whole oven down since twenty to three, main breaker trips at once. ${p} has ${f.batch} to bake and nowhere to bake them.`, first: (_f, p) => `On the phone with ${p}: isolated the fan motor, breaker still trips. Sent the van.`, found: () => 'Water in the terminal box from a burst hose above. Dried, terminals replaced, hose clamped. Running again, but half the night was lost.', resolved: () => 'Terminal box rebuilt, hose above the oven moved out of the way by the plumber.', confirmed: (_f, p) => `No trip since, ${p} confirms. Still sore about the lost night.` },
  { severity: 3, opened: (_f, p) => `Door seal of deck 1 hangs out on the left, ${p} sees steam escaping.`, first: () => 'Asked for a photo: seal torn at the hinge. Not urgent, put on the next round.', found: () => 'Seal and one hinge pin replaced, door closes by itself again.', resolved: () => 'Seal replaced under the service plan.', confirmed: (_f, p) => `${p}: door is tight, and the kitchen is cooler.` },
  { severity: 3, opened: (f, p) => `Back left corner bakes darker by a shade, writes ${p} with photos of the ${f.product}.`, first: () => 'From the photos it looks like the baffle. Suggested turning the trays until we come.', found: () => 'Baffle had come off its bracket. Screwed back, measured nine points: within 6 °C.', resolved: () => 'Baffle fixed, heat map left with the customer.', confirmed: (_f, p) => `Even colour again, ${p} sent photos.` },
  { severity: 4, opened: (_f, p) => `Display of the control goes dark now and then, baking is not touched by it. ${p} asks for a look when somebody is around.`, first: () => 'Known weak spot of that display series; ordered a new panel.', found: () => 'Panel exchanged, programs copied over and checked one by one.', resolved: () => 'New panel on, old one sent back to the works.', confirmed: (_f, p) => `${p}: display is fine, all programs there.` },
  { severity: 3, opened: (_f, p) => `Lamp in deck 3 out and the loader squeaks. ${p} would like both done in one go.`, first: (_f, p) => `Agreed with ${p} to come with the van on the way back from the next town.`, found: () => 'Lamp and socket replaced, loader rail greased, one roller changed.', resolved: () => 'Lamp and loader done, nothing charged.', confirmed: (_f, p) => `Quiet loader, light everywhere: ${p} is content.` },
  { severity: 2, opened: (f, p) => `Since the update the stored programs for ${f.product} start 20 °C too hot. Two batches burnt, ${p} is angry.`, first: () => 'Confirmed from the bake log: offset counted twice. Set it to zero from here, asked to bake one tray and report.', found: (_f, p) => `Sat with ${p} through the early batch, corrected 11 programs by hand, put the older version back.`, resolved: () => 'Older software back on, works informed, corrected version promised in writing.', confirmed: (_f, p) => `${p} baked three nights with the corrected programs: fine.` },
  { severity: 3, opened: (_f, p) => `Flue smells when the wind stands on the chimney. ${p} asked the sweep, who points at our damper.`, first: () => 'Asked for the sweep’s protocol; draught at the lower limit.', found: () => 'Damper motor lagged behind. Recalibrated with the sweep present, values written on the door.', resolved: () => 'Damper calibrated, sweep signed the protocol.', confirmed: (_f, p) => `No smell for a week, ${p} reports.` },
  { severity: 4, opened: (_f, p) => `Cleaning brush of the deck worn after half a year, ${p} finds that early.`, first: () => 'Looked up: wrong bristle for stone decks was delivered.', found: () => 'Handed over two of the right brushes and took the wrong one back.', resolved: () => 'Right brush delivered, note in the parts list so that it does not happen again.', confirmed: (_f, p) => `${p} says the new brush does it.` },
];

export interface Question {
  readonly offering: Offering;
  readonly asked: (f: Facts) => string;
  readonly answered: (f: Facts) => string;
  readonly got: string;
}

export const QUESTIONS: readonly Question[] = [
  { offering: 'deck-oven', asked: (f) => `Does the ${f.model} run on the 63 amp supply we have, with the proofer on it?`, answered: (f) => `Yes, if the ${f.model} is set to staged heating; sent the wiring sheet for the electrician.`, got: 'The wiring sheet to hand on to the electrician' },
  { offering: 'deck-oven', asked: (f) => `Which setting do you suggest for ${f.product} when the dough rests overnight?`, answered: (f) => `Start at 245 °C, steam 12 seconds, drop to 215 °C after six minutes; program for ${f.product} sent as a file.`, got: 'A tried program, ready to load' },
  { offering: 'service-plan', asked: () => 'Is a call-out on a Sunday covered, or is that charged?', answered: () => 'Sundays and holidays are covered between 1 and 10 in the morning; outside of that half the rate. Quoted the paragraph.', got: 'Certainty about the cost of a Sunday call-out' },
  { offering: 'service-plan', asked: () => 'How long do we wait for a burner if it is not in the van?', answered: () => 'Until noon of the next working day, from the store here; sent the list of what the vans carry.', got: 'The list of parts that are always in the van' },
  { offering: 'remote-monitoring', asked: () => 'Can the inspector read the core temperatures without our help?', answered: () => 'Yes, with a reading-only link for one day. Showed where it is made.', got: 'Can hand the inspector a link' },
  { offering: 'remote-monitoring', asked: () => 'Who sees our bake data, and where is it kept?', answered: () => 'Only their own people and our technicians on duty; kept in Frankfurt for 24 months. Sent the agreement.', got: 'The data agreement for their files' },
  { offering: 'training', asked: () => 'Can two apprentices come for the price of one on a Monday?', answered: () => 'Yes on Mondays, when the test bakery is free; put two names down.', got: 'Two seats on a Monday' },
  { offering: 'deck-oven', asked: (f) => `How much floor load does the ${f.model} need? The landlord asks.`, answered: (f) => `Sent the load plan of the ${f.model}: 410 kg a square metre at the feet, fine for the ceiling there.`, got: 'The load plan for the landlord' },
];

/** Things that come up by mail or phone: what they write, what we answer; who answers. */
export const MATTERS: readonly { readonly who: 'owner' | 'technician' | 'operator'; readonly them: Says; readonly us: Says; readonly got?: string }[] = [
  { who: 'operator', them: (_f, p) => `${p} asks to have the invoice split by shop from next month on.`, us: (f) => `Split by cost centre from the next invoice on, ${f.sites > 1 ? `all ${f.sites} shops` : 'shop and bakehouse'} on one sheet.`, got: 'Invoices by shop' },
  { who: 'operator', them: () => 'New account for the direct debit, from the first on.', us: () => 'Account changed, confirmation sent with a copy for the tax adviser.' },
  { who: 'technician', them: (_f, p) => `${p} orders four deck brushes and a set of door seals.`, us: () => 'Seals from stock, brushes on Thursday; both go out together to save the freight.', got: 'One delivery instead of two' },
  { who: 'technician', them: (f, p) => `${p} wants to bake ${f.product} at the weekend and asks for a lower steam setting.`, us: () => 'Sent a program with 8 seconds of steam and asked for a photo of the first tray.', got: 'A program for the weekend' },
  { who: 'owner', them: (_f, p) => `${p} writes that the shop closes for two weeks of holiday and asks us to move the inspection.`, us: () => 'Inspection moved to the first week after the holiday, technician told.', got: 'No inspection in the holiday' },
  { who: 'owner', them: (f, p) => `${p} asks whether a colleague from ${f.town} may come and look at the oven at work.`, us: () => 'Of course, as long as it suits the shift; offered to come along and bring dough.' },
  { who: 'operator', them: () => 'Delivery note lists a proofing basket that never came.', us: () => 'Basket left here the day after, with a loaf tin as apology.', got: 'The missing basket' },
  { who: 'owner', them: (f, p) => `${p} passes on that ${f.rival} was there with an offer, and what was in it.`, us: () => 'Thanked for the openness, put what differs side by side: nights, parts, travel.', got: 'A comparison on one page' },
  { who: 'technician', them: (_f, p) => `${p} reports the water was changed over by the town and asks about hardness.`, us: () => 'Now 17 instead of 9 degrees: softener to be filled every three weeks, sticker sent.', got: 'Knows how often to fill the softener' },
  { who: 'owner', them: (_f, p) => `Rise of the electricity price: ${p} wants to know what moving the bake by an hour would bring.`, us: () => 'Worked it out from the meter curve: about 140 a month when the second heat-up falls into the cheap hours.', got: 'A figure to decide with' },
];

export const CHECK_INS: readonly Says[] = [
  (f, p) => `Asked ${p} how the ${f.model} behaves: no complaints, ${f.product} are even. Talked about the summer heat in the bakehouse.`,
  (_f, p) => `${p} is short of two bakers and works nights again. Oven is the least of the worries, which is the nicest thing to hear.`,
  (f, p) => `Went through the last three months with ${p}, ${f.batch} on most nights. Wants to talk about hygiene records next time.`,
  (f, p) => `${p} thinks about a second shop in ${f.town}. Lease not signed; asked me to ring again when it is.`,
  (f, p) => `Short one. ${p} was in the middle of the ${f.product}, all well, mail is better before ten.`,
  (_f, p) => `${p} told of a wedding order for Saturday and asked for the hotline number again. Texted it over.`,
  (f, p) => `Talked about prices of flour and butter. ${p} raised the ${f.product} by ten cents and nobody said a word.`,
  (_f, p) => `Long talk with ${p} about who takes over the bakery one day. The daughter is interested, and likes the bake curves.`,
];

export const VISITS: readonly Says[] = [
  (f, p) => `Stood at the oven from four with ${p}. Loader is handled roughly, showed the stop; ${f.product} look good.`,
  (_f, p) => `Brought the new price list and left it in the bag: ${p} first wanted to show the broken tap in the proofer. Fixed that.`,
  (f, p) => `Walked through ${f.sites > 1 ? `two of the ${f.sites} shops` : 'the bakehouse and the shop'} with ${p}. Counter staff ask for warm bread at four in the afternoon; a deck would be free then.`,
  (f, p) => `Tasted the ${f.product} with ${p} and two of the bakers. They bake longer at less heat now, on their own idea.`,
];

export const SEASON: readonly { readonly months: readonly number[]; readonly ask: Says; readonly answer: Says; readonly step: string; readonly done: string }[] = [
  { months: [9, 10, 11], ask: (_f, p) => `Wrote to ${p} about the weeks before Christmas: inspection before the first Advent, spare igniter on site?`, answer: (_f, p) => `${p} wants both, and the hotline number on the wall.`, step: 'Inspection before Advent, leave a spare igniter', done: 'Inspected, igniter left in the drawer by the proofer, hotline sticker on the door.' },
  { months: [1, 2, 3], ask: (_f, p) => `Asked ${p} for the plans for Easter: extra batches, and from which day on?`, answer: (_f, p) => `${p} doubles the plaits from the Wednesday before and wants the stored program checked.`, step: 'Check the plait program before Easter', done: 'Program checked with a test tray, 5 °C less on the top heat.' },
  { months: [4, 5, 6], ask: (_f, p) => `Sent ${p} our sheet on hot weeks: extraction, resting times, filter.`, answer: (_f, p) => `${p} asks for a new filter mat, the bakehouse had 41 °C last July.`, step: 'Change the filter mat before the summer', done: 'Filter changed, extraction measured: a third more air than before.' },
  { months: [7, 8, 12], ask: (_f, p) => `Asked ${p} whether the quiet weeks are good for the yearly maintenance.`, answer: (_f, p) => `Yes, best on a Tuesday after the early batch, writes ${p}.`, step: 'Yearly maintenance in the quiet weeks', done: 'Yearly maintenance done: burners, seals, steam, safety chain. Protocol left on site.' },
];

export const CHATS: readonly Says[] = [
  (_f, p) => `${p} sent a photo of the error “E14”. Answer within four minutes: door contact, wipe it. It was that.`,
  (f, p) => `${p} asked for the core temperature of ${f.product} in winter flour. 97 °C, as before.`,
  (_f, p) => `Is anybody on the way? ${p} was told the van is twenty minutes away.`,
  (_f, p) => `${p} wanted the part number of the deck lamp. Sent with a picture.`,
];

export const SILENT: readonly Says[] = [
  (_f, p) => `Rang ${p}, no answer; left a message with the mobile number.`,
  (_f, p) => `Wrote to ${p} asking how the season went. No answer so far.`,
  (_f, p) => `Second try this month. The shop says ${p} is “on the road”.`,
  (f) => `Sent the offer of an inspection to the general address in ${f.town}.`,
  (_f, p) => `Rang before five, when ${p} used to pick up. Nobody.`,
];

export const REMARKS: readonly Says[] = [
  (_f, p) => `${p} decides fast when figures are on one page; long offers stay on the pile.`,
  (f, p) => `Parking behind the yard on ${f.street}, ring twice. ${p} is in the bakehouse until nine.`,
  (f) => `${f.rival} has an oven in the town next door; their technician comes from two hours away.`,
  (_f, p) => `Met ${p} by chance at the mill. In good spirits, season is strong.`,
  (f, p) => `${p} compares everything with ${f.old}. Bring figures from the first weeks along.`,
];
