// what a rule of the policy may say; anything else in a policy file makes the file invalid.
import { z } from 'zod'
import { places } from './facts.ts'

const risk = z.enum(['none', 'low', 'medium', 'high', 'critical'])
const pattern = z.string().regex(/^[\w.*:/ -]+$/, 'a name, where * stands for any characters')

const resourceCondition = z
  .strictObject({
    kind: z
      .array(z.enum(['path', 'system', 'git', 'tool']))
      .min(1)
      .optional(),
    access: z
      .array(z.enum(['read', 'create', 'change', 'remove']))
      .min(1)
      .optional(),
    /** one of these places is enough. */
    place: z.array(z.enum(places)).min(1).optional(),
    name: z.array(pattern).min(1).optional(),
  })
  .refine((condition) => Object.keys(condition).length > 0, 'says nothing about the resource')

const condition = z
  .strictObject({
    actions: z.array(pattern).min(1).optional(),
    effect: z
      .array(z.enum(['none', 'files', 'tool']))
      .min(1)
      .optional(),
    risk: z.array(risk).min(1).optional(),
    undoable: z.boolean().optional(),
    /** more files and folders than this are changed. */
    changes_over: z.number().int().min(0).optional(),
    /** true: the step touches nothing at all. */
    touches_nothing: z.literal(true).optional(),
    /** at least one resource must be like this; the rule speaks about those that are. */
    resource: resourceCondition.optional(),
  })
  .refine((one) => Object.keys(one).length > 0, 'a rule without a condition would hold for everything')

export const ruleSchema = z
  .strictObject({
    name: z.string().regex(/^[a-z][a-z0-9-]{1,59}$/, 'lower case words with - between them'),
    description: z.string().min(1).max(300),
    when: condition,
    decision: z.enum(['allow', 'confirm', 'deny']),
    /** for `confirm`: whether `--yes` is answer enough. */
    yes_answers: z.boolean().optional(),
    /** how much is at stake where this rule decides; else the action's own risk. */
    risk: risk.optional(),
    /** shown to the person; {action}, {description} (of the action), {resource}, {changes} and {protection} are filled in. */
    reason: z.string().min(1).max(300),
  })
  .refine((rule) => (rule.decision === 'confirm') === (rule.yes_answers !== undefined), {
    message: 'a confirm says whether --yes answers it, other decisions do not',
    path: ['yes_answers'],
  })

export const policyFileSchema = z.strictObject({
  version: z.literal(1),
  rules: z.array(ruleSchema).min(1).max(500),
})

export type Rule = z.output<typeof ruleSchema> & { readonly file: string }
export type Condition = z.output<typeof condition>
