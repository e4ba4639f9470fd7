import { Injectable } from '@nestjs/common';

type Listener = (provider: string, eventId: string) => void;

/** Wakes whoever gives callbacks their meaning, early. Nothing depends on it: the sweep finds what is stored. */
@Injectable()
export class CallbackBell {
  private listener: Listener = () => undefined;

  onRing(listener: Listener): void {
    this.listener = listener;
  }

  ring(provider: string, eventId: string): void {
    this.listener(provider, eventId);
  }
}
