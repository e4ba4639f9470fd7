import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import en from './locales/en.json';
import zh from './locales/zh-CN.json';

export type Language = 'zh-CN' | 'en';
const STORE = 'yidian.language';

function preferred(): Language {
  const asked = new URLSearchParams(location.search).get('lang') ?? localStorage.getItem(STORE);
  if (asked === 'en' || asked === 'zh-CN') return asked;
  return navigator.language.startsWith('zh') ? 'zh-CN' : 'en';
}

/** Texts of both sites, one file per language. A missing key shows itself and fails the test that compares the files. */
export function startTexts(): void {
  const language = preferred();
  document.documentElement.lang = language;
  void i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    keySeparator: false,
    nsSeparator: false,
    interpolation: { escapeValue: false },
    resources: { 'zh-CN': { translation: zh }, en: { translation: en } },
  });
}

export function setLanguage(language: Language): void {
  localStorage.setItem(STORE, language);
  document.documentElement.lang = language;
  void i18next.changeLanguage(language);
}
