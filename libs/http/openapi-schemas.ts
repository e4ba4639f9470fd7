import { z } from 'zod';

type Json = Record<string, unknown>;

/** Named schemas (`.meta({ id })`) go to components once; everything else is written where it stands. */
export class SchemaBook {
  private readonly named = new Map<string, Json>();

  /** What a caller sends: unknown members are refused. */
  input(schema: z.ZodType): Json {
    return this.add(z.toJSONSchema(schema, { io: 'input', target: 'draft-2020-12', unrepresentable: 'any' }));
  }

  /** What we answer: clients must ignore members they do not know, so none are forbidden. */
  output(schema: z.ZodType): Json {
    const options = {
      io: 'output' as const,
      target: 'draft-2020-12' as const,
      unrepresentable: 'any' as const,
      override: ({ jsonSchema }: { jsonSchema: Json }) => {
        if (jsonSchema['additionalProperties'] === false) delete jsonSchema['additionalProperties'];
      },
    };
    return this.add(z.toJSONSchema(schema, options));
  }

  components(): Json {
    return Object.fromEntries([...this.named].sort(([a], [b]) => a.localeCompare(b)));
  }

  private add(generated: Json): Json {
    const { $defs, $schema: _dialect, ...schema } = generated;
    for (const [name, definition] of Object.entries(($defs ?? {}) as Record<string, Json>)) this.keep(name, definition);
    const { id, ...body } = repointed(schema) as Json;
    if (typeof id !== 'string') return body;
    this.keep(id, schema);
    return { $ref: `#/components/schemas/${id}` };
  }

  /** @throws Error when one name stands for two shapes */
  private keep(name: string, definition: Json): void {
    const { id: _id, ...body } = repointed(definition) as Json;
    const before = this.named.get(name);
    if (before && JSON.stringify(before) !== JSON.stringify(body)) {
      throw new Error(`two different schemas are called ${name}`);
    }
    this.named.set(name, body);
  }
}

/** `$defs` of each generated schema become the document's components; safe-integer limits say nothing new. */
function repointed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(repointed);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(
    ([key, member]) =>
      !((key === 'maximum' || key === 'minimum') && Math.abs(member as number) === Number.MAX_SAFE_INTEGER),
  );
  return Object.fromEntries(
    entries.map(([key, member]) => {
      if (key === '$ref' && typeof member === 'string')
        return [key, member.replace('#/$defs/', '#/components/schemas/')];
      return [key, repointed(member)];
    }),
  );
}
