// memory as LOTUS runs it, for tests: its own module code on real resources in a folder of its own.
import pino from 'pino'
import type { AuditRow, Operator, ToolResult, Tools } from '../../../modules/operator/contract.ts'
import type { Memory } from '../../../modules/memory/contract.ts'
import memoryModule from '../../../modules/memory/module.ts'
import type { Vectors } from '../../../nucleus/infrastructure/ports.ts'
import { openVectors } from '../../../nucleus/infrastructure/sqlite/vectors.ts'
import { openTestContext, type TestContext } from './test-context.ts'

export interface OpenMemory {
  readonly house: TestContext
  readonly memory: Memory
  readonly tools: Tools
  /** the text that a tool answers. */
  say(name: string, text?: string): Promise<string>
  run(name: string, text?: string): Promise<ToolResult>
  close(): Promise<void>
}

export interface OpenMemoryOptions {
  readonly home: string
  /** what osd's chain has, for the audit tier. */
  readonly audit?: () => AuditRow[]
  readonly settings?: Readonly<Record<string, number>>
  /** stands between memory and the real vectors, to make them fail. */
  readonly wrapVectors?: (vectors: Vectors) => Vectors
}

let calls = 0

export async function openMemory(options: OpenMemoryOptions): Promise<OpenMemory> {
  const house = openTestContext({
    home: options.home,
    manifest: {
      name: 'memory',
      provides: ['memory', 'tools'],
      uses: ['operator'],
      emits: ['memory.remembered', 'memory.forgotten'],
      consumes: ['action.completed', 'plan.decided'],
      infrastructure: ['store', 'cache', 'vectors'],
    },
    settings: { maxNotes: 100_000, sessionMaxAge: 2_592_000_000, auditMaxRows: 1_000, ...options.settings },
    openVectors: (path) => {
      const vectors = openVectors({ path, log: pino({ level: 'silent' }) })
      return { ...(options.wrapVectors?.(vectors) ?? vectors), close: vectors.close }
    },
  })
  const chain = options.audit
  const operator: Pick<Operator, 'audit'> = {
    audit: async ({ traceId, after = 0, before = Infinity, limit = 100 }) =>
      (chain?.() ?? [])
        .filter((row) => traceId === undefined || row.traceId === traceId)
        .filter(({ sequence }) => sequence > after && sequence < before)
        .toReversed()
        .slice(0, limit),
  }
  const context = {
    ...house.context,
    use: () => operator,
    available: () => chain !== undefined,
  } as unknown as Parameters<typeof memoryModule.start>[0]
  const started = await memoryModule.start(context)
  await house.activate()
  const services = started?.services as { memory: Memory; tools: Tools }
  const run = async (name: string, text?: string): Promise<ToolResult> => {
    calls += 1
    const call = { traceId: 't', uid: 1000, receipt: `g/s/${calls}`, timeZone: 'UTC', locale: 'en-GB' }
    return await services.tools.run(`memory.${name}`, text === undefined ? {} : { text }, call)
  }
  return {
    house,
    ...services,
    run,
    say: async (name, text) => (await run(name, text)).text,
    close: house.close,
  }
}
