// the tools that reasoning offers: sums, units, the clock, and questions about LOTUS itself. none of them changes anything.
import { z } from 'zod'
import type { Nucleus } from '../../../nucleus/contract.ts'
import type { Json, Operator, ToolCall, ToolDescription, ToolResult, Tools } from '../../operator/contract.ts'
import type { Providers } from '../../providers/contract.ts'
import { reasoningErrors } from '../errors.ts'
import type { RunTable } from '../runs/table.ts'
import type { Trace } from '../traces/library.ts'
import { calculate, convert, showUnit } from './calculate.ts'
import { tellDistance, tellTime } from './clock.ts'
import {
  tellAbilities,
  tellAudit,
  tellHealth,
  tellModels,
  tellModules,
  tellRuns,
  tellSpend,
  tellUptime,
} from './lotus.ts'

export interface ReasoningToolsOptions {
  readonly nucleus: Nucleus
  readonly operator: Operator
  readonly providers: () => Providers | undefined
  readonly table: RunTable
  readonly traces: readonly Trace[]
}

interface Tool {
  readonly description: string
  readonly input: z.ZodType
  run(args: never, call: ToolCall): Promise<ToolResult>
}

function tool<Schema extends z.ZodType>(
  description: string,
  input: Schema,
  run: (args: z.output<Schema>, call: ToolCall) => Promise<ToolResult>,
): Tool {
  return { description, input, run }
}

const none = z.strictObject({})

/** makes the Tools service of reasoning. */
export function createReasoningTools({ nucleus, operator, providers, table, traces }: ReasoningToolsOptions): Tools {
  const tools: Readonly<Record<string, Tool>> = {
    calculate: tool('works out a sum', z.strictObject({ expression: z.string().max(500) }), async ({ expression }) => {
      const result = await calculate(expression)
      return { text: `${tidy(expression)} = ${result}`, data: { result: Number(result) } }
    }),
    convert: tool(
      'converts a quantity into another unit',
      z.strictObject({ value: z.number(), from: z.string().max(40), to: z.string().max(40) }),
      async ({ value, from, to }) => {
        const result = await convert(value, from, to)
        return {
          text: `${value} ${showUnit(from)} = ${result} ${showUnit(to)}`,
          data: { result: Number(result), unit: to },
        }
      },
    ),
    'clock.now': tool(
      'tells date, time or weekday, now or some time from now',
      z.strictObject({
        part: z.string().default('all'),
        offset_days: z.number().default(0),
        offset_ms: z.number().default(0),
        sign: z.number().default(1),
        at_ms: z.number().optional().describe('milliseconds since 1970: another moment than now'),
        zone: z.string().max(60).optional().describe('IANA name: the time of another place'),
      }),
      async ({ part, offset_days, offset_ms, sign, at_ms, zone }, call) => {
        const { text, iso } = tellTime({
          part,
          offsetDays: offset_days,
          offsetMs: offset_ms * sign,
          timeZone: zone ?? call.timeZone,
          locale: call.locale,
          nowMs: Date.now(),
          atMs: at_ms,
        })
        return { text, data: { iso } }
      },
    ),
    'clock.between': tool(
      'counts the days between two dates, or until or since one',
      z.strictObject({
        from_ms: z.number().optional().describe('milliseconds since 1970; default now'),
        to_ms: z.number().optional().describe('milliseconds since 1970; default now'),
        unit: z.enum(['days', 'weeks']).default('days'),
      }),
      async ({ from_ms, to_ms, unit }, { timeZone, locale }) => {
        const nowMs = Date.now()
        const { text, days } = tellDistance({
          fromMs: from_ms ?? nowMs,
          toMs: to_ms ?? nowMs,
          unit,
          timeZone,
          locale,
          nowMs,
        })
        return { text, data: { days } }
      },
    ),
    'lotus.health': tool('tells how LOTUS is', none, async () => tellHealth(await nucleus.health())),
    'lotus.modules': tool('lists the modules of LOTUS', none, async () => tellModules(await nucleus.modules())),
    'lotus.runs': tool(
      'tells what was done last',
      z.strictObject({ limit: z.number().int().min(1).max(100).default(10) }),
      async ({ limit }) => tellRuns(await table.list({ limit: limit + 20 }), limit),
    ),
    'lotus.spend': tool('tells what was spent on models', none, async () =>
      tellSpend((await providers()?.spend()) ?? { costMicroUsd: 0, calls: 0 }),
    ),
    'lotus.models': tool('tells which models are there', none, async () =>
      tellModels((await providers()?.status()) ?? []),
    ),
    'lotus.abilities': tool('tells what LOTUS can do without a model', none, async () => tellAbilities(traces)),
    'lotus.version': tool(
      'tells who and which version LOTUS is',
      z.strictObject({ part: z.string().default('version') }),
      async ({ part }) => {
        const { version } = await nucleus.health()
        const text =
          part === 'name'
            ? `I am LOTUS ${version}, an operating system for language models: say what you want done on this machine.`
            : `LOTUS ${version}`
        return { text, data: { version } }
      },
    ),
    'lotus.uptime': tool('tells how long LOTUS has been running', none, async () =>
      tellUptime((await nucleus.health()).uptimeMs),
    ),
    'lotus.audit': tool('shows the newest rows of the audit chain', none, async () =>
      tellAudit(await operator.audit({ limit: 20 })),
    ),
  }
  const describe = (): ToolDescription[] =>
    Object.entries(tools).map(([name, { description, input }]) => ({
      name,
      description,
      risk: 'none',
      undoable: false,
      input: z.toJSONSchema(input, { io: 'input' }) as Json,
    }))
  // asked for whenever any module comes or goes, and always the same.
  let described: ToolDescription[] | undefined
  return {
    list: async () => (described ??= describe()),
    async run(name, args, call) {
      const found = Object.hasOwn(tools, name) ? tools[name] : undefined
      if (found === undefined) throw reasoningErrors.REASONING_TOOL_UNKNOWN({ value: name })
      const parsed = found.input.safeParse(args)
      if (!parsed.success)
        throw reasoningErrors.TOOL_ARGUMENTS_INVALID({ value: name, detail: z.prettifyError(parsed.error) })
      return found.run(parsed.data as never, call)
    },
  }
}

/** `(15 / 100 * 80)` is how a percentage is worked out; shown without the brackets around the whole. */
const tidy = (expression: string) => (/^\([^()]*\)$/.test(expression) ? expression.slice(1, -1) : expression)
