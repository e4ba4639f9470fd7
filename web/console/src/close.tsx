import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, List, Tooltip } from 'antd';
import { useTranslation } from 'react-i18next';
import { serviceWords } from '../../kit/service-words';
import { StateTag } from '../../kit/state-tag';
import { api, type Check, type Operator } from './api';
import { useDate } from './date-choice';
import { Trouble } from './trouble';

/** Sign the day: a check list with what is missing, signed by a finance checker. */
export function Close({ operator }: { operator: Operator }) {
  const { t } = useTranslation();
  const { date, choice } = useDate(operator);
  const { message } = App.useApp();
  const queries = useQueryClient();
  const invariants = useQuery({ queryKey: ['invariants'], queryFn: api.invariants });
  const files = useQuery({ queryKey: ['files', date], queryFn: () => api.reportFiles(date), enabled: date !== '' });
  const days = useQuery({ queryKey: ['days'], queryFn: api.days });
  const signed = days.data?.data.find((day) => day.date === date)?.signed_off === true;
  const sign = useMutation({
    mutationFn: () => api.signOff(date),
    onSuccess: async ({ outcome }) => {
      void (outcome === 'not_ready' ? message.warning(t('c.notReady')) : message.success(t('c.signedNow', { date })));
      await queries.invalidateQueries();
    },
    onError: (error) => void message.error(error.message),
  });
  const checker = operator.roles.includes('finance_checker');
  const why = signed ? t('c.signedNow', { date }) : checker ? '' : t('c.needChecker2');
  return (
    <>
      <h1>
        {t('c.close')} {choice}
      </h1>
      {invariants.error ? <Trouble error={invariants.error} /> : null}
      {signed ? (
        <p>
          <StateTag look="done">{t('c.signedNow', { date })}</StateTag>
        </p>
      ) : null}
      <CheckList checks={sign.data?.checks ?? invariants.data?.checks ?? []} />
      <Tooltip title={why}>
        <Button
          className="gap"
          type="primary"
          disabled={why !== '' || date === ''}
          loading={sign.isPending}
          onClick={() => sign.mutate()}
        >
          {t('c.signOff')} {date}
        </Button>
      </Tooltip>
      <h2>{t('c.files')}</h2>
      {files.data?.data.length === 0 ? <p className="muted">{t('c.noFiles')}</p> : null}
      <p>
        {(files.data?.data ?? []).map((file) => (
          <a
            key={file.name}
            className="file"
            href={`/v1/finance/report_files/${date}/${encodeURIComponent(file.name)}`}
          >
            {file.name}
          </a>
        ))}
      </p>
    </>
  );
}

function CheckList({ checks }: { checks: Check[] }) {
  const { t, i18n } = useTranslation();
  /** At the signature billing's own checks come under a name of their own. */
  const word = (name: string) => {
    const key = `c.check.${name.replace(/^billing_/, '')}`;
    return i18n.exists(key) ? t(key) : name;
  };
  return (
    <List
      size="small"
      bordered
      dataSource={[...checks].sort((a, b) => Number(a.ok) - Number(b.ok))}
      renderItem={(check) => (
        <List.Item>
          <StateTag look={check.ok ? 'done' : 'failed'}>{word(check.name)}</StateTag>{' '}
          <span className="muted">{serviceWords(check.detail, t)}</span>
        </List.Item>
      )}
    />
  );
}
