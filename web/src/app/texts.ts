/** All texts, one file a screen, in memory from the start: no screen ever shows a key. */
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';

const files = import.meta.glob<Record<string, unknown>>('../texts/*/*.json', { eager: true, import: 'default' });

const resources: Record<string, Record<string, Record<string, unknown>>> = {};
for (const [path, texts] of Object.entries(files)) {
  const [, language, name] = /\/([^/]+)\/([^/]+)\.json$/.exec(path)!;
  (resources[language!] ??= {})[name!] = texts;
}

void i18next.use(initReactI18next).init({ resources, fallbackLng: 'en', supportedLngs: Object.keys(resources), lng: navigator.language, nonExplicitSupportedLngs: true, defaultNS: 'app', interpolation: { escapeValue: false }, returnNull: false, initAsync: false });

export { i18next as texts };
