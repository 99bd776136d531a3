// the operator: starts lotus-osd, passes plans and tickets on to it, runs the tools of modules for it, tells what it did.
import { join } from 'node:path'
import { randomBytes } from '../../nucleus/builtins.ts'
import { ModuleLoaded, ModuleUnloaded } from '../../nucleus/contract.ts'
import { defineModule } from '../../nucleus/modules/module.ts'
import type { Peer } from '../../nucleus/wire/peer.ts'
import { ActionCompleted, ConfirmationRequested, Operator, PlanDecided, Tools } from './contract.ts'
import type { Json, ToolCall } from './contract.ts'
import { startOsdChild } from './link/osd-child.ts'
import type { LogLine } from './link/osd-child.ts'
import { openOsdLink } from './link/osd-link.ts'
import startSettings from './link/start-settings.ts'
import { createToldQuestions } from './link/told-questions.ts'
import { createToolDirectory } from './link/tool-directory.ts'
import { createOperatorService } from './service.ts'
import type { Notices } from './osd/protocol.ts'
import { operatorErrors } from './errors.ts'
import { settings } from './settings.ts'

/** what one generation leaves to the next: the same osd goes on. */
interface HandedOver {
  readonly secret: string
}

const startTimeoutMs = 12_000
// modules come and go with an event; this finds what a lost one would have told.
const toolsEveryMs = 30_000

export default defineModule({
  settings,
  async start(context) {
    const { settings: values, log } = context
    const first = startSettings(values)
    const { home, socket } = first
    const left = context.state.previous as HandedOver | undefined
    const secret = left?.secret ?? randomBytes(32).toString('hex')
    context.state.handOver((): HandedOver => ({ secret }))
    const tell: LogLine = (level, message, fields) => log[level](fields, message)

    const directory = createToolDirectory({
      providers: () => context.useAll(Tools),
      onProblem: (message, fields) => log.warn(fields, message),
    })
    const questions = createToldQuestions()
    const actions = new Set<string>()
    // while LOTUS boots modules come one after the other: their tools are asked for once, when all are there
    let isEarly = true
    let connected: Peer | undefined

    async function register(peer: Peer): Promise<void> {
      const { refused } = (await peer.call('tools.register', { tools: directory.descriptions })) as {
        refused: readonly { name: string; reason: string }[]
      }
      for (const { name, reason } of refused) log.warn({ tool: name, reason }, 'a tool can’t be offered')
      const { names } = (await peer.call('actions.names')) as { names: readonly string[] }
      for (const name of names) actions.add(name)
    }

    let telling: Promise<void> = Promise.resolve()
    /** one after another: an answer that took long must not replace a newer one. */
    function tellTools(): Promise<void> {
      const tell = async (): Promise<void> => {
        const isNew = await directory.refresh()
        if ((isNew || actions.size === 0) && connected !== undefined && !connected.closed) await register(connected)
      }
      telling = telling.then(tell, tell)
      return telling
    }

    const link = await openOsdLink({
      socket,
      secret,
      isLeft: left !== undefined,
      log: tell,
      start: () => startOsdChild(first, secret, tell, startTimeoutMs),
      async onConnected(peer) {
        connected = peer
        if (isEarly) return
        await directory.refresh()
        await register(peer)
      },
      onCall(method, params) {
        if (method !== 'tool.run') throw operatorErrors.TOOL_UNKNOWN({ value: method })
        const { name, args, call } = params as { name: string; args: Record<string, Json>; call: ToolCall }
        return context.trace(call.traceId, () => directory.run(name, args, call))
      },
      onNotice: (method, params) => relay(method, params),
    })
    context.defer('lotus-osd', () => link.close())

    function relay(method: string, params: unknown): void {
      const emitted = emitNotice(method, params)
      emitted?.catch((error: unknown) => log.warn({ err: error, notice: method }, 'an event could not be emitted'))
    }

    function emitNotice(method: string, params: unknown): Promise<unknown> | undefined {
      if (method === 'osd.log') {
        const { level, message, fields } = params as Notices['osd.log']
        tell(level, message, fields)
        return undefined
      }
      if (method === 'plan.decided') {
        const {
          plan_id: planId,
          plan_hash: planHash,
          trace_id: traceId,
          decision,
          policies,
        } = params as Notices['plan.decided']
        return context.trace(traceId, () =>
          context.emit(PlanDecided, { planId, planHash, decision, policies: [...policies] }),
        )
      }
      if (method === 'plan.waiting') {
        const {
          plan_id: planId,
          plan_hash: planHash,
          trace_id: traceId,
          expires_at: expiresAt,
          via,
          goal,
          preview,
        } = params as Notices['plan.waiting']
        if (goal !== undefined && preview !== undefined)
          questions.keep(traceId, { planId, planHash, goal, preview, expiresAt, via })
        return context.trace(traceId, () => context.emit(ConfirmationRequested, { planId, planHash, expiresAt }))
      }
      if (method === 'step.ended') {
        const {
          plan_id: planId,
          trace_id: traceId,
          step,
          action,
          status,
          duration_ms: durationMs,
          undo_id: undoId,
        } = params as Notices['step.ended']
        const data = { planId, step, action, status, durationMs, ...(undoId === undefined ? {} : { undoId }) }
        return context.trace(traceId, () => context.emit(ActionCompleted, data))
      }
      return undefined
    }

    context.lazy('tools of all modules', async () => {
      isEarly = false
      // what is in its way is told by the link's health, and the timer tries again
      await tellTools().catch((error: unknown) => log.warn({ err: error }, 'osd could not be told the tools'))
    })
    const changed = async (): Promise<void> => {
      if (!isEarly) await tellTools()
    }
    context.on(ModuleLoaded, changed, { live: true })
    context.on(ModuleUnloaded, changed, { live: true })
    context.timer('look for changed tools', toolsEveryMs, tellTools)

    const service = createOperatorService(link, {
      /** a plan may name a tool that has come a moment ago. */
      async knowAll(names) {
        if (names.some((name) => !actions.has(name) && !directory.has(name))) await tellTools()
        else await telling.catch(() => undefined)
      },
      questions,
    })
    return {
      services: { [Operator.name]: service },
      announce: { osd_socket: socket },
      health: () => link.health(),
      async report() {
        const { actions: done, decisions, failures } = await service.statistics()
        const count = Object.values(done).reduce((sum, one) => sum + one, 0)
        return { actions: count, failures, decisions: { ...decisions }, audit: join(home, 'audit') }
      },
    }
  },
})
