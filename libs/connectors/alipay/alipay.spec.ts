import { connectorConformance } from '../contract/conformance';
import { PlayedAlipay } from './played-alipay';

connectorConformance('alipay', () => PlayedAlipay.start());
