import type { BranchInfo } from '@yidian/contracts';

const SUFFIX = /(?:省|市|壮族自治区|回族自治区|维吾尔自治区|自治区)$/;
/** A name that is short for another province's would be a guess. */
const shortOf = (name: string): string => name.trim().replace(SUFFIX, '');

/** Branch codes by what files call a province: its code, or its name with or without 省, 市 or 自治区. */
export class BranchNames {
  private readonly codes = new Map<string, string>();

  constructor(branches: readonly Pick<BranchInfo, 'code' | 'nameZh'>[]) {
    for (const { code, nameZh } of branches) {
      this.codes.set(code, code);
      this.codes.set(shortOf(nameZh), code);
    }
  }

  /** Undefined: no branch of ours is called so. */
  codeOf(name: string): string | undefined {
    return this.codes.get(shortOf(name));
  }
}
