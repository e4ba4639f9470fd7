import { useTranslation } from 'react-i18next';

/** How things are called on a page: branches by name, a province's own book as such; a code nobody has named stays itself. */
export function useNames() {
  const { t, i18n } = useTranslation();
  const branch = (code: string): string => (i18n.exists(`branch.${code}`) ? t(`branch.${code}`) : code);
  const word = (prefix: string, name: string): string => {
    const key = `${prefix}.${name}`;
    return i18n.exists(key) ? t(key) : name;
  };
  const provider = (code: string): string => {
    const [, province] = /^bss_(\d{6})$/.exec(code) ?? [];
    if (province !== undefined) return t('c.provinceBook', { branch: branch(province) });
    return code === 'treasury' ? t('c.treasury') : code;
  };
  return { branch, provider, word };
}
