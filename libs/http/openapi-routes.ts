import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, MODULE_METADATA, PATH_METADATA } from '@nestjs/common/constants';
import { hotPostOf } from './hot-post';
import { operationOf, type OperationSpec } from './operation';

export interface DescribedRoute {
  method: string;
  /** With `{name}` for parameters. */
  path: string;
  spec: OperationSpec;
}

type Class = new (...args: never[]) => object;

/** Every controller of a module and of the modules it imports, found without starting anything. */
export function controllersOf(module: Class, seen: Set<Class> = new Set()): Class[] {
  if (seen.has(module)) return [];
  seen.add(module);
  const list = (key: string) => (Reflect.getMetadata(key, module) ?? []) as (Class | { module: Class })[];
  const imported = list(MODULE_METADATA.IMPORTS).map((one) => ('module' in one ? one.module : one));
  const own = list(MODULE_METADATA.CONTROLLERS) as Class[];
  return [...imported.flatMap((one) => controllersOf(one, seen)), ...own];
}

/** @throws Error for a route without @Operation: an undocumented route is a fault */
export function routesOf(controllers: readonly Class[]): DescribedRoute[] {
  return controllers.flatMap((controller) => {
    const prefix = String(Reflect.getMetadata(PATH_METADATA, controller) ?? '');
    const prototype = controller.prototype as Record<string, unknown>;
    return Object.getOwnPropertyNames(prototype).flatMap((name) => {
      const handler = prototype[name];
      if (typeof handler !== 'function') return [];
      const route = routeOf(handler);
      if (!route) return [];
      const spec = operationOf(handler);
      if (!spec) throw new Error(`${controller.name}.${name} has no @Operation`);
      return [{ method: RequestMethod[route.method].toLowerCase(), path: joined(prefix, route.path), spec }];
    });
  });
}

function routeOf(handler: object): { method: RequestMethod; path: string } | undefined {
  const hot = hotPostOf(handler);
  if (hot) return { method: RequestMethod.POST, path: hot.path };
  const method = Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod | undefined;
  return method === undefined ? undefined : { method, path: String(Reflect.getMetadata(PATH_METADATA, handler) ?? '') };
}

function joined(prefix: string, path: string): string {
  const parts = [...prefix.split('/'), ...path.split('/')].filter((part) => part !== '');
  return `/${parts.map((part) => (part.startsWith(':') ? `{${part.slice(1)}}` : part)).join('/')}`;
}
