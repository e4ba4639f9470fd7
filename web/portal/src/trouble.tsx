import { Button } from 'antd-mobile';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../../kit/http';

/** What went wrong, whether money moved, and the next step. Nobody meets a dead end. */
export function Trouble({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation();
  const problem = error instanceof ApiProblem ? error.problem : null;
  const moved = problem?.outcome === 'not_executed' ? t('trouble.notCharged') : t('trouble.unknown');
  return (
    <section className="card trouble" role="alert">
      <h2>{problem?.title ?? t('trouble.title')}</h2>
      <p>{problem?.detail ?? t('trouble.noAnswer')}</p>
      <p>{moved}</p>
      {problem ? <p className="muted">{t('trouble.request', { id: problem.request_id })}</p> : null}
      {retry ? (
        <Button block onClick={() => retry()}>
          {t('again')}
        </Button>
      ) : null}
    </section>
  );
}
