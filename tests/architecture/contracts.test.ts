import { describe, expect, it } from 'vitest'
import { findingsFor } from './planted.ts'

const contract = (...lines: string[]): readonly string[] => findingsFor({ 'modules/a/contract.ts': lines.join('\n') })

describe('a contract', () => {
  it('may hold types, schemas, definitions and literals', () => {
    expect(
      contract(
        `/** the public face of a. */`,
        `import { z } from 'zod'`,
        `import type { Plan } from '../operator/contract.ts'`,
        `import { defineEvent } from '../../nucleus/events/event.ts'`,
        ``,
        `export interface Thing {`,
        `  run(plan: Plan): Promise<void>`,
        `  readonly make: (text: string) => Plan`,
        `}`,
        `export type Kind =`,
        `  | 'one'`,
        `  | ((text: string) => void)`,
        `const Base = z.object({ id: z.string() })`,
        `export const Extended = Base.extend({`,
        `  name: z.string().refine((text) => text !== ''),`,
        `})`,
        `export const ThingDone = defineEvent({ type: 'thing.done', schema: Extended })`,
        `export const limit = 5`,
        `export const kinds: readonly string[] = ['one', 'two'] as const`,
        `export type { Plan }`,
      ),
    ).toEqual([])
  })

  it('runs nothing', () => {
    expect(
      contract(
        `export function help(): void {}`,
        `export class Helper {}`,
        `let count = 0`,
        `export const cache = new Map()`,
        `export const now = performance.now()`,
        `export const double = (x: number): number => x * 2`,
        `export const answer = await z.string()`,
        `import './effect.ts'`,
      ).map((finding) => finding.replace(/^modules\/a\/contract\.ts:/, '')),
    ).toEqual([
      '1 a contract holds the statement `export function help …`',
      '2 a contract holds the statement `export class Helper …`',
      '3 a contract holds the statement `let count = …`',
      '4 the constant cache runs `new`',
      '5 the constant now is made by performance',
      '6 the constant double is a function',
      '7 the constant answer runs `await`',
      '8 a contract imports ./effect.ts; only nucleus/, zod and other contracts are inert',
      '8 a contract imports ./effect.ts for its effect',
    ])
  })
})
