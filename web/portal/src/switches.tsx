import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { setLanguage } from '../../kit/i18n';

const STORE = 'yidian.size';

export function applySize(): void {
  document.documentElement.dataset['size'] = localStorage.getItem(STORE) ?? 'standard';
}

/** 标准版 / 大字版: 1.35 times, for eyes that want it. */
export function SizeSwitch() {
  const { t } = useTranslation();
  const [size, setSize] = useState(localStorage.getItem(STORE) ?? 'standard');
  const next = size === 'large' ? 'standard' : 'large';
  return (
    <button
      type="button"
      className="link"
      onClick={() => {
        localStorage.setItem(STORE, next);
        applySize();
        setSize(next);
      }}
    >
      {t(`size.${next}`)}
    </button>
  );
}

export function LanguageSwitch() {
  const { i18n } = useTranslation();
  const other = i18n.language === 'en' ? 'zh-CN' : 'en';
  return (
    <button type="button" className="link" lang={other} onClick={() => setLanguage(other)}>
      {other === 'en' ? 'English' : '中文'}
    </button>
  );
}
