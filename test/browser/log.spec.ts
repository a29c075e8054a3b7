/** Logging an entry: by keyboard alone, once however often it is sent, and nothing lost. */
import { axeFindsInBothThemes, isIn, press, Site, tabTo } from './browser.js';
import type { Page } from 'playwright-core';

jest.setTimeout(240_000);

let site: Site;
let morel: string;
beforeAll(async () => {
  site = await Site.open();
  morel = await site.customer('Morel & Fils');
});

/** Entries of a customer, newest first. */
const entriesOf = async (id: string): Promise<any[]> => { // eslint-disable-line @typescript-eslint/no-explicit-any -- answers are read
  await site.caughtUp();
  return (await site.ask('GET', `customers/${id}/timeline`)).items.filter((item: any) => item.kind !== undefined && item.id !== undefined); // eslint-disable-line @typescript-eslint/no-explicit-any -- as above
};

const open = async (page: Page): Promise<void> => {
  await page.goto('/portfolio');
  await page.getByRole('heading', { name: 'Portfolio' }).waitFor();
  await press(page, 'l');
  await page.getByRole('dialog', { name: 'Log an entry' }).waitFor();
  await page.getByRole('combobox', { name: 'Customer' }).waitFor();
};
const isClosed = (page: Page): Promise<void> => page.getByRole('dialog', { name: 'Log an entry' }).waitFor({ state: 'detached' });

it('an ordinary call takes a few keys; Enter pressed twice sends once', async () => {
  const { page, faults } = await site.visitAs('service');
  await open(page);
  await page.keyboard.type('morel');
  await press(page, 'Enter');
  await isIn(page, 'What happened');
  await press(page, '1');
  await isIn(page, 'Who acted');
  await press(page, 'w');
  await isIn(page, 'What was said and done');
  await page.keyboard.type('Asked when the second line will be delivered');
  await press(page, 'Control+Enter', 'Control+Enter');
  await isClosed(page);
  await page.getByText('Recorded for Morel & Fils.').waitFor();
  const calls = (await entriesOf(morel)).filter(({ summary }) => summary === 'Asked when the second line will be delivered');
  expect(calls).toHaveLength(1);
  expect(calls[0]).toMatchObject({ kind: 'call', side: 'us', attended: true, channel: 'phone' });
  expect(faults).toEqual([]);
});

it('a reload loses nothing: new customer, new person, a further fact and a next step go out in one request', async () => {
  const { page, faults } = await site.visitAs('account-manager');
  await open(page);
  await page.keyboard.type('Nordlicht Energie');
  await page.getByRole('option', { name: 'New customer “Nordlicht Energie”' }).waitFor();
  await press(page, 'Enter');
  await isIn(page, 'What happened');
  // By a word for it.
  await page.keyboard.type('demo');
  await press(page, 'Enter');
  await isIn(page, 'Who acted');
  await press(page, 't');
  await isIn(page, 'What was said and done');
  await page.keyboard.type('Saw the second line at work');
  await tabTo(page, 'When');
  await page.keyboard.type('2 days ago');
  await tabTo(page, 'Who took part');
  await page.keyboard.type('Ines Morel');
  await press(page, 'Enter');
  await page.getByText('Ines Morel').waitFor();
  await tabTo(page, /And also/);
  await press(page, 'Enter');
  await isIn(page, 'What happened');
  await page.keyboard.type('pain');
  await press(page, 'Enter');
  await isIn(page, 'In short');
  await page.keyboard.type('less downtime');
  await tabTo(page, 'Next step');
  await page.keyboard.type('Send the offer');
  await page.reload();
  await page.getByRole('heading', { name: 'Portfolio' }).waitFor();
  await press(page, 'l');
  await page.getByText(/^Your draft of/).waitFor();
  expect(await axeFindsInBothThemes(page)).toEqual([]);
  await press(page, 'Control+Enter');
  // A step needs its date, and the form says so there.
  await isIn(page, 'Due');
  await page.keyboard.type('next friday');
  await press(page, 'Enter', 'Enter');
  await isClosed(page);
  await site.caughtUp();
  const { customers } = await site.ask('GET', 'search?q=nordlicht');
  expect(customers).toHaveLength(1);
  expect((await site.ask('GET', `customers/${customers[0].id}`)).owner).toBe('account-manager');
  const entries = (await entriesOf(customers[0].id)).filter(({ kind }) => kind !== 'owner-changed');
  const [meeting, need, step, person] = ['meeting', 'need-stated', 'step-planned', 'person-added'].map((kind) => entries.find((one) => one.kind === kind));
  expect(entries).toHaveLength(4);
  expect(meeting).toMatchObject({ side: 'customer', people: [{ name: 'Ines Morel' }] });
  expect(Date.now() - Date.parse(meeting.occurredAt)).toBeGreaterThan(86_400_000);
  expect([need.about, step.about, need.tag, step.summary, person.name]).toEqual([meeting.id, meeting.id, 'less downtime', 'Send the offer', 'Ines Morel']);
  await press(page, 'l');
  await page.getByRole('combobox', { name: 'Customer' }).waitFor();
  expect(await page.getByRole('combobox', { name: 'Customer' }).inputValue()).toBe('');
  expect(faults).toEqual([]);
});

it('what the server refuses stands beside its field, and is sent when it is put right', async () => {
  const { page, faults } = await site.visitAs('service');
  await open(page);
  await page.keyboard.type('morel');
  await press(page, 'Enter');
  await isIn(page, 'What happened');
  await page.keyboard.type('need stated');
  await press(page, 'Enter');
  await isIn(page, 'In short');
  await page.keyboard.type('!?');
  await press(page, 'Control+Enter');
  await page.getByText(/^must be a short key/).waitFor();
  await isIn(page, 'In short');
  await press(page, 'Control+a');
  await page.keyboard.type('one-contact');
  await press(page, 'Control+Enter');
  await isClosed(page);
  expect((await entriesOf(morel)).filter(({ tag }) => tag === 'one-contact')).toHaveLength(1);
  expect(faults).toEqual([]);
});
