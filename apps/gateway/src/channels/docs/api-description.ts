import { Injectable } from '@nestjs/common';
import { controllersOf, describeApi, routesOf } from '@yidian/http';
import { API_INFO } from './api-info';

/** Made from the routes themselves. The module is handed in: importing it here would be a circle. */
@Injectable()
export class ApiDescription {
  readonly document: Record<string, unknown>;

  constructor(app: new (...args: never[]) => object) {
    this.document = describeApi(routesOf(controllersOf(app)), API_INFO);
  }
}
