/**
 * A file of ported numbers says who serves a number; its holder has to be told, on the day it comes true. Each telling has a
 * key of its own, so a sweep that died half-way, or two at once, tell it once.
 */
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { Logger } from '@yidian/telemetry';
import { DateTime } from 'luxon';
import { shanghaiDate } from '../calendar';
import { LOGGER } from '../resources/logger';
import { Repeat } from '../resources/repeat';
import { ChangeSubscriber } from '../subscribers/change-subscriber';
import { PendingPortsStore, type PendingPort } from './pending-ports.store';

const EVERY_MS = 30_000;
const BATCH = 200;

@Injectable()
export class SweepPorts implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly repeat: Repeat;

  constructor(
    private readonly pending: PendingPortsStore,
    private readonly changeSubscriber: ChangeSubscriber,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.repeat = new Repeat(
      EVERY_MS,
      () => this.sweep(),
      (err) => logger.warn({ err }, 'holders of ported numbers wait for the next sweep'),
    );
  }

  onApplicationBootstrap(): void {
    this.repeat.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.repeat.stop();
  }

  async sweep(now: Date = new Date()): Promise<void> {
    const today = shanghaiDate(now);
    for (let due = await this.pending.due(today, BATCH); due.length > 0; due = await this.pending.due(today, BATCH))
      for (const port of due) {
        if (port.holder !== null && port.holder !== port.branch && port.ended === 0) await this.tell(port);
        await this.pending.done(port);
      }
  }

  /** Not before what the holder's branch has told since: a change of state after the port does not undo the port. */
  private async tell({ msisdn, branch, from, version, statusAt }: PendingPort): Promise<void> {
    const midnight = DateTime.fromISO(from, { zone: 'Asia/Shanghai' }).toJSDate();
    await this.changeSubscriber.execute({
      key: `port/${version}/${msisdn}/${from}`,
      msisdn,
      kind: branch === null ? 'ported_out' : 'ported_in',
      at: statusAt && statusAt > midnight ? statusAt : midnight,
      source: 'import',
      ...(branch === null ? {} : { branch }),
    });
  }
}
