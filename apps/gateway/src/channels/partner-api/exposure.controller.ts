import { Controller, Get } from '@nestjs/common';
import { Operation } from '@yidian/http';
import { ForPartner, Partner, type PartnerCaller } from '../../access';
import { exposureView, type ExposureView } from '../../exposure/exposure.schema';
import { Exposures } from '../../exposure/exposures';

@Controller('v1/exposure')
export class ExposureController {
  constructor(private readonly exposures: Exposures) {}

  @Get()
  @ForPartner('payments:collect', 'payments:read')
  @Operation({
    id: 'getExposure',
    summary: 'How much of your limit or deposit is used up',
    description:
      'A payment that would pass `available` is refused with `exposure_exceeded`. The event `exposure.warning` comes once a date.',
    door: 'partner',
    tag: 'Payments',
    answers: { 200: exposureView },
    problems: ['not_found'],
  })
  one(@Partner() partner: PartnerCaller): Promise<ExposureView> {
    return this.exposures.of(partner.id);
  }
}
