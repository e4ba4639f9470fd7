/** The template is a connector that runs and is tested where it stands; a new one is a copy under its own name. */
export const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** @param name folder and connector name, such as `icbc-direct` */
export function render(name: string, text: string): string {
  const pascal = name.replace(/(^|-)(.)/g, (_, __, letter: string) => letter.toUpperCase());
  const camel = pascal.charAt(0).toLowerCase() + pascal.slice(1);
  const constant = name.replaceAll('-', '_').toUpperCase();
  return text
    .replaceAll('../../../libs/connectors/contract', '../contract')
    .replaceAll('SAMPLE_', `${constant}_`)
    .replaceAll('Sample', pascal)
    .replaceAll("'sample'", `'${name}'`)
    .replaceAll('./played-sample', `./played-${name}`)
    .replaceAll('callbacks/sample', `callbacks/${name}`)
    .replaceAll(/\bsample\(/g, `${camel}(`)
    .replaceAll('{ sample }', `{ ${camel} }`);
}

export const fileNameOf = (name: string, file: string): string => file.replace('sample', name);
