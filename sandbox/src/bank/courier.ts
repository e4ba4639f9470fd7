import { newEd25519, signingKey, signRequest, type SigningKey } from '@yidian/security';
import type { NdjsonLog } from '../journal/ndjson-log';
import { Deliveries, posted, type Notice, type NoticeEvent } from '../wire/deliveries';
import type { PlatformAddress } from '../wire/signed-client';
import type { Callbacks } from './settler';

interface Parcel extends Notice {
  type: string;
  data: object;
  occurredAt: string;
}
interface BankEvent {
  eventId: string;
  type: string;
  data: object;
}

/** Brings callbacks to the platform until it has said `success`; the event id of a parcel never changes. */
export class Courier implements Callbacks {
  private readonly parcels: Deliveries<Parcel>;

  constructor(
    log: NdjsonLog<NoticeEvent<Parcel>>,
    private readonly platform: PlatformAddress,
    private readonly path: string,
    private readonly key: SigningKey,
  ) {
    this.parcels = new Deliveries<Parcel>(log, (parcel, forged) => this.post(parcel, forged));
  }

  get undelivered(): number {
    return this.parcels.undelivered;
  }

  send(event: BankEvent, copies: number): void {
    this.parcels.send(parcelOf(event, copies));
  }

  sendForged(event: BankEvent): void {
    this.parcels.sendForged(parcelOf(event, 1));
  }

  stop(): void {
    this.parcels.stop();
  }

  private async post({ id, type, occurredAt, data }: Parcel, forged: boolean): Promise<boolean> {
    const key = forged ? signingKey(this.key.keyId, 'ed25519', newEd25519().privateKeyPem) : this.key;
    const body = JSON.stringify({ event_id: id, type, occurred_at: occurredAt, data });
    const url = this.platform.publicUrl + this.path;
    const plain = { 'content-type': 'application/json' };
    const headers = { ...plain, ...signRequest({ method: 'POST', url, headers: plain, body }, key) };
    const answer = await posted(this.platform, url, { headers, body });
    return answer?.status === 200 && answer.text.trim() === 'success';
  }
}

const parcelOf = ({ eventId: id, type, data }: BankEvent, copies: number): Parcel => ({
  ...{ id, type, data, copies },
  occurredAt: new Date().toISOString(),
});
