/** One's own account: where one is signed in, and signing out there; an account linked to the OpenID provider by an administrator opens by it. Keyboard only. */
import { Provider } from '../../api/provider.js';
import { axeFindsInBothThemes, keyTo, press, Site, tabTo } from '../browser.js';

jest.setTimeout(240_000);

let provider: Provider;
let site: Site;
beforeAll(async () => {
  provider = await Provider.start();
  site = await Site.open(provider.env());
  await provider.tell({ redirect: `${site.url}/api/v1/oidc/callback`, who: { sub: 'subject-of-lea', email: 'lea@example.org', email_verified: true } });
});
afterAll(() => provider.stop());

const FIREFOX = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/145.0 Mobile/15E148 Safari/605.1.15';
const EDGE = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36 Edg/143.0.0.0';

it('shows every place where one is signed in, and signs out there: in one, and in all others', async () => {
  // Of a try before this one.
  await site.askAs('service', 'DELETE', 'sessions').catch(() => undefined);
  const { page, faults } = await site.visitAs('service');
  const phone = await site.visitAs('service', { userAgent: FIREFOX });
  const desk = await site.visitAs('service', { userAgent: EDGE });
  await phone.page.goto('/');
  await phone.page.getByRole('navigation').waitFor();

  await page.goto('/');
  await tabTo(page, /^Your account: /);
  await press(page, 'Enter');
  await keyTo(page, 'ArrowDown', 'Where you are signed in');
  await press(page, 'Enter');
  const places = page.getByRole('list', { name: 'Where you are signed in' }).getByRole('listitem');
  await places.filter({ hasText: 'Firefox on iPhone' }).waitFor();
  await places.filter({ hasText: 'Edge on Windows' }).waitFor();
  await places.filter({ hasText: 'This one' }).filter({ hasText: 'in use now' }).waitFor();
  expect(await places.count()).toBe(3);
  expect(await axeFindsInBothThemes(page)).toEqual([]);

  await tabTo(page, /^Sign out there: Firefox on iPhone, /);
  await press(page, 'Enter');
  await places.filter({ hasText: 'Firefox on iPhone' }).waitFor({ state: 'detached' });
  await phone.page.reload();
  await phone.page.waitForURL(/\/sign-in/);

  await desk.page.goto('/');
  await desk.page.getByRole('navigation').waitFor();
  await tabTo(page, 'Sign out in the other place');
  await press(page, 'Enter');
  await page.getByText('They need your password again.', { exact: false }).waitFor();
  expect(await axeFindsInBothThemes(page)).toEqual([]);
  await press(page, 'Enter');
  await places.filter({ hasText: 'Edge on Windows' }).waitFor({ state: 'detached' });
  expect(await places.count()).toBe(1);
  await desk.page.reload();
  await desk.page.waitForURL(/\/sign-in/);
  // Here one goes on.
  await page.reload();
  await places.filter({ hasText: 'This one' }).waitFor();
  await page.getByText('Your account is not linked: you cannot sign in with it.').waitFor();
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  expect(faults).toEqual([]);
});

it('an administrator links an account to the provider’s identity, by which its owner signs in; and takes the link away', async () => {
  await site.ask('POST', 'colleagues', { id: 'lea', name: 'Lea Ohm', department: 'sales' });
  await site.account('account-manager', 'lea');
  const { page, faults } = await site.visitAs('administrator');
  await page.goto('/administration');
  await tabTo(page, 'Change Lea Ohm');
  await press(page, 'Enter');
  const drawer = page.getByRole('dialog', { name: 'Lea Ohm' });
  await drawer.getByText('The account is not linked', { exact: false }).waitFor();
  await tabTo(page, 'Their e-mail address at the provider');
  await page.keyboard.type('no address');
  await press(page, 'Enter');
  await drawer.getByText('must be an e-mail address').waitFor();
  expect(await axeFindsInBothThemes(page)).toEqual([]);
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('Lea@Example.org');
  await press(page, 'Enter');
  await drawer.getByText('The account is linked', { exact: false }).waitFor();

  const lea = await site.visit();
  await lea.page.goto('/sign-in');
  await tabTo(lea.page, 'Sign in with Example');
  await press(lea.page, 'Enter');
  await lea.page.getByRole('navigation').waitFor();
  await lea.page.goto('/account');
  await lea.page.getByText('Your account is linked', { exact: false }).waitFor();
  expect(await axeFindsInBothThemes(lea.page)).toEqual([]);

  await tabTo(page, 'Take the link away');
  await press(page, 'Enter');
  await drawer.getByText('all their sessions end now', { exact: false }).waitFor();
  expect(await axeFindsInBothThemes(page)).toEqual([]);
  await press(page, 'Enter');
  await drawer.getByText('The account is not linked', { exact: false }).waitFor();
  await lea.page.reload();
  await lea.page.waitForURL(/\/sign-in/);
  expect([...faults, ...lea.faults]).toEqual([]);
});

it('an API key is revoked by its owner, another by an administrator', async () => {
  const owner = await site.visitAs('account-manager');
  for (const label of ['Phone', 'Laptop']) await owner.context.request.post('/api/v1/keys', { headers: { origin: site.url }, data: { label, scopes: ['read'] } });
  const keys = async (): Promise<string[]> => ((await (await owner.context.request.get('/api/v1/keys')).json()) as { items: { label: string }[] }).items.map(({ label }) => label);
  expect((await keys()).sort()).toEqual(['Laptop', 'Phone']);
  await owner.page.goto('/account');
  await tabTo(owner.page, 'Revoke “Phone”');
  await press(owner.page, 'Enter');
  await owner.page.getByText('It opens nothing from then on', { exact: false }).waitFor();
  expect(await axeFindsInBothThemes(owner.page)).toEqual([]);
  await press(owner.page, 'Enter');
  await owner.page.getByRole('button', { name: 'Revoke “Phone”' }).waitFor({ state: 'detached' });
  expect(await keys()).toEqual(['Laptop']);

  const { page, faults } = await site.visitAs('administrator');
  await page.goto('/administration');
  await tabTo(page, 'Change Colleague account-manager');
  await press(page, 'Enter');
  const drawer = page.getByRole('dialog', { name: 'Colleague account-manager' });
  await drawer.getByText('Laptop', { exact: true }).waitFor();
  expect(await axeFindsInBothThemes(page)).toEqual([]);
  await tabTo(page, 'Revoke “Laptop”');
  await press(page, 'Enter');
  await drawer.getByText('It opens nothing from then on', { exact: false }).waitFor();
  await press(page, 'Enter');
  await drawer.getByText('No API keys.').waitFor();
  expect(await keys()).toEqual([]);
  expect([...faults, ...owner.faults]).toEqual([]);
});
