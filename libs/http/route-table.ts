import type { FastifyInstance } from 'fastify';

/** Knows every registered path, so that a wrong method is told apart from a wrong address. */
export class RouteTable {
  private readonly routes: { pattern: RegExp; methods: string[] }[] = [];

  constructor(instance: FastifyInstance) {
    instance.addHook('onRoute', (route) => {
      if (route.url.includes('*')) return; // a catch-all would make every address known
      this.routes.push({ pattern: patternOf(route.url), methods: [route.method].flat() });
    });
  }

  /** Methods that the path takes; empty when no route has it. */
  methodsOf(url: string): string[] {
    const path = url.split('?')[0] ?? '/';
    const found = this.routes.filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => methods);
    return [...new Set(found)].sort();
  }
}

function patternOf(url: string): RegExp {
  const parts = url
    .split('/')
    .map((part) => (part.startsWith(':') ? '[^/]+' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')));
  return new RegExp(`^${parts.join('/')}/?$`);
}
