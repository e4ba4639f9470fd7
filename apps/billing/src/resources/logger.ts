/** Injection token of the service's logger (type `Logger` of @yidian/telemetry). */
export const LOGGER = Symbol('billing logger');
