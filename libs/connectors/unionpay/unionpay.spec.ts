import { connectorConformance } from '../contract/conformance';
import { PlayedUnionPay, RSA, SM2 } from './played-unionpay';

connectorConformance('unionpay', () => PlayedUnionPay.start(RSA));
connectorConformance('unionpay with SM2', () => PlayedUnionPay.start(SM2));
