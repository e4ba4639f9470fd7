import { useQuery } from '@tanstack/react-query';
import { Select, Space } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { date as dateOf } from '../../../kit/dates';
import { useAct } from '../act';
import type { Operator } from '../api';
import { FileButton, type PickedFile } from '../file-button';
import { Trouble } from '../trouble';
import { useMaker } from '../verdict';
import { BankEntries } from './bank-entries';
import { ContractMoves } from './contract-moves';
import { PayoutsIn } from './payouts-in';
import { settle, type Treasury } from './settle-api';

/** Our own bank accounts: what providers owe us and paid, and entries whose owner nobody has named. */
export function TreasuryPage({ operator }: { operator: Operator }) {
  const { t } = useTranslation();
  const treasury = useQuery({ queryKey: ['treasury'], queryFn: settle.treasury });
  const [provider, setProvider] = useState('');
  const [asOf, setAsOf] = useState(() => dateOf(new Date().toISOString()));
  if (treasury.error) return <Trouble error={treasury.error} />;
  const providers = treasury.data?.providers ?? [];
  const chosen = provider || providers[0]?.provider || '';
  const terms = providers.find((one) => one.provider === chosen);
  return (
    <>
      <h1>{t('c.treasury')}</h1>
      {treasury.data ? <Files treasury={treasury.data} operator={operator} /> : null}
      <h2>{t('c.payoutsIn')}</h2>
      {treasury.data && providers.length === 0 ? <p>{t('c.noTreasury')}</p> : null}
      {terms ? (
        <>
          <Space wrap>
            <Select
              aria-label={t('c.provider')}
              style={{ width: 180 }}
              value={chosen}
              options={providers.map(({ provider: value }) => ({ value, label: value }))}
              onChange={setProvider}
            />
            <input
              aria-label={t('c.asOf')}
              type="date"
              value={asOf}
              onChange={(event) => event.target.value && setAsOf(event.target.value)}
            />
            <span className="muted">
              {t(`c.arrives.${terms.arrives}`)} · {t('c.lag', { days: terms.lag_days })}
            </span>
            <ContractMoves terms={terms} date={asOf} operator={operator} />
          </Space>
          <PayoutsIn provider={chosen} asOf={asOf} />
        </>
      ) : null}
      <h2>{t('c.bankEntries')}</h2>
      <BankEntries operator={operator} providers={providers.map((one) => one.provider)} />
    </>
  );
}

/** Files that people bring: the bank's account statement, a provider's own word on its payouts. */
function Files({ treasury, operator }: { treasury: Treasury; operator: Operator }) {
  const { t } = useTranslation();
  const [account, setAccount] = useState(treasury.accounts[0]?.code ?? '');
  const [provider, setProvider] = useState(treasury.providers[0]?.provider ?? '');
  const maker = useMaker(operator);
  const renew = ['provider-payouts', 'bank-entries'];
  const statement = useAct(({ base64 }: PickedFile) => settle.bankStatement(account, base64), {
    renew,
    said: ({ added, booked, unexplained, agrees }) =>
      `${t('c.bankStatementDone', { added, booked, unexplained })}${agrees ? '' : ` ${t('c.sumsDiffer')}`}`,
  });
  const report = useAct(({ name, base64 }: PickedFile) => settle.payoutReport(provider, name, base64), {
    renew,
    said: ({ lines, added, findings }) => t('c.payoutReportDone', { lines, added, findings: findings.length }),
  });
  return (
    <Space wrap size="large">
      <Space wrap>
        <Select
          aria-label={t('c.account')}
          style={{ minWidth: 220 }}
          value={account || null}
          placeholder={t('c.noAccounts')}
          options={treasury.accounts.map((one) => ({
            value: one.code,
            label: `${one.code} ··${one.account.slice(-4)}`,
          }))}
          onChange={setAccount}
        />
        <FileButton
          label={t('c.bankStatement')}
          accept=".xml"
          off={maker || (account ? '' : t('c.noAccounts'))}
          busy={statement.isPending}
          onFile={statement.mutate}
        />
      </Space>
      <Space wrap>
        <Select
          aria-label={t('c.provider')}
          style={{ width: 180 }}
          value={provider || null}
          options={treasury.providers.map((one) => ({ value: one.provider, label: one.provider }))}
          onChange={setProvider}
        />
        <FileButton
          label={t('c.payoutReport')}
          accept=".csv,.txt,.xml,.zip,.sta"
          off={maker || (provider ? '' : t('c.noTreasury'))}
          busy={report.isPending}
          onFile={report.mutate}
        />
      </Space>
    </Space>
  );
}
