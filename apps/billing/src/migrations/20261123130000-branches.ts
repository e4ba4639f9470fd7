import type { MigrationInterface, QueryRunner } from 'typeorm';

/** 31 provincial companies by GB/T 2260; each accepts 10 to 500 yuan in whole yuan until it says otherwise. */
const BRANCHES: readonly (readonly [code: string, zh: string, en: string])[] = [
  ['110000', '北京', 'Beijing'],
  ['120000', '天津', 'Tianjin'],
  ['130000', '河北', 'Hebei'],
  ['140000', '山西', 'Shanxi'],
  ['150000', '内蒙古', 'Inner Mongolia'],
  ['210000', '辽宁', 'Liaoning'],
  ['220000', '吉林', 'Jilin'],
  ['230000', '黑龙江', 'Heilongjiang'],
  ['310000', '上海', 'Shanghai'],
  ['320000', '江苏', 'Jiangsu'],
  ['330000', '浙江', 'Zhejiang'],
  ['340000', '安徽', 'Anhui'],
  ['350000', '福建', 'Fujian'],
  ['360000', '江西', 'Jiangxi'],
  ['370000', '山东', 'Shandong'],
  ['410000', '河南', 'Henan'],
  ['420000', '湖北', 'Hubei'],
  ['430000', '湖南', 'Hunan'],
  ['440000', '广东', 'Guangdong'],
  ['450000', '广西', 'Guangxi'],
  ['460000', '海南', 'Hainan'],
  ['500000', '重庆', 'Chongqing'],
  ['510000', '四川', 'Sichuan'],
  ['520000', '贵州', 'Guizhou'],
  ['530000', '云南', 'Yunnan'],
  ['540000', '西藏', 'Tibet'],
  ['610000', '陕西', 'Shaanxi'],
  ['620000', '甘肃', 'Gansu'],
  ['630000', '青海', 'Qinghai'],
  ['640000', '宁夏', 'Ningxia'],
  ['650000', '新疆', 'Xinjiang'],
];
const ACCEPT_MIN = 1_000n;
const ACCEPT_MAX = 50_000n;
const ACCEPT_STEP = 100n;

export class Branches1795410000001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`CREATE TABLE branch (
      code CHAR(6) NOT NULL,
      name_zh VARCHAR(20) NOT NULL,
      name_en VARCHAR(40) NOT NULL,
      status VARCHAR(12) NOT NULL,
      accept_min BIGINT NOT NULL,
      accept_max BIGINT NOT NULL,
      accept_step BIGINT NOT NULL,
      updated_at DATETIME(3) NOT NULL,
      PRIMARY KEY (code)
    ) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    const now = new Date();
    await q.query(
      'INSERT INTO branch (code, name_zh, name_en, status, accept_min, accept_max, accept_step, updated_at) VALUES ?',
      [BRANCHES.map(([code, zh, en]) => [code, zh, en, 'open', ACCEPT_MIN, ACCEPT_MAX, ACCEPT_STEP, now])],
    );
  }

  down(): Promise<void> {
    throw new Error('forward only');
  }
}
