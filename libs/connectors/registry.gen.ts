// Written by `npm run generate` from the folders beside it: do not edit.
import type { ConnectorDefinition } from './contract';
import { definition as alipay } from './alipay';
import { definition as bankDirect } from './bank-direct';
import { definition as stripe } from './stripe';
import { definition as unionpay } from './unionpay';
import { definition as wechatPay } from './wechat-pay';

/** Every connector of this build. */
export const CONNECTORS: readonly ConnectorDefinition[] = [alipay, bankDirect, stripe, unionpay, wechatPay];
