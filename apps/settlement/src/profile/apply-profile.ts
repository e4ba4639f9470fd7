import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { ConfigError } from '@yidian/config';
import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import type { CommissionPlan } from '../commissions/commission';
import { CommissionPlansStore } from '../commissions/commission-plans.store';
import type { FeeSchedule } from '../fees/fee-schedules';
import { FeeSchedulesStore } from '../fees/fee-schedules.store';
import { CONFIG, type SettlementConfig } from '../settlement.config';
import { settlementProfile, type SettlementProfile } from './settlement-profile';

/**
 * Adds the carrier's contracts to the tables at start. What is there stays: the same id with other terms stops the start,
 * because settled payments were priced by it and claw-backs read it again.
 */
@Injectable()
export class ApplyProfile implements OnModuleInit {
  constructor(
    @Inject(CONFIG) private readonly config: SettlementConfig,
    private readonly schedules: FeeSchedulesStore,
    private readonly plans: CommissionPlansStore,
  ) {}

  async onModuleInit(): Promise<void> {
    if (this.config.SETTLEMENT_PROFILE === undefined) return;
    await this.execute(await readProfile(this.config.SETTLEMENT_PROFILE));
  }

  async execute(profile: SettlementProfile): Promise<void> {
    const entries = [...profile.feeSchedules, ...profile.commissionPlans];
    const demo = entries.find((entry) => entry.demo);
    if (demo && this.config.MODE === 'live')
      throw new ConfigError(`SETTLEMENT_PROFILE: "${demo.id}" is a demo entry and this installation is live`);
    for (const { demo: _, ...schedule } of profile.feeSchedules) await this.schedule(schedule);
    for (const { demo: _, ...plan } of profile.commissionPlans) await this.plan(plan);
  }

  private async schedule(wanted: FeeSchedule): Promise<void> {
    const stored = await this.schedules.byId(wanted.id);
    if (!stored) await this.schedules.add(wanted);
    else refuseOtherTerms(wanted.id, stored, wanted);
  }

  private async plan(wanted: CommissionPlan): Promise<void> {
    const stored = await this.plans.byId(wanted.id);
    if (!stored) await this.plans.add(wanted);
    else refuseOtherTerms(wanted.id, stored, wanted);
  }
}

async function readProfile(path: string): Promise<SettlementProfile> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new ConfigError('SETTLEMENT_PROFILE: the file cannot be read as JSON', { cause });
  }
  const parsed = settlementProfile.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new ConfigError(`SETTLEMENT_PROFILE: ${explain(parsed.error)}`);
}

const explain = (error: z.ZodError): string =>
  error.issues.map((issue) => `${issue.path.join('.') || 'file'}: ${issue.message}`).join('; ');

function refuseOtherTerms(id: string, stored: object, wanted: object): void {
  if (canonical(stored) === canonical(wanted)) return;
  throw new ConfigError(`SETTLEMENT_PROFILE: "${id}" is already there with other terms; give the new terms a new id`);
}

const canonical = (terms: object): string =>
  JSON.stringify(
    Object.entries(terms).sort(([a], [b]) => (a < b ? -1 : 1)),
    (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value),
  );
