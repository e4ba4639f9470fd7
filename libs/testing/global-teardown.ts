export default async function globalTeardown(): Promise<void> {
  await Promise.all((globalThis.yidianTestServers ?? []).map((server) => server.stop()));
}
