import { Button, Upload } from 'antd';
import { useTranslation } from 'react-i18next';
import { Why } from './verdict';

const MOST_BYTES = 8_000_000;

export interface PickedFile {
  name: string;
  base64: string;
}

interface Props {
  label: string;
  accept: string;
  /** Why it is off; empty when it is on. */
  off: string;
  busy: boolean;
  onFile(file: PickedFile): void;
}

/** A file from this computer, as base64; one that no door takes is refused here, before it travels. */
export function FileButton({ label, accept, off, busy, onFile }: Props) {
  const { t } = useTranslation();
  const read = (file: File) => {
    const reader = new FileReader();
    reader.onload = () => onFile({ name: file.name, base64: base64Of(reader.result) });
    reader.readAsDataURL(file);
    return Upload.LIST_IGNORE;
  };
  return (
    <Why text={off}>
      <Upload
        accept={accept}
        showUploadList={false}
        disabled={off !== ''}
        beforeUpload={(file) => {
          if (file.size <= MOST_BYTES && file.size > 0) return read(file);
          alert(t('c.fileTooLarge'));
          return Upload.LIST_IGNORE;
        }}
      >
        <Button disabled={off !== ''} loading={busy}>
          {label}
        </Button>
      </Upload>
    </Why>
  );
}

/** Of a data URL. */
const base64Of = (read: string | ArrayBuffer | null): string =>
  typeof read === 'string' ? (read.split(',')[1] ?? '') : '';
