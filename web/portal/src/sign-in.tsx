import { Button, Input } from 'antd-mobile';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from './api';
import { LanguageSwitch, SizeSwitch } from './switches';
import { Trouble } from './trouble';

/** Number, then the code that arrives by SMS. */
export function SignIn({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const [number, setNumber] = useState('');
  const [code, setCode] = useState('');
  const [sent, setSent] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const attempt = async (work: () => Promise<void>) => {
    setBusy(true);
    setError(null);
    try {
      await work();
    } catch (cause) {
      setError(cause);
    } finally {
      setBusy(false);
    }
  };
  const sendCode = () =>
    attempt(async () => {
      await api.sendCode(number);
      setSent(true);
    });
  const signIn = () =>
    attempt(async () => {
      await api.signIn(number, code);
      onDone();
    });
  const numberOk = /^1\d{10}$/.test(number);
  const codeOk = /^\d{6}$/.test(code);
  return (
    <main className="page">
      <header className="brand">
        <h1>{t('brand')}</h1>
        <p className="muted">{t('brand.line')}</p>
      </header>
      <form
        className="card"
        onSubmit={(event) => {
          event.preventDefault();
          void (sent ? signIn() : sendCode());
        }}
      >
        <label htmlFor="number">{t('signin.number')}</label>
        <Input
          id="number"
          type="tel"
          inputMode="numeric"
          autoComplete="tel-national"
          maxLength={11}
          value={number}
          onChange={setNumber}
          placeholder="138 0000 0000"
          clearable
        />
        {sent ? (
          <>
            <label htmlFor="code">{t('signin.code')}</label>
            <Input
              id="code"
              type="text"
              inputMode="numeric"
              autoComplete="one-time-code"
              maxLength={6}
              value={code}
              onChange={setCode}
              placeholder="······"
            />
            <p className="muted" role="status">
              {t('signin.sent')}
            </p>
          </>
        ) : null}
        <Button
          block
          color="primary"
          size="large"
          type="submit"
          loading={busy}
          disabled={sent ? !codeOk : !numberOk}
          aria-describedby="why"
        >
          {sent ? t('signin.do') : t('signin.send')}
        </Button>
        <p id="why" className="muted">
          {sent ? (codeOk ? '' : t('signin.needCode')) : numberOk ? '' : t('signin.needNumber')}
        </p>
        {sent ? (
          <Button block fill="none" onClick={() => void sendCode()}>
            {t('signin.resend')}
          </Button>
        ) : null}
      </form>
      {error ? <Trouble error={error} /> : null}
      <div className="switches">
        <SizeSwitch />
        <LanguageSwitch />
      </div>
    </main>
  );
}
