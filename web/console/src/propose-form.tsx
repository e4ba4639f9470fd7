import { Form, Input, Modal, type FormInstance } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

interface Props<F> {
  open: boolean;
  title: string;
  /** Of the button; left out: "propose". */
  okText?: string;
  width?: number;
  form: FormInstance<F>;
  first: Partial<F>;
  busy: boolean;
  onDone(): void;
  onSubmit(fields: F): void;
  children: ReactNode;
}

/** What one person writes down for another to decide: a form in a dialog, sent once, forgotten when it is closed. */
export function ProposeForm<F extends object>({ form, first, busy, children, ...props }: Props<F>) {
  const { t } = useTranslation();
  return (
    <Modal
      open={props.open}
      title={props.title}
      okText={props.okText ?? t('c.proposeShort')}
      {...(props.width ? { width: props.width } : {})}
      confirmLoading={busy}
      onCancel={props.onDone}
      onOk={() => form.submit()}
      destroyOnHidden
    >
      <Form<F>
        form={form}
        layout="vertical"
        preserve={false}
        initialValues={first}
        onFinish={(fields) => props.onSubmit(fields)}
      >
        {children}
      </Form>
    </Modal>
  );
}

/** Nothing is proposed without one. */
export function Reason({ max = 200, focus = false }: { max?: number; focus?: boolean }) {
  const { t } = useTranslation();
  return (
    <Form.Item name="reason" label={t('c.reason')} rules={[{ required: true, max }]}>
      <Input.TextArea rows={focus ? 3 : 2} autoFocus={focus} />
    </Form.Item>
  );
}
