import { XMLParser } from 'fast-xml-parser';
import { Readable } from 'node:stream';
import { XmlCutter, type XmlPiece } from './xml-cutter';
import { parseElement, textAt } from './xml-tree';

const DOCUMENT = `<?xml version="1.0" encoding="GBK"?>
<!-- <Ntry>no entry</Ntry> -->
<a:Doc xmlns:a="urn:x" note="a > b"><a:Head><b/></a:Head>
<a:Ntry k='<'><x><![CDATA[</a:Ntry>]]></x><Ntry>inner</Ntry></a:Ntry><a:Ntry/><?pi <Ntry> ?></a:Doc>
`.replace("k='<'", "k='>'");

async function cut(text: string | Buffer, chunk: number): Promise<{ pieces: XmlPiece[]; encoding: string }> {
  const data = Buffer.from(text as string);
  const chunks = Array.from({ length: Math.ceil(data.length / chunk) }, (_, i) =>
    data.subarray(i * chunk, (i + 1) * chunk),
  );
  const cutter = new XmlCutter(Readable.from(chunks), (name) => name === 'Doc');
  const pieces: XmlPiece[] = [];
  for (let piece = await cutter.next(); piece; piece = await cutter.next())
    pieces.push({ ...piece, raw: Buffer.from(piece.raw) });
  return { pieces, encoding: cutter.encoding };
}

test('elements are cut whole, however the bytes are cut; comments, CDATA and quoted signs are no markup', async () => {
  for (const chunk of [1, 3, 64, 10_000]) {
    const { pieces, encoding } = await cut(DOCUMENT, chunk);
    expect(encoding).toBe('gbk');
    expect(pieces.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'open Doc',
      'element Head',
      'element Ntry',
      'element Ntry',
      'close Doc',
    ]);
    expect(Buffer.concat(pieces.map(({ raw }) => raw)).toString()).toBe(DOCUMENT.trimEnd());
    const entry = pieces[2];
    expect(entry?.raw.subarray(entry.at).toString()).toMatch(/^<a:Ntry k='>'>.*<\/a:Ntry>$/);
    expect(DOCUMENT.indexOf('<a:Ntry')).toBe(entry?.offset);
  }
});

test.each([
  ['a DTD', '<!DOCTYPE Doc [<!ENTITY x "y">]><Doc/>'],
  ['a document cut short', '<Doc><Ntry><Amt>1</Amt>'],
  ['an element that closes another', '<Doc></Dok>'],
  ['text after the document', '<Doc></Doc> tail'],
  ['a tag within a tag', '<Doc><Ntry <Amt>1</Amt></Ntry></Doc>'],
])('%s is refused', async (_, text) => expect(cut(text, 5)).rejects.toThrow());

test('one element is parsed as an independent reader reads it', () => {
  const text = '<n:Amt Ccy="EUR" note=\'1 &lt; 2\'> 1&#50;<!-- 9 -->.<![CDATA[00&amp;]]> &amp;&#x4e2d; </n:Amt>';
  expect(parseElement(text)).toEqual({
    name: 'Amt',
    attributes: { Ccy: 'EUR', note: '1 < 2' },
    children: [],
    text: '12.00&amp; &中',
  });
  const nested = '<Refs><EndToEndId>E1</EndToEndId><Prtry><Ref>&apos;R&apos;</Ref></Prtry></Refs>';
  const other = new XMLParser({ parseTagValue: false }).parse(nested) as { Refs: { Prtry: { Ref: string } } };
  expect(textAt(parseElement(nested), 'Prtry', 'Ref')).toBe(other.Refs.Prtry.Ref);
});

test.each([
  '<Ntry><Amt>1</Ntry>',
  '<Ntry>&own;</Ntry>',
  '<Ntry>&constructor;</Ntry>',
  '<Ntry>a & b</Ntry>',
  '<Ntry>&#0;</Ntry>',
  '<Ntry a="1" a="2"/>',
  '<Ntry/><Ntry/>',
  '<Ntry><Amt></Ntry></Amt>',
  '<Ntry',
])('%s is no well-formed element', (text) => expect(() => parseElement(text)).toThrow());
