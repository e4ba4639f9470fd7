import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { numberingApply, numberingBegin, numberingRows, numberingVersions, type ReplyOf } from '@yidian/contracts';
import { Frames } from '../rpc/frames';
import { ImportVersions } from './import-versions';
import { versionView, VersionsStore } from './versions.store';

@Controller()
export class NumberingController {
  constructor(
    private readonly frames: Frames,
    private readonly imports: ImportVersions,
    private readonly store: VersionsStore,
  ) {}

  @MessagePattern('numbering.begin')
  begin(@Payload() request: unknown): Promise<ReplyOf<'billing', 'numbering.begin'>> {
    return this.frames.answer(numberingBegin, request, (file) => this.imports.begin(file));
  }

  @MessagePattern('numbering.rows')
  rows(@Payload() request: unknown): Promise<ReplyOf<'billing', 'numbering.rows'>> {
    return this.frames.answer(numberingRows, request, (rows) => this.imports.take(rows));
  }

  @MessagePattern('numbering.apply')
  apply(@Payload() request: unknown): Promise<ReplyOf<'billing', 'numbering.apply'>> {
    return this.frames.answer(numberingApply, request, ({ version }) => this.imports.apply(version));
  }

  @MessagePattern('numbering.versions')
  versions(@Payload() request: unknown): Promise<ReplyOf<'billing', 'numbering.versions'>> {
    return this.frames.answer(numberingVersions, request, async ({ limit }) => ({
      versions: (await this.store.latest(limit)).map(versionView),
    }));
  }
}
