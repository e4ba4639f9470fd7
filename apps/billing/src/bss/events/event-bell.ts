import { Injectable } from '@nestjs/common';

/** Says that an event has come; who listens looks into the rows, so a bell that nobody hears loses nothing. */
@Injectable()
export class EventBell {
  private listener: () => void = () => undefined;

  listen(listener: () => void): void {
    this.listener = listener;
  }

  ring(): void {
    this.listener();
  }
}
