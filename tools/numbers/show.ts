import type { NumberingVersion, OwnerAtAnswer } from '@yidian/contracts';

const OUT = 'another carrier';

export function ownerText({ at, owner, route }: OwnerAtAnswer): string {
  if (!owner) {
    const place = route === undefined ? 'no branch of ours' : route === null ? OUT : `branch ${route}`;
    return `At ${at} nobody held it; it routed to ${place}.`;
  }
  const { subscriberId, branch, ownerVersion, status, suspendReason, since, until } = owner;
  return [
    `subscriber  ${subscriberId}`,
    `branch      ${branch}`,
    `owner       version ${ownerVersion}, ${since} to ${until ?? 'now'}`,
    `state       ${status}${suspendReason ? ` for ${suspendReason}` : ''} at ${at}`,
  ].join('\n');
}

export function versionText(one: NumberingVersion): string {
  const counts = `${one.total} rows, ${one.opened} begun, ${one.closed} ended, ${one.skipped} older, ${one.badLines} bad lines`;
  return [
    `${one.version}  ${one.kind} ${one.format}  from ${one.from}  ${one.state}  ${one.appliedAt ?? one.createdAt}  by ${one.actor}`,
    `   ${one.fileName}  sha256 ${one.sha256.slice(0, 16)}…  ${counts}`,
  ].join('\n');
}
