import { Injectable } from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';

export type TakeRequest = (request: IncomingMessage, response: ServerResponse) => void;

/** What stands on the service's HTTP port beside its health, room by room. */
@Injectable()
export class HttpDoors {
  private readonly doors: { prefix: string; take: TakeRequest }[] = [];

  /** @param prefix such as `/bss/` */
  open(prefix: string, take: TakeRequest): void {
    this.doors.push({ prefix, take });
  }

  /** False: nobody's door. */
  readonly take = (request: IncomingMessage, response: ServerResponse): boolean => {
    const door = this.doors.find(({ prefix }) => request.url?.startsWith(prefix));
    door?.take(request, response);
    return door !== undefined;
  };
}
