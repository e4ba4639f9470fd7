/** The image's health check: exit 0 when the process in this container says that it is ready. */
const host = process.env.HOST === undefined || process.env.HOST === '0.0.0.0' ? '127.0.0.1' : process.env.HOST;
const answer = await fetch(`http://${host}:${process.env.HTTP_PORT}/health/ready`, {
  signal: AbortSignal.timeout(3_000),
});
process.exit(answer.ok ? 0 : 1);
