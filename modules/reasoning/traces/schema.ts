// what a trace is: a goal in patterns with typed slots, the steps that serve it, what must hold before and after.
import { z } from 'zod'

const condition = z.union([
  z.strictObject({ exists: z.string() }),
  z.strictObject({ absent: z.string() }),
  z.strictObject({ file: z.string() }),
  z.strictObject({ folder: z.string() }),
])

const step = z.strictObject({
  /** an action of the operator or a tool of a module. */
  action: z.string().regex(/^[a-z_]+(\.[a-z_]+)?$/),
  /** `{slot}` alone keeps the slot's type; inside a text it is written into it; an argument without a value is left out. */
  args: z.record(z.string(), z.json()).default({}),
  before: z.array(condition).optional(),
  after: z.array(condition).optional(),
})

/** one way to say the goal; `with` adds arguments that this wording implies. */
const saying = z.union([
  z.string(),
  z.strictObject({ say: z.union([z.string(), z.array(z.string())]), with: z.record(z.string(), z.json()) }),
])

/** a goal that lacks one thing: how it is said, what is asked then, and the goal that an answer makes of it. */
const ask = z.strictObject({
  say: z.union([z.string(), z.array(z.string())]),
  /** the name of what is missing: a slot of this trace. */
  missing: z.string().regex(/^[a-z_]+$/),
  /** a template over the slots of `say`. */
  question: z.string(),
  /** the whole goal: `{goal}` is what was said, `{answer}` the answer, `{quoted}` the answer in quotes. */
  becomes: z.string().default('{goal} {answer}'),
  /** an answer as a person would give it; a test checks that it makes a goal that is understood. */
  answer: z.string(),
  /** goals that are said so; a test checks that each is asked about. */
  examples: z.array(z.string()).min(1),
  /** true: it is asked also where some trace would take the goal for a whole one. */
  first: z.boolean().default(false),
})

export const TraceFile = z.strictObject({
  trace: z.string().regex(/^[a-z_]+\.[a-z_]+$/),
  description: z.string(),
  /** goals as a person would say them; each must match this trace (a test checks). */
  examples: z.array(z.string()).min(1),
  goals: z.array(saying).min(1),
  /** goals that are understood but for one thing. */
  asks: z.array(ask).optional(),
  /** values for slots and arguments that no wording gave. */
  defaults: z.record(z.string(), z.json()).optional(),
  steps: z.array(step).min(1),
  /** what `it` means afterwards: a path, possibly `{s1.path}`'s static form such as `{to}`. */
  focus: z.string().optional(),
  /** what `the original` means afterwards. */
  origin: z.string().optional(),
  /** a greater one wins where two traces understand a goal equally well. default 0. */
  priority: z.number().optional(),
  /** true: the run keeps neither the goal's words nor the results, because another tier owns (and forgets) them. */
  private: z.boolean().optional(),
  /** the text for the person; without it the results of the steps are shown. */
  answer: z.string().optional(),
})
export type TraceFile = z.output<typeof TraceFile>
export type TraceStep = z.output<typeof step>
export type TraceAsk = z.output<typeof ask>
