import { get, post, query, type Schemas } from '../api';

/** What goes out to and comes in from providers and partners: routing, maintenance, exposure, webhooks. */
export type RoutingRules = Schemas['RoutingRules'];
export type RoutingRule = RoutingRules['rules'][number];
export type MaintenanceWindow = Schemas['MaintenanceWindow'];
export type Exposure = Schemas['Exposure'];
export type ExposureChange = Schemas['ExposureChange'];
export type Endpoint = Schemas['OwnedWebhookEndpoint'];
export type WebhookTry = Schemas['WebhookTry'];
export type Alarm = Schemas['Alarm'];
interface List<T> {
  data: T[];
}
type Decision = 'approve' | 'reject';

const part = encodeURIComponent;

export const connect = {
  routing: () => get<List<RoutingRules>>('/v1/operations/routing_rules?limit=10'),
  proposeRouting: (rules: object[], validFrom: string, reason: string) =>
    post<RoutingRules>('/v1/operations/routing_rules', { rules, valid_from: validFrom, reason }),
  decideRouting: (version: number, decision: Decision) =>
    post<RoutingRules>(`/v1/operations/routing_rules/${version}/decisions`, { decision }),
  windows: () => get<List<MaintenanceWindow>>('/v1/operations/maintenance_windows'),
  planWindow: (body: { provider: string; from: string; until: string; note: string }) =>
    post<MaintenanceWindow>('/v1/operations/maintenance_windows', body),
  endWindow: (window: string) =>
    post<MaintenanceWindow>(`/v1/operations/maintenance_windows/${part(window)}/endings`, {}),

  exposures: () => get<List<Exposure>>('/v1/finance/exposures'),
  exposureChanges: () => get<List<ExposureChange>>('/v1/finance/exposure_changes?limit=50'),
  proposeExposure: (body: object) => post<ExposureChange>('/v1/finance/exposure_changes', body),
  decideExposure: (change: string, decision: Decision) =>
    post<ExposureChange>(`/v1/finance/exposure_changes/${part(change)}/decisions`, { decision }),

  endpoints: () => get<List<Endpoint>>('/v1/operations/webhook_endpoints'),
  enableEndpoint: (endpoint: string, reason: string) =>
    post<Schemas['WebhookEndpoint']>('/v1/operations/webhook_endpoint_enablings', { endpoint, reason }),
  tries: (filter: { endpoint?: string | undefined; failed?: string }) =>
    get<List<WebhookTry>>(`/v1/operations/webhook_tries?${query({ ...filter, limit: '50' })}`),
  resend: (event: string, endpoint: string, reason: string) =>
    post<Schemas['EventResend']>('/v1/operations/event_resends', { event, endpoint, reason }),
  alarms: () => get<List<Alarm>>('/v1/operations/alarms?limit=50'),
};
