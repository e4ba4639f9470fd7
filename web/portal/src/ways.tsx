import { useQuery } from '@tanstack/react-query';
import { Selector } from 'antd-mobile';
import { useTranslation } from 'react-i18next';
import { api, type Card, type Cashier, type PayRequest } from './api';

/** A bound card, or a provider's page or code. */
export type Way = PayRequest['funding'];

interface Choice {
  key: string;
  way: Way;
  label: string;
  description: string;
  /** What the button says the payment is made with. */
  account: string;
}

const SHOWN = ['redirect', 'qr'] as const;

/** Every way to pay this sum now, the bound cards first and then by the order that the platform prefers. */
export function useWays(cards: readonly Card[], amount: number | null, branch: string | undefined) {
  const { t } = useTranslation();
  const found = useQuery({
    queryKey: ['cashiers', amount, branch],
    queryFn: () => api.cashiers(amount ?? 0, branch),
    enabled: amount !== null,
  });
  const active = [...cards].filter(({ state }) => state === 'active').sort((a, b) => Number(b.usual) - Number(a.usual));
  const bound = active.map(({ id, account, provider }): Choice => {
    const name = account ?? provider.name;
    const way: Way = { type: 'agreement', agreement: id };
    return { key: id, way, label: name, description: t('topup.byCard'), account: name };
  });
  const words = { redirect: t('topup.byPage'), qr: t('topup.byCode') };
  const pages = (found.data?.data ?? []).flatMap(({ provider, presentations }: Cashier) =>
    SHOWN.filter((one) => presentations.includes(one)).map((presentation): Choice => {
      const way: Way = { type: 'cashier', provider: provider.code, presentation };
      const key = `${provider.code} ${presentation}`;
      return { key, way, label: provider.name, description: words[presentation], account: provider.name };
    }),
  );
  return [...bound, ...pages];
}

export function Ways({
  choices,
  chosen,
  onChoose,
}: {
  choices: readonly Choice[];
  chosen: Choice | undefined;
  onChoose: (key: string) => void;
}) {
  const { t } = useTranslation();
  if (choices.length === 0) return null;
  return (
    <>
      <h2>{t('topup.how')}</h2>
      <Selector
        columns={2}
        value={chosen ? [chosen.key] : []}
        onChange={([key]) => key !== undefined && onChoose(key)}
        options={choices.map(({ key: value, label, description }) => ({ value, label, description }))}
      />
    </>
  );
}
