import { DEMO_BRANCHES, GUANGDONG, HUBEI } from './branches';
import { Seeded } from './seeded';

/** A subscriber as billing's `subscribers.register` takes it; `balance` is a string of fen. */
export interface DemoSubscriber {
  msisdn: string;
  branch: string;
  name: string;
  plan: 'prepaid' | 'postpaid';
  status: 'active' | 'suspended' | 'pre_closed' | 'closed';
  balance: string;
}

/** A bill that a postpaid number has not paid yet. */
export interface DemoBill {
  msisdn: string;
  branch: string;
  /** Of the month so many months before the demo. */
  monthsAgo: number;
  /** String of fen. */
  amount: string;
}

/** Somebody with a bank agreement, and the family number he pays for. */
export interface DemoPayer {
  number: string;
  branch: string;
  linked: string;
  linkedBranch: string;
  nickname: string;
}

export interface Population {
  subscribers: DemoSubscriber[];
  bills: DemoBill[];
  payers: DemoPayer[];
  /** Numbers that customers of the bank counter and of the web shop pay for. */
  walkIns: { number: string; branch: string }[];
  zhang: DemoPayer;
}

export interface PopulationSize {
  payers: number;
  walkInsPerBranch: number;
}

export const ZHANG = '13800001234';
export const MOTHER = '13900000000';
/** Guizhou: operations puts it into maintenance before the cut, and the credits of its numbers wait. */
export const MAINTENANCE_BRANCH = '520000';
export const FULL_SIZE: PopulationSize = { payers: 155, walkInsPerBranch: 12 };

const FAMILY = '王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗';
const GIVEN = [
  '秀兰',
  '建国',
  '志强',
  '桂英',
  '伟',
  '芳',
  '丽华',
  '国栋',
  '小红',
  '海涛',
  '玉梅',
  '军',
  '静',
  '文博',
  '春燕',
];
const NICKNAMES = ['妈妈', '爸爸', '奶奶', '岳母', '儿子', '女儿'];

/** Everybody of the demo; a pure function of seed and size. Every branch has payers, family numbers and walk-ins. */
export function population(seed: string, size: PopulationSize = FULL_SIZE): Population {
  const subscribers: DemoSubscriber[] = [...story(), ...specialEndings()];
  const add = maker(seed, subscribers);
  const choose = new Seeded(seed, 'payers');
  const payers = Array.from({ length: size.payers }, (_, i): DemoPayer => {
    const home = DEMO_BRANCHES[i % DEMO_BRANCHES.length] as (typeof DEMO_BRANCHES)[number];
    const family = DEMO_BRANCHES[(i * 7 + 5) % DEMO_BRANCHES.length] as (typeof DEMO_BRANCHES)[number];
    return {
      number: add(home.code, '136'),
      branch: home.code,
      linked: add(family.code, '139'),
      linkedBranch: family.code,
      nickname: choose.pick(NICKNAMES),
    };
  });
  const walkIns = DEMO_BRANCHES.flatMap((branch) =>
    Array.from({ length: size.walkInsPerBranch }, () => ({ number: add(branch.code, '137'), branch: branch.code })),
  );
  const zhang = { number: ZHANG, branch: GUANGDONG, linked: MOTHER, linkedBranch: HUBEI, nickname: '妈妈' };
  return { subscribers, bills: twoBills(), payers, walkIns, zhang };
}

function story(): DemoSubscriber[] {
  return [
    { msisdn: ZHANG, branch: GUANGDONG, name: '张伟', plan: 'prepaid', status: 'active', balance: '3620' },
    { msisdn: MOTHER, branch: HUBEI, name: '王秀兰', plan: 'prepaid', status: 'active', balance: '1210' },
  ];
}

/** Numbers whose ending chooses the outcome (the partner guide's table); …0001 is unknown because nobody registers it. */
function specialEndings(): DemoSubscriber[] {
  const row = (ending: string, name: string, over: Partial<DemoSubscriber>): DemoSubscriber => ({
    msisdn: `1380000${ending}`,
    branch: GUANGDONG,
    name,
    plan: 'prepaid',
    status: 'active',
    balance: '2000',
    ...over,
  });
  return [
    row('0002', '钱已销', { status: 'closed', balance: '0' }),
    row('0003', '孙停机', { status: 'suspended' }),
    row('0004', '李两单', { plan: 'postpaid', balance: '0' }),
    row('0005', '周不收', { status: 'pre_closed' }),
    row('0006', '吴转网', { branch: HUBEI }),
  ];
}

function twoBills(): DemoBill[] {
  const owed = { msisdn: '13800000004', branch: GUANGDONG };
  return [
    { ...owed, monthsAgo: 2, amount: '5000' },
    { ...owed, monthsAgo: 1, amount: '3000' },
  ];
}

/** Gives out numbers `<prefix><branch, 2 digits><6 digits>`; endings below 0010 mean something and are never given. */
function maker(seed: string, into: DemoSubscriber[]): (branch: string, prefix: string) => string {
  const choose = new Seeded(seed, 'subscribers');
  const next = new Map<string, number>();
  return (branch, prefix) => {
    const place = String(DEMO_BRANCHES.findIndex((b) => b.code === branch) + 1).padStart(2, '0');
    const used = next.get(prefix + place) ?? 0;
    next.set(prefix + place, used + 1);
    const msisdn = `${prefix}${place}${100_010 + used * 37}`;
    const name = choose.pick([...FAMILY]) + choose.pick(GIVEN);
    const balance = String(500 + choose.below(60) * 50);
    into.push({ msisdn, branch, name, plan: 'prepaid', status: 'active', balance });
    return msisdn;
  };
}
