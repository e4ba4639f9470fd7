import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../../kit/http';

/** A part that cannot load says so alone; the rest of the page stays. */
export function Trouble({ error }: { error: unknown }) {
  const { t } = useTranslation();
  if (!(error instanceof ApiProblem)) return <Alert type="warning" showIcon title={t('c.noAnswer')} />;
  const { title, detail, request_id: id } = error.problem;
  return <Alert type="error" showIcon title={title} description={`${detail} (${id})`} />;
}
