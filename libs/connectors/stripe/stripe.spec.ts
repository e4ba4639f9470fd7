import { connectorConformance } from '../contract/conformance';
import { PlayedStripe } from './played-stripe';

connectorConformance('stripe', () => PlayedStripe.start());
