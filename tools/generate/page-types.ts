import openapiTypes, { astToString } from 'openapi-typescript';

/** The pages' types of the public API, from the same description that partners read. */
export async function pageTypes(openapi: string): Promise<string> {
  return `/* Made by \`npm run generate\` from docs/openapi.json. */\n${astToString(await openapiTypes(openapi))}`;
}
