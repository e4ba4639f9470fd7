import { QRCode } from 'antd';

/** A part of its own: only who pays by a code loads it. White behind it whatever the page's colours are: cameras want that. */
export default function CodePicture({ text, label }: { text: string; label: string }) {
  return (
    <div role="img" aria-label={label} className="code-picture">
      <QRCode value={text} type="svg" size={240} errorLevel="M" bordered={false} bgColor="#fff" color="#000" />
    </div>
  );
}
