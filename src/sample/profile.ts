/** Who a customer is: facts that its whole story agrees with. */
import type { Faker } from '@faker-js/faker';
import { faker as de } from '@faker-js/faker/locale/de';
import { faker as at } from '@faker-js/faker/locale/de_AT';
import { faker as gb } from '@faker-js/faker/locale/en_GB';
import { faker as fr } from '@faker-js/faker/locale/fr';
import { faker as it } from '@faker-js/faker/locale/it';
import { faker as nl } from '@faker-js/faker/locale/nl';
import { NEEDS, type Need } from './needs.js';
import { seedOf, type Random } from './random.js';

export interface Facts {
  readonly name: string;
  readonly town: string;
  readonly domain: string;
  readonly segment: string;
  readonly sites: number;
  readonly currency: string;
  /** The oven they rent or look at, and what stands there now. */
  readonly model: string;
  readonly old: string;
  readonly product: string;
  readonly batch: string;
  readonly rival: string;
  readonly street: string;
  /** Most pressing first. */
  readonly needs: readonly Need[];
  /** Yearly rent in minor units. */
  readonly rent: number;
  readonly names: () => { readonly first: string; readonly last: string };
}

interface Country {
  readonly faker: Faker;
  readonly currency: string;
  readonly towns: readonly string[];
  readonly streets: readonly string[];
  readonly craft: readonly ((last: string, town: string) => string)[];
  readonly weight: number;
}

const COUNTRIES: readonly Country[] = [
  { faker: de, currency: 'EUR', weight: 9, towns: ['Aachen', 'Bamberg', 'Bremen', 'Celle', 'Erfurt', 'Freiburg', 'Fulda', 'Görlitz', 'Hameln', 'Kassel', 'Kiel', 'Lübeck', 'Mainz', 'Münster', 'Passau', 'Regensburg', 'Soest', 'Ulm', 'Weimar', 'Wismar'], streets: ['Bahnhofstraße', 'Marktplatz', 'Mühlenweg', 'Lindenallee', 'Hafenstraße'], craft: [(l) => `Bäckerei ${l}`, (l) => `Backhaus ${l}`, (_l, t) => `Stadtbäckerei ${t}`, (l) => `Hofbäckerei ${l}`, (l) => `Konditorei ${l}`, (l) => `Brotmanufaktur ${l}`, (_l, t) => `Mühlenbäckerei ${t}`] },
  { faker: at, currency: 'EUR', weight: 3, towns: ['Graz', 'Linz', 'Salzburg', 'Steyr', 'Villach', 'Wels', 'Innsbruck', 'Krems'], streets: ['Hauptplatz', 'Schulgasse', 'Wiener Straße', 'Kirchengasse'], craft: [(l) => `Bäckerei ${l}`, (l) => `Feinbäckerei ${l}`, (_l, t) => `Backstube ${t}`, (l) => `Café-Konditorei ${l}`] },
  { faker: fr, currency: 'EUR', weight: 3, towns: ['Strasbourg', 'Metz', 'Nancy', 'Colmar', 'Dijon', 'Lille', 'Reims'], streets: ['rue des Moulins', 'place du Marché', 'rue de la Gare', 'avenue de la Paix'], craft: [(l) => `Boulangerie ${l}`, (l) => `Maison ${l}`, (_l, t) => `Le Fournil de ${t}`, (l) => `Au Pain ${l}`] },
  { faker: nl, currency: 'EUR', weight: 2, towns: ['Utrecht', 'Zwolle', 'Arnhem', 'Breda', 'Leiden', 'Deventer'], streets: ['Molenstraat', 'Grote Markt', 'Stationsweg', 'Havenkade'], craft: [(l) => `Bakkerij ${l}`, (l) => `Banketbakkerij ${l}`, (_l, t) => `De Broodmeester ${t}`] },
  { faker: it, currency: 'EUR', weight: 2, towns: ['Bolzano', 'Trento', 'Verona', 'Bergamo', 'Udine'], streets: ['via dei Mulini', 'piazza del Duomo', 'via Roma'], craft: [(l) => `Panificio ${l}`, (l) => `Forno ${l}`, (_l, t) => `Pane di ${t}`] },
  { faker: gb, currency: 'GBP', weight: 3, towns: ['Bath', 'Bristol', 'Chester', 'Leeds', 'Norwich', 'Stroud', 'Whitby', 'York'], streets: ['Mill Lane', 'Harbour Street', 'Station Road', 'Market Place'], craft: [(l) => `${l}’s Bakery`, (_l, t) => `${t} Bakehouse`, (l) => `${l} & Daughters`, (_l, t) => `The ${t} Loaf`] },
];

const SEGMENTS: readonly (readonly [number, { readonly segment: string; readonly sites: readonly [number, number]; readonly models: readonly string[]; readonly batch: readonly [number, number]; readonly rent: readonly [number, number] }])[] = [
  [12, { segment: 'craft-bakery', sites: [1, 3], models: ['Vulcan 60', 'Vulcan 80', 'Terra 4'], batch: [4, 18], rent: [5400, 9800] }],
  [5, { segment: 'bakery-chain', sites: [6, 38], models: ['Vulcan 120', 'Rondo R20'], batch: [40, 160], rent: [19_000, 64_000] }],
  [3, { segment: 'hotel-restaurant', sites: [1, 4], models: ['Terra 2', 'Terra 4'], batch: [2, 7], rent: [3900, 7200] }],
  [3, { segment: 'in-store-bakery', sites: [4, 22], models: ['Terra 4', 'Rondo R10'], batch: [8, 45], rent: [9800, 31_000] }],
  [2, { segment: 'bakery-plant', sites: [1, 2], models: ['Vulcan 240', 'Rondo R20'], batch: [180, 520], rent: [48_000, 120_000] }],
];

const HOTELS = ['Seeblick', 'Zur Post', 'Goldener Hirsch', 'Bellevue', 'Lindenhof', 'Kronprinz', 'Waldhaus', 'Am Markt', 'Adler', 'Central'];
const OLD = ['a Brema gas deck oven from 2009', 'a Tornado rack oven that is 14 years old', 'two second-hand Ofenwerk decks', 'an oil-fired oven of the grandfather’s', 'a rented Brema whose contract runs out', 'a stone oven that needs relining'];
const RIVALS = ['Brema', 'Ofenwerk Süd', 'Tornado', 'Gasser'];
const PRODUCTS = ['sourdough loaves', 'baguettes', 'pretzels', 'rye loaves', 'croissants', 'rolls', 'ciabattas', 'farmhouse loaves', 'brioches'];

const ascii = (text: string): string => text.toLowerCase().replaceAll('ä', 'ae').replaceAll('ö', 'oe').replaceAll('ü', 'ue').replaceAll('ß', 'ss').normalize('NFKD').replace(/\p{M}/gu, '').replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '');

export const mailOf = (first: string, last: string, domain: string): string => `${ascii(first)}.${ascii(last)}@${domain}`;

/** The facts of the nth customer; a name is never given twice. */
export function factsOf(seed: number, index: number, random: Random, taken: Set<string>, segment?: string): Facts {
  const country = random.weighted(COUNTRIES.map((one) => [one.weight, one] as const));
  country.faker.seed(seedOf(seed, 'name', index));
  const person = (): { first: string; last: string } => ({ first: country.faker.person.firstName(), last: country.faker.person.lastName() });
  const size = random.weighted(segment === undefined ? SEGMENTS : SEGMENTS.filter(([, one]) => one.segment === segment));
  let name: string;
  let town: string;
  do {
    town = random.pick(country.towns);
    const { last } = person();
    if (size.segment === 'hotel-restaurant') name = `${random.chance(0.7) ? 'Hotel' : 'Gasthof'} ${random.pick(HOTELS)}, ${town}`;
    else if (size.segment === 'in-store-bakery') name = `${random.pick(['Frischemarkt', 'Landmarkt', 'Nahkauf'])} ${last} ${town}`;
    else if (size.segment === 'bakery-plant') name = `${random.pick(['Brotwerk', 'Großbäckerei', 'Backwaren'])} ${random.chance(0.5) ? town : last}`;
    else name = random.pick(country.craft)(last, town);
  } while (taken.has(name));
  taken.add(name);
  // The same people whatever else is drawn in between.
  const people = Array.from({ length: 24 }, person);
  let next = 0;
  return {
    name,
    town,
    domain: `${ascii(name).slice(0, 40)}.example`,
    segment: size.segment,
    sites: random.int(...size.sites),
    currency: country.currency,
    model: random.pick(size.models),
    old: random.pick(OLD),
    product: random.pick(PRODUCTS),
    batch: `${(random.int(...size.batch) * 100).toLocaleString('en-GB')} pieces a night`,
    rival: random.pick(RIVALS),
    street: random.pick(country.streets),
    needs: random.shuffled(NEEDS).slice(0, 3),
    rent: random.int(...size.rent) * 100,
    names: () => people[next++ % people.length]!,
  };
}
