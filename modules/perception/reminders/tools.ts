// the tools that reminders offer to plans: what they are called, what they take, and how they answer a person.
import { z } from 'zod'
import type { ToolDescription } from '../../operator/contract.ts'

const kind = z.enum(['reminder', 'timer'])

export const addArguments = z.strictObject({
  text: z.string().default('').describe('what to be reminded of; may be empty for a timer'),
  at: z.string().optional().describe('RFC 3339 with an offset'),
  in_ms: z.number().optional().describe('milliseconds from now'),
  cron: z.string().optional().describe('five fields, or R/<first>/<period> of ISO 8601'),
  kind: kind.default('reminder'),
})
export type AddArguments = z.output<typeof addArguments>

export const listArguments = z.strictObject({ kind: kind.optional() })

export const cancelArguments = z.strictObject({
  text: z.string().optional().describe('words of the one to cancel'),
  all: z.boolean().optional(),
  except: z.string().optional().describe('with all: words of those that stay'),
  kind: kind.optional(),
})
export type CancelArguments = z.output<typeof cancelArguments>

/** descriptions for planning, policy and help. */
export function describeReminderTools(): ToolDescription[] {
  const describe = (name: string, description: string, schema: z.ZodType, risk: 'none' | 'low'): ToolDescription => ({
    name,
    description,
    risk,
    undoable: false,
    input: z.toJSONSchema(schema, { io: 'input' }) as ToolDescription['input'],
  })
  return [
    describe('reminders.add', 'reminds the person at a time, after a while or again and again', addArguments, 'low'),
    describe('reminders.list', 'lists the reminders and timers that are waiting', listArguments, 'none'),
    describe('reminders.cancel', 'cancels the reminder that the words mean, or all of them', cancelArguments, 'low'),
  ]
}
