/** One element of an ISO 20022 message: names without their prefix, text without the space around it. */
export interface XmlNode {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlNode[];
  /** Own text and CDATA, entities resolved. */
  readonly text: string;
}

interface Growing {
  tag: string;
  name: string;
  attributes: Record<string, string>;
  children: XmlNode[];
  text: string;
}

/** The document, or this part of it, is not well-formed, or asks for what is refused (a DTD, an entity of its own). */
export class MalformedXml extends Error {
  override readonly name = 'MalformedXml';
}

const TOKEN =
  /<(?:!--[\s\S]*?-->|!\[CDATA\[([\s\S]*?)\]\]>|\?[\s\S]*?\?>|\/([^\s<>/]+)\s*>|([^\s<>/!?=]+)((?:\s+[^\s=<>/]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>)/y;
const ATTRIBUTE = /([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

/**
 * Parses one whole element. The usual parsers take an element that is never closed and pass over entities they do not know;
 * where each element is money, both must be noticed.
 * @throws MalformedXml
 */
export function parseElement(text: string): XmlNode {
  const stack: Growing[] = [];
  let root: XmlNode | undefined;
  for (let at = 0; at < text.length;) {
    const next = text.indexOf('<', at);
    const until = next === -1 ? text.length : next;
    if (until > at) addText(stack.at(-1), resolved(text.slice(at, until)));
    if (next === -1) break;
    const token = tokenAt(text, next);
    at = TOKEN.lastIndex;
    const [, cdata, closing, opening, attributes = '', empty] = token;
    if (cdata !== undefined) addText(stack.at(-1), cdata);
    else if (closing !== undefined) root = close(stack, closing) ?? root;
    else if (opening !== undefined) {
      if (root) throw new MalformedXml('a second root element');
      stack.push(opened(opening, attributes));
      if (empty) root = close(stack, opening) ?? root;
    }
  }
  if (!root || stack.length > 0) throw new MalformedXml('an element is not closed');
  return root;
}

function tokenAt(text: string, at: number): RegExpExecArray {
  TOKEN.lastIndex = at;
  const token = TOKEN.exec(text);
  if (!token) throw new MalformedXml('no markup after <');
  return token;
}

function addText(parent: Growing | undefined, text: string): void {
  if (parent) parent.text += text;
  else if (text.trim() !== '') throw new MalformedXml('text outside of the element');
}

function opened(tag: string, attributes: string): Growing {
  const named: Record<string, string> = {};
  if (attributes !== '')
    for (const [, name = '', double, single] of attributes.matchAll(ATTRIBUTE)) {
      if (Object.hasOwn(named, localName(name))) throw new MalformedXml('an attribute is given twice');
      named[localName(name)] = resolved(double ?? single ?? '');
    }
  return { tag, name: localName(tag), attributes: named, children: [], text: '' };
}

/** @returns the element when it was the outermost one */
function close(stack: Growing[], tag: string): XmlNode | undefined {
  const done = stack.pop();
  if (done?.tag !== tag) throw new MalformedXml('an element is closed that is not open');
  const { name, attributes, children, text } = done;
  const node: XmlNode = { name, attributes, children, text: text.trim() };
  const parent = stack.at(-1);
  if (!parent) return node;
  parent.children.push(node);
  return undefined;
}

export function localName(tag: string): string {
  return tag.slice(tag.indexOf(':') + 1);
}

const NAMED = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
]);

function resolved(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#(\d{1,7})|#x([\dA-Fa-f]{1,6})|([A-Za-z]+));|&/g, letterOf);
}

/** The five entities of XML and numbered letters; a DTD, where others would be declared, is refused. */
function letterOf(_: string, decimal: string | undefined, hex: string | undefined, name: string | undefined): string {
  const named = name === undefined ? undefined : NAMED.get(name);
  if (named !== undefined) return named;
  const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number.parseInt(decimal, 10);
  if (Number.isNaN(code) || code === 0 || code > 0x10ffff) throw new MalformedXml('an entity that is not known');
  return String.fromCodePoint(code);
}

/** The first element at the end of a path of names, or undefined. */
export function nodeAt(from: XmlNode | undefined, ...path: string[]): XmlNode | undefined {
  return path.reduce<XmlNode | undefined>((node, name) => node?.children.find((child) => child.name === name), from);
}

/** Text of the first element at the end of the path; '' where there is none. */
export function textAt(from: XmlNode | undefined, ...path: string[]): string {
  return nodeAt(from, ...path)?.text ?? '';
}

/** Every element at the end of the path, through every branch that leads there. */
export function nodesAt(from: XmlNode | undefined, ...path: string[]): XmlNode[] {
  let nodes: XmlNode[] = from ? [from] : [];
  for (const name of path) nodes = nodes.flatMap((node) => node.children.filter((child) => child.name === name));
  return nodes;
}
