/** Billing as it runs, for tests of the tools that speak to it over its socket. */
export * from '../src/testing/billing-fixture';
