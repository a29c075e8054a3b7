/** What a password must be. Long is what counts: there are no rules of composition. */
import type { FieldProblem } from '../kernel/refusal.js';

/** Characters. */
export const SHORTEST = 8;
export const RECOMMENDED = 12;
export const LONGEST = 256;

/** Those that lists of leaked passwords begin with, and that are long enough to be tried here. */
const COMMON = new Set((
  'password passw0rd password1 password12 password123 password1234 12345678 123456789 1234567890 123123123 11111111 111111111 00000000 87654321 987654321 88888888 66666666 99999999 12341234 11223344 12344321 '
  + 'qwertyui qwertyuiop qwerty123 qwerty12 qwertz123 qwertzui qwertzuiop 1qaz2wsx 1q2w3e4r 1q2w3e4r5t q1w2e3r4 zaq12wsx asdfghjk asdfghjkl zxcvbnm1 zxcvbnm123 abcdefgh abcd1234 abc12345 a1b2c3d4 '
  + 'iloveyou iloveyou1 sunshine princess football baseball basketball superman batman123 trustno1 starwars michelle jennifer jordan23 welcome1 welcome123 welcome2024 welcome2025 welcome2026 '
  + 'letmein1 letmein123 changeme changeme1 changeme123 changeit default1 administrator admin123 admin1234 administrator1 rootroot testtest test1234 testing1 testing123 secret123 secret12 p@ssword p@ssw0rd pa$$word passwort passwort1 passwort123 '
  + 'whatever computer internet samsung1 google123 facebook linkedin dragon12 monkey12 master12 shadow12 michael1 charlie1 liverpool chelsea1 arsenal1 hello123 hallo123 sommer2024 sommer2025 sommer2026 winter2024 winter2025 winter2026 summer2024 summer2025 summer2026 '
  + 'motdepasse azertyuiop azerty123 contraseña schalke04 fckgwrhqq2 aa123456 a123456789 123456abc 123qwe123 qwe123qwe asd123asd 147258369 741852963 159753159 789456123 123654789 1234567891 0123456789 0987654321 12345679 55555555 77777777 22222222 33333333 44444444'
).split(/\s+/));

/** Words that an attacker tries first at this place. */
const OURS = ['five-ring', 'fivering', 'five', 'ring', 'olympic'];
/** What must remain when the words of this place and this colleague, digits and signs are taken out. */
const REMAINS = 4;

/** The same text, however it was typed. */
export const normalised = (password: string): string => password.normalize('NFKC');

/** What is wrong with a new password of a colleague; undefined when nothing is. `field`: how the caller names it. */
export function passwordProblem(password: string, owner: { readonly id: string; readonly name: string | null }, field: string): FieldProblem | undefined {
  const text = normalised(password);
  const { length } = [...text];
  if (length < SHORTEST) return { field, code: 'too-short', message: `must have at least ${SHORTEST} characters; ${RECOMMENDED} or more are better` };
  if (length > LONGEST) return { field, code: 'too-long', message: `must have at most ${LONGEST} characters` };
  const lower = text.toLowerCase();
  if (COMMON.has(lower) || new Set(lower).size < 3) return { field, code: 'too-common', message: 'is one of those that are tried first; take another' };
  const words = [owner.id, ...(owner.name ?? '').split(/[^\p{L}]+/u), ...OURS].map((word) => normalised(word).toLowerCase()).filter((word) => word.length >= 3).sort((a, b) => b.length - a.length);
  const without = words.reduce((rest, word) => rest.replaceAll(word, ' '), lower);
  if (without !== lower && without.replaceAll(/[^\p{L}]/gu, '').length < REMAINS) return { field, code: 'too-easy', message: 'is made of your name, your id or the name of this program; take another' };
  return undefined;
}
