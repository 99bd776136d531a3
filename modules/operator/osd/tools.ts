// the tools that modules offer, as the nucleus told them; decided and audited here, run by their module.
import { z } from 'zod'
import type { Json, ToolCall, ToolDescription, ToolResult } from '../contract.ts'
import type { Peer } from '../../../nucleus/wire/peer.ts'
import { planErrors } from './plan/errors.ts'

const descriptionSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*){0,3}$/)
    .max(80),
  description: z.string().max(1_000),
  risk: z.enum(['none', 'low', 'medium', 'high', 'critical']),
  undoable: z.boolean(),
  input: z.json(),
  timeoutMs: z.number().int().min(1).max(600_000).optional(),
})
const resultSchema = z.object({ text: z.string(), data: z.record(z.string(), z.json()) })

export interface RefusedTool {
  readonly name: string
  readonly reason: string
}

function nameOf(tool: unknown): string {
  const named = typeof tool === 'object' && tool !== null && 'name' in tool && typeof tool.name === 'string'
  return named ? (tool.name as string) : 'a tool without a name'
}

export interface ToolBook {
  /** takes the place of what was registered before. @returns those that can't be offered, and why. */
  register(tools: readonly unknown[], peer: Peer, reserved: (name: string) => boolean): readonly RefusedTool[]
  find(name: string): ToolDescription | undefined
  list(): readonly ToolDescription[]
  /** @throws TOOL_UNAVAILABLE when the nucleus is not there, ARGUMENTS_INVALID, and what the tool throws. */
  run(name: string, args: Readonly<Record<string, Json>>, call: ToolCall, signal: AbortSignal): Promise<ToolResult>
  checkArguments(name: string, args: Readonly<Record<string, Json>>): void
}

export function createToolBook(): ToolBook {
  let tools = new Map<string, ToolDescription>()
  let schemas = new Map<string, z.ZodType>()
  let runner: Peer | undefined

  /** the arguments' schema of a tool; made at its first use. */
  function schemaOf(tool: ToolDescription): z.ZodType {
    let schema = schemas.get(tool.name)
    if (schema === undefined) {
      schema = z.fromJSONSchema(tool.input as Parameters<typeof z.fromJSONSchema>[0])
      schemas.set(tool.name, schema)
    }
    return schema
  }

  return {
    register(list, peer, reserved) {
      const next = new Map<string, ToolDescription>()
      const refused: RefusedTool[] = []
      for (const one of list) {
        const parsed = descriptionSchema.safeParse(one)
        if (!parsed.success) {
          const [issue] = parsed.error.issues
          refused.push({ name: nameOf(one), reason: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'unknown'}` })
        } else if (reserved(parsed.data.name) || next.has(parsed.data.name)) {
          // an action of osd is never shadowed: the policy would judge the one and the module run the other.
          refused.push({ name: parsed.data.name, reason: 'the name is taken' })
        } else next.set(parsed.data.name, parsed.data as ToolDescription)
      }
      tools = next
      schemas = new Map()
      runner = peer
      return refused
    },
    find: (name) => tools.get(name),
    list: () => [...tools.values()],
    checkArguments(name, args) {
      const tool = tools.get(name)
      if (tool === undefined) throw planErrors.TOOL_UNAVAILABLE({ value: name })
      let schema: z.ZodType
      try {
        schema = schemaOf(tool)
      } catch (cause) {
        throw planErrors.TOOL_INVALID({ value: name, detail: 'its schema can’t be read', cause })
      }
      const parsed = schema.safeParse(args)
      if (parsed.success) return
      const [issue] = parsed.error.issues
      throw planErrors.ARGUMENTS_INVALID({
        value: name,
        detail: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'unknown'}`,
      })
    },
    async run(name, args, call, signal) {
      const tool = tools.get(name)
      if (tool === undefined || runner === undefined || runner.closed)
        throw planErrors.TOOL_UNAVAILABLE({ value: name })
      const timeoutMs = tool.timeoutMs ?? 10_000
      const result = await runner.call('tool.run', { name, args, call }, { timeoutMs, signal })
      const parsed = resultSchema.safeParse(result)
      if (!parsed.success) throw planErrors.TOOL_INVALID({ value: name, detail: 'its result is not text and data' })
      return parsed.data
    },
  }
}
