import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { STRIPE_PREFIX, StripeWorld, type StripePlaces } from './stripe';
import { stripeControl } from './stripe.control';
import { stripePages } from './stripe.pages';
import { stripeRoutes } from './stripe.routes';

/**
 * Stripe with its doors. Beside its log lies what a carrier's profile must say to speak to it: `stripe.settings.json`,
 * settings of the connector `stripe`.
 */
export function openStripe(app: FastifyInstance, places: StripePlaces): StripeWorld {
  const stripe = new StripeWorld(places);
  const settings = stripe.keys.settings(places.sandboxUrl + STRIPE_PREFIX);
  const path = join(places.dir, 'stripe.settings.json');
  writeFileSync(path, `${JSON.stringify(settings, null, 2)}\n`, { mode: 0o600 });
  void app.register(
    (door, _options, done) => {
      stripeRoutes(door, stripe);
      done();
    },
    { prefix: STRIPE_PREFIX },
  );
  stripePages(app, stripe);
  stripeControl(app, stripe);
  return stripe;
}
