import { connectorConformance } from '../../../libs/connectors/contract/conformance';
import { PlayedSample } from './played-sample';

connectorConformance('sample', () => PlayedSample.start());
