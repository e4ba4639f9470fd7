import { Button, Input } from 'antd-mobile';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ownPhone } from '../../kit/masks';
import { api, type NumberQuery } from './api';
import { Trouble } from './trouble';

interface Found {
  number: string;
  answer: NumberQuery;
}

/** Another number is read back with branch and masked owner before anything can be paid. */
export function OtherNumber({ found, onFound }: { found: Found | null; onFound: (found: Found | null) => void }) {
  const { t } = useTranslation();
  const [number, setNumber] = useState('');
  const [error, setError] = useState<unknown>(null);
  const check = async () => {
    setError(null);
    try {
      onFound({ number, answer: await api.queryNumber(number) });
    } catch (cause) {
      setError(cause);
    }
  };
  return (
    <div className="other">
      <Input
        aria-label={t('topup.other')}
        type="tel"
        inputMode="numeric"
        maxLength={11}
        value={number}
        onChange={(value) => {
          setNumber(value);
          onFound(null);
        }}
        placeholder="139 0000 0000"
      />
      <Button disabled={!/^1\d{10}$/.test(number)} onClick={() => void check()}>
        {t('topup.check')}
      </Button>
      {found ? (
        <p role="status" className="check">
          {t('topup.checkOnce', {
            number: ownPhone(found.number),
            branch: found.answer.branch.name,
            owner: found.answer.owner,
          })}
        </p>
      ) : null}
      {error ? <Trouble error={error} /> : null}
    </div>
  );
}
