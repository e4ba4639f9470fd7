import { z } from 'zod';
import { fromJson, MAX_MINOR, toJson } from '@yidian/money';

/**
 * Fields that mean the same in every public body. A schema's `error` that is a code of the error book becomes the
 * finding's code; everything else becomes `field_invalid`.
 */

/** Public amount: a positive safe integer of fen. */
export const amountField = z
  .int({ error: 'amount_not_integer' })
  .min(1, { error: 'amount_below_minimum' })
  .max(toJson(MAX_MINOR), { error: 'amount_above_maximum' })
  .meta({ description: 'Integer of minor units (fen)', examples: [5000] });

/** Amount inside answers: may be zero or negative. */
export const amountAnswer = z.int().meta({ description: 'Integer of minor units (fen)' });

export const currencyField = z.literal('CNY', { error: 'currency_not_supported' });

/** A whole mobile number, only ever in bodies. */
export const numberField = z
  .string({ error: 'number_malformed' })
  .regex(/^1\d{10}$/, { error: 'number_malformed' })
  .meta({ description: 'Mobile number, 11 digits', examples: ['13900000000'] });

export const maskedNumber = z.string().meta({ description: 'Masked mobile number', examples: ['139****0000'] });

export const branchField = z.string().regex(/^\d{6}$/);
export const dateField = z.iso.date();
export const timeField = z.iso.datetime({ offset: true });
export const timeAnswer = z.iso.datetime().meta({ description: 'RFC 3339, UTC, milliseconds' });

/** The partner's own serial number. */
export const referenceField = z
  .string()
  .regex(/^[\x21-\x7e]{1,64}$/)
  .meta({ description: "The partner's own serial number, unique per partner", examples: ['20261122000417'] });

/** RFC 3339 UTC with milliseconds. */
export const timeText = (at: Date): string => at.toISOString();

/** bigint minor units → public JSON. */
export const publicAmount = (amount: bigint): number => toJson(amount);

/** Public JSON → bigint minor units; the schema has already refused what is not a safe integer. */
export const minorAmount = (amount: number): bigint => fromJson(amount);
