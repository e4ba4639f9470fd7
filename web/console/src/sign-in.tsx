import { Button, Card, Form, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from './api';
import { Trouble } from './trouble';

interface Fields {
  username: string;
  password: string;
  totp: string;
}

export function SignIn({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const submit = async ({ username, password, totp }: Fields) => {
    setBusy(true);
    setError(null);
    try {
      await api.signIn(username, password, totp);
      onDone();
    } catch (cause) {
      setError(cause);
    } finally {
      setBusy(false);
    }
  };
  return (
    <main className="sign-in">
      <Card title={t('c.title')}>
        <Form<Fields> layout="vertical" onFinish={(fields) => void submit(fields)}>
          <Form.Item name="username" label={t('c.user')} rules={[{ required: true }]}>
            <Input autoComplete="username" />
          </Form.Item>
          <Form.Item name="password" label={t('c.password')} rules={[{ required: true }]}>
            <Input.Password autoComplete="current-password" />
          </Form.Item>
          <Form.Item name="totp" label={t('c.totp')} rules={[{ required: true, pattern: /^\d{6}$/ }]}>
            <Input autoComplete="one-time-code" inputMode="numeric" maxLength={6} />
          </Form.Item>
          <Button type="primary" htmlType="submit" block loading={busy}>
            {t('c.signin')}
          </Button>
        </Form>
        {error ? (
          <div className="gap">
            <Trouble error={error} />
          </div>
        ) : null}
      </Card>
    </main>
  );
}
