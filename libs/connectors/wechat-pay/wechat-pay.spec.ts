import { connectorConformance } from '../contract/conformance';
import { PlayedWechat } from './played-wechat';

connectorConformance('wechat-pay', () => PlayedWechat.start());
