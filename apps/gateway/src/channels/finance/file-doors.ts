import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { admitOperator, OperatorSessions, type Role } from '../../access';

/** A part of 8 MB as base64, and the words around it. */
const BODY_LIMIT = 11_300_000;
export const FILE_BASE64_LIMIT = 11_200_000;
const MAKER: readonly Role[] = ['finance_maker'];
const DOORS: Readonly<Record<string, readonly Role[]>> = {
  '/v1/finance/statement_uploads': MAKER,
  '/v1/finance/bank_statements': MAKER,
  '/v1/finance/payout_reports': MAKER,
  '/v1/finance/payout_statuses': MAKER,
};

/**
 * Lets the addresses that take a file take one; every other keeps the house's limit. Who stands there is known before a byte
 * of the body is read: nobody unknown makes us hold 11 MB. Made before routes are mounted.
 */
@Injectable()
export class FileDoors {
  constructor(host: HttpAdapterHost, sessions: OperatorSessions) {
    host.httpAdapter.getInstance<FastifyInstance>().addHook('onRoute', (route) => {
      const roles = DOORS[route.url];
      if (roles === undefined || route.method !== 'POST') return;
      route.bodyLimit = BODY_LIMIT;
      route.onRequest = async (request: FastifyRequest) => void (await admitOperator(sessions, request, roles));
    });
  }
}
