/** The verbs about alignment, checks, what helped, contracts and campaigns, on a folder of their own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, type Built, type Run } from './five-ring.js';

let built: Built;
let data: string;
beforeAll(() => {
  built = build();
  data = mkdtempSync(join(tmpdir(), 'five-ring-alignment-'));
});
afterAll(() => {
  built.remove();
  rmSync(data, { recursive: true, force: true });
});

const cli = (...args: string[]): Promise<Run> => built.run(args, { FIVE_RING_DATA: data, FIVE_RING_AS: 'ada' });
const daysFrom = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

it('say what fires, what is clean and what cannot be told, and show the entries', async () => {
  const server = built.start(['serve'], { FIVE_RING_DATA: data, PORT: '0', LOG_LEVEL: 'silent' });
  try {
    await server.says(/http:/);
    await cli('colleague', 'add', 'ada', 'Ada Berg', '--department', 'sales');
    expect((await cli('campaign', 'list')).out).toMatch(/^No campaign was launched yet/);
    await cli('log', 'campaign-launched', '--campaign', 'spring', '--need-tags', 'less-downtime', '--offering', 'plan');
    await cli('log', 'enablement-completed', '--colleague', 'ada', '--offering', 'plan');
    await cli('customer', 'add', 'Morel & Fils', '--owner', 'ada');
    await cli('log', 'morel', 'statement-made', '--key', 'delivery', '--value', 'Four weeks', '--occurred-at', daysFrom(-40));
    await cli('log', 'morel', 'statement-made', '--key', 'delivery', '--value', 'Six weeks', '--occurred-at', daysFrom(-30));
    await cli('log', 'morel', 'purchase', '--offering', 'plan', '--end', daysFrom(60), '--notice-days', '20', '--would-choose-again', 'yes', '--occurred-at', daysFrom(-20));

    expect((await cli('alignment')).out).toMatch(/^1 Message and need +cannot tell[^]*4 Message and follow-up +fires\n[^]*statements-agree +fires +1 of 1 [^]*The same again: --as-of /);
    expect((await cli('alignment', 'message-and-follow-up', '--found', 'off')).out).toMatch(/Morel & Fils +statements-agree +off +delivery[^]*1 finding\./);
    expect((await cli('alignment', '--csv')).out).toMatch(/^Detector,Check,Answer,Off,n,Value,Missing\n[^]*message-and-follow-up,statements-agree,fires,1,1,/);
    expect(await cli('alignment', 'nothing')).toMatchObject({ code: 1, err: expect.stringContaining('there are message-and-need') });
    expect(await cli('alignment', '--found', 'off')).toMatchObject({ code: 2 });
    expect(await cli('alignment', '--owner', 'ben')).toMatchObject({ code: 1, err: expect.stringContaining('colleague') });

    expect((await cli('checks')).out).toMatch(/next-decision-dated +fires +1 of 1 /);
    expect((await cli('checks', '--customer', 'morel')).out).toMatch(/next-decision-dated +– +fires[^]*statements-agree +message-and-follow-up +fires/);
    expect((await cli('checks', 'next-decision-dated')).out).toMatch(/Morel & Fils +next-decision-dated +off/);

    expect((await cli('helped')).out).toMatch(/^Moves followed by a decision for us within 90 days: no value[^]*need not have been its cause/);
    expect((await cli('helped', '--decisions')).out).toMatch(/Morel & Fils +purchase/);

    expect((await cli('contracts')).out).toMatch(new RegExp(`notice +Morel & Fils +plan +– +\\S+ +${daysFrom(60)} +yes[^]*1 contract within 180 days`));
    expect((await cli('contracts', '--ics')).out).toMatch(/^BEGIN:VCALENDAR\r?\n[^]*SUMMARY:Contract ends: Morel & Fils/);
    expect(JSON.parse((await cli('--json', 'contracts')).out)).toMatchObject({ items: [{ offering: 'plan', wouldChooseAgain: { answer: 'yes' } }] });

    expect((await cli('campaign', 'list')).out).toMatch(/spring +\S+ +plan +– +– +less-downtime/);
    expect((await cli('campaign', 'tags')).out).toMatch(/Needs campaigns speak to +Uses\nless-downtime +1/);
    expect((await cli('campaign', 'enablements')).out).toMatch(/Ada Berg +plan/);
  } finally {
    await server.end('SIGTERM');
  }
}, 120_000);
